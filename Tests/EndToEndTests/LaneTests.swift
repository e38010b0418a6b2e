import Foundation
import Testing

extension EndToEnd {
    @Suite("Holding work back")
    struct HoldingBack {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test("a paused lane says who, why and until when, and goes on when it is resumed")
        func pauses() throws {
            let engine = try box.serve()
            try box.done("lane", "pause", "control", "--reason", "new switch", "--until", "2h")
            let job = try #require(try box.done("submit", "noop").job)
            try eventually("it waits") { try box.job(job).state == "queued" ? () : nil }

            let why = try box.done("job", "why", "\(job)").output
            #expect(why.contains("lane control is paused by"), "\(why)")
            #expect(why.contains("until"), "\(why)")
            #expect(why.contains("new switch"), "\(why)")
            let list = try box.done("lane").output
            #expect(list.contains("paused"), "\(list)")
            let waiting = try box.done("jobs", "waiting:pausedLane").output
            #expect(waiting.contains("noop"), "\(waiting)")

            try box.done("lane", "resume", "control")
            try box.run("job", "wait", "\(job)").mustSucceed()
            #expect(try box.run("lane", "resume", "control").code == 3)
            #expect(engine.isAlive)
        }

        @Test("a drained engine refuses new jobs with the reason, with and without it alive")
        func drains() throws {
            let engine = try box.serve()
            try box.done("engine", "drain", "--reason", "new kernel")
            let refused = try box.run("submit", "noop")
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("new kernel"), "\(refused)")
            #expect(try box.done("engine").output.contains("nothing is left to be done"))
            engine.cut()
            #expect(try box.run("submit", "noop").code == 3)
            _ = try box.serve()
            try box.done("engine", "resume")
            try box.run("submit", "noop", "--wait").mustSucceed()
        }

        @Test("slots and limits are listed for lanes never used, with where they come from")
        func lists() throws {
            let path = try box.write(
                "slots: {control: 7}\nlimits: {snapshot@host/*: 1}\n",
                to: "config.yaml"
            )
            try box.done("submit", "noop")
            let lanes = try box.done("--config", path, "lane", "--json").output
            #expect(lanes.contains(#""name": "control""#) || lanes.contains(#""name":"control""#))
            #expect(lanes.contains("7"), "\(lanes)")
            let limits = try box.done("--config", path, "lane", "limits").output
            #expect(limits.contains("configuration snapshot@host/*"), "\(limits)")
            #expect(limits.contains("default boot@cluster/*"), "\(limits)")
        }

        @Test("a rate holds jobs back with the reason and the moment, and is listed")
        func rates() throws {
            let path = try box.write("limits: {noop: 1 per 1h}\n", to: "config.yaml")
            var engine = try box.start("--config", path, "serve")
            try box.run("submit", "noop", "--wait").mustSucceed()
            // It survives the death of the engine.
            engine.cut()
            engine = try box.start("--config", path, "serve")
            let job = try #require(try box.done("submit", "noop").job)
            try eventually("it waits") { try box.job(job).state == "queued" ? () : nil }

            let why = try box.done("job", "why", "\(job)").output
            #expect(why.contains("noop: 1 per 1h (configuration noop), not before 2"), "\(why)")
            let limits = try box.done("--config", path, "lane", "limits").output
            #expect(limits.contains("1 per 1h"), "\(limits)")
            #expect(engine.isAlive)
            for bad in ["noop: often", "noop: 0 per 1m", "{\"*a\": 1 per 1m}", "noop: 1 per 0s"] {
                let text = bad.hasPrefix("{") ? "limits: \(bad)\n" : "limits: {\(bad)}\n"
                let path = try box.write(text, to: "bad.yaml")
                let refused = try box.run("--config", path, "lane")
                #expect(refused.code == 64, "\(bad): \(refused)")
            }
        }

        @Test("an engine with a grace waits for what is at work; a second signal ends it at once")
        func grace() throws {
            let engine = try box.start("serve", "--grace", "5m")
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try eventually("the start hangs") { try box.job(1).progress == 22 ? () : nil }
            engine.send(SIGTERM)
            try eventually("it winds down") { engine.errors.contains("ends on signal").orNil }
            // It lives, and begins nothing.
            let job = try #require(try box.done("submit", "noop").job)
            try eventually("it waits") { try box.job(job).state == "queued" ? () : nil }
            #expect(engine.isAlive)

            engine.send(SIGTERM)
            #expect(try engine.wait(within: 60).ending == .exit(0))
            #expect(engine.errors.contains("go on at the hypervisor: 1"), "\(engine.errors)")
            #expect(try box.job(1).state == "running")
        }

        @Test(
            "what makes no sense is said at once",
            arguments: [
                (["lane", "pause", "control", "--reason", " "], 64),
                (["lane", "pause", "control", "--reason", "x", "--until", "soon"], 64),
                (["lane", "slots", "control", "0"], 64), (["lane", "slots", "control", "ten"], 64),
                (["lane", "pause", "host/nowhere", "--reason", "x"], 4),
                (["lane", "list", "host/nowhere"], 4), (["engine", "resume"], 3),
            ] as [([String], Int32)]
        )
        func nonsense(_ arguments: [String], _ status: Int32) throws {
            let engine = try box.serve()
            let outcome = try box.run(arguments)
            #expect(outcome.code == status, "\(outcome)")
            #expect(!outcome.errors.isEmpty)
            #expect(engine.isAlive)
        }
    }
}
