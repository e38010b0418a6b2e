import Foundation
import Testing

extension EndToEnd {
    /// Each test owns a terminal and kills what is in it.
    @Suite(
        "The terminal afterwards",
        .serialized,
        .tags(.slow),
        .enabled(if: Tool.tmux != nil, "tmux is not installed")
    )
    struct TerminalLife {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        private static let modes =
            "#{alternate_on} #{mouse_any_flag} #{mouse_sgr_flag} #{keypad_cursor_flag} "
            + "#{keypad_flag} #{cursor_flag}"

        /// Opens the console and returns its process.
        private func open(_ terminal: Tmux) throws -> pid_t {
            try terminal.enter(
                "clear; stty -a > before; $SIGNALBOX; echo status $?; stty -a > after"
            )
            try terminal.waitFor("q quit")
            #expect(try terminal.value("#{alternate_on}") == "1")
            return try eventually("the console's engine is alive") { try box.owner() }
        }

        private func isGone(_ process: pid_t) throws {
            try eventually("process \(process) is gone") { (kill(process, 0) != 0).orNil }
        }

        static let signals: [(signal: Int32, status: Int)] = [
            (SIGTERM, 0), (SIGHUP, 0), (SIGINT, 0), (SIGSEGV, 139), (SIGABRT, 134), (SIGBUS, 135),
            (SIGFPE, 136), (SIGILL, 132), (SIGQUIT, 131),
        ]

        @Test("is as it was before, whatever signal ends the console", arguments: signals)
        func restored(signal: Int32, status: Int) throws {
            let terminal = try Tmux(box)
            try terminal.enter("cd \(box.folder); ulimit -c 0")
            let modes = try terminal.value(Self.modes)
            let process = try open(terminal)

            kill(process, signal)

            let screen = try terminal.waitFor("status ")
            #expect(screen.contains("status \(status)"), "\(screen)")
            try terminal.enter("echo the shell $((40 + 2))")
            try terminal.waitFor("the shell 42")
            let before = box.bytes(box.folder + "/before")
            let after = box.bytes(box.folder + "/after")
            #expect(before == after && before?.isEmpty == false)
            #expect(try terminal.value(Self.modes) == modes)
            try isGone(process)
        }

        @Test("has nobody left in it when it is closed")
        func closed() throws {
            let terminal = try Tmux(box)
            try terminal.enter("cd \(box.folder)")
            let process = try open(terminal)

            try terminal.close()

            try isGone(process)
            let engine = try box.serve()
            try box.done("submit", "noop", "--wait")
            #expect(engine.isAlive)
        }

        @Test("is as it was before after an ordinary end")
        func ordinary() throws {
            let terminal = try Tmux(box)
            try terminal.enter("cd \(box.folder)")
            let modes = try terminal.value(Self.modes)
            let process = try open(terminal)

            try terminal.press("q")

            let screen = try terminal.waitFor("status 0")
            #expect(!screen.contains("q quit"), "\(screen)")
            try terminal.enter("echo the shell $((40 + 2))")
            try terminal.waitFor("the shell 42")
            #expect(box.bytes(box.folder + "/before") == box.bytes(box.folder + "/after"))
            #expect(try terminal.value(Self.modes) == modes)
            try isGone(process)
        }

        @Test(
            "works on terminals of many kinds",
            arguments: ["xterm-256color", "xterm", "screen", "linux", "vt100", "nonsense"]
        )
        func kinds(name: String) throws {
            let terminal = try Tmux(box)
            try terminal.enter("clear; TERM=\(name) $SIGNALBOX; echo status $?")
            try terminal.waitFor("q quit")
            try terminal.press("?")
            try terminal.waitFor("Help")
            try terminal.press("Escape")
            try terminal.waitForNo("Help")
            try terminal.press("q")
            try terminal.waitFor("status 0")
        }

        @Test("is refused with a sentence when it cannot show a console")
        func impossible() throws {
            let terminal = try Tmux(box)
            try terminal.enter("clear; TERM=dumb $SIGNALBOX; echo status $?")
            let screen = try terminal.waitFor("status ")
            #expect(screen.contains("status 64"), "\(screen)")
            #expect(screen.contains("cannot move its cursor"), "\(screen)")

            let outcome = try box.run("console")
            #expect(outcome.code == 64, "\(outcome)")
            #expect(outcome.errors.contains("needs a terminal"), "\(outcome)")
            #expect(outcome.output.isEmpty)
        }
    }
}
