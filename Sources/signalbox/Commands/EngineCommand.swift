import ArgumentParser
import Engine
import Model
import Operations
import Store

/// The engine that owns the store.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Say which engine owns the store; 69 if none is alive."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let store = try global.site().openStoreForReading()
        let (engine, counts) = try store.read { (try $0.engine(), try $0.counts()) }
        if global.isJSON {
            let object = JSONValue.object(of: [
                "engine": engine.map(RecordJSON.object) ?? .null,
                "jobs": RecordJSON.object(counts),
            ])
            StandardOutput.line(object.pretty)
        } else if let engine {
            let standing = engine.isAlive ? "is alive" : "is not alive"
            StandardOutput.line(
                "engine \(engine.epoch) \(standing): process \(engine.process) on "
                    + "\(engine.machine), since \(engine.since)"
            )
            StandardOutput.line("\(counts.unfinished) unfinished jobs, \(counts.total) in all")
        } else {
            StandardOutput.line("there was no engine on this store yet")
        }
        if engine?.isAlive != true { throw Ending(.noEngine) }
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
        let site = try global.site()
        let standard = StandardKinds.all(
            hypervisor: try site.pictureHypervisor(),
            scripts: site.configuration.catalog
        )
        let all = KindRegistry(standard).all
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
