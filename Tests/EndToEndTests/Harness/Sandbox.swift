import Foundation
import Testing

/// A folder of a test's own with a store in it, and the program run on that store.
///
/// Nothing of the machine's configuration gets in. The folder is removed at the end, and what still
/// runs is killed.
final class Sandbox {
    /// The folder.
    let folder: String
    /// What the program finds in its environment.
    var environment: [String: String]
    /// The store's file; not there until the program makes it.
    var store: String
    private var launches: [Launch] = []
    private let record: String

    /// Makes the folder.
    init() throws {
        var template = Array((NSTemporaryDirectory() + "/sbx-e2e-XXXXXX").utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw Trouble("no temporary folder: \(errno)") }
        folder = made
        store = folder + "/s.sqlite"
        record = folder + "/record"
        try FileManager.default.createDirectory(
            atPath: record,
            withIntermediateDirectories: true
        )
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder,
            "XDG_STATE_HOME": folder + "/state",
            "XDG_CONFIG_HOME": folder + "/config",
            "SIGNALBOX": Program.path,
            "SIGNALBOX_STORE": store,
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "TZ": "Asia/Kathmandu",
            "SWIFT_BACKTRACE": "enable=no,interactive=no",
        ]
    }

    deinit {
        for launch in launches { launch.cut() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the program and lets it run.
    func start(
        _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Launch {
        try startProgram(arguments, sourceLocation)
    }

    /// Runs the program to its end.
    @discardableResult
    func run(
        _ arguments: String...,
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try run(arguments, within: seconds, sourceLocation: sourceLocation)
    }

    /// Runs the program with a list of arguments to its end.
    @discardableResult
    func run(
        _ arguments: [String],
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try startProgram(arguments, sourceLocation)
            .wait(within: seconds, sourceLocation: sourceLocation)
    }

    /// Runs the program to its end, which must be a good one.
    @discardableResult
    func done(
        _ arguments: String...,
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try done(arguments, within: seconds, sourceLocation: sourceLocation)
    }

    /// Runs the program with a list of arguments to its end, which must be a good one.
    @discardableResult
    func done(
        _ arguments: [String],
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try run(arguments, within: seconds, sourceLocation: sourceLocation)
        try #require(
            outcome.ending == .exit(0),
            Comment(rawValue: outcome.description),
            sourceLocation: sourceLocation
        )
        return outcome
    }

    /// Starts some other program.
    func startTool(_ program: String, _ arguments: [String]) throws -> Launch {
        let launch = try Launch(program, arguments, environment: environment, folder: record)
        launches.append(launch)
        return launch
    }

    /// Starts the program with a list of arguments.
    func startProgram(
        _ arguments: [String],
        _ sourceLocation: SourceLocation
    ) throws -> Launch {
        try #require(
            Program.isThere,
            "there is no program at \(Program.path): build it, or set SIGNALBOX_BINARY",
            sourceLocation: sourceLocation
        )
        return try startTool(Program.path, arguments)
    }
}

// MARK: - Files

extension Sandbox {
    /// Writes a file into the folder; returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// What a file holds, by its whole path.
    func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }
}
