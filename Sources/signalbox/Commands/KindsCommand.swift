import ArgumentParser
import Engine
import Model
import Operations

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
