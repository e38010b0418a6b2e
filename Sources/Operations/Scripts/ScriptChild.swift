import Engine
import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// The program of a run as a child process.
final class ScriptChild: Sendable {
    /// How it ended.
    enum Ending: Sendable, Hashable {
        /// By itself, with that status.
        case exited(Int32)
        /// By that signal.
        case signaled(Int32)
        /// It never began; why.
        case notStarted(String)
    }

    private struct State {
        var process: pid_t?
        var ending: Ending?
    }

    private let state = Mutex(State())
    /// Becomes readable when the child has begun or ended.
    let news: WakePipe

    /// A child that has not begun.
    init() throws { news = try WakePipe() }

    /// Its number, which is that of its group, too; nil until it has begun.
    var process: pid_t? { state.withLock { $0.process } }

    /// How it ended; nil while it has not.
    var ending: Ending? { state.withLock { $0.ending } }

    /// Starts it in a session of its own.
    ///
    /// - Returns: where to read what it says; neither end blocks.
    func start(_ order: ScriptOrder, scratch: String) throws -> (output: Int32, errors: Int32) {
        let output = try Self.pipe()
        let errors = try Self.pipe()
        let input = open(order.input ?? "/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw FileTrouble("open \(order.input ?? "/dev/null")") }
        var options = PlatformOptions()
        options.createSession = true
        let entries = order.environment.sorted { $0.key < $1.key }
        let configuration = Configuration(
            executable: .path(FilePath(order.program)),
            arguments: Arguments(order.arguments),
            environment: .custom(entries.map { Array("\($0.key)=\($0.value)\0".utf8) }),
            workingDirectory: FilePath(order.directory ?? scratch),
            platformOptions: options
        )
        Task.detached { [self] in
            let ending = await run(configuration, input, output.write, errors.write)
            state.withLock { $0.ending = ending }
            news.signal()
        }
        return (output.read, errors.read)
    }

    private func run(
        _ configuration: Configuration,
        _ input: Int32,
        _ output: Int32,
        _ errors: Int32
    ) async -> Ending {
        let open = Mutex([input, output, errors])
        // The program has its own by then; as long as ours are open nobody hears of its end.
        let close: @Sendable () -> Void = {
            open.withLock { open in
                for file in open { Glibc.close(file) }
                open = []
            }
        }
        defer { close() }
        var attempt = 1
        while true {
            do {
                let result = try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(
                        .init(rawValue: input),
                        closeAfterSpawningProcess: false
                    ),
                    output: .fileDescriptor(
                        .init(rawValue: output),
                        closeAfterSpawningProcess: false
                    ),
                    error: .fileDescriptor(
                        .init(rawValue: errors),
                        closeAfterSpawningProcess: false
                    )
                ) { execution in
                    close()
                    state.withLock { $0.process = execution.processIdentifier.value }
                    news.signal()
                }
                switch result.terminationStatus {
                case .exited(let status): return .exited(status)
                case .signaled(let signal): return .signaled(signal)
                }
            } catch let error where attempt < Self.attempts && Self.isBusy(error) {
                // Somebody has just written the program: it has not begun, and will in a moment.
                attempt += 1
                poll(nil, 0, Self.pause)
            } catch {
                return .notStarted(String(describing: error))
            }
        }
    }

    /// How often a program that is still being written is tried.
    private static let attempts = 50
    /// The pause between two attempts, in milliseconds.
    private static let pause: Int32 = 20

    private static func isBusy(_ error: any Error) -> Bool {
        (error as? SubprocessError)?.underlyingError == .textFileBusy
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw FileTrouble("make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }
}

/// Starts the guards of runs.
package struct Guardian: Sendable {
    /// The program that guards, and how it is told to.
    private let program: String
    private let arguments: [String]

    /// A program that guards a run if its folder follows these arguments.
    package init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// Starts the guard of a folder and waits for its end.
    ///
    /// It is in a session of its own: what ends this process does not end it.
    /// - Returns: why it could not be started; nil if it was.
    func stand(by folder: RunFolder) async -> String? {
        var options = PlatformOptions()
        options.createSession = true
        do {
            _ = try await Subprocess.run(
                .path(FilePath(program)),
                arguments: Arguments(arguments + [folder.path]),
                workingDirectory: "/",
                platformOptions: options,
                input: .none,
                output: .discarded,
                error: .discarded
            )
            return nil
        } catch {
            return String(describing: error)
        }
    }
}
