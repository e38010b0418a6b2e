import Engine
import Foundation
import Model
import Operations
import Synchronization
import Testing

/// A folder with scripts of a test's own, and a backend that runs them for real.
///
/// Everything is waited for by an event, with a bound for broken programs only.
final class ScriptStage {
    let folder: String
    private(set) var backend: ScriptBackend
    private let bell: WakePipe
    private var programs: [ScriptProgram] = []
    private(set) var heard: [BackendNews] = []
    private var fence: Int64 = 10

    /// Where the program is that stands by scripts.
    static let guardPath: String = {
        let named = ProcessInfo.processInfo.environment["SIGNALBOX_BINARY"] ?? ""
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { package.deleteLastPathComponent() }
        return named.isEmpty ? package.path + "/.build/debug/signalbox" : named
    }()

    /// Whether it was built.
    static var canRun: Bool { FileManager.default.isExecutableFile(atPath: guardPath) }

    /// Scripts by name; each begins with `#!/bin/bash`.
    init(_ scripts: [String: String], _ change: (inout ScriptProgram) -> Void = { _ in }) throws {
        var template = Array((NSTemporaryDirectory() + "/sbx-script-XXXXXX").utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        folder = try #require(made)
        bell = try WakePipe()
        for (name, text) in scripts {
            let path = folder + "/" + name
            let whole = "#!/bin/bash\nT=\(folder)\n" + text
            try whole.write(toFile: path, atomically: true, encoding: .utf8)
            chmod(path, 0o755)
            var program = ScriptProgram(name, path: path)
            program.grace = 5000
            change(&program)
            programs.append(program)
        }
        backend = try Self.open(folder, programs, bell)
    }

    deinit {
        backend.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func open(
        _ folder: String,
        _ programs: [ScriptProgram],
        _ bell: WakePipe
    ) throws -> ScriptBackend {
        try ScriptBackend(
            folder: folder + "/records",
            catalog: ScriptCatalog(programs),
            guardian: Guardian(program: guardPath, arguments: ["script-guard"]),
            wake: { bell.signal() }
        )
    }

    /// The backend is closed and another one takes up what is there.
    func reopen() throws {
        backend.stop()
        heard = []
        backend = try Self.open(folder, programs, bell)
    }

    // MARK: Calls

    func call(
        _ name: String,
        _ program: String,
        _ parameters: [String: String] = [:],
        fence: Int64? = nil
    ) -> BackendCall {
        self.fence += 1
        let all = parameters.merging(["program": program]) { $1 }
        let operation = Operation("script.run", on: "vm/a", lane: "scripts", parameters: all)
        return .begin(
            OperationCall(
                name: name,
                operation: operation,
                lane: "scripts",
                fence: fence ?? self.fence
            )
        )
    }

    func begin(_ program: String, _ parameters: [String: String] = [:], as name: String = "1/0/1") {
        perform(call(name, program, parameters))
    }

    func perform(_ call: BackendCall) {
        backend.perform([call], at: Timestamp(milliseconds: 0))
    }

    func interrupt(_ name: String = "1/0/1") {
        perform(.interrupt(operation: name, fence: .max))
    }

    // MARK: News

    /// Waits until something is heard that fits; what came before it is kept, too.
    @discardableResult
    func hear(
        _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ fits: (BackendNews) -> Bool
    ) async throws -> BackendNews {
        var rounds = 0
        while true {
            let news = backend.takeNews(at: Timestamp(milliseconds: 0))
            heard += news
            if let found = news.first(where: fits) { return found }
            rounds += 1
            let count = await Blocking.wait(for: bell.readEnd)
            bell.drain()
            try #require(
                count > 0 && rounds < 100_000,
                "waited in vain: \(what); heard \(heard)",
                sourceLocation: sourceLocation
            )
        }
    }

    /// Waits for the end of an operation.
    func end(
        of name: String = "1/0/1",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> BackendNews.Event {
        try await hear("the end of \(name)", sourceLocation: sourceLocation) { news in
            guard news.operation == name else { return false }
            switch news.event {
            case .done, .doneWithWarning, .failed, .refused, .interrupted, .unknown: return true
            default: return false
            }
        }.event
    }

    /// Waits for a line of the log.
    func line(
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await hear("the line \(text)", sourceLocation: sourceLocation) { news in
            guard case .said(let lines, _) = news.event else { return false }
            return lines.contains { $0.text == text }
        }
    }

    /// All lines of the log so far.
    var lines: [LogText] {
        var lines: [LogText] = []
        for news in heard {
            if case .said(let more, _) = news.event { lines += more }
        }
        return lines
    }

    /// Whether a process lives.
    func lives(_ process: pid_t) -> Bool {
        let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat")
        guard let stat else { return false }
        return !String(decoding: stat, as: UTF8.self).contains(") Z ")
    }

    /// The processes whose numbers a script wrote into files, by the files' names.
    func processes(_ files: String...) throws -> [pid_t] {
        try files.map { file in
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }

    /// The records of runs that are there.
    var records: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/records")
        return (names ?? []).filter { $0.hasPrefix("run-") || $0.hasPrefix("gone-") }.sorted()
    }
}

/// What blocks is done on threads of their own: those of the tests are few, and the guards of
/// scripts are started on them.
enum Blocking {
    /// Waits until a descriptor can be read; the longest wait is only a bound for broken programs.
    static func wait(for descriptor: Int32) async -> Int32 {
        await run {
            var wanted = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
            return poll(&wanted, 1, 60_000)
        }
    }

    /// Does something on a thread of its own.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: body()) }.start()
        }
    }
}
