import Engine
import Model
import Store
import TestKit
import Testing

/// Room in a limit is kept for a job in another lane that stands before; when that job does not
/// take it, the others must not wait for ever.
@Suite("Room that was kept in a limit")
struct KeptRoomTests {
    private enum Change: CaseIterable {
        case cancelled, pausedLane, lowered
    }

    private let rules = EngineRules(limits: Limits([.init("copy@store/*", 1)]))

    private let kinds: [any JobKind] = ["hold", "copy"].map { verb in
        ScriptedKind(verb, parameters: ["host"]) { order in
            let lane = "host/" + order.parameters["host", default: "a"]
            let step = Step.doing(verb, lane: lane).with {
                if verb == "copy" { $0.limits = ["copy@store/ssd"] }
            }
            return Plan(summary: verb, steps: [step])
        }
    }

    @Test("It is free for others when the job leaves, its lane is paused, or it is less urgent")
    func isOffered() throws {
        for change in Change.allCases {
            let backend = ScriptedBackend(slotsPerLane: 1)
            backend.script("hold", .hangs)
            let bench = try EngineBench(backend, kinds: kinds, rules: rules)
            try bench.submit("hold") { $0.parameters = ["host": "a"] }
            let first = try bench.submit("copy") { $0.parameters = ["host": "a"] }
            try bench.run(for: 10)
            let second = try bench.submit("copy") { $0.parameters = ["host": "b"] }
            try bench.run(for: 1000)
            #expect(try bench.job(second).state == .queued, "\(change)")

            switch change {
            case .cancelled: try bench.request(.stop(.cancel), first)
            case .pausedLane:
                try bench.request(.pause(until: nil, drains: false), on: .lane("host/a"))
            case .lowered: try bench.request(.prioritize(-5), first)
            }
            try bench.run(for: 1000)

            #expect(try bench.job(second).state == .completed, "\(change)")
        }
    }

    @Test("A step limit runs on while the step waits to be tried again")
    func retried() throws {
        let backend = ScriptedBackend()
        backend.cutOff(lane: "host/a")
        let bench = try EngineBench(backend, kinds: kinds)
        let id = try bench.submit("hold") {
            $0.parameters = ["host": "a"]
            $0.limits = TimeLimits(step: 100_000)
        }
        try bench.run(for: 99_000)
        #expect(try !bench.job(id).state.isTerminal)
        try bench.run(for: 2000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .timeout)
    }
}
