import Model
import Store

/// What a job comes after, and what comes after it, in words.
enum LinkText {
    /// Jobs with their states: `job-3 (vm.start vm/web-1) Completed, job-4 (noop) Running`.
    static func list(_ links: [JobLink]) -> String {
        var words = links.prefix(shown).map { "\($0.name) \($0.state.word)" }
        if links.count > shown { words.append("\(links.count - shown) more") }
        return words.joined(separator: ", ")
    }

    private static let shown = 10

    /// What becomes of a job if one it comes after does not complete; empty if it waits for none.
    static func policy(_ detail: JobDetail) -> String {
        guard !detail.prerequisites.isEmpty else { return "" }
        return switch detail.afterFailure {
        case .fail: "it fails too"
        case .skip: "it is skipped"
        case .run: "it runs all the same"
        }
    }

    /// The links of a job as lines for below a tree.
    static func lines(_ links: JobLinks) -> [String] {
        var lines: [String] = []
        if !links.prerequisites.isEmpty { lines.append("after \(list(links.prerequisites))") }
        if !links.dependents.isEmpty { lines.append("before \(list(links.dependents))") }
        return lines
    }

    /// The links of a job as keys of its JSON object.
    static func members(_ links: JobLinks) -> [JSONValue.Member] {
        [
            JSONValue.Member(
                "prerequisites",
                .array(links.prerequisites.map(RecordJSON.object))
            ),
            JSONValue.Member("dependents", .array(links.dependents.map(RecordJSON.object))),
        ]
    }
}
