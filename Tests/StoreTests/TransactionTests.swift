import Model
import Store
import Testing

@Suite("Transactions")
struct TransactionTests {
    private struct Trouble: Error {}

    @Test("an error undoes everything and passes on", arguments: StoreKind.allCases)
    func undone(_ kind: StoreKind) throws {
        let store = try kind.make()
        let before = try store.read { try $0.version() }

        #expect(throws: Trouble.self) {
            try store.write { tx in
                try tx.insert([stored(1)], ofStep: nil)
                _ = try tx.take(10, from: .job)
                throw Trouble()
            }
        }

        #expect(try store.read { try $0.jobs([JobID(1)]) }.isEmpty)
        #expect(try store.read { try $0.counts() } == Counts())
        #expect(try store.read { try $0.version() } == before)
    }

    @Test("reads see what the same transaction wrote", arguments: StoreKind.allCases)
    func ownWrites(_ kind: StoreKind) throws {
        let store = try kind.make()
        let (jobs, counts, recount) = try store.write { tx in
            try tx.insert([stored(1)], ofStep: nil)
            return (try tx.jobs([JobID(1)]), try tx.counts(), try tx.recount())
        }

        #expect(jobs.count == 1)
        #expect(counts[.pending] == 1)
        #expect(counts == recount)
    }

    @Test("the version grows with every change and only then", arguments: StoreKind.allCases)
    func version(_ kind: StoreKind) throws {
        let store = try kind.make()
        let first = try store.read { try $0.version() }
        try store.insert([stored(1)])
        let second = try store.read { try $0.version() }
        try store.write { _ = try $0.jobs([JobID(1)]) }
        let third = try store.read { try $0.version() }

        #expect(second > first)
        #expect(third == second)
    }

    @Test("numbers are given once", arguments: StoreKind.allCases)
    func sequences(_ kind: StoreKind) throws {
        let store = try kind.make()
        let taken = try store.write { tx in
            try [tx.take(3, from: .job), tx.take(1, from: .job), tx.take(1, from: .fence)]
        }
        let later = try store.write { try $0.take(2, from: .job) }

        #expect(taken == [1, 4, 1])
        #expect(later == 5)
    }

    @Test("only the newest owner may write in its name", arguments: StoreKind.allCases)
    func owner(_ kind: StoreKind) throws {
        let store = try kind.make()
        let first = try own(store, process: 1)
        try store.write(as: first) { try $0.insert([stored(1)], ofStep: nil) }
        let second = try own(store, process: 2)

        let error = #expect(throws: StoreError.self) {
            try store.write(as: first) { try $0.insert([stored(2)], ofStep: nil) }
        }

        #expect(second > first)
        #expect(error?.code == .notOwner)
        #expect(try store.read { try $0.counts().total } == 1)
        try store.write(as: second) { try $0.insert([stored(2)], ofStep: nil) }
    }

    @Test("the owner is known", arguments: StoreKind.allCases)
    func engine(_ kind: StoreKind) throws {
        let store = try kind.make()
        #expect(try store.read { try $0.engine() } == nil)
        let epoch = try own(store, process: 7)

        let engine = try store.read { try $0.engine() }

        #expect(engine?.epoch == epoch)
        #expect(engine?.process == 7)
        #expect(engine?.since == start)
    }

    private func own(_ store: TestStore, process: Int32) throws -> Int64 {
        try store.write { tx in
            try tx.takeOwnership(process: process, machine: "m", bootID: "b", at: start)
        }
    }

    // MARK: Compare and set

    @Test(
        "a job that changed meanwhile is not changed again",
        arguments: [job(1) { $0.state = .queued }, job(1) { $0.fence = 1 }, job(2)]
    )
    func conflict(_ before: Job) throws {
        let store = try SQLiteStore()
        try store.insert([stored(1), stored(3)])
        let other = stored(3) { $0.job.state = .queued }

        let error = #expect(throws: StoreError.self) {
            try store.write { tx in
                try tx.update([
                    (JobStamp(job(3)), other), (JobStamp(before), StoredJob(job: before)),
                ])
            }
        }

        #expect(error?.code == .conflict)
        #expect(error?.action == "change \(before.id)")
        #expect(try store.read { try $0.counts()[.pending] } == 2)
    }

    @Test("a conflict is told apart in the words of the job")
    func conflictText() throws {
        let store = try SQLiteStore()

        let error = #expect(throws: StoreError.self) {
            try store.write { try $0.update([(JobStamp(job(12)), stored(12))]) }
        }

        let text = error.map(\.description)
        let expected =
            "cannot change job-12: the job changed meanwhile "
            + "(it is no longer pending under fence 0)"
        #expect(text == expected)
    }

    // MARK: Counters

    @Test(
        "the counters say what counting says, over any history",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func counters(_ seed: UInt64) throws {
        let store = try SQLiteStore()
        var chance = Seeded(seed)
        var jobs: [Int64: StoredJob] = [:]
        for _ in 0..<60 {
            let fails = Int.random(in: 0..<5, using: &chance) == 0
            var changed = jobs
            _ = try? store.write { tx in
                for _ in 0..<Int.random(in: 1...8, using: &chance) {
                    try Self.change(&changed, tx, &chance)
                }
                if fails { throw Trouble() }
            }
            if !fails { jobs = changed }
            let (counts, recount) = try store.read { (try $0.counts(), try $0.recount()) }
            #expect(counts == recount)
            #expect(counts.total == jobs.count)
        }
    }

    private static func change(
        _ jobs: inout [Int64: StoredJob],
        _ tx: any StoreTransaction,
        _ chance: inout Seeded
    ) throws {
        let number = Int64.random(in: 1...40, using: &chance)
        guard let before = jobs[number] else {
            jobs[number] = stored(number)
            return try tx.insert([stored(number)], ofStep: nil)
        }
        let moves = Move.all.filter { $0.from == before.job.state }
        guard let move = moves.randomElement(using: &chance) else { return }
        var after = before
        after.job.state = move.to
        try tx.update([(JobStamp(before.job), after)])
        jobs[number] = after
    }
}
