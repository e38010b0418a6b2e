import Foundation
import Testing

extension EndToEnd {
    @Suite("Work outside")
    struct Outside {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        private func script(_ name: String, _ lines: String) throws -> String {
            let path = try box.write("#!/bin/bash\nT=\(box.folder)\n\(lines)\n", to: name)
            chmod(path, 0o755)
            return path
        }

        private func log(_ job: Int) throws -> String {
            try box.done("job", "log", "\(job)").output
        }

        @Test("a program begins, reports and ends, while engines die, and hears of a stop")
        func reports() throws {
            var engine = try box.serve()
            let work = ["vm/on-1", "--title", "Move", "--step", "Copy", "--step", "Switch"]
            let begin = ["external", "begin", "--key", "move-1"] + work
            let id = try #require(try box.done(begin).job)
            let rival = try box.submit("vm.stop", "on-1")
            #expect(try box.job(rival).waiting?.on?.contains("held by job-\(id)") == true)
            let report = ["external", "report", "\(id)"]

            try box.done(report + ["--progress", "50", "--message", "disk 1", "--log", "a line"])
            #expect(try box.job(id).progress == 25)
            engine.cut()
            // Nobody is there to answer, and nothing is lost.
            let alone = try box.done(report + ["--step", "Switch"])
            #expect(alone.errors.contains("no engine is alive"), "\(alone)")
            #expect(try box.done(begin).job == id, "the same key is the same job")
            engine = try box.serve()
            try eventually("the step is begun") { (try box.job(id).progress == 50).orNil }
            #expect(try log(id).contains("a line"))

            try box.done("job", "abort", "\(id)", "--reason", "wrong disk")
            let told = try box.run(report)
            #expect(told.code == 2 && told.errors.contains("wrong disk"), "\(told)")
            #expect(try box.run(report + ["--step", "More"]).code == 3)
            try box.done("external", "end", "\(id)", "aborted", "--rollback", "clean")
            let job = try box.job(id)
            #expect(job.state == "aborted" && job.rollback == "clean")
            try box.wait(rival, ["completed"])
            #expect(try box.run(report).code == 3)
            #expect(engine.isAlive)
        }

        @Test("a command is a job: its lines, its progress, its status")
        func runs() throws {
            let engine = try box.serve()
            let good = try script(
                "good",
                "echo working for $SIGNALBOX_JOB; echo ::progress 60 half; echo ::result d=7; "
                    + "echo oops >&2; [ -t 0 ] || echo quiet"
            )
            let run = ["external", "run", "vm/on-1"]
            let done = try box.done(run + ["--title", "Good", "--", good])
            #expect(done.output.contains("working for 1\n"), "\(done)")
            #expect(done.errors.contains("oops\n"), "\(done)")
            #expect(try box.job(1).state == "completed")
            let text = try log(1)
            #expect(text.contains("working for 1") && text.contains("oops"), "\(text)")
            #expect(try box.done("job", "show", "1", "--json").output.contains("\"d\": \"7\""))

            let bad = try box.run(run + ["--", "sh", "-c", "echo no space >&2; exit 28"])
            #expect(bad.code == 1, "\(bad)")
            let job = try box.job(2)
            #expect(
                job.state == "failed" && job.code?.number == 28 && job.code?.domain == "external"
            )
            #expect(job.message.contains("no space"))
            let warned = try box.done(run + ["--", "echo", "::warning two of three"])
            #expect(try box.job(3).state == "warning", "\(warned)")
            let none = try box.run(run + ["--", box.folder + "/none"])
            #expect(none.code == 64 && none.errors.contains("there is no program"), "\(none)")
            #expect(try box.run("external", "run", "vm/on-1").code == 64)
            #expect(engine.isAlive)
        }

        @Test("an abort ends a command with all that it started; what waits in vain is cancelled")
        func ends() throws {
            let engine = try box.serve()
            let stays = try script(
                "stays",
                "trap '' TERM; setsid sleep 10000 & echo $! >$T/child; echo ready; "
                    + "while :; do sleep 10000; done"
            )
            let run = ["external", "run", "vm/on-1", "--grace", "100ms"]
            let command = try box.startProgram(run + ["--", stays], #_sourceLocation)
            try eventually("it is at work") { command.output.contains("ready").orNil }
            let waiter = try box.startProgram(run + ["--", "true"], #_sourceLocation)
            try eventually("it waits") { waiter.errors.contains("held by job-1").orNil }
            waiter.send(SIGTERM)
            #expect(try waiter.wait().code == 130)
            try box.wait(2, ["aborted"])

            try box.done("job", "abort", "1", "--reason", "enough")
            let ended = try command.wait()
            #expect(ended.code == 2 && ended.errors.contains("enough"), "\(ended)")
            try box.wait(1, ["aborted"])
            let child = String(decoding: box.bytes(box.folder + "/child") ?? Data(), as: UTF8.self)
            let process = try #require(pid_t(child.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(kill(process, 0) != 0, "the grandchild is still alive")
            #expect(engine.isAlive)
        }
    }
}
