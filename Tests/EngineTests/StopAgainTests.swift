import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Stops that meet another stop, an undo or a limit")
struct StopAgainTests {
    private let backend = ScriptedBackend(slotsPerLane: 1)

    private func bench(_ steps: [Step], _ others: ScriptedKind...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)] + others)
    }

    private var interrupts: Int {
        backend.calls.count { if case .interrupt = $0 { true } else { false } }
    }

    private func hold(_ bench: EngineBench, _ id: JobID) throws {
        #expect(try bench.request(.stop(.abort), id) == .accepted(id))
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(try bench.journal(id).contains { $0.cause.hasPrefix("the interrupt of the undo") })
    }

    @Test("The same rung a second time changes nothing: who asked first stands")
    func sameRung() throws {
        backend.script("a", .isStubborn)
        let bench = try bench([.doing("a")])
        let id = try bench.submit("job")
        try bench.settle()
        try bench.request(.stop(.abort), id, by: "ann")
        #expect(try bench.request(.stop(.abort), id, by: "bob") == .accepted(id))
        try bench.request(.stop(.cancel), id, by: "eve")

        #expect(try bench.job(id).stop?.by == "ann")
        #expect(try bench.job(id).stop?.level == .abort)
        #expect(interrupts == 1)
    }

    @Test("An abort of what an abort is undoing interrupts that undo, also over a crash")
    func abortOfAbort() throws {
        backend.script("a", .hangs)
        backend.script("undo a", .hangs)
        let bench = try bench([.doing("a", undo: "undo a")])
        let id = try bench.submit("job")
        try bench.settle()
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .rollingBack)
        try hold(bench, id)

        try bench.request(.resolve(.retry), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .rollingBack)
        bench.line.set(.areLost)
        try bench.request(.stop(.abort), id)
        try bench.takeOver()
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .needsOperator)
    }

    @Test("An abort of the undo that a limit began keeps why it fails")
    func abortOfLimit() throws {
        backend.script("a", .hangs)
        backend.script("undo a", .hangs, .done(after: 10))
        let bench = try bench([.doing("a", undo: "undo a")])
        let id = try bench.submit("job") { $0.limits = TimeLimits(total: 5000) }
        try bench.run(for: 6000)
        #expect(try bench.job(id).state == .rollingBack)
        try hold(bench, id)
        try bench.request(.resolve(.retry), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .timeout)
    }

    @Test("A limit that is refused by a child leaves nothing behind on its parent")
    func refusedLimit() throws {
        backend.script("child", .hangs)
        backend.script("b", .hangs)
        var child = ChildSpec("child", .none)
        child.onStop = .refuse
        let bench = try bench(
            [Step("children", .children(Children([child]))), .doing("b")],
            ScriptedKind("child", steps: [.doing("child")])
        )
        let id = try bench.submit("job") { $0.limits = TimeLimits(total: 5000) }
        try bench.run(for: 6000)
        let stored = try bench.stored(id)
        #expect(stored.job.state == .childRunning)
        #expect(stored.job.stop == nil)
        #expect(stored.extra.engineStop == nil)
        #expect(stored.extra.failure == nil)
        #expect(try bench.log(id).contains { $0.hasPrefix("it goes on all the same") })

        let name = "\(try bench.children(id)[0].number)/0/1"
        backend.finish(name, at: bench.clock.now())
        try bench.run(for: 100)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
    }

    @Test("An abort after a cancel reaches the children that the cancel let end")
    func higherRung() throws {
        backend.script("child", .hangs)
        let bench = try bench(
            [.children(["child"])],
            ScriptedKind("child", steps: [.doing("child")])
        )
        let id = try bench.submit("job")
        try bench.run(for: 100)
        try bench.request(.stop(.cancel), id)
        #expect(try bench.job(id).waiting?.reason == .children)
        try bench.run(for: 1000)
        let child = try bench.children(id)[0]
        #expect(try bench.job(child).state == .cancelling)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(child).state == .aborted)
        #expect(try bench.job(child).stop?.level == .abort)
        #expect(try bench.job(id).state == .aborted)
    }

    @Test("A stop of a lost job has the backend asked at once")
    func lost() throws {
        backend.script("a", .hangs)
        let bench = try bench([.doing("a", lane: "host/a")])
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")
        backend.say("\(id.number)/0/1", .unreachable)
        try bench.run(for: 200_000)
        let before = backend.calls.count
        try bench.request(.stop(.cancel), id)
        try bench.settle()
        #expect(backend.calls.dropFirst(before) == [.probe(operation: "\(id.number)/0/1")])
    }

    @Test("A queued job that is stopped leaves its lane", arguments: StopLevel.allCases)
    func leavesLane(level: StopLevel) throws {
        backend.script("a", .hangs)
        let bench = try bench([.doing("a")])
        try bench.submit("job")
        let id = try bench.submit("job")
        #expect(bench.engine.lanes().map(\.queued) == [1])
        try bench.request(.stop(level), id)

        #expect(bench.engine.lanes().map(\.queued) == [0])
        #expect(try bench.job(id).stop?.reason == "")
    }

    @Test("An abandoned job frees its slot, and does not fail for what it was being undone for")
    func abandoned() throws {
        backend.script("a", .fails(.scripted("broken"), after: 10), .done(after: 10))
        backend.script("undo a", .hangs)
        let bench = try bench([.doing("b", undo: "undo b"), .doing("a", undo: "undo a")])
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .rollingBack)
        try bench.ask(OperatorRequest(.stop(.abandon), job: id, by: "ann", reason: "it hangs"))

        let stored = try bench.stored(id)
        #expect(stored.job.state == .aborted)
        #expect(stored.job.stop?.reason == "it hangs")
        #expect(stored.job.message == "abandon by ann: it hangs")
        #expect(stored.job.code?.name == "TaskAborted")
        #expect(stored.extra.failure == nil)
        #expect(stored.job.rollback == .skipped)
        #expect(try bench.steps(id).map(\.undo) == [.skipped, .skipped])
        #expect(bench.engine.lanes().map(\.used) == [0])
    }
}
