import Engine
import Model
import Store
import TestKit
import Testing

@Suite("A backend that says nothing, or knows nothing")
struct SilentBackendTests {
    private let backend = ScriptedBackend(slotsPerLane: 1)

    private func bench(_ steps: Step...) throws -> EngineBench {
        try EngineBench(
            backend,
            kinds: [
                ScriptedKind("job", steps: steps),
                ScriptedKind("other", steps: [.doing("other", lane: "host/a")]),
            ]
        )
    }

    private var probes: Int {
        backend.calls.count { if case .probe = $0 { true } else { false } }
    }

    @Test("is asked again after progress that was the last word, also by the next engine")
    func lastWord() throws {
        backend.script("a", .dropsAnswer(doneAfter: 70_000))
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.run(for: 60_000)
        backend.say("\(id.number)/0/1", .progress(50, "half"))
        try bench.run(for: 125_000)
        #expect(try bench.job(id).state == .completed)

        backend.script("a", .dropsAnswer(doneAfter: 100_000))
        let next = try bench.submit("job")
        try bench.run(for: 20_000)
        try bench.takeOver()
        try bench.run(for: 250_000)
        #expect(try bench.job(next).state == .completed)
    }

    @Test("makes a job lost at the fourth question that nobody answers")
    func unanswered() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.settle()
        bench.line.set(.areLost)
        try bench.run(for: 149_000)
        #expect(try bench.job(id).state == .running)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .lost)
        #expect(try bench.log(id).count { $0.contains("asking the backend") } == 4)
    }

    @Test("gets a call that was lost on the way again and again, under newer fences")
    func lostCalls() throws {
        backend.script("a", .isLostOnTheWay, .isLostOnTheWay, .isLostOnTheWay, .done(after: 100))
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a"])
        let fence = try #require(backend.executed.first).fence
        #expect(try bench.steps(id)[0].fence == fence)
        #expect(try bench.job(id).fence == fence)
    }

    @Test("is interrupted at once when a call that an abort had overtaken is made again")
    func interruptedAgain() throws {
        backend.script("a", .isLostOnTheWay, .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(backend.running.isEmpty)
    }

    @Test("is told the results again, and which hosts to leave out, when a call is repeated")
    func repeated() throws {
        backend.place("vm/web", at: "host/a")
        backend.script("reserve", .yields(["vm": "web"], after: 10), .isLostOnTheWay)
        let noRoom = Failure.scripted("no room", kind: .placement)
        backend.script("boot", .fails(noRoom, after: 10), .fails(.scripted("no"), after: 10))
        backend.script("release", .done(after: 10), .isLostOnTheWay, .done(after: 10))
        var reserve = Step.doing("reserve", undo: "release")
        reserve.undo?.parameters[Operation.wantsResults] = "true"
        let boot = Step.doing("boot", lane: "vm/web").with { $0.retryFrom = 0 }
        let bench = try bench(reserve, boot)
        try bench.submit("job")
        try bench.run(for: 5000)
        backend.script("reserve", .done(after: 10))
        backend.place("vm/web", at: "control")
        try bench.run(for: 60_000)

        let reserved = backend.executed.filter { $0.operation.verb == "reserve" }
        #expect(reserved.map { $0.operation.parameters["exclude"] } == [nil, "a"])
        let released = backend.executed.filter { $0.operation.verb == "release" }
        #expect(released.map { $0.operation.parameters["result.vm"] } == ["web", "web"])
        #expect(backend.verbs == ["reserve", "boot", "release", "reserve", "boot", "release"])
    }

    @Test("is believed to have no record after five questions, and then the slot is free")
    func noRecord() throws {
        backend.script("a", .isForgotten)
        let bench = try bench(.doing("a", lane: "host/a", undo: "undo a"))
        let id = try bench.submit("job")
        try bench.run(for: 600_000)

        #expect(probes == 5)
        let step = try bench.steps(id)[0]
        #expect(step.state == .unknown)
        #expect(step.code?.name == "UnknownTask")
        #expect(step.finishedAt != nil)
        let other = try bench.submit("other")
        #expect(try bench.job(other).state == .running)
    }

    @Test("counts only what it had no record of: not silence, and not a silent host")
    func counts() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.settle()
        bench.line.set(.areLost)
        try bench.run(for: 200_000)
        #expect(try bench.job(id).state == .lost)

        let name = "\(id.number)/0/1"
        for _ in 0..<4 {
            backend.say(name, .unknown)
            try bench.turn()
        }
        #expect(try bench.job(id).state == .lost)
        backend.say(name, .unreachable)
        for _ in 0..<4 {
            backend.say(name, .unknown)
            try bench.turn()
        }
        #expect(try bench.job(id).state == .lost)
        backend.say(name, .unknown)
        try bench.turn()
        #expect(try bench.job(id).state == .failed)
    }

    @Test("whose host is silent is asked after pauses that grow from 4 s to a minute")
    func pauses() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")
        backend.say("\(id.number)/0/1", .unreachable)
        var asked: [Int64] = []
        var known = probes
        let beginning = bench.clock.now()
        bench.afterTurn = { [self] bench in
            if probes > known { asked.append(bench.clock.now() - beginning) }
            known = probes
        }
        try bench.run(for: 190_000)

        #expect(asked == [4000, 8000, 16_000, 32_000, 64_000, 124_000, 184_000])
    }

    @Test("is asked about an undo that it has no record of, which is then begun once more")
    func noRecordOfUndo() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo a", .isForgotten, .done(after: 10))
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.run(for: 600_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).message == "broken")
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "b", "undo a", "undo a"])
    }

    @Test(
        "that has no record of what was to be stopped ends the job as the rung says",
        arguments: [(StopLevel.cancel, JobState.failed), (.abort, .aborted)]
    )
    func stopped(level: StopLevel, end: JobState) throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", undo: "undo a"))
        let id = try bench.submit("job")
        try bench.settle()
        bench.line.set(.areLost)
        try bench.request(.stop(level), id)
        for _ in 0..<5 {
            backend.say("\(id.number)/0/1", .unknown)
            try bench.turn()
        }
        bench.line.set(.arrive)
        #expect(try bench.job(id).state == .rollingBack)
        try bench.run(for: 60_000)

        let job = try bench.job(id)
        #expect(job.state == end)
        #expect(job.rollback == .clean)
        #expect((job.code?.name == "UnknownTask") == (level == .cancel))
    }

    @Test("whose host is silent closes the lane, with the reason, also for the next engine")
    func silentHost() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.say("\(id.number)/0/1", .unreachable)
        try bench.turn()

        let lane = try #require(bench.engine.lanes().first { $0.name == "host/a" })
        #expect(lane.closedUntil != nil)
        #expect(lane.reason == "host/a does not answer")
        try bench.takeOver()
        let after = try #require(bench.engine.lanes().first { $0.name == "host/a" })
        #expect(after.closedUntil == lane.closedUntil)
        #expect(after.reason == lane.reason)
    }
}
