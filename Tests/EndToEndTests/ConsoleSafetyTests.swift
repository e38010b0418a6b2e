import Foundation
import Testing

extension EndToEnd {
    /// A terminal shows what comes of keys only after a moment; two at once would only be slower.
    @Suite(
        "The console and slips of the hand",
        .serialized,
        .tags(.slow),
        .enabled(if: Tool.tmux != nil, "tmux is not installed")
    )
    struct ConsoleSafety {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
        }

        /// Opens the console on the job that hangs.
        private func open(_ prefix: String = "") throws -> Tmux {
            let terminal = try Tmux(box, columns: 100)
            try terminal.enter("clear; \(prefix) $SIGNALBOX; echo status $?")
            try terminal.wait("the job hangs") { $0.contains("Running") && $0.contains("22%") }
            return terminal
        }

        @Test("keys that are typed ahead do not answer a question")
        func typedAhead() throws {
            let terminal = try open()

            try terminal.type("Ay")

            try terminal.waitFor("Abort job-1?")
            try terminal.press("n", until: "it is left") { !$0.contains("Abort job-1?") }
            #expect(try box.job(1).state == "running")
        }

        @Test("text that is pasted is no key")
        func pasted() throws {
            let terminal = try open()

            try terminal.paste("AyAyQlQl\r:quit\r")
            try terminal.press("?")

            let screen = try terminal.waitFor("Help")
            #expect(!screen.contains("Abort job-1?"), "\(screen)")
            #expect(try box.job(1).state == "running")
        }

        @Test("a reason that is typed goes into the journal")
        func reason() throws {
            let terminal = try open()

            try terminal.press("A")
            try terminal.waitFor("Abort job-1?")
            try terminal.press("z", until: "the question takes an answer") {
                $0.contains("Enter does nothing here")
            }
            try terminal.press("r")
            try terminal.type("yes, y means yes")
            try terminal.waitFor("yes, y means yes")
            #expect(try box.job(1).state == "running")
            try terminal.press("Enter")
            try terminal.press("y")

            try terminal.waitFor("Aborted")
            #expect(try box.job(1).stop?.reason == "yes, y means yes")
        }

        @Test("acts through the engine of another process")
        func otherEngine() throws {
            let engine = try box.serve()
            let terminal = try open()

            try terminal.press("A")
            try terminal.waitFor("Abort job-1?")
            try terminal.press("z", until: "the question takes an answer") {
                $0.contains("Enter does nothing here")
            }
            try terminal.press("y")

            try terminal.waitFor("Aborted")
            #expect(try box.owner() == engine.process)
            #expect(try box.job(1).state == "aborted")
            try terminal.press("q")
            try terminal.waitFor("status 0")
            #expect(engine.isAlive)
        }

        @Test("goes on at the new size when its window changed while it was paused")
        func resizedWhilePaused() throws {
            let terminal = try open()
            try terminal.press("C-z")
            try terminal.waitFor("Stopped")
            try terminal.resize(columns: 140, rows: 40)
            try terminal.enter("clear; fg")

            let screen = try terminal.wait("the console is back") {
                $0.contains("vm/thin-1") && $0.contains("q quit")
            }
            let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
            let last = rows.lastIndex { $0.contains("q quit") }
            #expect(last == 39, "\(screen)")
        }

        @Test(
            "draws nothing but ASCII where the locale has nothing else",
            arguments: ["C", "POSIX"]
        )
        func plainLocale(name: String) throws {
            let terminal = try open("LC_ALL=\(name)")
            try terminal.press("Enter")
            let screen = try terminal.waitFor("Overview")
            #expect(screen.allSatisfy { $0.isASCII }, "\(screen)")
        }

        @Test("leaves nothing of a demo behind, however it ends")
        func demoFolder() throws {
            // The demo's own store lies below the folder for temporary files.
            box.environment["TMPDIR"] = box.folder
            for end in ["q", "TERM"] {
                let terminal = try Tmux(box)
                try terminal.enter("clear; $SIGNALBOX demo --scenario remove-vm; echo status $?")
                try terminal.waitFor("q quit")
                let process = try #require(try child(of: terminal))
                if end == "TERM" { kill(process, SIGTERM) }
                if end == "q" {
                    try terminal.press("Q")
                    try terminal.press("l", until: "it leaves") { $0.contains("status 0") }
                }
                try terminal.waitFor("status 0")
            }
            for folder in ["/dev/shm", box.folder] {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                let left = names.filter { $0.hasPrefix("signalbox-") && isOurs("\(folder)/\($0)") }
                #expect(left.isEmpty)
            }
        }

        /// The process that the shell of a terminal has started.
        private func child(of terminal: Tmux) throws -> pid_t? {
            let shell = try terminal.value("#{pane_pid}")
            let path = "/proc/\(shell)/task/\(shell)/children"
            let text = String(decoding: box.bytes(path) ?? Data(), as: UTF8.self)
            return text.split(separator: " ").first.flatMap { pid_t($0) }
        }

        /// Whether a demo's folder was left by a process that is gone: another test may run a demo.
        private func isOurs(_ folder: String) -> Bool {
            struct Holder: Decodable { let process: pid_t }
            let data = box.bytes(folder + "/demo.sqlite.lock") ?? Data()
            guard let holder = try? JSONDecoder().decode(Holder.self, from: data) else {
                return false
            }
            return kill(holder.process, 0) != 0
        }
    }
}
