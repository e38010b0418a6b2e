import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Fairness")
struct FairnessTests {
    private static let kinds: [any JobKind] = [
        ScriptedKind("on", parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            return Plan(summary: "on", steps: [.doing("work", lane: lane)])
        },
        ScriptedKind("locked", parameters: ["what"]) { order in
            let what = order.parameters["what", default: ""]
            return Plan(
                summary: "locked",
                steps: [.doing("work")],
                locks: [.exclusive("vm/" + what)]
            )
        },
    ]

    /// How long a job of priority 0 waits in a lane of one slot, of which two jobs of the highest
    /// priority are submitted for each that ends.
    private func waited(ageStep: Int64) throws -> Int64 {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let rules = EngineRules(ageStep: ageStep)
        let bench = try EngineBench(backend, kinds: Self.kinds, rules: rules)
        func storm() throws {
            for _ in 0..<2 { try bench.submit("on") { $0.priority = 1000 } }
        }
        try storm()
        let victim = try bench.submit("on")
        for _ in 0..<400 {
            try storm()
            try bench.run(for: 100)
            if let began = try bench.job(victim).startedAt { return began - ManualClock.beginning }
        }
        return .max
    }

    @Test("Ageing prevents starvation: a storm of the highest priority is waited out in its bound")
    func bound() throws {
        // 1000 priorities of 5 ms: nothing that comes 5 s later goes first. Until then two come for
        // each that ends, so that it takes twice as long to end those that do.
        let waited = try waited(ageStep: 5)
        #expect((5000...10_200).contains(waited), "\(waited)")
    }

    @Test("Without ageing the storm would win: the bound grows with the step")
    func noAgeing() throws {
        #expect(try waited(ageStep: 3_600_000) == .max)
    }

    @Test("Reprioritising a waiting job changes the order, and keeps what it has waited")
    func ranks() {
        let rules = EngineRules(ageStep: 1000)
        let start = ManualClock.beginning
        let rank = rules.rank(priority: 0, since: start)
        #expect(rules.rank(rank, from: 0, to: 7) == rules.rank(priority: 7, since: start))
        #expect(rules.rank(priority: 1, since: start + 999) < rank)
        #expect(rules.rank(priority: 1, since: start + 1001) > rank)
        #expect(
            rules.rank(priority: .max, since: start) == rules.rank(priority: 1000, since: start)
        )
        #expect(
            rules.rank(priority: .min, since: start) == rules.rank(priority: -1000, since: start)
        )
    }

    @Test("200 blocked queues and 1 that is not: the one that can run starts at once")
    func blockedQueues() throws {
        let backend = ScriptedBackend(slotsPerLane: 300)
        backend.script("work", .hangs)
        let bench = try EngineBench(backend, kinds: Self.kinds)
        for number in 0..<200 {
            for _ in 0..<2 { try bench.submit("locked") { $0.parameters = ["what": "\(number)"] } }
        }
        for number in 0..<200 {
            let lane = Subject.lane("host/\(number)")
            try bench.request(.pause(until: nil, drains: false), on: lane)
            try bench.submit("on") { $0.parameters = ["host": "\(number)"] }
        }
        let before = bench.clock.now()
        let one = try bench.submit("locked") { $0.parameters = ["what": "free"] }
        let other = try bench.submit("on") { $0.parameters = ["host": "free"] }
        try bench.run(for: 999)

        #expect(try bench.job(one).startedAt == before)
        #expect(try bench.job(other).startedAt == before)
    }

    @Test("A tree of depth 5 completes with 2 slots: parents that wait hold none")
    func deepTree() throws {
        var kinds: [any JobKind] = [ScriptedKind("level5", steps: [.doing("leaf")])]
        for level in 1...4 {
            let child = "level\(level + 1)"
            kinds.append(
                ScriptedKind(
                    "level\(level)",
                    steps: [.doing("before"), .children([child, child]), .doing("after")]
                )
            )
        }
        let backend = ScriptedBackend(slotsPerLane: 2)
        let bench = try EngineBench(backend, kinds: kinds)
        var most = 0
        bench.afterTurn = { _ in most = max(most, backend.running.count) }
        let roots = try (0..<3).map { _ in try bench.submit("level1") }
        try bench.run(for: 60_000)

        #expect(try roots.allSatisfy { try bench.job($0).state == .completed })
        #expect(most == 2)
        #expect(backend.verbs.count { $0 == "leaf" } == 48)
    }

    @Test("A job keeps its place from step to step, so that what was begun is ended first")
    func keepsPlace() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let kinds: [any JobKind] = [
            ScriptedKind(
                "long",
                steps: [.doing("one", lane: "host/a"), .doing("two", lane: "host/b")]
            ),
            ScriptedKind("short", steps: [.doing("short", lane: "host/b")]),
        ]
        let bench = try EngineBench(backend, kinds: kinds)
        let long = try bench.submit("long")
        try bench.run(for: 10)
        for _ in 0..<5 { try bench.submit("short") }
        try bench.run(for: 5000)

        #expect(backend.verbs == ["one", "short", "two", "short", "short", "short", "short"])
        #expect(try bench.stored(long).queue.isEmpty)
    }
}
