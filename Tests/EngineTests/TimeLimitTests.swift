import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Limits of time")
struct TimeLimitTests {
    private let backend = ScriptedBackend(slotsPerLane: 1)

    private func bench(_ limits: TimeLimits = TimeLimits(), _ steps: [Step]? = nil) throws
        -> EngineBench
    {
        let steps =
            steps ?? [.doing("a", undo: "undo a"), .doing("b", undo: "undo b"), .doing("c")]
        return try EngineBench(
            backend,
            kinds: [
                ScriptedKind("job") { _ in
                    Plan(summary: "Do a, b, c", steps: steps, limits: limits)
                },
                ScriptedKind("parent", steps: [.children(["job", "job"])]),
                ScriptedKind("holder", steps: [.doing("hold", on: "thing/2")]),
                ScriptedKind("locked", steps: [.doing("l")], locks: [.exclusive("x")]),
            ]
        )
    }

    private func expectOver(_ job: Job, _ words: String) {
        #expect(job.state == .failed)
        #expect(job.cause == .timeout)
        #expect(job.code?.name == "TIME_LIMIT")
        #expect(job.message.contains(words), "\(job.message)")
    }

    @Test(
        "A limit that ran out before any engine saw the job counts, whatever the job waits for",
        arguments: [true, false]
    )
    func ranOutUnseen(needsApproval: Bool) throws {
        let bench = try bench()
        let before = try bench.submit("holder")
        var submission = Submission(kind: "job", user: "bob")
        submission.limits = TimeLimits(queue: 60_000)
        if needsApproval { submission.needsApproval = true } else { submission.after = [before] }
        let outcome = try bench.writeOutside(submission)
        guard case .accepted(let id) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        bench.clock.advance(by: 61_000)

        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)

