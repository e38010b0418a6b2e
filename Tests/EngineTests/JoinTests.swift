import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Equal orders")
struct JoinTests {
    private static func kind(_ name: String, coalesces: Bool) -> ScriptedKind {
        var kind = ScriptedKind(name, targetType: "vm", parameters: ["to"]) { order in
            Plan(
                summary: name,
                steps: [.doing(name, on: order.target.description)],
                locks: [.exclusive(order.target.description), .shared("host/h")]
            )
        }
        kind.coalesces = coalesces
        return kind
    }

    private static let kinds: [any JobKind] = [
        kind("start", coalesces: true), kind("stop", coalesces: true),
        kind("reboot", coalesces: false),
        ScriptedKind("hold", steps: [.doing("hold")], locks: [.exclusive("host/h")]),
    ]

    /// A bench on which `start` of `vm/a` by ann waits behind a job that does not end.
    private func bench() throws -> (EngineBench, ScriptedBackend) {
        let backend = ScriptedBackend()
        backend.script("hold", .hangs)
        let bench = try EngineBench(backend, kinds: Self.kinds)
        try bench.submit("hold")
        return (bench, backend)
    }

    private static func order(
        _ kind: String = "start",
        _ target: String = "vm/a",
        _ change: (inout Submission) -> Void = { _ in }
    ) -> Submission {
        var submission = Submission(kind: kind, target: Target(target), user: "ann")
        change(&submission)
        return submission
    }

    @Test("A second one joins the first while that has not begun: both get its number and result")
    func joins() throws {
        let (bench, backend) = try bench()
        let first = try bench.submit(Self.order())
        let second = try bench.submit(Self.order { $0.user = "bob" })

        #expect(first == .accepted(JobID(2)))
        #expect(second == .joined(JobID(2)))
        let line = try bench.journal(JobID(2)).last
        #expect(line?.actor == "bob")
        #expect(line?.cause == "joined: bob submitted the same order")
        #expect(try bench.log(JobID(2)).contains("joined: bob submitted the same order"))

        try bench.request(.stop(.abort), JobID(1))
        try bench.run(for: 1000)
        #expect(try bench.job(JobID(2)).state == .completed)
        #expect(backend.verbs.filter { $0 == "start" }.count == 1)
    }

    @Test("Once the first has begun, another one is a job of its own")
    func begun() throws {
        let (bench, _) = try bench()
        _ = try bench.submit(Self.order())
        let signature = try #require(try bench.stored(JobID(2)).extra.signature)
        #expect(try bench.store.read { try $0.joinable(signature) } == [JobID(2)])
        try bench.request(.stop(.abort), JobID(1))
        try bench.run(for: 20)
        #expect(try bench.store.read { try $0.joinable(signature) }.isEmpty)
        #expect(try bench.job(JobID(2)).state == .running)
        #expect(try bench.joinable() == 0)

        #expect(try bench.submit(Self.order()) == .accepted(JobID(3)))
        #expect(try bench.joinable() == 1)
    }

    private static let others: [(String, @Sendable (inout Submission) -> Void)] = [
        ("kind", { $0.kind = "stop" }),
        ("target", { $0.target = Target("vm/b") }),
        ("parameters", { $0.parameters = ["to": "h"] }),
        ("account", { $0.account = "other" }),
        ("lock policy", { $0.lockPolicy = .waitAtMost(60_000) }),
        ("a time", { $0.dueAt = ManualClock.beginning + 9_000_000 }),
        ("a prerequisite", { $0.after = [JobID(1)] }),
        ("a key", { $0.key = "mine" }),
        ("its own wish", { $0.coalesces = false }),
    ]

    @Test(
        "Another kind, target, parameter, account, lock policy, time, prerequisite, key: not equal",
        arguments: Self.others.indices,
        [false, true]
    )
    func unequal(_ index: Int, outside: Bool) throws {
        let (bench, _) = try bench()
        #expect(try bench.submit(Self.order()) == .accepted(JobID(2)))
        let other = Self.order { submission in
            if outside { submission.coalesces = true }
            Self.others[index].1(&submission)
        }

        let outcome = outside ? try bench.writeOutside(other) : try bench.submit(other)

        #expect(outcome == .accepted(JobID(3)), "\(Self.others[index].0)")
    }

    @Test("A kind that does not allow it joins only orders that ask for it")
    func kindDefault() throws {
        let (bench, _) = try bench()
        #expect(try bench.submit(Self.order("reboot")) == .accepted(JobID(2)))
        #expect(try bench.submit(Self.order("reboot")) == .accepted(JobID(3)))
        #expect(try bench.joinable() == 0)

        let wish = Self.order("reboot", "vm/b") { $0.coalesces = true }
        #expect(try bench.submit(wish) == .accepted(JobID(4)))
        #expect(try bench.submit(wish) == .joined(JobID(4)))
    }

