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
