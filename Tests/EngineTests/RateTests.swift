import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Rates: how many jobs may begin within a span")
struct RateTests {
    private func kinds() -> [any JobKind] {
        let onHost: @Sendable (Order) throws(Failure) -> Plan = { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            return Plan(summary: "work", steps: [.doing("work", lane: lane)])
        }
        return [
            ScriptedKind("vm.start", parameters: ["host"], onHost),
            ScriptedKind("vm.stop", parameters: ["host"], onHost),
            ScriptedKind("other", parameters: ["host"], onHost),
            ScriptedKind("many", steps: [.children(["vm.start", "vm.start", "vm.start"])]),
        ]
    }

    private func bench(_ rules: Rates.Rule..., slots: Int = 100) throws -> EngineBench {
        let backend = ScriptedBackend(slotsPerLane: slots)
        return try EngineBench(backend, kinds: kinds(), rules: EngineRules(rates: Rates(rules)))
    }

    /// When jobs began, in milliseconds from the beginning.
    private func begins(_ bench: EngineBench, _ ids: [JobID]) throws -> [Int64?] {
        try ids.map { try bench.job($0).startedAt.map { $0 - ManualClock.beginning } }
    }

    @Test("No more begin within any span than the rate says, and no fewer if they could")
    func most() throws {
        let bench = try bench(.init("vm.start", 2, per: 1000))
        var ids: [JobID] = []
        for pause in [0, 400, 100, 0, 0, 0] as [Int64] {
            try bench.run(for: pause)
            ids.append(try bench.submit("vm.start"))
        }
        let other = try bench.submit("other")
        try bench.run(for: 10_000)

        #expect(try begins(bench, ids) == [0, 400, 1000, 1400, 2000, 2400])
        #expect(try begins(bench, [other]) == [500])
    }

    @Test("Who waits says which rate is full, where it comes from, and before when it cannot begin")
    func reason() throws {
        let bench = try bench(.init("vm.*", 1, per: 60_000))
        let ids = try (0..<4).map { _ in try bench.submit("vm.start") }

        let waiting = try ids.map { try bench.job($0).waiting?.text ?? "" }
        let minutes = (1...3).map { (ManualClock.beginning + $0 * 60_000).description }
        let line = "waits for limit vm.*: 1 per 1m (configuration vm.*), not before "
        #expect(waiting.dropFirst() == minutes.map { line + $0 }[...])
        let since = try bench.job(ids[3]).waiting?.since
        try bench.run(for: 100_000)
        #expect(try bench.job(ids[3]).waiting?.text == line + minutes[2])
        #expect(try bench.job(ids[3]).waiting?.since == since)
    }

    @Test("The engine wakes for the moment at which one may begin, and for nothing else")
    func wakes() throws {
        let bench = try bench(.init("vm.start", 1, per: 5000))
        for _ in 0..<2 { try bench.submit("vm.start") }
        try bench.run(for: 4000)
        var turns = 0
        bench.afterTurn = { _ in turns += 1 }
        #expect(bench.engine.nextTurn(after: bench.clock.now()) == ManualClock.beginning + 5000)
        try bench.run(for: 60_000)
        // It begins, is confirmed and ends; then nobody waits for the rate.
        #expect((1...6).contains(turns))
        #expect(bench.engine.nextTurn(after: bench.clock.now()) == nil)
    }

    @Test("A lane or an account counts by itself where the pattern says so")
    func places() throws {
        let bench = try bench(
            .init("vm.*@host/*", 1, per: 1000),
            .init("vm.stop@account/*", 1, per: 3000)
        )
        let onA = try (0..<2).map { _ in try bench.submit("vm.start") }
        let onB = try bench.submit("vm.start") { $0.parameters = ["host": "b"] }
        let stops = try ["ops", "ops", "dev"].enumerated().map { place, account in
            try bench.submit("vm.stop") {
                $0.parameters = ["host": "c\(place)"]
                $0.account = account
            }
        }
        try bench.run(for: 10_000)

        #expect(try begins(bench, onA) == [0, 1000])
        #expect(try begins(bench, [onB]) == [0])
        #expect(try begins(bench, stops) == [0, 3000, 0])
    }

