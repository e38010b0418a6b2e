import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Jobs and lanes")
struct LaneDispatchTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("on", parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "x"]
            return Plan(summary: "on", steps: [.doing("work", lane: lane)])
        }
    ]

    private func submit(_ bench: EngineBench, host: String, priority: Int = 0) throws -> JobID {
        try bench.submit("on") {
            $0.parameters = ["host": host]
            $0.priority = priority
        }
    }

    @Test("Never more operations at once than a lane has slots")
    func slots() throws {
        let backend = ScriptedBackend(slotsPerLane: 2)
        let bench = try EngineBench(backend, kinds: kinds)
        var most = 0
        bench.afterTurn = { _ in most = max(most, backend.running.count) }

        let ids = try (0..<7).map { _ in try submit(bench, host: "a") }
        #expect(try bench.job(ids[6]).state == .queued)
        #expect(try bench.job(ids[6]).waiting?.reason == .lane)
        try bench.run(for: 10_000)

        #expect(most == 2)
        #expect(try ids.allSatisfy { try bench.job($0).state == .completed })
        #expect(try bench.job(ids[6]).finishedAt == ManualClock.beginning + 400)
    }

    @Test("A slow host delays nobody else")
    func slowHost() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.script("work", .hangs, .done(after: 100))
        let bench = try EngineBench(backend, kinds: kinds)

        _ = try submit(bench, host: "slow")
        let stuck = try (0..<20).map { _ in try submit(bench, host: "slow") }
        let fast = try (0..<3).map { _ in try submit(bench, host: "fast") }
        try bench.run(for: 1000)

        #expect(try fast.allSatisfy { try bench.job($0).state == .completed })
        #expect(try stuck.allSatisfy { try bench.job($0).state == .queued })
    }

    @Test("The highest priority goes first, then the oldest")
    func priorities() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let bench = try EngineBench(backend, kinds: kinds)

        let first = try submit(bench, host: "a")
        let low = try submit(bench, host: "a", priority: -5)
        let usual = try submit(bench, host: "a")
        let high = try submit(bench, host: "a", priority: 5)
        let alsoHigh = try submit(bench, host: "a", priority: 5)
        try bench.run(for: 10_000)

        let order = backend.executed.map { $0.name.split(separator: "/")[0] }
        #expect(order == [first, high, alsoHigh, usual, low].map { "\($0.number)"[...] })
    }

    @Test("A lane's name is resolved when the step begins, not when it was planned")
    func moved() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.place("vm/web", at: "host/a")
        let kind = ScriptedKind("vm", steps: [.doing("work", lane: "vm/web")])
        let bench = try EngineBench(backend, kinds: [kind] + kinds)

        try bench.submit("vm")
        let second = try bench.submit("vm")
        #expect(try bench.job(second).lane == "host/a")
        backend.place("vm/web", at: "host/b")
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .completed)
        #expect(backend.executed.map(\.lane) == ["host/a", "host/b"])
    }

    @Test("A host that does not answer closes its lane; when it answers the lane opens again")
    func unreachable() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        backend.cutOff(lane: "host/a")
        let bench = try EngineBench(backend, kinds: kinds)

        let ids = try (0..<6).map { _ in try submit(bench, host: "a") }
        try bench.run(for: 1000)
        #expect(try ids.allSatisfy { try bench.job($0).state == .queued })
        #expect(try bench.job(ids[5]).waiting?.reason == .unreachable)
        let lane = try #require(bench.engine.lanes().first { $0.name == "host/a" })
        #expect(lane.closedUntil != nil)
        #expect(lane.used == 0)

        try bench.run(for: 600_000)
        let tries = backend.calls.count
        #expect(tries < 30, "a closed lane is tried with one operation at a time")
        backend.restore(lane: "host/a")
        try bench.run(for: 61_000)

        #expect(try ids.allSatisfy { try bench.job($0).state == .completed })
        #expect(bench.engine.lanes().first { $0.name == "host/a" }?.closedUntil == nil)
    }

    @Test("Work on no host is tried again after a pause, and its lane stays open for others")
    func control() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let away = Failure.scripted("host/a does not answer", kind: .unreachable)
        backend.script("prepare", .refuses(away), .refuses(away), .done(after: 10))
        let kinds: [any JobKind] = [
            ScriptedKind("prepared", steps: [.doing("prepare")]),
            ScriptedKind("other", steps: [.doing("other")]),
        ]
        let bench = try EngineBench(backend, kinds: kinds)

        let id = try bench.submit("prepared")
        let other = try bench.submit("other")
        try bench.run(for: 500)
        #expect(try bench.job(other).state == .completed)
        #expect(try bench.job(id).waiting?.reason == .retry)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(bench.engine.lanes().allSatisfy { $0.closedUntil == nil })
    }

    @Test("A closed lane whose slots are all taken is not tried, and not asked for all the time")
    func fullAndClosed() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.script("work", .done(after: 400_000), .done(after: 100))
        let bench = try EngineBench(backend, kinds: kinds)
        let first = try submit(bench, host: "a")
        try bench.run(for: 1000)
        let second = try submit(bench, host: "a")
        backend.cutOff(lane: "host/a")

        try bench.run(for: 300_000)
        #expect(try bench.job(first).state == .lost)
        #expect(try bench.job(second).state == .queued)
        #expect(backend.calls.count { if case .begin = $0 { true } else { false } } == 1)
        backend.restore(lane: "host/a")
        try bench.run(for: 200_000)

        #expect(try bench.job(second).state == .completed)
    }

    @Test("A closed lane stays closed for the next engine")
    func closedForNext() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        backend.cutOff(lane: "host/a")
        let bench = try EngineBench(backend, kinds: kinds)
        _ = try submit(bench, host: "a")
        try bench.run(for: 100)
        let before = bench.engine.lanes().first { $0.name == "host/a" }?.closedUntil

        try bench.takeOver()

        #expect(before != nil)
        #expect(bench.engine.lanes().first { $0.name == "host/a" }?.closedUntil == before)
    }

    @Test("A lane counts what it holds as the store does, after everything that can happen")
    func counts() throws {
        let backend = ScriptedBackend(slotsPerLane: 2)
        backend.script(
            "work",
            .fails(.scripted("x", kind: .transient), after: 10),
            .done(after: 50)
        )
        let bench = try EngineBench(backend, kinds: kinds)

        let ids = try (0..<6).map { _ in try submit(bench, host: "a") }
        try bench.request(.stop(.cancel), ids[4])
        try bench.request(.stop(.abort), ids[0])
        try bench.run(for: 60)
        let stored =
            try bench.store.read { try $0.laneLoads() }
            .first { $0.name == "host/a" }?.queued ?? 0
        #expect(bench.engine.lanes().first { $0.name == "host/a" }?.queued == stored)
        try bench.run(for: 100_000)

        let lane = bench.engine.lanes().first { $0.name == "host/a" }
        #expect(lane?.queued == 0)
        #expect(lane?.used == 0)
    }
}
