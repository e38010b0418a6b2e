import Console
import Engine
import Foundation
import Model
import Store
import Terminal

/// How soon the console shows something, and how much it sends.
///
/// It draws on a pseudo-terminal as it would on any other.
enum ConsoleBenches {
    private static let states: [JobState] =
        Array(repeating: .completed, count: 16) + [.failed, .aborted, .warning, .running]

    /// First frame, and key to frame while the engine changes rows.
    static func frame(_ lab: BenchLab) throws -> [BenchLine] {
        let path = lab.path()
        try fill(path, lab.size)
        return try onScreen { screen in
            let store = try SQLiteStore(path: path)
            let began = ContinuousClock.now
            var bench = ConsoleBench(screen, store, path)
            bench.read()
            bench.show()
            let first = (ContinuousClock.now - began) / .milliseconds(1)
            let keys = bench.keys(500)
            try store.close()
            let at = Percentiles(keys)
            return [
                BenchLine("frame", "first frame of \(lab.size) jobs", first, "ms")
                    .reaching("≤ 100", first <= 100),
                BenchLine("frame", "key → painted frame, p50", at(50), "ms")
                    .reaching("≤ 1", at(50) <= 1),
                BenchLine("frame", "key → painted frame, p99", at(99), "ms")
                    .reaching("≤ 10", at(99) <= 10),
            ]
        }
    }

    /// Bytes of a live tick in which one row in ten changes.
    static func bytes(_ lab: BenchLab) throws -> [BenchLine] {
        let path = lab.path()
        try fill(path, 2000)
        return try onScreen { screen in
            let store = try SQLiteStore(path: path)
            var bench = ConsoleBench(screen, store, path)
            bench.read()
            bench.show()
            let writes = screen.statistics.writes
            var sizes: [Double] = []
            for tick in 1...50 {
                bench.change(oneIn: 10, tick)
                let before = screen.statistics.bytes
                bench.show()
                sizes.append(Double(screen.statistics.bytes - before))
            }
            let perFrame = Double(screen.statistics.writes - writes) / 50
            try store.close()
            let at = Percentiles(sizes)
            return [
                BenchLine("bytes", "live tick at 200×60, a tenth of the rows, p50", at(50), "bytes")
                    .reaching("≤ 300", at(50) <= 300),
                BenchLine("bytes", "writes a frame", perFrame, "")
                    .reaching("1", perFrame <= 1),
            ]
        }
    }

    /// Memory of a console and an engine on many jobs, in a process that did nothing else.
    ///
    /// None of the jobs is at work: an engine remembers those, and slots bound how many there are.
    static func memory(_ lab: BenchLab) throws -> [BenchLine] {
        let path = lab.path()
        try fill(path, lab.size, states.map { $0 == .running ? .pending : $0 })
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["bench", "--memory-of", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let answer = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        guard let used = Double(text.filter { !$0.isNewline }) else {
            throw Complaint(.failed, "the process whose memory was to be measured did not answer")
        }
        return [
            BenchLine("memory", "console and engine, \(lab.size) jobs", used, "MB")
                .reaching("≤ 60", used <= 60)
        ]
    }

    /// Memory of this process with a console and an engine on the store at that path, in MB.
    static func ownMemory(_ path: String) throws -> Double {
        let engine = try BenchEngine(path: path)
        defer { try? engine.stop() }
        let lines = try onScreen { screen in
            var bench = ConsoleBench(screen, engine.store, path)
            bench.read()
            bench.show()
            _ = bench.keys(200)
            return [BenchLine("memory", "", Process.residentMegabytes(), "MB")]
        }
        return lines.first?.value ?? 0
    }

    private static func fill(
        _ path: String,
        _ count: Int,
        _ states: [JobState] = states
    ) throws {
        let store = try SQLiteStore(path: path)
        // Hours old, so that their ages do not count seconds: what changes is what a tick changes.
        try BenchLab.fill(store, count, states, age: 3 * 3_600_000)
        try store.close()
    }

    private static func onScreen(
        _ body: @MainActor (CursesScreen) throws -> [BenchLine]
    ) throws -> [BenchLine] {
        let terminal = try PseudoTerminal(rows: 60, columns: 200)
        return try MainActor.assumeIsolated {
            var options = ScreenOptions(
                capabilities: TerminalCapabilities(
                    term: "xterm-256color",
                    colors: .indexed256,
                    unicode: true
                )
            )
            options.input = terminal.descriptor
            options.output = terminal.descriptor
            return try CursesScreen.run(options, body)
        }
    }
}

/// A console without a loop: it is told when to read and when to show.
@MainActor
private struct ConsoleBench {
    private let screen: CursesScreen
    private let store: SQLiteStore
    private var model: ConsoleModel
    private var view: ReaderView
    private var watch: Watch?
    private var page: Console.Snapshot?

    init(_ screen: CursesScreen, _ store: SQLiteStore, _ path: String) {
        self.screen = screen
        self.store = store
        let site = Site(
            storePath: path,
            scenario: "",
            installation: .none,
            configuration: Configuration(),
            identity: Identity(user: "bench", uid: getuid()),
            isReadOnly: false
        )
        let clock = WallClock()
        view = ReaderView(Desk(site: site, store: store, clock: clock, host: nil, demo: Demo()))
        let size = screen.size
        model = ConsoleModel(
            settings: ConsoleSettings(),
            rows: size.rows,
            columns: size.columns,
            now: clock.now()
        )
        take(.tick(clock.now()))
    }

    private mutating func take(_ event: Event) {
        if case .snapshot(let snapshot) = event { page = snapshot }
        for case .watch(let wish) in model.update(event) { watch = wish }
    }

    /// Reads what the console wants.
    mutating func read() {
        guard let watch else { return }
        for event in view.read(watch, isNew: true) { take(event) }
    }

    /// Draws and sends a frame.
    func show() { _ = screen.present(model.view()) }

    /// Milliseconds from each key to its painted frame, what is newly wanted read in between.
    mutating func keys(_ count: Int) -> [Double] {
        let keys: [Key] = [Key(.down), Key(.down), Key(.down), Key(.pageDown), Key(.up)]
        var times: [Double] = []
        for number in 0..<count {
            let began = ContinuousClock.now
            take(.input(.key(keys[number % keys.count]), WallClock().now()))
            show()
            times.append((ContinuousClock.now - began) / .milliseconds(1))
            // The reader's answer comes on its own time, and is painted as a live tick is.
            read()
            show()
        }
        return times
    }

    /// Moves the progress of one visible row in so many.
    mutating func change(oneIn part: Int, _ tick: Int) {
        guard var snapshot = page else { return }
        for place in snapshot.page.rows.indices where place % part == tick % part {
            let progress = snapshot.page.rows[place].job.progress
            snapshot.page.rows[place].job.progress = (progress + 7) % 100
        }
        snapshot.now = snapshot.now + 1000
        take(.snapshot(snapshot))
    }
}
