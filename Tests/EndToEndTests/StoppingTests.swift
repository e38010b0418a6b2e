import Testing

extension EndToEnd {
    @Suite("Stopping and trying again")
    struct Stopping {
        private let box: Sandbox
        private let engine: Launch

        init() throws {
            box = try Sandbox()
            try box.stage()
            engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            // Its last step hangs; the others are done.
            try eventually("the start hangs") { try box.job(1).progress == 22 ? () : nil }
        }

        private func machine() throws -> String {
            try box.done("vm", "thin-1").lines.last ?? ""
        }

        @Test("cancel waits for the end of the step; abort interrupts it and undoes all")
        func ladder() throws {
            try box.done("job", "cancel", "1", "--reason", "not needed")
            #expect(try box.job(1).state == "cancelling")
            #expect(try box.done("job", "why", "1").output.contains("for the end of"))
            #expect(try machine().contains("starting"))

            try box.done("job", "abort", "1")

            #expect(try box.run("job", "wait", "1").code == 2)
            let job = try box.job(1)
            #expect(job.rollback == "clean")
            #expect(job.cause == "stoppedByUser")
            #expect(try machine().contains("stopped"))
            let events = try box.done("job", "events", "1").output
            #expect(events.contains("not needed"), "\(events)")
            #expect(engine.isAlive)
        }

        @Test("abandon needs a confirmation, ends at once, and says what may still be at work")
        func abandons() throws {
            let asked = try box.run("job", "abandon", "1")
            #expect(asked.code == 3, "\(asked)")
            #expect(asked.errors.contains("--yes"), "\(asked)")
            #expect(try box.job(1).state == "running")

            try box.done("job", "abandon", "1", "--yes")

            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(try box.job(1).cause == "abandoned")
            let log = try box.done("job", "log", "1").output
            #expect(log.contains("operation 1/2/1 may still be at work"), "\(log)")
            #expect(engine.isAlive)
        }

        @Test("retry makes a new job that names the old one; nothing leads out of an end")
        func retries() throws {
            let early = try box.run("job", "retry", "1")
            #expect(early.code == 3, "\(early)")
            try box.done("job", "abort", "1")
            try box.wait(1, ["aborted"])

            let retry = try box.done("job", "retry", "1")
            #expect(retry.output == "2\n")
            try box.wait(2, ["running"])

            let shown = try box.done("job", "show", "2").output
            #expect(shown.contains("of job-1"), "\(shown)")
            for refused in [["cancel"], ["abort"], ["resolve", "--decision", "skip"]] {
                let outcome = try box.run(["job"] + refused + ["1"])
                #expect(outcome.code == 3, "\(outcome)")
            }
            #expect(try box.job(1).state == "aborted")
            #expect(engine.isAlive)
        }

        @Test("several jobs at once get an answer each, and the worst one counts")
        func several() throws {
            let waiting = try box.submit("noop", "--at", "2999-01-01T00:00:00Z")
            try box.done("submit", "noop", "--wait")

            let outcome = try box.run("job", "abort", "1", "\(waiting)", "3")

            #expect(outcome.code == 3, "\(outcome)")
            #expect(outcome.errors.contains("job-3"), "\(outcome)")
            #expect(outcome.lines.count == 2, "\(outcome)")
            try box.wait(1, ["aborted"])
            try box.wait(waiting, ["aborted"])
            #expect(engine.isAlive)
        }

        @Test("a request that nobody could hear is heard by the next engine")
        func recorded() throws {
            engine.cut()
            let outcome = try box.done("job", "abort", "1")
            #expect(outcome.errors.contains("no engine is alive"), "\(outcome)")
            #expect(try box.job(1).state == "running")

            let next = try box.serve()

            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(next.isAlive)
        }
    }
}
