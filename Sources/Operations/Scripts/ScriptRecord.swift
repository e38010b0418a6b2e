import Engine
import Foundation
import Glibc
import Model

/// What is known of one run by whoever looks after it.
struct ScriptRecord {
    /// Where its files are.
    let folder: RunFolder
    /// What its guard was told.
    let order: ScriptOrder
    /// The newest claim.
    private(set) var fence: Int64
    /// The last it has said of its progress.
    private(set) var progress: (percent: Int, text: String) = (0, "")
    /// How it ended; nil while it has not.
    var ended: BackendNews.Event?
    /// Whether its end was told.
    var isToldOf = false
    /// Whether its guard is a child of this process.
    var isLaunching = false
    /// Whether nobody wants to hear of it any more.
    var isCleared = false
    /// Whether there is more to read than was read.
    private(set) var hasMore = false
    private var offset: Int64

    /// The largest part of the output that is read at once, in bytes.
    private static let portion = 64 << 10

    /// The record of a folder.
    init(_ folder: RunFolder, _ order: ScriptOrder) {
        (self.folder, self.order) = (folder, order)
        fence = max(order.fence, folder.number(in: folder.fence) ?? 0)
        offset = folder.number(in: folder.offset) ?? 0
    }

    /// Whether its guard has begun; then it is never begun again.
    var isBegun: Bool { folder.has(folder.beginning) || folder.has(folder.end) }

    /// Takes a newer claim down.
    mutating func claim(_ newer: Int64) {
        guard newer > fence else { return }
        fence = newer
        try? DurableFile.write(Data(String(newer).utf8), to: folder.fence)
    }

    /// Remembers how much of its output the engine has for good.
    func save(offset: Int64) {
        try? Data(String(offset).utf8).write(to: URL(fileURLWithPath: folder.offset))
    }

    /// Has its guard end it.
    func askToStop() throws {
        guard !folder.has(folder.stop) else { return }
        try DurableFile.write(Data(), to: folder.stop)
    }

    /// What it has said since the last time, as far as lines are whole.
    mutating func read() -> [ScriptTraffic.Item] {
        hasMore = false
        let file = open(folder.output, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: Self.portion)
        let count = pread(file, &buffer, buffer.count, off_t(offset))
        guard count > 0, let last = buffer[..<count].lastIndex(of: UInt8(ascii: "\n")) else {
            return []
        }
        hasMore = count == buffer.count
        offset += Int64(last) + 1
        return items(String(decoding: buffer[..<last], as: UTF8.self))
    }

    private mutating func items(_ text: String) -> [ScriptTraffic.Item] {
        var lines: [LogText] = []
        var results: [String: String] = [:]
        var items: [ScriptTraffic.Item] = []
        func said() {
            guard !lines.isEmpty || !results.isEmpty else { return }
            let event = BackendNews.Event.said(lines, results: results)
            items.append((BackendNews(operation: order.operation, event), 0))
            (lines, results) = ([], [:])
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            switch OutputLine(line) {
            case .log(let log): lines.append(log)
            case .result(let name, let value): results[name] = value
            case .progress(let percent, let text):
                progress = (percent, text)
                said()
                let event = BackendNews.Event.progress(percent, text)
                items.append((BackendNews(operation: order.operation, event), 0))
            case nil: break
            }
            if lines.count >= Self.batch { said() }
        }
        said()
        if let last = items.indices.last { items[last].reach = offset }
        return items
    }

    /// How many lines one item of news has at most.
    private static let batch = 200
}

/// What is done about a run whose guard was killed.
enum ScriptOrphan {
    /// How often what is left of it is killed.
    private static let rounds = 200

    /// Ends what is left of a run without a guard, and says what became of it.
    static func end(of folder: RunFolder) -> BackendNews.Event {
        let beginning = folder.read(ScriptBeginning.self, from: folder.beginning)
        let isSameBoot = beginning.map { $0.boot == Kin.boot() } ?? true
        var left = isSameBoot ? Kin.living(marked: folder.mark) : []
        let hadSome = !left.isEmpty
        for _ in 0..<rounds where !left.isEmpty {
            for process in left { kill(process, SIGKILL) }
            // There is nothing to wait on: these are not this process's children.
            poll(nil, 0, 10)
            left = Kin.living(marked: folder.mark)
        }
        try? FileManager.default.removeItem(atPath: folder.scratch)
        let code = ResultCode(domain: "script", number: 137, name: "GuardLost")
        guard isSameBoot else {
            return .failed(Failure(code, "the machine was restarted while it ran"))
        }
        let rest = left.map(String.init).joined(separator: ", ")
        let what =
            !left.isEmpty
            ? "processes that could not be killed are left: \(rest)"
            : hadSome ? "what was left of it was killed" : "nothing of it was left"
        return .failed(
            Failure(code, "its guard was killed, so its outcome is not known; \(what)")
        )
    }
}

/// The names of operations that were run and cleared, so that none is run again.
struct ClearedNames {
    private let path: String
    private var names: Set<String> = []
    private var order: [String] = []

    /// How many are remembered at least.
    static let limit = 10_000

    /// Those that a file has.
    init(path: String) {
        self.path = path
        let data = FileManager.default.contents(atPath: path) ?? Data()
        order = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        names = Set(order)
        shorten()
    }

    /// Whether that operation was cleared.
    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Adds one.
    mutating func insert(_ name: String) {
        guard names.insert(name).inserted else { return }
        order.append(name)
        shorten()
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        let line = Array((name + "\n").utf8)
        _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        fsync(file)
        close(file)
    }

    private mutating func shorten() {
        guard order.count > 2 * Self.limit else { return }
        order = Array(order.suffix(Self.limit))
        names = Set(order)
        let text = order.joined(separator: "\n") + "\n"
        try? DurableFile.write(Data(text.utf8), to: path)
    }
}
