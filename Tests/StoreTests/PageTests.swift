import Model
import Store
import Testing

@Suite("Lists of jobs")
struct PageTests {
    private static let now = start + 100_000

    /// Jobs in random trees, with names that try to break patterns.
    private static func population(_ seed: UInt64, _ count: Int) -> [StoredJob] {
        var chance = Seeded(seed)
        var jobs: [StoredJob] = []
        for number in 1...count {
            let parent = Bool.random(using: &chance) ? jobs.randomElement(using: &chance) : nil
            var new = job(Int64(number)) { job in
                job.parentID = parent?.job.id
                job.rootID = parent?.job.rootID ?? job.id
                job.kind = chance.pick(["vm.start", "VM.stop", "vm_start", "host%x"])
                let names = ["web-1", "Web-2", "a*b", "50%", "x_y", "back\\slash", "", "ü", "Ü"]
                job.target.name = chance.pick(names)
                job.target.type = chance.pick(["vm", "host", ""])
                job.state = chance.pick(JobState.allCases)
                job.progress = Int.random(in: 0...100, using: &chance)
                job.priority = Int.random(in: -1...1, using: &chance)
                job.user = chance.pick(["alice", "Bob", "bob"])
                job.message = chance.pick(["", "no room on kvm-a01", "100% done"])
                job.lane = chance.pick(["", "host/kvm-a01"])
                job.cause = chance.pick(Cause.allCases)
                job.backend = chance.pick(BackendStatus.allCases)
                job.createdAt = start + Int64.random(in: 0...50, using: &chance)
            }
            if Bool.random(using: &chance) { new.startedAt = new.createdAt + 5 }
            if new.state.isTerminal { new.finishedAt = new.createdAt + 60 }
            if Bool.random(using: &chance) { new.waiting = Waiting(.lock, since: start) }
            jobs.append(StoredJob(job: new))
        }
        return jobs
    }

    private static let filters: [Filter] = [
        .all, .states([.failed, .queued]), .states([]), .not(.states([.running])),
        .and([]), .or([]), .and([.states([.queued, .failed]), .word("web")]),
        .or([.states([.lost]), .field(.user, pattern: "BOB")]),
        .and([.states([.queued, .lost, .failed]), .not(.states([.lost]))]),
        .field(.kind, pattern: "vm.*"), .field(.kind, pattern: "vm_start"),
        .field(.kind, pattern: "host%x"), .field(.kind, pattern: "*"),
        .field(.target, pattern: "vm/*"), .field(.target, pattern: "web-1"),
        .field(.target, pattern: "back\\slash"), .field(.target, pattern: "x_y"),
        .field(.target, pattern: "ü"), .field(.target, pattern: ""),
        .not(.field(.message, pattern: "*done")), .field(.cause, pattern: "none"),
        .field(.rollback, pattern: "not*"), .field(.backend, pattern: "*n*"),
        .field(.waiting, pattern: ""), .field(.waiting, pattern: "lock"),
        .field(.uuid, pattern: "*01"), .field(.lane, pattern: "host/*"),
        .field(.account, pattern: "ops"), .word("50%"), .word("_"), .word("\\"), .word("JOB-1"),
        .word(""), .word("vm/web"), .number(.id, .lessOrEqual, 20), .number(.parent, .equal, 0),
        .not(.number(.parent, .greater, 3)), .number(.root, .equal, 1),
        .number(.priority, .less, 0), .number(.progress, .greaterOrEqual, 50),
        .number(.attempt, .equal, 1), .number(.age, .greater, 60),
        .number(.duration, .equal, 0), .number(.duration, .greater, 60),
    ]

    @Test("a flat list is what filtering and sorting by hand gives", arguments: filters)
    func flat(_ filter: Filter) throws {
        let jobs = Self.population(3, 80)
        let store = try SQLiteStore()
        try store.insert(jobs)

        for order in JobQuery.Order.allCases {
            for isReversed in [false, true] {
                var query = JobQuery(filter: filter, order: order, isReversed: isReversed)
                let all = NaiveList(jobs.map(\.job), at: Self.now).rows(query)
                try expect(store, &query, all)
            }
        }
    }

    @Test("a tree is what nesting by hand gives", arguments: filters)
    func tree(_ filter: Filter) throws {
        let jobs = Self.population(4, 80)
        let store = try SQLiteStore()
        try store.insert(jobs)

        for order in [JobQuery.Order.activity, .oldest, .target, .age] {
            for folded in [[], [1, 3, 5, 20], Array(1...80)] as [[Int64]] {
                var query = JobQuery(filter: filter, order: order, isTree: true)
                query.isReversed = folded.count == 4
                query.folded = Set(folded.map { JobID($0) })
                let all = NaiveList(jobs.map(\.job), at: Self.now).rows(query)
                try expect(store, &query, all)
            }
        }
    }

