import Foundation
import Testing

extension EndToEnd {
    /// The kind `script.run`, its guards and the hooks, through the program.
    @Suite("Running scripts", .serialized)
    struct RunningScripts {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
            try install([
                "good": "echo working; echo ::result disk=vol-7; echo oops >&2",
                "attention": "echo ::warning two of three",
                "bad": "echo ::result disk=vol-9; echo no space >&2; exit 5",
                "back": "echo \"back $SIGNALBOX_RESULT_disk\" >$T/undone",
                "waits": "mkfifo $T/go; echo $$ >$T/main; echo ready; read -r x <$T/go; "
                    + "echo ::result a=b",
                "stays": "trap '' TERM; setsid sleep 10000 & echo $! >$T/child; echo $$ >$T/main; "
                    + "echo ready; while :; do sleep 10000; done",
                "note": "echo \"$SIGNALBOX_JOB $SIGNALBOX_STATE\" >>$T/notes",
            ])
        }

        private func install(_ scripts: [String: String]) throws {
            var lines = ["scripts:"]
            for (name, text) in scripts.sorted(by: { $0.key < $1.key }) {
                let path = try box.write("#!/bin/bash\nT=\(box.folder)\n\(text)\n", to: name)
                chmod(path, 0o755)
                let undo = name == "bad" ? ", undo: back" : ""
                lines.append("  \(name): {path: \(path), grace: 1s\(undo)}")
            }
            lines += ["hooks:", "  - {on: {states: [failed, completed]}, run: note}"]
            let folder = box.folder + "/config/signalbox"
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            _ = try box.write(
                lines.joined(separator: "\n") + "\n",
                to: "config/signalbox/config.yaml"
            )
        }

        private func run(_ program: String, _ more: String...) throws -> Outcome {
            try box.run(["submit", "script.run", "-p", "program=\(program)", "--wait"] + more)
        }

        private func log(_ job: Int) throws -> String {
            try box.done("job", "log", "\(job)").output
        }

        private func waitForLine(_ line: String, of job: Int) throws {
            try eventually("job \(job) says \(line)") { try log(job).contains(line).orNil }
        }

        private func lives(_ file: String) -> Bool {
            let text = String(decoding: box.bytes(box.folder + "/" + file) ?? Data(), as: UTF8.self)
            guard let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)),
                let stat = box.bytes("/proc/\(process)/stat")
            else { return false }
            return !String(decoding: stat, as: UTF8.self).contains(") Z ")
        }

        private var records: [String] {
            let names = try? FileManager.default.contentsOfDirectory(atPath: box.store + ".scripts")
            return (names ?? []).filter { $0.hasPrefix("run-") }
        }

        @Test("completes, warns or fails as the script does, and undoes with its results")
        func ends() throws {
            let engine = try box.serve()
            #expect(try run("good", "web-1").code == 0)
            let good = try box.job(1)
            #expect(good.state == "completed")
            #expect(try log(1).contains("working") && log(1).contains("warning oops"))

            #expect(try run("attention").code == 0)
            #expect(try box.job(2).state == "warning")

            #expect(try run("bad").code == 1)
            let bad = try box.job(3)
            #expect((bad.state, bad.rollback) == ("failed", "clean"))
            #expect(bad.message.contains("no space"))
            let undone = String(
                decoding: box.bytes(box.folder + "/undone") ?? Data(),
                as: UTF8.self
            )
            #expect(undone == "back vol-9\n")
            try eventually("the records are gone") { records.isEmpty.orNil }
            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
        }

        @Test("ends every process of a script when its job is aborted")
        func abort() throws {
            let engine = try box.serve()
            let job = try box.submit("script.run", "-p", "program=stays")
            try waitForLine("ready", of: job)
            #expect(lives("main") && lives("child"))
            try box.done("job", "abort", "\(job)", "--reason", "test")
            #expect(try box.wait(job, ["aborted"]).state == "aborted")
            #expect(!lives("main") && !lives("child"))
            engine.cut()
        }

        @Test("lets a script live through the death of its engine, and the next one takes it up")
        func adopts() throws {
            let first = try box.serve()
            let job = try box.submit("script.run", "-p", "program=waits")
            try waitForLine("ready", of: job)
            first.cut()
            #expect(lives("main"))
            let second = try box.serve()
            try waitForLine("a new engine asks", of: job)
            #expect(try box.job(job).state == "running")
            _ = try box.startTool("/bin/sh", ["-c", "echo go >\(box.folder)/go"]).wait()
            #expect(try box.wait(job, ["completed", "failed"]).state == "completed")
            second.cut()
        }

        @Test("ends a script that is aborted after its engine died")
        func abortAfterDeath() throws {
            let first = try box.serve()
            let job = try box.submit("script.run", "-p", "program=stays")
            try waitForLine("ready", of: job)
            first.cut()
            #expect(lives("main") && lives("child"))
            let second = try box.serve()
            try box.done("job", "abort", "\(job)", "--reason", "test")
            #expect(try box.wait(job, ["aborted"]).state == "aborted")
            #expect(!lives("main") && !lives("child"))
            second.cut()
        }

        @Test("refuses what is not listed, and says what is")
        func refuses() throws {
            let outcome = try run("godo")
            #expect(outcome.code == 4)
            #expect(outcome.errors.contains("did you mean good?"))
            chmod(box.folder + "/good", 0o777)
            #expect(try run("good").code == 3)
            let list = try box.run("script")
            #expect(list.code == 1 && list.output.contains("anybody may change"))
        }

        @Test("delivers events to hooks once and in order, over the death of an engine")
        func hooks() throws {
            let notes = { [box] in
                String(decoding: box.bytes(box.folder + "/notes") ?? Data(), as: UTF8.self)
            }
            let first = try box.serve()
            #expect(try run("good").code == 0)
            try eventually("the first event is delivered") { (notes() == "1 completed\n").orNil }
            first.cut()
            let job = try box.submit("script.run", "-p", "program=bad")
            let second = try box.serve()
            #expect(try box.wait(job, ["failed"]).state == "failed")
            try eventually("the second event is delivered", scene: notes) {
                (notes() == "1 completed\n\(job) failed\n").orNil
            }
            #expect(try box.done("hook").output.contains("run note"))
            second.cut()
        }
    }
}
