import Foundation
import Model
import Testing

/// Jobs.md repeats what the code says; here the two are compared, in both directions.
@Suite("The page about jobs")
struct JobsDocTests {
    private let lines: [Substring]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/Jobs.md"), encoding: .utf8)
        lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The cells of the table whose head begins with these cells.
    private func table(_ head: [String]) -> [[String]] {
        guard let start = lines.firstIndex(where: { Self.cells($0).starts(with: head) }) else {
            return []
        }
        return lines[start...].dropFirst(2).prefix { $0.hasPrefix("|") }.map(Self.cells)
    }

    private static func cells(_ line: Substring) -> [String] {
        let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return line.hasPrefix("|") ? parts : []
    }

    private static func bare(_ cell: String) -> String { cell.replacing("`", with: "") }

    @Test("has the whole table of moves, in its order")
    func moves() {
        let said = table(["from", "to", "when"]).map { cells in
            [Self.bare(cells[0]), Self.bare(cells[1]), cells[2]]
        }
        let meant = Move.all.map { [$0.from?.rawValue ?? "new", $0.to.rawValue, $0.cause] }
        #expect(said == meant)
    }

    @Test("draws exactly the moves of the table, and an end for each last state")
    func diagram() {
        let arrows = lines.compactMap { line -> String? in
            let sides = line.split(separator: "-->").map { $0.trimmingCharacters(in: .whitespaces) }
            return sides.count == 2 ? sides.joined(separator: " ") : nil
        }
        let moves = Move.all.map { "\($0.from?.rawValue ?? "[*]") \($0.to.rawValue)" }
        let ends = JobState.allCases.filter(\.isTerminal).map { "\($0.rawValue) [*]" }
        #expect(Set(arrows) == Set(moves + ends))
        #expect(arrows.count == moves.count + ends.count)
    }

    @Test("puts every state into its group")
    func states() {
        let said = table(["state", "group"]).map { [Self.bare($0[0]), $0[1]] }
        let meant = JobState.allCases.map { state in
            [state.rawValue, state.isTerminal ? "end" : state.isActive ? "active" : "waits"]
        }
        #expect(said == meant)
    }

    @Test("lists every value of every attribute")
    func attributes() throws {
        let rows = table(["attribute", "values"])
        let expected: [(String, [String])] = [
            ("cause", Cause.allCases.map(\.rawValue)),
            ("rollback", RollbackOutcome.allCases.map(\.rawValue)),
            ("backend", BackendStatus.allCases.map(\.rawValue)),
            ("waiting", Waiting.Reason.allCases.map(\.rawValue)),
        ]
        for (name, values) in expected {
            let row = try #require(rows.first { Self.bare($0[0]) == name })
            let said = row[1].split(separator: "`").enumerated()
                .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
            #expect(said.filter { $0.contains(where: \.isLetter) && !$0.contains(" ") } == values)
        }
    }

    @Test("says each state in the words of the four systems")
    func vocabulary() {
        let said = table(["state", "CloudStack"]).map { [Self.bare($0[0])] + $0.dropFirst() }
        let meant = JobState.allCases.map { state -> [String] in
            let words = Vocabulary(of: VocabularyTests.begun(state))
            let vdsm = [
                words.ovirt.vdsmState, words.ovirt.vdsmStatus, words.ovirt.vdsmResult,
            ]
            let layers = [
                words.ovirt.taskState, words.ovirt.commandStatus, words.ovirt.jobStatus,
            ]
            return [
                state.rawValue, "\(words.cloudstack.status) \(words.cloudstack.name)",
                words.cloudbolt, "\(words.oracle.state), \(words.oracle.runState)",
                layers.joined(separator: ", "),
                vdsm.filter { !$0.isEmpty }.joined(separator: ", "),
            ]
        }
        #expect(said == meant)
    }

    @Test("admits every lossy point", arguments: Vocabulary.lossyPoints)
    func lossyPoints(point: String) {
        let text = lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        #expect(text.contains("- " + point))
    }

    @Test("writes down the three rungs, the policies and the answers of an operator")
    func words() {
        let text = lines.joined(separator: "\n")
        let words =
            StopLevel.allCases.map { "**\($0.rawValue.capitalized)**" }
            + Resolution.allCases.map { "**\($0.rawValue)**" }
            + [FailurePolicy.fail, .stop, .warn].map { "| `\($0.rawValue)` |" }
            + [RollbackPolicy.automatic, .manual, .none].map { "| `\($0.rawValue)` |" }
        for word in words { #expect(text.contains(word), "\(word)") }
    }
}
