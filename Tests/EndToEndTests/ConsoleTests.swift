import Foundation
import Testing

extension EndToEnd {
    /// A terminal shows what comes of keys only after a moment; two at once would only be slower.
    @Suite(
        "The console",
        .serialized,
        .tags(.slow),
        .enabled(if: Tool.tmux != nil, "tmux is not installed")
    )
    struct Console {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        /// Opens the demo in which a VM does not start.
        private func openStory(columns: Int = 80, rows: Int = 24) throws -> Tmux {
            let terminal = try Tmux(box, columns: columns, rows: rows)
            try terminal.enter(
                "clear; $SIGNALBOX demo --scenario pxe-hang --speed 20 --store $SIGNALBOX_STORE"
            )
            try terminal.wait("the job hangs") { $0.contains("Running") && $0.contains("22%") }
            return terminal
        }

        /// Has a question asked and waits until it takes an answer: what comes right after it
        /// appeared is taken for typed ahead.
        private func ask(
            _ terminal: Tmux,
            _ key: String,
            _ question: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> String {
            try terminal.press(key)
            try terminal.waitFor(question, sourceLocation: sourceLocation)
            return try terminal.press(
                "z",
                until: "“\(question)” takes an answer",
                sourceLocation: sourceLocation
            ) { $0.contains("Enter does nothing here") && !$0.contains("finds out") }
        }

        @Test("shows the job that hangs and why, and aborts it", arguments: [(80, 24), (200, 60)])
        func abortsByKeys(columns: Int, rows: Int) throws {
            let terminal = try openStory(columns: columns, rows: rows)

            try terminal.press("Enter")
            try terminal.waitFor("Overview")
            let detail = try terminal.waitFor("3 of 3: Boot thin-1")
            #expect(detail.contains("htp:/boot.example"), "\(detail)")

            let dialog = try ask(terminal, "A", "Abort job-1?")
            #expect(dialog.contains("2 steps will be undone"), "\(dialog)")
            try terminal.press("y")
            try terminal.waitFor("Aborted")
            try terminal.waitFor("everything was undone")

            try terminal.press("2")
            try terminal.wait("the VM is stopped") { screen in
                screen.split(separator: "\n").contains {
                    $0.contains("thin-1") && $0.contains("stopped")
                }
            }
            #expect(try box.job(1).state == "aborted")
            #expect(try box.job(1).rollback == "clean")
        }

        @Test("leaves a job alone when the question is answered with no")
        func refuses() throws {
            let terminal = try openStory()

            for key in ["n", "Escape", "q"] {
                _ = try ask(terminal, "A", "Abort job-1?")
                try terminal.press(key)
                try terminal.waitForNo("Abort job-1?")
            }

            #expect(try box.job(1).state == "running")
        }

        @Test("draws itself anew at every size, and says when there is no room")
        func resizes() throws {
            let terminal = try openStory()
            var dice = Dice(seed: 4)
            for _ in 0..<40 {
                let columns = Int.random(in: 1...220, using: &dice)
                let rows = Int.random(in: 1...70, using: &dice)
                try terminal.resize(columns: columns, rows: rows)
            }
            try terminal.resize(columns: 20, rows: 5)
            try terminal.wait("it says that there is no room") { $0.contains("small") }

            try terminal.resize(columns: 100, rows: 30)

            let screen = try terminal.wait("the whole screen is there") {
                $0.contains("vm/thin-1") && $0.contains("q quit") && $0.contains("KIND")
            }
            let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(rows.first?.contains("signalbox") == true, "\(screen)")
            #expect(rows.filter { $0.contains("q quit") }.count == 1, "\(screen)")
            #expect(rows.filter { $0.contains("KIND") }.count == 1, "\(screen)")
        }

        @Test("is paused with Ctrl-Z and goes on with fg")
        func pauses() throws {
            let terminal = try openStory()
            for _ in 0..<3 {
                try terminal.press("C-z")
                try terminal.waitFor("Stopped")
                #expect(try terminal.value("#{alternate_on}") == "0")
                try terminal.enter("echo the shell $((40 + 2))")
                try terminal.waitFor("the shell 42")
                try terminal.enter("clear; fg")
                try terminal.wait("the console is back") {
                    $0.contains("vm/thin-1") && $0.contains("q quit")
                }
            }
            try terminal.press("Enter")
            try terminal.waitFor("Overview")
        }

        @Test("asks before leaving, and leaves jobs running for the next engine")
        func leaves() throws {
            try box.stage()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            let terminal = try Tmux(box)
            try terminal.enter("clear; $SIGNALBOX; echo status $?")
            try terminal.wait("the job runs") { $0.contains("Running") }
            let process = try #require(try box.owner())

            try terminal.press("Q")
            try terminal.waitFor("1 job has not ended")
            try terminal.press("n", until: "it stays") { !$0.contains("1 job has not ended") }
            try terminal.press("q")
            try terminal.waitFor("1 job has not ended")

            let screen = try terminal.press("l", until: "it leaves") { $0.contains("status 0") }
            #expect(screen.contains("when an engine comes"), "\(screen)")
            #expect(kill(process, 0) != 0)
            #expect(try box.job(1).state == "running")
            let engine = try box.serve()
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(engine.isAlive)
        }

        @Test("looks on while another process is the engine, and takes over when that is killed")
        func takesOver() throws {
            try box.stage()
            let engine = try box.serve()
            let terminal = try Tmux(box, columns: 120)
            try terminal.enter("clear; $SIGNALBOX")
            let screen = try terminal.waitFor("q quit")
            #expect(
                screen.contains("\(engine.process)"),
                "it does not say which process\n\(screen)"
            )
            try box.done("submit", "noop", "--wait")
            try terminal.waitFor("noop")

            engine.cut()

            try terminal.waitFor("engine in this process")
            try box.done("submit", "noop", "--wait")
            try terminal.wait("both jobs are shown as completed") {
                $0.contains("✔ 2") || $0.contains("2 Completed")
            }
        }

        @Test("shows hostile text and does not obey it")
        func hostile() throws {
            try box.stage()
            let attack = "\u{1B}]0;owned\u{7}\u{1B}[31mred\u{1B}[2J\u{202E}abc\u{9B}31m"
            try box.done("submit", "noop", "--account", attack, "-p", "lock=vm/\(attack)")
            let terminal = try Tmux(box, columns: 120)
            let title = try terminal.value("#{pane_title}")
            try terminal.enter("clear; $SIGNALBOX --read-only")
            try terminal.waitFor("noop")
            try terminal.press("Enter")
            try terminal.waitFor("Overview")
            try terminal.waitFor("red")

            let styled = try terminal.styledScreen()
            #expect(!styled.contains("\u{1B}[31m"), "\(styled)")
            #expect(!styled.contains("\u{202E}"), "\(styled)")
            #expect(try terminal.value("#{pane_title}") == title)
            #expect(try terminal.screen().contains("q quit"))
        }

        @Test("changes nothing when it is only to look")
        func readOnly() throws {
            try box.stage()
            try box.done("submit", "noop", "--at", "2999-01-01T00:00:00Z")
            let terminal = try Tmux(box)
            try terminal.enter("clear; $SIGNALBOX --read-only; echo status $?")
            try terminal.waitFor("noop")

            try terminal.press("A")
            try terminal.waitFor("read-only")
            try terminal.press("q")
            try terminal.press("l", until: "it leaves") { $0.contains("status 0") }

            #expect(try box.job(1).state == "pending")
            #expect(try box.owner() == nil)
        }
    }
}
