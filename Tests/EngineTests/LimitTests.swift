import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Limits across lanes")
struct LimitTests {
    private let rules = EngineRules(
        limits: Limits([.init("snap@host/*", 2), .init("copy@store/*", 2, origin: "configuration")])
    )

    private let kinds: [any JobKind] = [
        ScriptedKind("snap", parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            let step = Step.doing("snap", lane: lane).with { $0.limits = ["snap@\(lane)"] }
            return Plan(summary: "snap", steps: [step])
        },
        ScriptedKind("copy", parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            let step = Step.doing("copy", lane: lane).with { $0.limits = ["copy@store/ssd"] }
            return Plan(summary: "copy", steps: [step])
        },
        ScriptedKind("plain", parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            return Plan(summary: "plain", steps: [.doing("plain", lane: lane)])
        },
        ScriptedKind(
            "onVM",
            steps: [Step.doing("onVM", lane: "vm/web").with { $0.limits = ["snap@vm/web"] }]
        ),
    ]

    private func running(_ backend: ScriptedBackend, _ verb: String) -> Int {
        let names = Set(backend.running)
        return backend.executed.count { $0.operation.verb == verb && names.contains($0.name) }
    }

    @Test("With cap=2 at most 2 are running at any sampled instant, on each host")
    func most() throws {
        let backend = ScriptedBackend(slotsPerLane: 8)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        var most = 0
        bench.afterTurn = { _ in most = max(most, running(backend, "snap")) }
        let ids = try (0..<9).map { _ in try bench.submit("snap") }
        try bench.run(for: 10_000)

        #expect(most == 2)
        #expect(try ids.allSatisfy { try bench.job($0).state == .completed })
        #expect(try bench.job(ids[8]).finishedAt == ManualClock.beginning + 500)
    }

    @Test("A limit counts across lanes, and does not hold up other work in them")
    func across() throws {
        let backend = ScriptedBackend(slotsPerLane: 4)
        backend.script("copy", .hangs)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        let copies = try ["a", "b", "c"].map { host in
            try bench.submit("copy") { $0.parameters = ["host": host] }
        }
        let plain = try bench.submit("plain") { $0.parameters = ["host": "c"] }
        try bench.run(for: 1000)

        #expect(try copies.map { try bench.job($0).state } == [.running, .running, .queued])
        #expect(try bench.job(plain).state == .completed)
        backend.finish("\(copies[0].number)/0/1", at: bench.clock.now())
        try bench.run(for: 300_000)
        #expect(try bench.job(copies[2]).state == .running)
    }

    @Test("The wait names the limit, its value and where it comes from")
    func reason() throws {
        let backend = ScriptedBackend(slotsPerLane: 8)
        backend.script("copy", .hangs)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        let ids = try (0..<3).map { _ in try bench.submit("copy") }

        let waiting = try #require(try bench.job(ids[2]).waiting)
        #expect(waiting.reason == .limit)
        #expect(
            waiting.text
                == "waits for limit copy@store/ssd: 2 at once (configuration copy@store/*)"
        )
    }

    @Test("Jobs that joined before the limit was full are told when it is")
    func toldLater() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.script("copy", .hangs)
        backend.script("plain", .done(after: 100))
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        // Nothing is kept for a lane that is paused.
        try bench.request(.pause(until: nil, drains: false), on: .lane("host/b"))
        let waiting = try bench.submit("copy") { $0.parameters = ["host": "b"] }
        #expect(try bench.job(waiting).waiting?.reason == .lane)
        for host in ["c", "d"] { try bench.submit("copy") { $0.parameters = ["host": host] } }
        try bench.request(.resume, on: .lane("host/b"))

        #expect(try bench.job(waiting).waiting?.reason == .limit)
    }

    @Test("Limits survive a restart: they are counted again from the steps")
    func recovered() throws {
        let backend = ScriptedBackend(slotsPerLane: 8)
        backend.script("snap", .hangs)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        for _ in 0..<3 { try bench.submit("snap") }
        try bench.takeOver()
        try bench.run(for: 1000)
        let another = try bench.submit("snap")

        #expect(try bench.job(another).waiting?.reason == .limit)
        #expect(running(backend, "snap") == 2)
        #expect(try bench.store.read { try $0.limitLoads() } == ["snap@host/a": 2])
        backend.finish("1/0/1", at: bench.clock.now())
        try bench.run(for: 300_000)
        #expect(try bench.job(JobID(3)).state == .running)
    }

    @Test("What is behind the @ is resolved as a lane is: a VM's snapshots count on its host")
    func resolved() throws {
        let backend = ScriptedBackend(slotsPerLane: 8)
        backend.place("vm/web", at: "host/a")
        backend.script("onVM", .hangs)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        let id = try bench.submit("onVM")
        #expect(try bench.steps(id)[0].held == ["snap@host/a"])
        // It counts where it began, wherever the VM is when it ends.
        backend.place("vm/web", at: "host/b")
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        let next = try (0..<2).map { _ in try bench.submit("snap") }

        #expect(try next.allSatisfy { try bench.job($0).state == .running })
    }

    @Test("A waiter is not overtaken for ever by lanes that are free at the right moments")
    func fair() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let one = EngineRules(limits: Limits([.init("copy@store/*", 1)]))
        let bench = try EngineBench(backend, kinds: kinds, rules: one)
        backend.script("plain", .done(after: 150))
        backend.script("copy", .done(after: 100))
        // Lane b is always busy when the limit is free, lane a never.
        for _ in 0..<3 { try bench.submit("plain") { $0.parameters = ["host": "b"] } }
        try bench.submit("copy")
        let victim = try bench.submit("copy") {
            $0.parameters = ["host": "b"]; $0.priority = 1
        }
        for _ in 0..<30 { try bench.submit("copy") }
        try bench.run(for: 1000)

        let began = try #require(try bench.job(victim).startedAt)
        #expect(began - ManualClock.beginning <= 150)
    }

    @Test("The closest pattern counts, and what no pattern names is not limited")
    func patterns() {
        let limits = Limits([
            .init("a@*", 1), .init("a@host/*", 2), .init("a@host/x", 3), .init("a@host/x", 4),
        ])
        #expect(limits["a@store/s"]?.most == 1)
        #expect(limits["a@host/y"]?.most == 2)
        #expect(limits["a@host/x"]?.most == 4)
        #expect(limits["b@host/x"] == nil)
        #expect(limits["a@host/y"]?.source == "default a@host/*")
    }
}
