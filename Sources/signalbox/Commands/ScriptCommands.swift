import ArgumentParser
import Foundation
import Model
import Operations

/// Stands by one run of a script; started by an engine, never by a person.
struct ScriptGuardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script-guard",
        abstract: "Stand by a run of a script.",
        shouldDisplay: false
    )

    @Argument(help: "The run's folder.")
    var folder: String

    func run() throws {
        let start = ContinuousClock.now
        let status = ScriptGuard.run(folder: folder) {
            let passed = (ContinuousClock.now - start).components
            return passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        }
        if status != 0 { throw Ending(.failed) }
    }
}

extension Guardian {
    /// This program itself, as the guard of runs.
    static var own: Guardian {
        let link = "/proc/self/exe"
        let file = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link
        // A program that was replaced since it was started is still behind the link.
        let isThere = FileManager.default.isExecutableFile(atPath: file)
        return Guardian(program: isThere ? file : link, arguments: ["script-guard"])
    }
}

/// The programs that jobs may run.
struct ScriptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script",
        abstract: "List the programs that script.run and hooks may run.",
        discussion: """
            They come from the configuration's “scripts”. Ends with status 1 if one of them cannot \
            be run as it lies there.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let catalog = try global.site().configuration.catalog
        let lines = catalog.all.map { ($0, ProgramCheck.problem(with: $0.path)) }
        if global.isJSON {
            StandardOutput.line(JSONText.list(lines.map(Self.object)))
        } else if lines.isEmpty {
            StandardOutput.line("the configuration lists no scripts")
        } else {
            try show(lines)
        }
        if lines.contains(where: { $0.1 != nil }) { throw Ending(.failed) }
    }

    private func show(_ lines: [(ScriptProgram, String?)]) throws {
        var table = Table([
            .init("SCRIPT"), .init("UNDO"), .init("TIMEOUT"), .init("PATH"), .init("HELP"),
        ])
        for (program, problem) in lines {
            table.add([
                .init(program.name), .init(program.undo ?? "-"),
                .init(program.timeout.map(Span.short) ?? "-"), .init(program.path),
                problem.map { .init("refused: \($0)", .bad) } ?? .init(program.help),
            ])
        }
        table.print(on: try global.paper())
    }

    private static func object(_ line: (program: ScriptProgram, problem: String?)) -> JSONValue {
        let program = line.program
        return .object(of: [
            "name": JSONValue(program.name),
            "path": JSONValue(program.path),
            "undo": JSONValue(program.undo),
            "help": JSONValue(program.help),
            "takesArguments": .bool(program.takesArguments),
            "timeoutMilliseconds": JSONValue(program.timeout),
            "graceMilliseconds": JSONValue(program.grace),
            "usable": .bool(line.problem == nil),
            "problem": JSONValue(line.problem),
        ])
    }
}
