import Engine
import Model
import Store
import TestKit
import Testing

@Suite("The ladder of stopping")
struct StopTests {
    @Test("A cancel waits for the step at work, and then undoes everything, newest first")
    func cancel() throws {
        let backend = ScriptedBackend()
        let steps: [Step] = ["a", "b", "c"].map { .doing($0, undo: "undo \($0)") }
        let bench = try EngineBench(backend, kinds: [ScriptedKind("three", steps: steps)])

        let id = try bench.submit("three")
        try bench.run(for: 150)
        try bench.request(.stop(.cancel), id)
        #expect(try bench.job(id).state == .cancelling)
        try bench.run(for: 1000)

        #expect(
            try bench.states(id) == [
                .pending, .queued, .running, .cancelling, .rollingBack, .aborted,
            ]
        )
        #expect(backend.verbs == ["a", "b", "undo b", "undo a"])
        #expect(try bench.steps(id).map(\.undo) == [.done, .done, .none])
        #expect(try bench.steps(id).map(\.state) == [.done, .done, .skipped])
    }

    @Test("A job that is done before the stop takes effect is completed, and says so")
    func tooLate() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])

        let id = try bench.submit("one")
        try bench.request(.stop(.cancel), id)
        try bench.run(for: 1000)

        let job = try bench.job(id)
        #expect(job.state == .completed)
        #expect(job.message == "completed before the cancel took effect")
        #expect(job.stop?.level == .cancel)
        #expect(try bench.states(id).suffix(3) == [.cancelling, .finishing, .completed])
    }

    @Test("A step that cannot be interrupted is waited for, and says so")
    func uninterruptible() throws {
        let backend = ScriptedBackend()
        let step = Step.doing("a", undo: "undo a").with { $0.isInterruptible = false }
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("one", steps: [step, .doing("b")])]
        )

        let id = try bench.submit("one")
        try bench.request(.stop(.abort), id)
        #expect(try bench.job(id).state == .cancelling)
        #expect(try bench.job(id).message.contains("cannot be interrupted"))
        #expect(!backend.calls.contains { if case .interrupt = $0 { true } else { false } })
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A backend that refuses the interrupt is believed: the stop waits for the step")
    func stubborn() throws {
        let backend = ScriptedBackend()
        backend.script("a", .isStubborn)
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("one", steps: [.doing("a", undo: "undo a")])]
        )

        let id = try bench.submit("one")
        try bench.request(.stop(.abort), id)
        try bench.run(for: 100_000)
        #expect(try bench.job(id).state == .cancelling)
        #expect(try bench.job(id).message == "it is stubborn")
        #expect(try bench.states(id).last == .cancelling)
        backend.finish("\(id.number)/0/1", at: bench.clock.now())
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
    }

    @Test("An interrupt that nobody answers makes the job lost, within half a minute")
    func unanswered() throws {
        let backend = ScriptedBackend()
        backend.script("a", .hangs)
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])
        let id = try bench.submit("one")
        try bench.settle()
        backend.cutOff(lane: Operation.controlLane)

        try bench.request(.stop(.abort), id)
        try bench.run(for: 30_000)
        #expect(try bench.job(id).state == .lost)
        backend.restore(lane: Operation.controlLane)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .aborted)
    }

    @Test("Past the point of no return only abandoning is possible, and says why")
    func noReturn() throws {
        let backend = ScriptedBackend()
        let point = Step.doing("b").with { $0.isPointOfNoReturn = true }
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("one", steps: [.doing("a", undo: "undo a"), point, .doing("c")])
            ]
        )

        let id = try bench.submit("one")
        try bench.run(for: 150)
        for level in [StopLevel.cancel, .abort] {
            guard case .refused(let why) = try bench.request(.stop(level), id) else {
                Issue.record("\(level) was not refused")
                continue
            }
            #expect(why.contains("point of no return"))
        }
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("A failure past the point of no return undoes nothing")
    func failsForward() throws {
        let backend = ScriptedBackend()
        backend.script("c", .fails(.scripted("broken"), after: 10))
        let point = Step.doing("b").with { $0.isPointOfNoReturn = true }
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("one", steps: [.doing("a", undo: "undo a"), point, .doing("c")])
            ]
        )

        let id = try bench.submit("one")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .none)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("A stop of a parent reaches every descendant", arguments: [StopLevel.abort, .abandon])
    func descendants(level: StopLevel) throws {
        let backend = ScriptedBackend()
        backend.script("leaf", .hangs)
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("leaf", steps: [.doing("leaf", undo: "undo leaf")]),
                ScriptedKind("branch", steps: [.children(["leaf", "leaf"], concurrency: 1)]),
                ScriptedKind("root", steps: [.children(["branch", "branch", "leaf"])]),
            ]
        )
        bench.afterTurn = { try Families.check($0) }

        let id = try bench.submit("root")
        try bench.request(.stop(level), id)
        try bench.run(for: 60_000)

        let jobs = try bench.store.read { try $0.jobs((1...8).map { JobID($0) }) }.map(\.job)
        #expect(jobs.count == 8)
        #expect(jobs.allSatisfy { $0.state == .aborted })
        let causes = jobs.filter { $0.parentID != nil }.map(\.cause)
        #expect(causes.allSatisfy { $0 == (level == .abandon ? .abandoned : .stoppedByParent) })
    }

    @Test("A stop of a parent that only warns of failed children still stops it")
    func warningParent() throws {
        let backend = ScriptedBackend()
        backend.script("leaf", .done(after: 10), .hangs)
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("leaf", steps: [.doing("leaf")]),
                ScriptedKind("root", steps: [.children(["leaf", "leaf"], onFailure: .warn)]),
            ]
        )

        let id = try bench.submit("root")
        try bench.run(for: 100)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
    }

    @Test("What an abandoned operation does later is kept on record")
    func lateResult() throws {
        let backend = ScriptedBackend()
        backend.script("a", .done(after: 5000))
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])

        let id = try bench.submit("one")
        try bench.request(.stop(.abandon), id)
        let job = try bench.job(id)
        #expect(job.state == .aborted)
        #expect(job.cause == .abandoned)
        #expect(job.backend == .unknown)
        #expect(try bench.steps(id).map(\.state) == [.unknown])
        try bench.run(for: 10_000)

        let later = try bench.job(id)
        #expect(later.state == .aborted)
        #expect(later.cause == .abandoned)
        #expect(later.backend == .done)
        #expect(try bench.log(id).contains { $0.contains("late result") && $0.contains("done") })
        #expect(backend.running.isEmpty, "it is cleared at the backend")
    }

    @Test("A request that expects another state is refused")
    func expecting() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: [ScriptedKind("one", steps: [.doing("a")])]
        )
        let id = try bench.submit("one")
        let request = OperatorRequest(.stop(.abort), job: id, by: "bob", expecting: [.queued])
        let number = try bench.store.write(as: nil) {
            try $0.insert(request, at: bench.clock.now())
        }
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)

        let outcome = try bench.store.read { try $0.outcome(ofRequest: number) }
        guard case .refused(let why) = outcome else {
            Issue.record("not refused: \(String(describing: outcome))")
            return
        }
        #expect(why.contains("Running"))
        #expect(try bench.job(id).state == .running)
    }

    @Test("There is no job to stop")
    func unknown() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: [])
        #expect(try bench.request(.stop(.abort), JobID(5)) == .notFound("there is no job-5"))
    }
}
