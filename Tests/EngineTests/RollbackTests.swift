import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Rolling back")
struct RollbackTests {
    private let steps: [Step] = ["a", "b", "c"].map { .doing($0, undo: "undo \($0)") }

    private func bench(_ policy: RollbackPolicy = .automatic) throws -> (
        EngineBench, ScriptedBackend
    ) {
        let backend = ScriptedBackend()
        backend.script("c", .fails(.scripted("broken"), after: 10))
        let steps = steps
        let kind = ScriptedKind("three") { _ in
            Plan(summary: "three", steps: steps, rollbackPolicy: policy)
        }
        return (try EngineBench(backend, kinds: [kind]), backend)
    }

    @Test("undoes newest first, the failed step too, and records one outcome for each")
    func order() throws {
        let (bench, backend) = try bench()

        let id = try bench.submit("three")
        try bench.run(for: 5000)

        let job = try bench.job(id)
        #expect(job.state == .failed)
        #expect(job.rollback == .clean)
        #expect(job.message == "broken")
        #expect(job.cause == .error)
        #expect(backend.verbs == ["a", "b", "c", "undo c", "undo b", "undo a"])
        #expect(try bench.steps(id).map(\.undo) == [.done, .done, .done])
        #expect(try bench.steps(id).map(\.undoAttempts) == [1, 1, 1])
    }

    @Test("leaves steps without an undo alone")
    func noUndo() throws {
        let backend = ScriptedBackend()
        backend.script("c", .fails(.scripted("broken"), after: 10))
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind(
                    "three",
                    steps: [.doing("a", undo: "undo a"), .doing("b"), .doing("c")]
                )
            ]
        )

        let id = try bench.submit("three")
        try bench.run(for: 5000)

        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs.suffix(1) == ["undo a"])
    }

    @Test("tries an undo again after pauses")
    func again() throws {
        let (bench, backend) = try bench()
        backend.script("undo b", .fails(.scripted("busy"), after: 10), .done(after: 10))

        let id = try bench.submit("three")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(try bench.steps(id).map(\.undoAttempts) == [1, 2, 1])
    }

    @Test("asks a person when an undo failed five times")
    func asks() throws {
        let (bench, backend) = try bench()
        backend.script("undo b", .fails(.scripted("stuck"), after: 10))

        let id = try bench.submit("three")
        try bench.run(for: 600_000)

        let job = try bench.job(id)
        #expect(job.state == .needsOperator)
        #expect(job.waiting?.reason == .operator)
        #expect(job.waiting?.on.contains("stuck") ?? false)
        #expect(try bench.steps(id).map(\.undo) == [.waiting, .failed, .done])
        #expect(backend.verbs.count { $0 == "undo b" } == 5)
        #expect(!backend.verbs.contains("undo a"), "what is below waits for the decision")
    }

    @Test("goes on when the person has it tried again")
    func retry() throws {
        let (bench, backend) = try bench()
        let stuck = ScriptedBackend.Answer.fails(.scripted("stuck"), after: 10)
        backend.script("undo b", stuck, stuck, stuck, stuck, stuck, .done(after: 10))
        let id = try bench.submit("three")
        try bench.run(for: 600_000)

        try bench.request(.resolve(.retry), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(try bench.job(id).message == "broken")
    }

    @Test("leaves the failed undo out if the person says so, and does the others")
    func skip() throws {
        let (bench, backend) = try bench()
        backend.script("undo b", .fails(.scripted("stuck"), after: 10))
        let id = try bench.submit("three")
        try bench.run(for: 600_000)

        try bench.request(.resolve(.skip), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .skipped)
        #expect(try bench.steps(id).map(\.undo) == [.done, .skipped, .done])
    }

    @Test("ends at once if the person gives up")
    func giveUp() throws {
        let (bench, backend) = try bench()
        backend.script("undo b", .fails(.scripted("stuck"), after: 10))
        let id = try bench.submit("three")
        try bench.run(for: 600_000)

        try bench.request(.resolve(.giveUp), id)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .skipped)
        #expect(try bench.steps(id).map(\.undo) == [.skipped, .skipped, .done])
        #expect(!backend.verbs.contains("undo a"))
    }

    @Test("asks a person first if the kind says so")
    func manual() throws {
        let (bench, backend) = try bench(.manual)

        let id = try bench.submit("three")
        try bench.run(for: 5000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(backend.verbs == ["a", "b", "c"])
        try bench.request(.resolve(.retry), id)
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .failed)
        #expect(backend.verbs.suffix(3) == ["undo c", "undo b", "undo a"])
    }

    @Test("does not happen if the kind says so")
    func none() throws {
        let (bench, backend) = try bench(.none)

        let id = try bench.submit("three")
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .failed)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("Only a job that needs an operator can be resolved", arguments: Resolution.allCases)
    func refuses(resolution: Resolution) throws {
        let (bench, _) = try bench()
        let id = try bench.submit("three")

        guard case .refused = try bench.request(.resolve(resolution), id) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("An end action is retried in finishing, and does not hold a slot meanwhile")
    func endAction() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.script(
            "end",
            .fails(.scripted("busy", kind: .transient), after: 10),
            .done(after: 10)
        )
        let end = Step.doing("end", retry: .standard).with { $0.isEndAction = true }
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("ended", steps: [.doing("a", undo: "undo a"), end]),
                ScriptedKind("other", steps: [.doing("other")]),
            ]
        )

        let id = try bench.submit("ended")
        try bench.run(for: 150)
        #expect(try bench.job(id).state == .finishing)
        #expect(try bench.job(id).waiting?.reason == .retry)
        let other = try bench.submit("other")
        #expect(try bench.job(other).state == .running)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "end", "other", "end"])
    }

    @Test("An end action that fails for good has everything undone")
    func endActionFails() throws {
        let backend = ScriptedBackend()
        backend.script("end", .fails(.scripted("no"), after: 10))
        let end = Step.doing("end").with { $0.isEndAction = true }
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("ended", steps: [.doing("a", undo: "undo a"), end])]
        )

        let id = try bench.submit("ended")
        try bench.run(for: 5000)

        #expect(try bench.states(id).suffix(3) == [.finishing, .rollingBack, .failed])
        #expect(backend.verbs == ["a", "end", "undo a"])
    }
}
