import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Weights of operations")
struct WeightTests {
    private static func kind(_ name: String, slots: Int) -> ScriptedKind {
        ScriptedKind(name, steps: [Step.doing(name, lane: "host/a").with { $0.slots = slots }])
    }

    private let kinds: [any JobKind] = [
        Self.kind("light", slots: 1), Self.kind("heavy", slots: 3), Self.kind("huge", slots: 9),
    ]

    private func lane(_ bench: EngineBench) -> LaneLine? {
        bench.engine.lanes().first { $0.name == "host/a" }
    }

    @Test("An operation takes as many slots as it weighs, and gives as many back")
    func taken() throws {
        let bench = try EngineBench(ScriptedBackend(slotsPerLane: 4), kinds: kinds)

        let heavy = try bench.submit("heavy")
        let first = try bench.submit("light")
        let second = try bench.submit("light")

        #expect(lane(bench)?.used == 4)
        #expect(try bench.steps(heavy)[0].taken == 3)
        #expect(try bench.job(first).state == .running)
        #expect(try bench.job(second).state == .queued)
        #expect(try bench.store.read { try $0.laneLoads() }.first?.used == 4)
        try bench.run(for: 1000)
        #expect(lane(bench)?.used == 0)
        #expect(try bench.job(second).state == .completed)
    }

    @Test("A heavy operation at the head is not starved by light ones behind it")
    func reserve() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        let bench = try EngineBench(backend, kinds: kinds)
        // Light ones end one after the other, so that never three slots become free at once.
        for number in 0..<4 {
            backend.script("light", .done(after: Int64(100 + 50 * number)))
            try bench.submit("light")
        }
        let heavy = try bench.submit("heavy")
        for _ in 0..<50 { try bench.submit("light") }
        try bench.run(for: 10_000)

        let order = backend.executed.map(\.operation.verb)
        #expect(order.firstIndex(of: "heavy") == 4)
        #expect(try bench.job(heavy).state == .completed)
    }

    @Test("What weighs more than its lane has takes the whole lane, and is not blocked for ever")
    func tooHeavy() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        let bench = try EngineBench(backend, kinds: kinds)
        try bench.submit("light")
        let huge = try bench.submit("huge")
        let behind = try bench.submit("light")
        try bench.run(for: 150)

        #expect(try bench.job(huge).state == .running)
        #expect(lane(bench)?.used == 4)
        #expect(try bench.job(behind).state == .queued)
        try bench.run(for: 1000)
        #expect(try bench.job(behind).state == .completed)
    }

    @Test("A heavy operation tries a closed lane, and the engine does not turn without end")
    func closed() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        backend.script("light", .hangs)
        let bench = try EngineBench(backend, kinds: kinds)
        try bench.submit("light")
        try bench.submit("light")
        backend.cutOff(lane: "host/a")
        let heavy = try bench.submit("heavy")
        try bench.run(for: 600_000)
        #expect(try bench.job(heavy).state == .queued)
        backend.restore(lane: "host/a")
        for id in 1...2 { backend.finish("\(id)/0/1", at: bench.clock.now()) }
        try bench.run(for: 200_000)

        #expect(try bench.job(heavy).state == .completed)
    }

    @Test("The next engine counts the slots taken from the steps")
    func recovered() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        backend.script("heavy", .hangs)
        let bench = try EngineBench(backend, kinds: kinds)
        try bench.submit("heavy")
        try bench.takeOver()

        #expect(lane(bench)?.used == 3)
        let (fits, not) = (try bench.submit("light"), try bench.submit("light"))
        #expect(try bench.job(fits).state == .running)
        #expect(try bench.job(not).state == .queued)
    }
}
