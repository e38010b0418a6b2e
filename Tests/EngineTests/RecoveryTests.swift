import Engine
import Model
import Store
import TestKit
import Testing

@Suite("A new engine takes up what the last one left")
struct RecoveryTests {
    private let backend = ScriptedBackend()

    private func bench(_ steps: Step...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)])
    }

    private func probes() -> Int {
        backend.calls.count { if case .probe = $0 { true } else { false } }
    }

    @Test("An operation that is at work goes on, and is not begun again")
    func running() throws {
        backend.script("a", .done(after: 5000))
        let bench = try bench(.doing("a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.run(for: 1000)

        try bench.takeOver()
        #expect(probes() == 1)
        try bench.run(for: 10_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b"])
        #expect(try bench.job(id).finishedAt == ManualClock.beginning + 5100)
    }

    @Test("An operation that was done meanwhile is found done")
    func doneMeanwhile() throws {
        backend.script("a", .dropsAnswer(doneAfter: 100))
        let bench = try bench(.doing("a"), .doing("b"))
        let id = try bench.submit("job")
        bench.clock.advance(by: 1000)

        try bench.takeOver()
        try bench.run(for: 200)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b"])
    }

    @Test("An operation that never began is begun, under the same name and a newer fence")
    func neverBegun() throws {
        let bench = try bench(.doing("a"))
        bench.line.set(.areLost)
        let id = try bench.submit("job")
        #expect(try bench.job(id).state == .running)
        #expect(backend.calls.isEmpty)
        let fence = try bench.job(id).fence

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.executed.map(\.name) == ["\(id.number)/0/1"])
        #expect(backend.executed[0].fence > fence)
    }

    @Test("The calls of an engine that froze before making them come too late")
    func frozen() throws {
        let bench = try bench(.doing("a"))
        bench.line.set(.areDelayed)
        let id = try bench.submit("job")
        let frozen = bench.line

        try bench.takeOver()
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .completed)
        frozen.deliver(at: bench.clock.now())
        try bench.run(for: 1000)

        #expect(backend.verbs == ["a"])
    }

    @Test("An undo that was at work goes on")
    func undo() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo a", .done(after: 5000))
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .rollingBack)

        try bench.takeOver()
        try bench.run(for: 10_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "b", "undo a"])
    }

    @Test("A stop that was asked is carried out")
    func stop() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.settle()
        bench.line.set(.areLost)
        try bench.request(.stop(.abort), id)

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
    }

    @Test("Pauses, due times and waits for locks are kept")
    func waits() throws {
        backend.script(
            "a",
            .fails(.scripted("busy", kind: .transient), after: 10),
            .done(after: 10)
        )
        let bench = try bench(.doing("a", retry: .standard))
        let first = try bench.submit("job")
        let second = try bench.submit("job") { $0.dueAt = ManualClock.beginning + 30_000 }
        try bench.run(for: 1000)
        #expect(try bench.job(first).waiting?.reason == .retry)

        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try bench.job(first).state == .completed)
        #expect(try bench.job(second).state == .completed)
        #expect(try bench.job(second).startedAt == ManualClock.beginning + 30_000)
    }

    @Test("Jobs that were queued find their slots, no more than the lane has")
    func slots() throws {
        backend.setSlots(1, inLane: Operation.controlLane)
        backend.script("a", .done(after: 1000))
        let bench = try bench(.doing("a"))
        let ids = try (0..<3).map { _ in try bench.submit("job") }
        try bench.run(for: 500)

        try bench.takeOver()
        #expect(backend.running.count == 1)
        try bench.run(for: 10_000)

        #expect(
            try ids.map { try bench.job($0).finishedAt }
                == [1000, 2000, 3000].map {
                    ManualClock.beginning + $0
                }
        )
    }

    @Test("Requests that were written while no engine was alive are served first")
    func requests() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        let request = OperatorRequest(.stop(.abort), job: id, by: "bob")
        let number = try bench.store.write(as: nil) { tx in
            try tx.insert(request, at: bench.clock.now())
        }

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.store.read { try $0.outcome(ofRequest: number) } == .accepted(id))
    }
}

@Suite("An outcome that is not known")
struct LostTests {
    private let backend = ScriptedBackend()

    private func bench(_ steps: Step...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)])
    }

    @Test("is asked for when an answer was lost, and the job goes on")
    func droppedAnswer() throws {
        backend.script("a", .dropsAnswer(doneAfter: 100))
        let bench = try bench(.doing("a"), .doing("b"))

        let id = try bench.submit("job")
        try bench.run(for: 11_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b"])
    }

    @Test("is asked for when the call itself was lost; then it is made again")
    func lostCall() throws {
        backend.script("a", .isLostOnTheWay, .done(after: 100))
        let bench = try bench(.doing("a"))

        let id = try bench.submit("job")
        try bench.run(for: 11_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a"])
    }

    @Test("is asked for five times when the backend forgot it; then the job fails and is undone")
    func forgotten() throws {
        backend.script("a", .isForgotten)
        let bench = try bench(.doing("a", undo: "undo a"))

        let id = try bench.submit("job")
        try bench.run(for: 125_000)
        #expect(try bench.job(id).state == .lost)
        try bench.run(for: 600_000)

        let job = try bench.job(id)
        #expect(job.state == .failed)
        #expect(job.cause == .backendLost)
        #expect(job.code?.name == "UnknownTask")
        #expect(try bench.states(id).suffix(4) == [.running, .lost, .rollingBack, .failed])
        #expect(backend.verbs == ["a", "undo a"], "what may have happened is not begun again")
        #expect(try bench.steps(id)[0].state == .unknown)
    }

    @Test("is lost while the host does not answer, and goes on when it does", arguments: [1, 30])
    func unreachable(minutes: Int64) throws {
        backend.script("a", .done(after: 130_000))
        let bench = try bench(.doing("a", lane: "host/a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        backend.cutOff(lane: "host/a")
        try bench.run(for: 125_000)
        #expect(try bench.job(id).state == .lost)
        #expect(try bench.job(id).waiting?.on == "host/a")
        #expect(try bench.job(id).backend == .unknown)

        try bench.run(for: minutes * 60_000)
        #expect(try bench.job(id).state == .lost)
        backend.restore(lane: "host/a")
        try bench.run(for: 70_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b"])
    }

    @Test("A hanging operation is asked about, is not killed, and shows as stalled")
    func hanging() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))

        let id = try bench.submit("job")
        try bench.run(for: 3_600_000)

        let job = try bench.job(id)
        #expect(job.state == .running)
        #expect(job.isStalled(at: bench.clock.now(), after: 3_500_000))
        let probes = backend.calls.count { if case .probe = $0 { true } else { false } }
        #expect((20...40).contains(probes), "asked every two minutes, not more often")
    }

    @Test("A stop of a lost job asks five times, then a person; who can have it asked again")
    func stopped() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a", undo: "undo a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")
        backend.say("\(id.number)/0/1", .unreachable)
        try bench.turn()
        #expect(try bench.job(id).state == .lost)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 60_000)
        #expect(try bench.job(id).state == .lost)
        #expect(try bench.job(id).waiting?.on.contains("of 5 times") ?? false)
        try bench.run(for: 240_000)
        #expect(try bench.job(id).state == .needsOperator)

        backend.restore(lane: "host/a")
        try bench.request(.resolve(.retry), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.job(id).rollback == .clean)
    }

    @Test("A lost undo is found again")
    func undo() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo a", .dropsAnswer(doneAfter: 100))
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b"))

        let id = try bench.submit("job")
        try bench.run(for: 12_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "b", "undo a"])
    }
}