    @Test("After start and stop another start is not the first one", arguments: [false, true])
    func between(together: Bool) throws {
        let (bench, _) = try bench()
        let orders = [Self.order(), Self.order("stop"), Self.order(), Self.order()]
        let outcomes =
            together
            ? try bench.submitTogether(orders) : try orders.map { try bench.submit($0) }

        #expect(
            outcomes == [
                .accepted(JobID(2)), .accepted(JobID(3)), .accepted(JobID(4)), .joined(JobID(4)),
            ]
        )
    }

    @Test("Work on other targets does not come between", arguments: [false, true])
    func besides(together: Bool) throws {
        let (bench, _) = try bench()
        let orders = [Self.order(), Self.order("stop", "vm/b"), Self.order()]
        let outcomes =
            together
            ? try bench.submitTogether(orders) : try orders.map { try bench.submit($0) }

        #expect(outcomes.last == .joined(JobID(2)))
    }

    @Test("Other processes join too, with or without an engine that looks, under the same rule")
    func outside() throws {
        let (bench, _) = try bench()
        let order = Self.order { $0.coalesces = true }
        #expect(try bench.submit(order) == .accepted(JobID(2)))
        #expect(try bench.writeOutside(order) == .joined(JobID(2)))

        // Written and not looked at by the engine yet.
        let other = Self.order("start", "vm/b") { $0.coalesces = true }
        #expect(try bench.writeOutside(other) == .accepted(JobID(3)))
        #expect(try bench.writeOutside(other) == .joined(JobID(3)))
        #expect(try bench.writeOutside(Self.order("stop", "vm/b")) == .accepted(JobID(4)))
        #expect(try bench.writeOutside(other) == .accepted(JobID(5)))

        // Planned meanwhile: the tickets tell who stands behind whom.
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
        #expect(try bench.writeOutside(other) == .joined(JobID(5)))
        #expect(try bench.writeOutside(order) == .joined(JobID(2)))
        try bench.request(.stop(.abort), JobID(1))
        try bench.run(for: 5000)
        #expect(try bench.store.read { try $0.counts() }[.completed] == 4)
    }

    @Test("The more urgent of two that join counts", arguments: [false, true])
    func urgency(outside: Bool) throws {
        let (bench, _) = try bench()
        let calm = Self.order {
            $0.priority = 3
            $0.coalesces = true
        }
        let urgent = Self.order {
            $0.priority = 5
            $0.coalesces = true
        }
        _ = try bench.submit(calm)
        for order in [urgent, calm] {
            let outcome = outside ? try bench.writeOutside(order) : try bench.submit(order)
            #expect(outcome == .joined(JobID(2)))
        }
        #expect(try bench.job(JobID(2)).priority == 5)
    }

    @Test("A job that is stopped, and a retry, are not joined")
    func stopped() throws {
        let (bench, _) = try bench()
        _ = try bench.submit(Self.order())
        try bench.request(.stop(.cancel), JobID(2))
        #expect(try bench.submit(Self.order()) == .accepted(JobID(3)))
        #expect(try bench.request(.retry, JobID(2)) == .accepted(JobID(4)))
        #expect(try bench.submit(Self.order()) == .accepted(JobID(5)))
        #expect(try bench.job(JobID(4)).retryOf == JobID(2))
    }

    @Test("Joining is kept over a crash, and what has no part in it writes nothing")
    func crash() throws {
        let (bench, _) = try bench()
        #expect(try bench.joinable() == 0)
        _ = try bench.submit(Self.order())

        try bench.takeOver()

        #expect(try bench.submit(Self.order()) == .joined(JobID(2)))
        #expect(try bench.joinable() == 1)
    }
}

extension EngineBench {
    /// How many jobs that have not ended can be found by equal orders.
    fileprivate func joinable() throws -> Int {
        try store.read { reader in
            let states = JobState.allCases.filter { !$0.isTerminal }
            let jobs = try reader.jobs(try reader.jobs(in: states))
            return try jobs.filter { stored in
                guard let signature = stored.extra.signature else { return false }
                return try reader.joinable(signature).contains(stored.job.id)
            }.count
        }
    }

    /// Submits several jobs in one turn.
    func submitTogether(_ submissions: [Submission]) throws -> [RequestOutcome] {
        let answers = Answers(count: submissions.count)
        var inbox = Inbox()
        inbox.submissions = submissions.enumerated().map { place, submission in
            (submission, { answers.set($0, at: place) })
        }
        try turn(inbox)
        return try answers.get()
    }
}
