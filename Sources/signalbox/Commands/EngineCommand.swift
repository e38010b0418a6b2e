import ArgumentParser
import Foundation
import Model
import Store

/// The engine that owns the store.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "The engine that owns the store: its standing; drain and resume it.",
        subcommands: [EngineShow.self, EngineDrain.self, EngineResume.self],
        defaultSubcommand: EngineShow.self
    )
}

/// Says how the engine stands.
struct EngineShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say which engine owns the store, and who stands by; 69 if none is alive.",
        discussion: """
            An engine renews a lease beside the store every 5 seconds. One on another machine is \
            watched here for up to 6 seconds, because only the movement of its lease tells \
            whether it lives. One that does not move for 15 seconds is followed by who stands by.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let store = try global.site().openStoreForReading()
        var (engine, counts) = try store.read { (try $0.engine(), try $0.counts()) }
        let (drain, open) = try store.read { (try $0.drain(), try $0.openRoots()) }
        if engine != nil { engine?.standbys = Self.standbys(store.path) }
        if engine?.isElsewhere == true { Self.watch(store.path, &engine) }
        if global.isJSON {
            let object = JSONValue.object(of: [
                "engine": engine.map(RecordJSON.object) ?? .null,
                "jobs": RecordJSON.object(counts),
                "openJobs": JSONValue(open),
                "drained": drain.map(RecordJSON.object) ?? .null,
            ])
            StandardOutput.line(object.pretty)
        } else if let engine {
            let isFrozen = !engine.isAlive && engine.heartbeatAge != nil
            let standing = engine.isAlive ? "is alive" : isFrozen ? "is frozen" : "is not alive"
            StandardOutput.line(
                "engine \(engine.epoch) \(standing): process \(engine.process) on "
                    + "\(engine.machine), since \(engine.since)"
            )
            if let age = engine.heartbeatAge {
                StandardOutput.line("its heartbeat was seen \(Span.short(age)) ago")
            } else if engine.isElsewhere {
                StandardOutput.line("its heartbeat was not seen")
            }
            for standby in engine.standbys { StandardOutput.line("stands by: \(standby)") }
            StandardOutput.line("\(counts.unfinished) unfinished jobs, \(counts.total) in all")
        } else {
            StandardOutput.line("there was no engine on this store yet")
        }
        if let drain, !global.isJSON {
            let rest = open == 0 ? "nothing is left to be done" : "\(open) jobs go on to their end"
            StandardOutput.line(
                try global.paper().safe("no new jobs are taken, drained \(drain.text); \(rest)")
            )
        }
        if engine?.isAlive != true { throw Ending(.noEngine) }
    }

    private static func standbys(_ path: String) -> [String] {
        Standbys.list(of: path).map { "process \($0.process) on \($0.machine)" }
    }

    /// Looks whether the lease of an engine elsewhere moves.
    private static func watch(_ path: String, _ engine: inout EngineLine?) {
        let file = LeaseFile(storePath: path)
        let first = file.read()
        let began = ProcessClock.uptime()
        while ProcessClock.uptime() - began < LeaseFile.interval + 1000 {
            _ = poll(nil, 0, 100)
            if file.read() != first {
                engine?.heartbeatAge = 0
                return
            }
        }
        engine?.isAlive = false
    }
}

/// Has the engine take no new jobs.
struct EngineDrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Take no new jobs; those accepted, and their children, go on to their end.",
        discussion: """
            Whoever submits is refused with the reason (status 3). It outlives the engine: “engine \
            resume” or --until ends it. “engine” says how many jobs are still to end.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: PauseOptions

    func run() throws {
        let until = try options.moment()
        try SubjectRun(global).run(.drain(until: until), on: .engine, reason: options.reason)
    }
}

/// Has a drained engine take new jobs again.
struct EngineResume: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Take new jobs again."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""

    func run() throws { try SubjectRun(global).run(.resume, on: .engine, reason: reason) }
}
