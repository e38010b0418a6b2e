import ArgumentParser
import Engine
import Foundation
import Model
import Operations
import Store

/// The engine that owns the store.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
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
        if engine != nil { engine?.standbys = Self.standbys(store.path) }
        if engine?.isElsewhere == true { Self.watch(store.path, &engine) }
        if global.isJSON {
            let object = JSONValue.object(of: [
                "engine": engine.map(RecordJSON.object) ?? .null,
                "jobs": RecordJSON.object(counts),
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

/// The kinds of job.
struct KindsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds",
        abstract: "List the kinds of job and what each can be told."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Only this kind.", valueName: "kind"))
    var kind: String?

    func run() throws {
        let hypervisor = try global.site().pictureHypervisor()
        let all = KindRegistry(StandardKinds.all(hypervisor: hypervisor)).all
        let kinds = all.filter { kind == nil || $0.name == kind }
        if let kind, kinds.isEmpty {
            let known = all.map(\.name).joined(separator: ", ")
            throw Complaint(.usage, "there is no kind “\(kind)”; there are \(known)")
        }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(kinds.map(Self.object)))
        }
        let paper = try global.paper()
        for kind in kinds {
            let target = kind.targetType.isEmpty ? "" : " \(kind.targetType.uppercased())"
            StandardOutput.line(paper.tinted(kind.name, .heading) + target)
            StandardOutput.line("    " + paper.safe(kind.summary))
            for parameter in kind.parameters {
                let need = parameter.isRequired ? " (needed)" : ""
                let help = "--param \(parameter.name)=  \(parameter.help)\(need)"
                StandardOutput.line("    " + paper.safe(help))
            }
        }
    }

    private static func object(_ kind: any JobKind) -> JSONValue {
        .object(of: [
            "name": JSONValue(kind.name),
            "summary": JSONValue(kind.summary),
            "targetType": JSONValue(kind.targetType.isEmpty ? nil : kind.targetType),
            "parameters": .array(
                kind.parameters.map { parameter in
                    .object(of: [
                        "name": JSONValue(parameter.name),
                        "help": JSONValue(parameter.help),
                        "required": .bool(parameter.isRequired),
                        "secret": .bool(parameter.isSecret),
                    ])
                }
            ),
        ])
    }
}
