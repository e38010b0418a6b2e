import Model
import Store
import Testing

@Suite("Questions of the engine")
struct EngineReadTests {
    @Test(
        "a queue gives its job of the smallest rank first, then its oldest",
        arguments: StoreKind.allCases
    )
    func queued(_ kind: StoreKind) throws {
        let store = try kind.make()
        func ready(_ number: Int64, _ queue: String, rank: Int64 = 0) -> StoredJob {
            stored(number) {
                $0.isPlanned = true
                $0.job.state = .queued
                $0.queue = queue
                $0.rank = rank
            }
        }
        var unplanned = ready(6, "host/a")
        unplanned.isPlanned = false
        var sleeping = ready(7, "host/a")
        sleeping.wakeAt = start
        var running = ready(8, "host/a")
        running.job.state = .running
        try store.insert([
            ready(1, "host/a"), ready(2, "host/a", rank: -5), ready(3, "host/b"),
            ready(4, "host/a"), ready(5, "host/a", rank: 1), unplanned, sleeping, running,
        ])

        let all = try store.read { try $0.queued(in: "host/a", limit: 9) }
        let some = try store.read { try $0.queued(in: "host/a", limit: 2) }
        let lanes = try store.read { try $0.queues() }

        #expect(all.map(\.number) == [2, 1, 4, 5])
        #expect(some.map(\.number) == [2, 1])
        #expect(lanes == ["host/a": 4, "host/b": 1])
    }

    @Test("jobs are woken in the order of their moments", arguments: StoreKind.allCases)
    func due(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([
            stored(1) { $0.wakeAt = start + 30 }, stored(2) { $0.wakeAt = start + 10 },
            stored(3) { $0.wakeAt = start + 20 }, stored(4),
            stored(5) {
                $0.wakeAt = start
                $0.job.state = .failed
            },
        ])

        try store.read { reader in
            let due = try reader.due(at: start + 20, limit: 9)
            let first = try reader.due(at: start + 99, limit: 1)
            let next = try reader.nextWake()

            #expect(due.map(\.number) == [2, 3])
            #expect(first.map(\.number) == [2])
            #expect(next == start + 10)
        }
    }

    @Test("without sleepers there is no next moment", arguments: StoreKind.allCases)
    func noWake(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([stored(1)])

        #expect(try store.read { try $0.nextWake() } == nil)
    }

    @Test("children are found by their parent and its step", arguments: StoreKind.allCases)
    func children(_ kind: StoreKind) throws {
        let store = try kind.make()
        func child(_ number: Int64, _ state: JobState = .pending) -> StoredJob {
            stored(number) {
                $0.job.parentID = JobID(1)
                $0.job.rootID = JobID(1)
                $0.job.state = state
            }
        }
        try store.write { tx in
            try tx.insert([stored(1), stored(2)], ofStep: nil)
            try tx.insert([child(3), child(4, .completed)], ofStep: 0)
            try tx.insert([child(5)], ofStep: 1)
        }

        try store.read { reader in
            let first = try reader.children(of: JobID(1), step: 0)
            let second = try reader.children(of: JobID(1), step: 1)
            let open = try reader.unfinishedChildren(of: JobID(1))
            let none = try reader.unfinishedChildren(of: JobID(2))

            #expect(first.map(\.number) == [3, 4])
            #expect(second.map(\.number) == [5])
            #expect(open.map(\.number) == [3, 5])
            #expect(none.isEmpty)
        }
    }

    @Test("dependencies are known from both ends", arguments: StoreKind.allCases)
    func dependencies(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.write { tx in
            try tx.insert(
                [
                    stored(1), stored(2) { $0.job.state = .completed },
                    stored(3) { $0.prerequisites = 1 },
                ],
                ofStep: nil
            )
            try tx.insertDependencies(of: JobID(3), on: [JobID(2), JobID(1), JobID(1)])
        }

        try store.read { reader in
            let wanted = try reader.prerequisites(of: JobID(3))
            let waiting = try reader.dependents(of: JobID(1))
            let open = try reader.dependedOn()

            #expect(wanted.map(\.number) == [1, 2])
            #expect(waiting.map(\.number) == [3])
            #expect(open.map(\.number) == [1])
        }
    }

