import Foundation
import Synchronization
import Testing

/// A terminal that a test types into and looks at: a tmux server of its own with one window.
final class Tmux {
    private let sandbox: Sandbox
    private let socket: String
    private static let servers = Atomic(0)

    /// Opens a terminal with a shell in it that has job control and a plain prompt.
    ///
    /// The shell is told that it has a `terminal` of that kind.
    init(
        _ sandbox: Sandbox,
        columns: Int = 80,
        rows: Int = 24,
        terminal: String = "tmux-256color"
    ) throws {
        self.sandbox = sandbox
        let number = Self.servers.add(1, ordering: .relaxed).newValue
        socket = "sbx-\(getpid())-\(number)"
        let configuration = try sandbox.write(
            """
            set -g default-terminal "\(terminal)"
            set -g escape-time 0
            set -g history-limit 5000
            set -g status off
            set -g remain-on-exit off

            """,
            to: "tmux.conf"
        )
        try begin(
            "-f",
            configuration,
            "new-session",
            "-d",
            "-x",
            "\(columns)",
            "-y",
            "\(rows)",
            "env PS1='ready$ ' bash --norc --noprofile -i"
        )
        try waitFor("ready$")
    }

    deinit { _ = try? run(["kill-server"]) }

    // MARK: What is seen

    /// The rows of the screen.
    func screen() throws -> String { try tmux("capture-pane", "-p") }

    /// The rows of the screen with the sequences for its colours and faces.
    func styledScreen() throws -> String { try tmux("capture-pane", "-p", "-e") }

    /// What tmux knows about the window, such as `#{alternate_on}` or `#{pane_pid}`.
    func value(_ format: String) throws -> String {
        try tmux("display-message", "-p", format).trimmingCharacters(in: .newlines)
    }

    /// Waits until the screen shows a text; returns the screen.
    @discardableResult
    func waitFor(
        _ text: String,
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        try wait("the screen shows “\(text)”", within: seconds, sourceLocation: sourceLocation) {
            $0.contains(text)
        }
    }

    /// Waits until the screen no longer shows a text; returns the screen.
    @discardableResult
    func waitForNo(
        _ text: String,
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        try wait("“\(text)” is gone", within: seconds, sourceLocation: sourceLocation) {
            !$0.contains(text)
        }
    }

    /// Waits until the screen is as wanted; the last one is in the report if it never is.
    @discardableResult
    func wait(
        _ what: String,
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ isWanted: (String) -> Bool
    ) throws -> String {
        var last = ""
        return try eventually(
            what,
            within: seconds,
            scene: { "the last screen:\n\(last)" },
            sourceLocation: sourceLocation
        ) {
            last = try screen()
            return isWanted(last) ? last : nil
        }
    }

    // MARK: What is done

    /// Presses keys by tmux's names for them: `j`, `Enter`, `C-z`, `Escape`.
    func press(_ keys: String...) throws {
        for key in keys { try tmux("send-keys", "--", key) }
    }

    /// Presses a key again and again until the screen is as wanted; the key must do no harm when it
    /// comes once too often.
    @discardableResult
    func press(
        _ key: String,
        until what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ isWanted: (String) -> Bool
    ) throws -> String {
        var looks = 0
        return try wait(what, sourceLocation: sourceLocation) { screen in
            let isDone = isWanted(screen)
            if !isDone && looks % 8 == 0 { try? press(key) }
            looks += 1
            return isDone
        }
    }

    /// Types a text as it is.
    func type(_ text: String) throws { try tmux("send-keys", "-l", "--", text) }

    /// Pastes a text as a terminal does that marks what is pasted, where the program asked for it.
    func paste(_ text: String) throws {
        try tmux("set-buffer", "--", text)
        try tmux("paste-buffer", "-p")
    }

    /// Types a command into the shell.
    func enter(_ command: String) throws {
        try type(command)
        try press("Enter")
    }

    /// Changes the size of the window.
    func resize(columns: Int, rows: Int) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Closes the terminal as if its window were closed: whoever is in it gets SIGHUP.
    func close() throws { _ = try run(["kill-server"]) }

    // MARK: tmux

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String {
        let outcome = try run(arguments)
        guard outcome.code == 0 else { throw Trouble("\(arguments): \(outcome.errors)") }
        return outcome.output
    }

    /// Starts the server, which must not hold the life line of the process that starts it.
    private func begin(_ arguments: String...) throws {
        let script = "\"$@\" 9>&-; exit $?"
        let command = ["-c", script, "sh", Tool.tmux ?? "tmux", "-L", socket] + arguments
        let outcome = try sandbox.startTool("/bin/sh", command).wait()
        guard outcome.code == 0 else { throw Trouble("\(arguments): \(outcome.errors)") }
    }

    private func run(_ arguments: [String]) throws -> Outcome {
        guard let program = Tool.tmux else { throw Trouble("tmux is not installed") }
        return try sandbox.startTool(program, ["-L", socket] + arguments).wait()
    }
}
