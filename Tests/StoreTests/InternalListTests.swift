import Model
import Store
import Testing

@Suite("Lists without jobs that keep house")
struct InternalListTests {
    /// A few jobs of each sort: by a person, by a schedule, below others, in trouble.
    private static func population() -> [Job] {
        var jobs: [Job] = []
        for round in 0..<5 as Range<Int64> {
            func add(_ kind: String, _ change: (inout Job) -> Void = { _ in }) {
                jobs.append(
                    job(Int64(jobs.count) + 1) {
                        $0.kind = kind
                        $0.state = round % 2 == 0 ? .completed : .running
                        change(&$0)
                    }
                )
            }
            add("vm.start")
            add("inventory.sync") { $0.schedule = "hourly" }
            let sync = jobs[jobs.count - 1].id
            add("host.scan") {
                $0.parentID = sync
                $0.rootID = sync
            }
            add("inventory.sync")
            add("vm.start") { $0.schedule = "nightly" }
            add("inventory.sync") {
                $0.schedule = "hourly"
                $0.state = .failed
                $0.attention = .open
            }
        }
        return jobs
    }

    private static func store(_ jobs: [Job]) throws -> SQLiteStore {
        let store = try SQLiteStore()
        try store.insert(jobs.map { StoredJob(job: $0) })
        return store
    }

    private func page(_ store: SQLiteStore, _ query: JobQuery) throws -> JobPage {
        var query = query
        query.hidesInternal = true
        return try store.read { try $0.page(query, at: start) }
    }

    @Test(
        "leave out what keeps house and calls for nobody, in every order, and say how many",
        arguments: [.all, .states([.running, .completed]), .field(.user, pattern: "*")]
            as [Filter]
    )
    func hidden(_ filter: Filter) throws {
        let jobs = Self.population()
        let store = try Self.store(jobs)
        let fitting = jobs.filter { filter.matches($0, at: start) }
        for order in JobQuery.Order.allCases {
            let query = JobQuery(filter: filter, order: order, limit: 1000)
            let all = try store.read { try $0.page(query, at: start) }.rows
            let page = try page(store, query)
            let wanted = all.filter { !$0.job.isHidden }
            #expect(page.rows == wanted, "\(order)")
            #expect(page.total == wanted.count)
            #expect(page.hidden == fitting.count(where: \.isHidden))
            #expect(page.hidden == 10)
            var part = query
            (part.offset, part.limit) = (3, 4)
            #expect(try self.page(store, part).rows == Array(wanted.dropFirst(3).prefix(4)))
        }
    }

    @Test("leave whole trees out, and count them")
    func trees() throws {
        let store = try Self.store(Self.population())
        let page = try page(store, JobQuery(order: .oldest, isTree: true, limit: 1000))
        #expect(page.total == 20)
        #expect(page.rows.count == 20)
        #expect(page.hidden == 10)
        #expect(!page.rows.contains { $0.job.isHidden })
    }

    @Test(
        "have them if they are asked for",
        arguments: [
            "is:internal", "internal:1", "kind:inventory.sync", "parent:2", "schedule:hourly",
        ]
    )
    func asked(_ text: String) throws {
        let store = try Self.store(Self.population())
        let filter = try FilterParser.parse(text)
        let page = try page(store, JobQuery(filter: filter, limit: 1000))
        #expect(page.rows.contains { $0.job.isHidden })
        #expect(page.hidden == 0)
        #expect(page.total == Self.population().count { filter.matches($0, at: start) })
    }

    @Test("cost nothing where there are none")
    func none() throws {
        let store = try Self.store([job(1), job(2) { $0.kind = "inventory.sync" }])
        #expect(try page(store, JobQuery()).total == 2)
        #expect(try page(store, JobQuery()).hidden == 0)
    }
}