    @Test("a list over the archive, too, is what one over all jobs would be", arguments: filters)
    func withArchive(_ filter: Filter) throws {
        var jobs = Self.population(5, 80)
        let store = try SQLiteStore()
        try store.insert(jobs)
        let trees = try store.write { tx in
            let roots = jobs.filter { $0.job.parentID == nil && $0.job.id.number % 3 > 0 }
            let trees = try tx.endedTrees(of: roots.map(\.job.id))
            try tx.archive(trees, at: start)
            return trees
        }
        #expect(trees.count > 3)
        let moved = Set(trees.flatMap(\.members.keys))
        for place in jobs.indices where moved.contains(jobs[place].job.id) {
            jobs[place].job.archivedAt = start
        }

        for order in JobQuery.Order.allCases {
            for isTree in [false, true] {
                var query = JobQuery(filter: filter, order: order, isTree: isTree)
                query.includesArchive = true
                query.isReversed = order == .newest
                query.folded = [JobID(3), JobID(7)]
                try expect(store, &query, NaiveList(jobs.map(\.job), at: Self.now).rows(query))
                guard !isTree else { continue }
                query.includesArchive = false
                let hot = jobs.map(\.job).filter { $0.archivedAt == nil }
                try expect(store, &query, NaiveList(hot, at: Self.now).rows(query))
            }
        }
    }

    /// Asks for several parts of a list and holds them against the whole.
    private func expect(_ store: SQLiteStore, _ query: inout JobQuery, _ all: [JobRow]) throws {
        for (offset, limit) in [(0, 1000), (0, 7), (all.count - 2, 10), (3, 0)] {
            query.offset = max(0, offset)
            query.limit = limit
            let asked = query
            let page = try store.read { try $0.page(asked, at: Self.now) }
            let wanted = Array(all.dropFirst(query.offset).prefix(limit))
            #expect(page.rows.map(\.job.id) == wanted.map(\.job.id), "\(query)")
            #expect(page.rows == wanted)
            #expect(page.total == all.count, "\(query)")
            #expect(page.offset == query.offset)
        }
    }

    @Test("the filter and the store agree on any mixture", arguments: 1...20 as ClosedRange<UInt64>)
    func mixtures(_ seed: UInt64) throws {
        let jobs = Self.population(seed, 60).map(\.job)
        let store = try SQLiteStore()
        try store.insert(jobs.map(StoredJob.init(job:)))
        var chance = Seeded(seed)

        for _ in 0..<20 {
            let filter = Self.mixture(3, &chance)
            let query = JobQuery(filter: filter, order: .oldest, limit: 100)
            let page = try store.read { try $0.page(query, at: Self.now) }

            let wanted = jobs.filter { filter.matches($0, at: Self.now) }.map(\.id)
            #expect(page.rows.map(\.job.id) == wanted, "seed \(seed): \(filter)")
        }
    }

    private static func mixture(_ depth: Int, _ chance: inout Seeded) -> Filter {
        let simple = chance.pick(filters)
        guard depth > 0 else { return simple }
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: return .and([mixture(depth - 1, &chance), mixture(depth - 1, &chance)])
        case 1: return .or([mixture(depth - 1, &chance), mixture(depth - 1, &chance)])
        case 2: return .not(mixture(depth - 1, &chance))
        default: return simple
        }
    }

    @Test("a filter of a thousand parts is no trouble")
    func manyParts() throws {
        let store = try SQLiteStore()
        try store.insert([stored(1), stored(2)])
        let parts = (1...1000).map { Filter.number(.id, .equal, Int64($0 * 2)) }

        let page = try store.read { try $0.page(JobQuery(filter: .or(parts)), at: start) }

        #expect(page.rows.map(\.job.id.number) == [2])
    }

    @Test("counting ends at its bound, and counters know no bound")
    func bound() throws {
        let store = try SQLiteStore()
        let count = StoreLimits.countedRows + 10
        try store.insert((1...count).map { stored(Int64($0)) })
        func total(_ filter: Filter, offset: Int = 0, _ order: JobQuery.Order) throws -> Int? {
            let query = JobQuery(filter: filter, order: order, offset: offset, limit: 5)
            return try store.read { try $0.page(query, at: start) }.total
        }

        for order in JobQuery.Order.allCases {
            #expect(try total(.all, order) == count)
            #expect(try total(.states([.pending]), offset: count - 2, order) == count)
            #expect(try total(.word("web"), order) == nil)
            #expect(try total(.number(.id, .lessOrEqual, 20_000), order) == 20_000)
        }
    }

    @Test("the end of a long list is read from its end")
    func end() throws {
        let store = try SQLiteStore()
        try store.insert(
            (1...5000).map { number in
                stored(Int64(number)) { $0.job.state = number % 3 == 0 ? .completed : .queued }
            }
        )
        let query = JobQuery(offset: 4990, limit: 100)

        let page = try store.read { try $0.page(query, at: start) }

        #expect(page.rows.map(\.job.id.number) == [30, 27, 24, 21, 18, 15, 12, 9, 6, 3])
        #expect(page.total == 5000)
    }
}