    @Test("Every rate that fits counts: a few at once, and fewer over a long time")
    func several() throws {
        let bench = try bench(.init("vm.start", 2, per: 1000), .init("vm.*", 3, per: 10_000))
        let ids = try (0..<5).map { _ in try bench.submit("vm.start") }
        try bench.run(for: 60_000)

        #expect(try begins(bench, ids) == [0, 0, 1000, 10_000, 10_000])
    }

    @Test("The order of ranks is kept across lanes: nobody is overtaken for ever")
    func fair() throws {
        let bench = try bench(.init("vm.start", 1, per: 1000), slots: 1)
        var ids = try ["a", "b", "a", "c"].map { host in
            try bench.submit("vm.start") { $0.parameters = ["host": host] }
        }
        ids.append(
            try bench.submit("vm.start") {
                $0.parameters = ["host": "d"]
                $0.priority = 1
            }
        )
        try bench.run(for: 60_000)

        #expect(try begins(bench, ids) == [0, 2000, 3000, 4000, 1000])
    }

    @Test("What has begun survives a restart of the engine, and one without rates in between")
    func restart() throws {
        let bench = try bench(.init("vm.start", 2, per: 10_000))
        let ids = try (0..<3).map { _ in try bench.submit("vm.start") }
        try bench.run(for: 2000)
        try bench.takeOver()
        let last = try bench.submit("vm.start")
        try bench.run(for: 60_000)

        #expect(try begins(bench, ids + [last]) == [0, 0, 10_000, 10_000])
    }

    @Test("What a rate was taken from in a new configuration does not wait for it")
    func gone() throws {
        let store = try TemporaryStore()
        let old = EngineRules(rates: Rates([.init("vm.start", 1, per: 60_000)]))
        let backend = ScriptedBackend()
        var bench = try EngineBench(kinds: kinds(), store: store, rules: old) { backend }
        for _ in 0..<2 { try bench.submit("vm.start") }
        #expect(try bench.job(JobID(2)).state == .queued)
        bench = try EngineBench(kinds: kinds(), store: store) { backend }
        #expect(try bench.job(JobID(2)).state == .running)
    }

    @Test("Children count, each as it begins, and a job of children only waits for its rate too")
    func children() throws {
        let bench = try bench(.init("vm.start", 1, per: 1000), .init("many", 1, per: 20_000))
        let parents = try (0..<2).map { _ in try bench.submit("many") }
        try bench.run(for: 60_000)

        #expect(try begins(bench, parents) == [0, 20_000])
        #expect(try begins(bench, try bench.children(parents[0])) == [0, 1000, 2000])
        #expect(try bench.job(parents[1]).state == .completed)
    }

    @Test("A job that is stopped while it waits counts for nothing")
    func stopped() throws {
        let bench = try bench(.init("vm.start", 1, per: 1000))
        let ids = try (0..<3).map { _ in try bench.submit("vm.start") }
        try bench.request(.stop(.cancel), ids[1])
        try bench.run(for: 60_000)

        #expect(try begins(bench, ids) == [0, nil, 1000])
    }

    @Test("Where no rate is configured nothing is written down")
    func unused() throws {
        let bench = try bench(.init("vm.stop", 1, per: 1000))
        try bench.submit("vm.start")
        #expect(try bench.store.read { try $0.rates() }.isEmpty)
        try bench.submit("vm.stop")
        #expect(try bench.store.read { try $0.rates() }.keys.sorted() == ["rate:vm.stop"])
        try bench.run(for: 60_000)
        // The next that begins clears away what counts no more.
        try bench.submit("vm.stop")
        #expect(try bench.store.read { try $0.rates() }.count == 1)
    }
}
