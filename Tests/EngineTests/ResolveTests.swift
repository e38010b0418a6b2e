import Engine
import Model
import Store
import TestKit
import Testing

@Suite("What a decision leaves behind")
struct ResolveTests {
    private let backend = ScriptedBackend(slotsPerLane: 1)

    private func bench(_ steps: Step...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)])
    }

    private func used(_ bench: EngineBench) -> Int {
        bench.engine.lanes().reduce(0) { $0 + $1.used }
    }

    /// A job whose second step hangs past its return, so that a person is asked.
    private func pastReturn() throws -> (EngineBench, JobID) {
        backend.script("b", .hangs)
        backend.script("c", .hangs)
        let bench = try bench(
            .doing("a", undo: "undo a"),
            Step.doing("b").with { $0.isPointOfNoReturn = true },
            .doing("c")
        )
        let id = try bench.submit("job")
        try bench.run(for: 700_000)
        #expect(try bench.job(id).state == .needsOperator)
        return (bench, id)
    }

    @Test("Retry asks anew and from the first time on, also if the question is lost")
    func retry() throws {
        let (bench, id) = try pastReturn()
        bench.line.set(.areLost)
        try bench.request(.resolve(.retry), id)
        #expect(try bench.job(id).waiting?.reason == .backend)
        #expect(try bench.stored(id).extra.stalls == 0)
        bench.line.set(.arrive)
        try bench.run(for: 5000)
        #expect(try bench.job(id).state == .running)
    }

    @Test("Skip frees the slot and goes on; the next step is waited for as if nothing had been")
    func skip() throws {
        let (bench, id) = try pastReturn()
        try bench.request(.resolve(.skip), id)
        try bench.settle()
        #expect(try bench.job(id).state == .running)
        #expect(used(bench) == 1)
        let skipped = try bench.steps(id)[1]
        #expect(skipped.state == .unknown)
        #expect(skipped.finishedAt == bench.clock.now())
        try bench.run(for: 300_000)
        #expect(try bench.job(id).state == .running)

        // What was left behind says something: the job at work is not touched by it.
        let backendStatus = try bench.job(id).backend
        backend.say("\(id.number)/1/1", .progress(10, "still here"))
        backend.say("\(id.number)/1/1", .interrupted)
        try bench.turn()
        #expect(try bench.job(id).backend == backendStatus)
        #expect(try bench.job(id).state == .running)
    }

    @Test("Give up frees the slot, and says that the operation was abandoned")
    func giveUp() throws {
        let (bench, id) = try pastReturn()
        try bench.request(.resolve(.giveUp), id)
        let job = try bench.job(id)
        #expect(job.state == .failed)
        #expect(job.cause == .abandoned)
        #expect(job.backend == .unknown)
        #expect(job.message == "given up by ann")
        #expect(used(bench) == 0)
    }

    @Test("A stopped job that has nothing to undo ends at once when its step is left out")
    func nothingToUndo() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()
        try bench.request(.stop(.cancel), id)
        try bench.run(for: 700_000)
        #expect(try bench.job(id).state == .needsOperator)
        try bench.request(.resolve(.skip), id)
        #expect(try bench.states(id).suffix(2) == [.needsOperator, .aborted])
    }

    @Test("An abort of a job that a person was asked about asks the backend from the first time on")
    func abort() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()
        try bench.request(.stop(.cancel), id)
        try bench.run(for: 700_000)
        backend.cutOff(lane: "host/a")
        try bench.request(.stop(.abort), id)
        #expect(try bench.job(id).state == .lost)
        #expect(try bench.stored(id).extra.stalls == 0)
    }

    @Test("An undo that failed and then hung gets all of its tries again")
    func undoTries() throws {
        let stuck = ScriptedBackend.Answer.fails(.scripted("stuck"), after: 10)
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo a", stuck, stuck, stuck, stuck, .hangs, .done(after: 10))
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.run(for: 1_000_000)
        #expect(try bench.job(id).state == .needsOperator)
        try bench.request(.resolve(.retry), id)
        try bench.run(for: 60_000)
        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
    }

    @Test("Retry of a lost job asks at once, and from the first time on")
    func lost() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")
        backend.say("\(id.number)/0/1", .unreachable)
        try bench.turn()
        try bench.request(.stop(.abort), id)
        try bench.run(for: 20_000)
        #expect(try bench.stored(id).extra.stalls > 1)
        let asked = backend.calls.count
        try bench.request(.resolve(.retry), id)
        try bench.settle()
        #expect(try bench.stored(id).extra.stalls == 1)
        #expect(backend.calls.dropFirst(asked) == [.probe(operation: "\(id.number)/0/1")])
    }

    @Test("A job that a person is asked about keeps its slot and its question over a crash")
    func crash() throws {
        let (bench, id) = try pastReturn()
        try bench.takeOver()
        #expect(used(bench) == 1)
        backend.finish("\(id.number)/1/1", at: bench.clock.now())
        try bench.run(for: 61_000)
        #expect(backend.verbs.last == "c")
    }

    @Test("What a person declares opens no lane, repeats no call, and is in the log")
    func declared() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")
        backend.say("\(id.number)/0/1", .unreachable)
        try bench.turn()
        try bench.takeOver()
        let called = backend.calls.count
        let settle = OperatorRequest(.settle(.settleDone), job: id, by: "bob", reason: "looked")
        try bench.ask(settle)
        #expect(bench.engine.lanes().first { $0.name == "host/a" }?.closedUntil != nil)
        #expect(
            !backend.calls.dropFirst(called).contains {
                if case .begin(let call) = $0 { call.operation.verb == "a" } else { false }
            }
        )
        #expect(try bench.log(id).contains { $0.hasSuffix("settled as done by bob: looked") })
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .completed)
    }

    @Test("The end of an undo that was left behind says nothing about its step")
    func undoLeftBehind() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo b", .hangs)
        let bench = try bench(.doing("b", undo: "undo b"))
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        try bench.request(.stop(.abandon), id)
        let name = "\(id.number)/0/u1"
        bench.line.set(.areLost)
        try bench.request(.settle(.ask), id)
        backend.say(name, .accepted)
        try bench.turn()
        #expect(!(try bench.log(id).contains { $0.hasPrefix(Evidence.mark) }))
        backend.say(name, .interrupted)
        try bench.run(for: 5)
        #expect(try bench.log(id).contains { $0.hasPrefix(Evidence.mark) })
        let step = try bench.steps(id)[0]
        #expect(step.state == .failed)
        #expect(step.message == "was stopped")
        #expect(try bench.job(id).backend == .failed)
    }
}
