import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Poison hurts only its own job")
struct PoisonTests {
    private let backend = ScriptedBackend()

    /// Plans that no kind should make, and what is said of each.
    static let silly: [(name: String, plan: Plan, says: String)] = {
        let step = Step.doing("a")
        func plan(_ change: (inout Step) -> Void) -> Plan {
            Plan(summary: "s", steps: [step, step.with(change)])
        }
        let long = String(repeating: "ü", count: 300)
        let child = ChildSpec("job", .none)
        var idle = Children([child])
        idle.concurrency = 0
        return [
            ("weight 0", plan { $0.weight = 0 }, "step 2 has weight 0"),
            ("weight below 0", plan { $0.weight = -3 }, "step 2 has weight -3"),
            ("weight without end", plan { $0.weight = .max }, "must be in 1...1000000"),
            ("back to what comes", plan { $0.retryFrom = 2 }, "goes back to step 3"),
            ("back to nowhere", plan { $0.retryFrom = -1 }, "which is not before it"),
            ("no attempt", plan { $0.retry.attempts = 0 }, "is to be tried 0 times"),
            ("pause below 0", plan { $0.retry.base = -1 }, "after a pause of -1 ms"),
            ("no patience", plan { $0.stallAfter = 0 }, "between 1 ms and ten years"),
            ("endless patience", plan { $0.stallAfter = .max }, "between 1 ms and ten years"),
            ("limit below 0", plan { $0.timeLimit = -1 }, "between 1 ms and ten years"),
            ("huge name", plan { $0.name = long }, "the name of step 2 is longer than 500"),
            (
                "huge subject", plan { $0.work = .operation(Operation("a", on: long)) },
                "the subject of step 2 is longer"
            ),
            (
                "no verb", plan { $0.work = .operation(Operation("", on: "x")) },
                "the verb of step 2"
            ),
            ("no child may run", plan { $0.work = .children(idle) }, "lets no child run"),
            (
                "heavy child",
                plan { $0.work = .children(Children([ChildSpec("job", .none, weight: .max)])) },
                "a child of step 2 has weight"
            ),
            (
                "a million children",
                plan { $0.work = .children(Children(Array(repeating: child, count: 1_000_000))) },
                "makes 1000000 children"
            ),
            (
                "a million steps",
                Plan(summary: "s", steps: Array(repeating: step, count: 1_000_000)),
                "it has 1000000 steps; at most 1000"
            ),
            (
                "huge parameters",
                plan {
                    $0.work = .operation(
                        Operation(
                            "a",
                            on: "x",
                            parameters: ["p": String(repeating: "x", count: 300_000)]
                        )
                    )
                },
                "longer than 262144 bytes"
            ),
            ("huge lock", Plan(summary: "s", steps: [], locks: [.exclusive(long)]), "of a lock"),
        ]
    }()

    private func bench(_ kinds: [any JobKind]) throws -> EngineBench {
        try EngineBench(backend, kinds: kinds + [ScriptedKind("good", steps: [.doing("a")])])
    }

    @Test("A kind's silly plan fails its own job with a reason", arguments: silly.indices)
    func sillyPlan(_ index: Int) throws {
        let (_, plan, says) = Self.silly[index]
        let bench = try bench([ScriptedKind("bad") { _ in plan }])

        guard case .refused(let why) = try bench.submit(Submission(kind: "bad", user: "ann"))
        else {
            Issue.record("it was accepted")
            return
        }
        #expect(why.contains(says), "\(why)")
        let good = try bench.submit("good")
        try bench.run(for: 1000)
        #expect(try bench.job(good).state == .completed)
    }

