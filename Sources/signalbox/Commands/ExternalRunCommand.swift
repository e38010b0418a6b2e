import ArgumentParser
import Foundation
import Model
import Operations
import Store

/// Runs a command as outside work.
struct ExternalRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command as a job: with locks, log, progress, and stops that reach it.",
        discussion: """
            The command stands behind --. It runs here, as you, with your environment and \
            without standard input. What it says is shown and goes to the job's log; lines such as \
            “::progress 40 copying” are read as those of scripts are. When the job is to be \
            stopped, all its processes get TERM, and KILL after --grace. Ends with 0, 1 or 2 as \
            the job ended.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("What it works on: vm/web-1.", valueName: "target"))
    var target: String?

    @OptionGroup
    var options: ExternalOptions

    @Option(help: ArgumentHelp("Between TERM and KILL: 10s.", valueName: "span"))
    var grace = "10s"

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The command and its arguments.", valueName: "command")
    )
    var command: [String] = []

    func run() throws {
        guard let name = command.first else {
            throw Complaint(.usage, "say what to run: signalbox external run vm/web-1 -- ./move.sh")
        }
        guard let grace = Span.milliseconds(grace), grace >= 0 else {
            throw Complaint(.usage, "--grace is a span such as 10s, not “\(self.grace)”")
        }
        guard let path = Self.program(name) else {
            throw Complaint(.usage, "there is no program “\(name)” that can be run")
        }
        let signals = try SignalPipe.shared()
        let desk = try options.begin(target, title: command.joined(separator: " "), global)
        StandardError.say("\(desk.job) reports “\(command.joined(separator: " "))”")
        try desk.awaitBegin()
        let silence = options.silence.flatMap { Span.milliseconds($0) } ?? 300_000
        var order = ExternalRun.Order(
            program: path,
            arguments: Array(command.dropFirst()),
            environment: ProcessInfo.processInfo.environment,
            directory: FileManager.default.currentDirectoryPath,
            rhythm: max(200, silence / 3)
        )
        order.grace = grace
        order.environment["SIGNALBOX_JOB"] = "\(desk.job.number)"
        let host = ExternalHost(desk, signals)
        let start = ContinuousClock.now
        let end: ExternalEnd
        do {
            let run = ExternalRun(order, host: host) {
                Int64((ContinuousClock.now - start) / .milliseconds(1))
            }
            end = try run.run()
        } catch {
            end = ExternalEnd(.failed, "it could not be started: \(error)", number: 127)
        }
        try host.end(end)
    }

    /// Where the program of that name lies, looked for as a shell would.
    private static func program(_ name: String) -> String? {
        let files = FileManager.default
        if name.contains("/") {
            let path = name.hasPrefix("/") ? name : files.currentDirectoryPath + "/" + name
            return files.isExecutableFile(atPath: path) ? path : nil
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { $0 + "/" + name }.first { files.isExecutableFile(atPath: $0) }
    }
}

/// Joins a command that is run with its job.
private final class ExternalHost: ExternalRun.Host {
    private let desk: ExternalDesk
    private let signals: SignalPipe
    private var isStopped = false
    private var lookedAt = ContinuousClock.now
    private var hasComplained = false
    private var signal: Int32?

    /// How often the end is told to a store that cannot be written, and the pause between.
    private static let attempts = 30
    private static let pause: Int32 = 2000

    init(_ desk: ExternalDesk, _ signals: SignalPipe) {
        self.desk = desk
        self.signals = signals
    }

    var descriptor: Int32 { signals.readEnd }

    func isStopAsked() -> Bool {
        if let number = signals.take() { signal = number }
        guard !isStopped, signal == nil else { return true }
        guard ContinuousClock.now - lookedAt >= .milliseconds(ExternalRun.glance) else {
            return false
        }
        lookedAt = .now
        // A cancel lets the command run to its end, as it does with any step at work.
        guard let job = try? desk.now(), job.state.isTerminal || job.stop?.level == .abort,
            let line = ExternalDesk.stopLine(of: job)
        else { return false }
        StandardError.say(line)
        isStopped = true
        return true
    }

    func report(_ report: ExternalReport) -> Bool {
        do {
            try desk.report(report, isAwaited: false)
            hasComplained = false
            return true
        } catch {
            // The command goes on: what it said is reported as soon as that is possible.
            if !hasComplained { StandardError.say("the report is delayed: \(error)") }
            hasComplained = true
            return false
        }
    }

    func hear(_ line: String, isErrors: Bool) {
        // Whether anybody reads it is no matter to the command.
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(isErrors ? 2 : 1, $0.baseAddress, $0.count) }
    }

    /// Ends the job, and this program as the job ended.
    func end(_ end: ExternalEnd) throws {
        var end = end
        if signal != nil, end.outcome == .aborted { end.text = "interrupted where it ran" }
        var report = ExternalReport()
        report.end = end
        var attempt = 1
        while true {
            do {
                try desk.report(report)
                break
            } catch {
                // Only a store that cannot be written may be able to later.
                let complaint = Complaint(of: error)
                guard complaint?.status == .store, attempt < Self.attempts else { throw error }
                attempt += 1
                poll(nil, 0, Self.pause)
            }
        }
        if !end.text.isEmpty, end.outcome != .completed { StandardError.say(end.text) }
        switch end.outcome {
        case .completed, .warning: return
        case .failed: throw Ending(.failed)
        case .aborted: throw Ending(.aborted)
        }
    }
}