    @Test("jobs are found by state, number, UUID and key", arguments: StoreKind.allCases)
    func names(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([
            stored(1) { $0.extra.key = "nightly" }, stored(2) { $0.job.state = .lost }, stored(3),
        ])

        try store.read { reader in
            let states = try reader.jobs(in: [.pending, .lost, .lost])
            let byNumber = try reader.resolve(.id(JobID(2)))
            let byUUID = try reader.resolve(.uuid(job(3).uuid))
            let unknown = [
                try reader.resolve(.id(JobID(9))), try reader.resolve(.uuid("x")),
                try reader.job(withKey: "weekly"),
            ]
            let byKey = try reader.job(withKey: "nightly")

            #expect(states.map(\.number) == [1, 2, 3])
            #expect(byNumber == JobID(2))
            #expect(byUUID == JobID(3))
            #expect(unknown == [nil, nil, nil])
            #expect(byKey == JobID(1))
        }
    }

    // MARK: Requests

    @Test("requests are served in order until they have an outcome", arguments: StoreKind.allCases)
    func requests(_ kind: StoreKind) throws {
        let store = try kind.make()
        let stop = OperatorRequest(
            .stop(.abort),
            job: JobID(1),
            by: "alice",
            reason: "stuck",
            expecting: [.running]
        )
        let first = try store.write { tx in
            let number = try tx.insert(stop, at: start)
            try tx.insertSubmitted(JobID(1), at: start + 1)
            return number
        }
        let open = try store.read { try $0.openRequests(limit: 9) }
        let second = try #require(open.last).number

        #expect(open.map(\.request) == [stop, nil])
        #expect(open.map(\.submitted) == [nil, JobID(1)])
        #expect(open.map(\.at) == [start, start + 1])
        #expect(first < second)
        #expect(try store.read { try $0.openRequests(limit: 1) } == [open[0]])
        #expect(try store.read { try $0.outcome(ofRequest: first) } == nil)

        let refused = RequestOutcome.refused("it is queued")
        try store.write { try $0.finish([(first, refused), (second, .accepted(JobID(1)))]) }

        #expect(try store.read { try $0.openRequests(limit: 9) }.isEmpty)
        #expect(try store.read { try $0.outcome(ofRequest: first) } == refused)
    }

    @Test("old requests go when new ones come, but never an open one")
    func oldRequests() throws {
        let store = try SQLiteStore()
        let request = OperatorRequest(.retry, job: JobID(1), by: "alice")
        let (open, done) = try store.write { tx in
            let numbers = (try tx.insert(request, at: start), try tx.insert(request, at: start))
            try tx.finish([(numbers.1, .accepted(JobID(2)))])
            for _ in 0..<StoreLimits.keptRequests + 1 { _ = try tx.insert(request, at: start) }
            return numbers
        }

        #expect(try store.read { try $0.outcome(ofRequest: done) } == nil)
        #expect(try store.read { try $0.openRequests(limit: 1).first?.number } == open)
    }

    @Test("lanes are saved by name", arguments: StoreKind.allCases)
    func lanes(_ kind: StoreKind) throws {
        let store = try kind.make()
        let lane = LaneLine(
            name: "host/a",
            slots: 4,
            used: 0,
            queued: 0,
            closedUntil: start,
            reason: "no answer"
        )
        var other = LaneLine(name: "control", slots: 16, used: 0, queued: 0)
        other.slotsBy = "bob"
        other.pause = Pause(by: "ann", at: start, reason: "new “memory”", until: start + 5)
        try store.write { try $0.save([lane, lane, other]) }

        #expect(try store.read { try $0.savedLanes() } == [other, lane])
    }
}