    @Test("A plan that turns silly while the job waits fails that job", arguments: silly.indices)
    func later(_ index: Int) throws {
        let (_, plan, says) = Self.silly[index]
        let clock = Counter()
        let bench = try bench([
            ScriptedKind("bad") { _ in
                clock.next() == 1 ? Plan(summary: "s", steps: [.doing("a")]) : plan
            }
        ])
        let id = try bench.submit("bad") { $0.dueAt = ManualClock.beginning + 1000 }
        let good = try bench.submit("good") { $0.dueAt = ManualClock.beginning + 1000 }
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .validation)
        #expect(try bench.job(id).message.contains(says))
        #expect(try bench.job(good).state == .completed)
    }

    @Test("An order without measure is refused with a reason")
    func orders() throws {
        let long = String(repeating: "x", count: 501)
        let text = String(repeating: "x", count: 4001)
        let bench = try bench([])
        let changes: [(inout Submission) -> Void] = [
            { $0.target = Target(type: "vm", name: long) }, { $0.user = long }, { $0.key = text },
            { $0.account = text }, { $0.kind = long },
            { $0.parameters = ["p": String(repeating: "x", count: 300_000)] },
            { $0.after = Array(repeating: JobID(1), count: 2000) },
            { $0.limits = TimeLimits(total: 0) }, { $0.limits = TimeLimits(queue: .min) },
        ]
        for change in changes {
            var submission = Submission(kind: "good", user: "ann")
            change(&submission)
            let outcome = try bench.submit(submission)
            guard case .refused = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        #expect(try bench.store.read { try $0.counts().total } == 0)
    }

    /// Steps as no plan would leave them, in the store.
    static let spoilt: [@Sendable (inout StepRecord) -> Void] = [
        { $0.step.weight = .max }, { $0.step.retryFrom = 77 }, { $0.step.stallAfter = .max },
        { $0.index = 9 }, { $0.step.retry.attempts = -4 },
        { $0.step.work = .children(Children([ChildSpec("good", .none, weight: -1)])) },
    ]

    @Test("A stored step that makes no sense fails its job; all others go on", arguments: 0..<6)
    func storedStep(_ index: Int) throws {
        backend.script("b", .hangs)
        let bench = try bench([
            ScriptedKind("bad", steps: [.doing("a", undo: "undo a"), .doing("b", lane: "host/b")])
        ])
        let bad = try bench.submit("bad")
        try bench.run(for: 1000)
        let waiting = try bench.submit("bad") { $0.dueAt = ManualClock.beginning + 5000 }
        try bench.store.write(as: nil) { tx in
            for id in [bad, waiting] {
                var step = try #require(try tx.steps(of: [id])[id])[1]
                Self.spoilt[index](&step)
                try tx.save([(id, step)])
            }
        }

        try bench.takeOver()
        let good = try bench.submit("good")
        try bench.run(for: 60_000)

        let job = try bench.job(bad)
        #expect(job.state == .failed)
        #expect(job.code?.name == "DAMAGED")
        #expect(job.message.hasPrefix("what is stored of it makes no sense: "))
        #expect(job.rollback != .clean)
        #expect(try bench.job(waiting).state == .failed)
        #expect(try bench.job(good).state == .completed)
        #expect(try bench.store.read { try $0.counts() == $0.recount() })
    }

    @Test("A damaged parent waits for its children, which are stopped")
    func parent() throws {
        let bench = try bench([ScriptedKind("parent", steps: [.children(["good", "good"])])])
        backend.script("a", .done(after: 5000), .hangs)
        let id = try bench.submit("parent")
        try bench.run(for: 1000)
        try bench.store.write(as: nil) { tx in
            var step = try #require(try tx.steps(of: [id])[id])[0]
            step.step.weight = -1
            try tx.save([(id, step)])
        }

        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        let children = try bench.children(id).map { try bench.job($0).state }
        #expect(children == [.completed, .aborted])
    }

    @Test("A request of nonsense is refused, and those beside it are served")
    func requests() throws {
        backend.script("a", .hangs)
        let bench = try bench([])
        let id = try bench.submit("good")
        let numbers = try bench.store.write(as: nil) { tx in
            try [JobID(0), JobID(-7), JobID(.max), id].map { job in
                try tx.insert(
                    OperatorRequest(.stop(.abort), job: job, by: "bob"),
                    at: bench.clock.now()
                )
            }
        }
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
        try bench.run(for: 1000)

        let outcomes = try bench.store.read { reader in
            try numbers.map { try reader.outcome(ofRequest: $0) }
        }
        #expect(outcomes.last == .accepted(id))
        for outcome in outcomes.dropLast() {
            guard case .notFound = outcome else {
                Issue.record("\(String(describing: outcome))")
                continue
            }
        }
        #expect(try bench.job(id).state == .aborted)
    }

    @Test("News of nonsense are left aside")
    func news() throws {
        let bench = try bench([])
        let id = try bench.submit("good")
        for name in ["", "x", "1/2", "1/-1/1", "1/9223372036854775807/1", "\(id.number)/7/1", "//"]
        {
            backend.say(name, .done([:]))
            backend.say(name, .progress(.max, ""))
            backend.say(name, .unknown)
        }
        backend.say("\(id.number)/0/1", .progress(.min, "far below"))
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
    }
}
