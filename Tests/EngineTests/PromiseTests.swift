import Engine
import Model
import Store
import TestKit
import Testing

@Suite("What was promised of parents, end actions and queues")
struct PromiseTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("a", targetType: "vm") { order in
            Plan(
                summary: "a",
                steps: [.doing("a", on: order.target.description)],
                locks: [.exclusive(order.target.description)]
            )
        },
        ScriptedKind("one", steps: [.doing("one")]),
        ScriptedKind("two", steps: [.doing("two")]),
        ScriptedKind("three", steps: [.doing("three")]),
        ScriptedKind("bad", steps: [.doing("bad")]),
        ScriptedKind("serial", steps: [.children(["one", "two", "three"], concurrency: 1)]),
        ScriptedKind(
            "stages",
            steps: [.children(["one"]), .doing("between"), .children(["two", "bad"])]
        ),
        ScriptedKind(
            "ending",
            steps: [
                .doing("one", undo: "undo one"),
                Step.doing("end", retry: RetryPolicy(attempts: 3, base: 1000, limit: 1000))
                    .with { $0.isEndAction = true },
            ]
        ),
    ]

    @Test(
        "Serial children resume at the right stage after a restart",
        arguments: [50, 150, 250, 350] as [Int64]
    )
    func serial(moment: Int64) throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)
        let parent = try bench.submit("serial")
        try bench.run(for: moment)

        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try bench.job(parent).state == .completed)
        #expect(backend.verbs == ["one", "two", "three"])
    }

    @Test("An end action is rebuilt from the store: killed while it waits, it still runs once")
    func endAction() throws {
        let backend = ScriptedBackend()
        let busy = Failure.scripted("busy", kind: .transient)
        backend.script("end", .fails(busy, after: 10), .done(after: 10))
        let bench = try EngineBench(backend, kinds: kinds)
        let job = try bench.submit("ending")
        try bench.run(for: 500)
        #expect(try bench.job(job).state == .finishing)
        #expect(backend.verbs == ["one", "end"])

        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try bench.job(job).state == .completed)
        #expect(backend.verbs == ["one", "end", "end"])
    }

    @Test("An end action is tried so often and no more: then the job is undone, or asks a person")
    func bounded() throws {
        let backend = ScriptedBackend()
        let busy = Failure.scripted("busy", kind: .transient)
        for _ in 0..<20 { backend.script("end", .fails(busy, after: 10)) }
        for _ in 0..<20 { backend.script("undo one", .fails(.scripted("stuck"), after: 10)) }
        let bench = try EngineBench(backend, kinds: kinds)
        let job = try bench.submit("ending")
        try bench.run(for: 3_600_000)

        #expect(backend.verbs.filter { $0 == "end" }.count == 3)
        #expect(try bench.job(job).state == .needsOperator)

        try bench.request(.resolve(.giveUp), job)
        #expect(try bench.job(job).state == .failed)
        #expect(try bench.job(job).rollback != .clean)
    }

    @Test("A parent never succeeds when a required child failed, at whatever stage")
    func childError() throws {
        let backend = ScriptedBackend()
        let broken = Failure(
            ResultCode(domain: "cloudstack", number: 533, name: "INSUFFICIENT_CAPACITY"),
            "no room"
        )
        backend.script("bad", .fails(broken, after: 10))
        let bench = try EngineBench(backend, kinds: kinds)
        let parent = try bench.submit("stages")
        try bench.run(for: 60_000)

        let job = try bench.job(parent)
        #expect(job.state == .failed)
        #expect(job.cause == .childFailed)
        #expect(job.code?.number == 533)
        #expect(job.message.contains("no room"))
    }

    @Test("Two jobs on one VM run in the order of their submission, two VMs side by side")
    func perObject() throws {
        let backend = ScriptedBackend(slotsPerLane: 10)
        let bench = try EngineBench(backend, kinds: kinds)
        let first = try bench.submit("a") { $0.target = Target("vm/x") }
        let second = try bench.submit("a") { $0.target = Target("vm/x") }
        let other = try bench.submit("a") { $0.target = Target("vm/y") }

        #expect(try bench.job(first).state == .running)
        #expect(try bench.job(other).state == .running)
        #expect(try bench.job(second).waiting?.reason == .lock)
        try bench.run(for: 1000)
        #expect(try bench.job(second).startedAt == bench.job(first).finishedAt)
    }

    @Test("Behind 200 blocked queues the one job that can run begins in the turn it comes in")
    func blocked() throws {
        let backend = ScriptedBackend(slotsPerLane: 1000)
        backend.script("a", .hangs)
        for _ in 0..<200 { backend.script("a", .hangs) }
        let bench = try EngineBench(backend, kinds: kinds)
        for number in 0..<200 {
            for _ in 0..<2 {
                try bench.submit("a") { $0.target = Target("vm/x\(number)") }
            }
        }

        let free = try bench.submit("one")

        #expect(try bench.job(free).state == .running)
        #expect(try bench.job(free).startedAt == bench.clock.now())
        #expect(try bench.store.read { try $0.counts() }[.pending] == 200)
    }

    @Test(
        "A crash in the middle of four submissions: what was acknowledged is there, once",
        arguments: [CrashingStore.Moment.beforeCommit, .afterCommit],
        [0, 1, 2, 3]
    )
    func partial(_ moment: CrashingStore.Moment, _ count: Int) throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let orders = (0..<4).map { number in
            var submission = Submission(kind: "one", user: "ann")
            submission.key = "order \(number)"
            return submission
        }
        for order in orders.prefix(count) { _ = try bench.submit(order) }
        bench.store.fail(moment)
        #expect(throws: CrashingStore.Crash.self) { _ = try bench.submit(orders[count]) }

        // Whoever submits does not know what became of the last one, and says all of it again.
        try bench.takeOver()
        for order in orders { _ = try bench.submit(order) }
        try bench.run(for: 1000)

        #expect(try bench.store.read { try $0.counts() }[.completed] == 4)
        #expect(try bench.store.read { try $0.counts() }.total == 4)
    }

    @Test(
        "Four orders written as one are all there after a crash, or none is",
        arguments: [CrashingStore.Moment.beforeCommit, .afterCommit]
    )
    func bulk(_ moment: CrashingStore.Moment) throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        bench.store.fail(moment)
        #expect(throws: CrashingStore.Crash.self) { _ = try bench.writeTogether(4) }
        try bench.takeOver()
        try bench.run(for: 1000)
        let done = moment == .afterCommit ? 4 : 0
        #expect(try bench.store.read { try $0.counts() }[.completed] == done)

        let outcomes = try bench.writeTogether(4)
        #expect(outcomes.count == 4)
        try bench.takeOver()
        try bench.run(for: 1000)
        #expect(try bench.store.read { try $0.counts() }[.completed] == 4)
    }
}

extension EngineBench {
    /// Writes so many orders in one transaction, each after the one before.
    fileprivate func writeTogether(_ count: Int) throws -> [RequestOutcome] {
        var chance = SeededChance(seed: 5)
        return try store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                count,
                into: tx,
                chance: &chance,
                at: clock.now()
            ) { place, outcomes in
                var submission = Submission(kind: "one", user: "ann")
                submission.key = "order \(place)"
                if case .accepted(let id)? = outcomes.last { submission.after = [id] }
                if case .existing(let id)? = outcomes.last { submission.after = [id] }
                return submission
            }
        }
    }
}
