import ArgumentParser
import Model
import Operations
import Store

/// What is done when something happens.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "List the hooks: what they wait for, and how far they have come.",
        discussion: """
            They come from the configuration's “hooks”. Ends with status 1 if the last thing that \
            one of them did went wrong, or its script cannot be run.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    /// A hook with its course, and what is wrong with it.
    private struct Line {
        let rule: HookRule
        let course: HookCourse?
        let behind: Int64
        let problem: String?
    }

    func run() throws {
        let site = try global.site()
        let lines = try lines(site)
        if global.isJSON {
            StandardOutput.line(JSONText.list(lines.map(Self.object)))
        } else if lines.isEmpty {
            StandardOutput.line("the configuration has no hooks")
        } else {
            try show(lines)
        }
        if lines.contains(where: { $0.problem != nil }) { throw Ending(.failed) }
    }

    private func lines(_ site: Site) throws -> [Line] {
        let rules = site.configuration.hooks
        guard !rules.isEmpty else { return [] }
        let end = try? site.openStoreForReading().read { try $0.journalEnd() }
        return rules.map { rule in
            let course = HookRunner.course(of: rule.name, in: site.scriptsPath)
            var problem = course?.lastError
            if let program = rule.program {
                do throws(Failure) {
                    _ = try site.configuration.catalog.program(program)
                } catch {
                    problem = error.text
                }
            }
            return Line(
                rule: rule,
                course: course,
                behind: max(0, (end ?? 0) - (course?.cursor ?? end ?? 0)),
                problem: problem
            )
        }
    }

    private func show(_ lines: [Line]) throws {
        var table = Table([
            .init("HOOK"), .init("ON"), .init("DOES"), .init("DELIVERED", isRight: true),
            .init("FAILED", isRight: true), .init("LAST PROBLEM"),
        ])
        for line in lines {
            let does = [line.rule.program.map { "run \($0)" }, line.rule.rings ? "bell" : nil]
            table.add([
                .init(line.rule.name), .init(Self.event(line.rule)),
                .init(does.compactMap { $0 }.joined(separator: ", ")),
                .init("\(line.course?.delivered ?? 0)"), .init("\(line.course?.failed ?? 0)"),
                line.problem.map { .init($0, .bad) } ?? .init("-"),
            ])
        }
        table.print(on: try global.paper())
    }

    private static func event(_ rule: HookRule) -> String {
        var parts = rule.states.map(\.rawValue).sorted() + rule.kinds
        if rule.filter != .all { parts.append("\(rule.filter)") }
        return parts.isEmpty ? "every move" : parts.joined(separator: " ")
    }

    private static func object(_ line: Line) -> JSONValue {
        .object(of: [
            "name": JSONValue(line.rule.name),
            "states": .array(line.rule.states.map(\.rawValue).sorted().map { JSONValue($0) }),
            "kinds": .array(line.rule.kinds.map { JSONValue($0) }),
            "filter": JSONValue("\(line.rule.filter)"),
            "run": JSONValue(line.rule.program),
            "bell": .bool(line.rule.rings),
            "cursor": JSONValue(line.course?.cursor),
            "linesBehind": JSONValue(line.behind),
            "delivered": JSONValue(line.course?.delivered ?? 0),
            "failed": JSONValue(line.course?.failed ?? 0),
            "problem": JSONValue(line.problem),
        ])
    }
}
