import Foundation
import Testing

/// The repository as text: what neither the compiler nor the formatter looks at.
@Suite("The house rules")
struct TidyTests {
    @Test("have files to be kept in")
    func findsFiles() throws {
        #expect(Tree.sources.contains("Package.swift"))
        #expect(Tree.sources.contains("Tests/TidyTests/TidyTests.swift"))
        #expect(Tree.sources.count { $0.hasPrefix("Sources/") } > 10)
        #expect(Tree.sources.contains { $0.hasSuffix(".h") })
        #expect(Tree.paths.contains("README.md"))
    }

    @Test("are kept by every source file", arguments: Tree.sources)
    func keepsRules(path: String) throws {
        let source = SourceText(path: path, text: try #require(try Tree.text(of: path)))

        for rule in Rule.all where !Exemption.covers(rule, path) {
            for finding in rule.check(source) { record(finding, in: path) }
        }
    }

    @Test("allow no exemption that is no longer needed")
    func needsExemptions() throws {
        for exemption in Exemption.all {
            let rule = try #require(Rule.all.first { $0.name == exemption.rule })
            let text = try #require(try Tree.text(of: exemption.path))
            let findings = rule.check(SourceText(path: exemption.path, text: text))
            #expect(!findings.isEmpty, "\(exemption.path) keeps \(rule.name) by now")
            #expect(!exemption.reason.isEmpty)
        }
    }

    @Test("let no file mention where it was made")
    func mentionsNoWorkplace() throws {
        for path in Tree.paths {
            guard let text = try Tree.text(of: path) else { continue }
            for finding in Mention.findings(in: text) { record(finding, in: path) }
        }
    }

    @Test("ask of each folder of tests that it holds a suite", arguments: Tree.testFolders)
    func holdsSuite(folder: String) throws {
        let files = Tree.sources.filter { $0.hasPrefix("Tests/\(folder)/") }
        let hasSuite = try files.contains { path in
            let source = SourceText(path: path, text: try Tree.text(of: path) ?? "")
            return source.tokens.indices.contains { source.reads(["@", "Suite"], at: $0) }
        }

        #expect(hasSuite, "Tests/\(folder) tests nothing")
    }

    /// Points at the offending line itself, so that an editor or a log leads there.
    private func record(_ finding: Finding, in path: String) {
        let place = SourceLocation(
            fileID: "signalbox/\(path)",
            filePath: Tree.place(of: path).path,
            line: max(finding.line, 1),
            column: 1
        )
        Issue.record("\(path):\(finding.line): \(finding.text)", sourceLocation: place)
    }
}
