import Foundation
import Testing

extension EndToEnd {
    @Suite("Submitting")
    struct Submitting {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test("is durable without an engine, says so, and the job runs when one comes")
        func withoutEngine() throws {
            let outcome = try box.done("submit", "noop")
            #expect(outcome.output == "1\n")
            #expect(outcome.errors.contains("no engine is alive"))
            #expect(try box.job(1).state == "pending")

            let engine = try box.serve()

            #expect(try box.done("job", "wait", "1").code == 0)
            #expect(try box.job(1).state == "completed")
            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
        }

        @Test("waits for the end and tells how it was")
        func waits() throws {
            let engine = try box.serve()

            #expect(try box.run("submit", "vm.start", "off-1", "--wait").code == 0)
            let failed = try box.run("submit", "vm.start", "bad-1", "--wait")
            #expect(failed.code == 1, "\(failed)")
            #expect(failed.errors.contains("job-2 failed"), "\(failed)")
            let late = try box.run(["submit"] + Sandbox.hanging + ["--wait", "--timeout", "300ms"])
            #expect(late.code == 124, "\(late)")

            try box.wait(3, ["running"])
            let waiting = try box.start("job", "wait", "3")
            try box.done("job", "abort", "3", "--reason", "the address is wrong")
            #expect(try waiting.wait().code == 2)
            let job = try box.job(3)
            #expect(job.state == "aborted")
            #expect(job.rollback == "clean")
            #expect(job.stop?.reason == "the address is wrong")
            #expect(engine.isAlive)
        }

        @Test("refuses at once what the engine would refuse, with 3")
        func refused() throws {
            let running = try box.run("submit", "vm.start", "on-1")
            #expect(running.code == 3, "\(running)")
            #expect(running.errors.contains("already running"), "\(running)")

            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            let ended = try box.run("job", "abort", "1")
            #expect(ended.code == 3, "\(ended)")
            #expect(try box.jobs().count == 1)
            #expect(engine.isAlive)
        }

        @Test("fails at once on a held lock if it is not to wait, and names the holder")
        func failsOnLock() throws {
            let engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging)
                .mustSucceed()
            try box.wait(1, ["running"])

            let outcome = try box.run(
                "submit",
                "noop",
                "-p",
                "lock=vm/thin-1",
                "--lock",
                "fail",
                "--wait"
            )

            #expect(outcome.code == 1, "\(outcome)")
            let job = try box.job(2)
            #expect(job.cause == "locked")
            #expect(job.message.contains("job-1"), "\(job.message)")
            #expect(engine.isAlive)
        }

        @Test("makes one job of the same key")
        func key() throws {
            let first = try box.done("submit", "noop", "--key", "order 66")
            let again = try box.done("submit", "noop", "--key", "order 66")

            #expect(first.output == again.output)
            #expect(again.errors.contains("before"), "\(again)")
            #expect(try box.jobs().count == 1)
        }

        @Test("waits for its time")
        func later() throws {
            let engine = try box.serve()
            let job = try box.submit("noop", "--at", "2999-01-01T00:00:00Z")
            try box.done("submit", "noop", "--wait")

            let waiting = try box.job(job)
            #expect(waiting.state == "pending")
            #expect(waiting.waiting?.for == "time")
            let why = try box.done("job", "why", "\(job)").output
            #expect(why.contains("2999"), "\(why)")
            #expect(engine.isAlive)
        }

        @Test("waits for other jobs, and fails if one of them did not complete")
        func after() throws {
            let first = try box.submit("noop", "--at", "200ms")
            let good = try box.submit("noop", "--after", "\(first)")
            let failing = try box.submit("vm.start", "bad-1")
            let bad = try box.submit("noop", "--after", "\(good)", "--after", "job-\(failing)")
            let engine = try box.serve()

            try box.done("job", "wait", "\(good)")
            let outcome = try box.run("job", "wait", "\(bad)")

            #expect(outcome.code == 1, "\(outcome)")
            #expect(try box.job(bad).cause == "dependencyFailed")
            let times = try box.jobs()
            #expect((times[1].startedAt ?? "") >= (times[0].finishedAt ?? "?"))
            #expect(engine.isAlive)
        }

        @Test("shows what a job would do without doing it")
        func dryRun() throws {
            let bare = try Sandbox()
            let outcome = try bare.done("submit", "vm.deploy", "new-1", "--dry-run")
            #expect(outcome.output.contains("locks"), "\(outcome)")
            #expect(outcome.output.contains("undo"), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: bare.store))

            let before = box.bytes(box.store)
            try box.done("submit", "vm.remove", "off-1", "--dry-run")
            #expect(box.bytes(box.store) == before)
            #expect(try box.jobs().isEmpty)
        }
    }
}
