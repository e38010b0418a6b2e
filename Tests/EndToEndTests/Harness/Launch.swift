import Foundation
import Synchronization
import Testing

/// A process that a test has started, with files for what it says.
///
/// The process holds the write end of a pipe, its life line: the read end tells of its death, so
/// waiting is blocking in poll(2).
final class Launch: Sendable {
    /// What the process was started with.
    let arguments: [String]
    /// Its number; also that of its process group.
    let process: pid_t
    private let outputPath: String
    private let errorPath: String
    private let lifeLine: Int32
    private let ended = Mutex<Ending?>(nil)

    /// One start at a time: a process started meanwhile would inherit the life line of this one.
    private static let starting = Mutex(0)
    private static let lifeLineNumber: Int32 = 9

    /// Starts a program; the files for its output are made in `folder`.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String
    ) throws {
        self.arguments = arguments
        (process, lifeLine, outputPath, errorPath) = try Self.starting.withLock { count in
            count += 1
            let output = "\(folder)/\(count).out"
            let errors = "\(folder)/\(count).err"
            var ends: [Int32] = [-1, -1]
            try Self.check(pipe(&ends), "pipe")
            defer { close(ends[1]) }
            _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
            _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
            let process = try Self.spawn(program, arguments, environment) { actions in
                let mode = O_WRONLY | O_CREAT | O_TRUNC
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
                posix_spawn_file_actions_addopen(&actions, 1, output, mode, 0o600)
                posix_spawn_file_actions_addopen(&actions, 2, errors, mode, 0o600)
                posix_spawn_file_actions_adddup2(&actions, ends[1], Self.lifeLineNumber)
            }
            return (process, ends[0], output, errors)
        }
    }

    deinit {
        if ended.withLock({ $0 == nil }) {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(lifeLine)
    }

    // MARK: What it says

    /// What it has written to standard output so far.
    var output: String { Self.text(outputPath) }

    /// What it has written to standard error so far.
    var errors: String { Self.text(errorPath) }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    // MARK: Its end

    /// Whether it has not ended.
    var isAlive: Bool { reap(options: WNOHANG) == nil }

    /// Sends it a signal; nothing happens if it has ended.
    func send(_ signal: Int32) {
        if isAlive { kill(process, signal) }
    }

    /// Kills it as a power cut would, and waits until it is gone.
    func cut() {
        send(SIGKILL)
        _ = reap(options: 0)
    }

    /// Waits for its end.
    @discardableResult
    func wait(
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let deadline = Deadline(seconds: seconds)
        while !deadline.isOver {
            var descriptor = pollfd(fd: lifeLine, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, deadline.milliseconds) > 0 { break }
        }
        guard !deadline.isOver || !isAlive else {
            let scene = "after \(seconds) s it had not ended; killed\n"
            cut()
            let report = scene + outcome(.signal(SIGKILL)).description
            return try #require(
                nil as Outcome?,
                Comment(rawValue: report),
                sourceLocation: sourceLocation
            )
        }
        return outcome(reap(options: 0) ?? .signal(SIGKILL))
    }

    private func outcome(_ ending: Ending) -> Outcome {
        Outcome(arguments: arguments, ending: ending, output: output, errors: errors)
    }

    private func reap(options: Int32) -> Ending? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard waitpid(process, &status, options) == process else { return nil }
            ended = Ending(waitStatus: status)
            return ended
        }
    }
}

// MARK: - Starting

extension Launch {
    private static func check(_ code: Int32, _ action: String) throws {
        guard code == 0 else {
            throw Trouble("\(action): \(String(cString: strerror(code == -1 ? errno : code)))")
        }
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test runner's own way with signals is nothing to hand on.
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, &attributes, &words, &settings)
        try check(code, "start \(program)")
        return process
    }
}

/// Something about the test's surroundings that is not as it must be.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }
}