        expectOver(try bench.job(id), "it did not begin within 1m")
    }

    @Test("A heartbeat-alive 10 h job is never ended by the engine")
    func healthy() throws {
        backend.script("a", .done(after: 36_000_000))
        let bench = try bench()
        let id = try bench.submit("job")
        for percent in 1...99 {
            try bench.run(for: 360_000)
            backend.say("\(id.number)/0/1", .progress(percent, "at \(percent)"))
            try bench.turn()
            #expect(try bench.job(id).state == .running)
        }
        try bench.run(for: 720_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("No limit is set unless somebody asks, and none costs a row")
    func none() throws {
        let bench = try bench()
        let id = try bench.submit("job")

        #expect(try bench.store.read { try $0.nextLimit() } == nil)
        #expect(try bench.store.read { try $0.detail(id, logLimit: 0)?.limits } == [])
    }

    @Test("queue: a job that does not begin in time fails and has begun nothing")
    func queue() throws {
        backend.script("hold", .hangs)
        let bench = try bench()
        try bench.submit("holder")
        let id = try bench.submit("job") { $0.limits = TimeLimits(queue: 60_000) }
        try bench.run(for: 59_000)
        #expect(try bench.job(id).state == .queued)

        try bench.run(for: 2000)

        expectOver(try bench.job(id), "did not begin within 1m")
        #expect(try bench.job(id).finishedAt == ManualClock.beginning + 60_000)
        #expect(backend.verbs == ["hold"])
    }

    @Test("queue: it runs from the due time of a job that is not due yet")
    func due() throws {
        let bench = try bench()
        let id = try bench.submit("job") {
            $0.limits = TimeLimits(queue: 10_000)
            $0.dueAt = ManualClock.beginning + 60_000
        }
        try bench.run(for: 70_000)

        #expect(try bench.job(id).state == .completed)
    }

    @Test("start: a job that holds its locks and gets no slot gives them back")
    func start() throws {
        backend.script("hold", .hangs)
        let bench = try bench()
        try bench.submit("holder")
        let id = try bench.submit("locked") { $0.limits = TimeLimits(start: 30_000) }
        #expect(try bench.tickets(id).count == 1)

        try bench.run(for: 31_000)

        expectOver(try bench.job(id), "held its locks")
        #expect(try bench.tickets(id).isEmpty)
    }

    @Test("step: the step is interrupted, and what was done is undone")
    func step() throws {
        backend.script("b", .hangs)
        let bench = try bench(TimeLimits(step: 20_000))
        let id = try bench.submit("job")

        try bench.run(for: 21_000)

        expectOver(try bench.job(id), "step 2 did not end within 20s")
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "b", "undo b", "undo a"])
    }

    @Test("step: a limit of one step in the plan counts, its retries included")
    func retries() throws {
        backend.script("b", .fails(.scripted("busy", kind: .transient), after: 1000))
        var steps: [Step] = [.doing("a"), .doing("b", retry: .standard)]
        steps[1].timeLimit = 5000
        let bench = try bench(TimeLimits(), steps)
        let id = try bench.submit("job")

        try bench.run(for: 60_000)

        expectOver(try bench.job(id), "step 2 did not end within 5s")
        #expect(try bench.job(id).finishedAt == ManualClock.beginning + 5100)
    }

    @Test("total: it holds for parents, whose children are stopped")
    func total() throws {
        backend.script("a", .hangs)
        let bench = try bench()
        let id = try bench.submit("parent") { $0.limits = TimeLimits(total: 30_000) }

        try bench.run(for: 60_000)

        expectOver(try bench.job(id), "did not end within 30s")
        for child in try bench.children(id) { #expect(try bench.job(child).state == .aborted) }
    }

    @Test("A limit lets a step that cannot be interrupted end, and then takes effect")
    func stubborn() throws {
        backend.script("a", .done(after: 40_000))
        var steps: [Step] = [.doing("a", undo: "undo a"), .doing("b")]
        steps[0].isInterruptible = false
        let bench = try bench(TimeLimits(total: 10_000), steps)
        let id = try bench.submit("job")

        try bench.run(for: 100_000)

        expectOver(try bench.job(id), "did not end within 10s")
        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A limit never ends a job behind its point of no return")
    func pointOfNoReturn() throws {
        backend.script("a", .done(after: 40_000))
        var steps: [Step] = [.doing("a"), .doing("b")]
        steps[0].isPointOfNoReturn = true
        let bench = try bench(TimeLimits(total: 10_000), steps)
        let id = try bench.submit("job")

        try bench.run(for: 100_000)

        #expect(try bench.job(id).state == .completed)
        #expect(try bench.log(id).contains { $0.contains("did not end within 10s") })
    }

    @Test("Limits are durable: they run out after a crash, and while nobody was alive")
    func durable() throws {
        backend.script("a", .hangs)
        let bench = try bench(TimeLimits(total: 60_000))
        let id = try bench.submit("job")
        try bench.run(for: 10_000)
        try bench.takeOver()
        try bench.run(for: 49_000)
        #expect(try bench.job(id).state == .running)

        bench.clock.advance(by: 500_000)
        try bench.takeOver()
        try bench.run(for: 1000)

        expectOver(try bench.job(id), "did not end within 1m")
    }

    @Test("Who submits wins over the kind; each limit shows what is left and who set it")
    func shown() throws {
        backend.script("b", .hangs)
        let bench = try bench(TimeLimits(queue: 5000, step: 90_000))
        let id = try bench.submit("job") { $0.limits = TimeLimits(queue: 7000, total: 600_000) }
        try bench.run(for: 30_100)

        let limits = try bench.store.read { try $0.detail(id, logLimit: 0)?.limits } ?? []
        let now = bench.clock.now()
        let lines = limits.map { limit in
            "\(limit.name) \(limit.step.map(String.init) ?? "-") \(limit.milliseconds) "
                + "\(limit.remaining(at: now).map(String.init) ?? "-") \(limit.origin)"
        }

        #expect(
            lines == [
                "queue - 7000 - submission", "total - 600000 569900 submission",
                "step 0 90000 - plan", "step 1 90000 60000 plan", "step 2 90000 - plan",
            ]
        )
    }

    @Test("No progress for T shows a stalled flag with the last step and its age")
    func stalled() throws {
        backend.script("b", .hangs)
        let bench = try bench()
        let id = try bench.submit("job")
        try bench.run(for: 3_600_000)

        let job = try bench.job(id)
        #expect(job.state == .running)
        #expect(job.waiting == Waiting(.stalled, on: "“b”", since: ManualClock.beginning + 100))
        let now = bench.clock.now()
        #expect(
            JobWhy.line(job, engineAlive: true, now: now)
                == "\(id) is running: no progress in “b” (for 59m)"
        )
        let stuck = try FilterParser.parse("is:stuck")
        let found = try bench.store.read { try $0.page(JobQuery(filter: stuck), at: now).rows }
        #expect(found.map(\.job.id) == [id])

        backend.say("\(id.number)/1/1", .progress(50, "moves again"))
        try bench.turn()
        #expect(try bench.job(id).waiting == nil)
    }
}
