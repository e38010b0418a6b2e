import Testing

/// A text and how many findings a rule has in it.
struct Sample: CustomTestStringConvertible, Sendable {
    let rule: Rule
    let path: String
    let text: String
    let findings: Int

    init(_ rule: Rule, _ text: String, in path: String = "Sources/Engine/A.swift", _ findings: Int)
    {
        self.rule = rule
        self.path = path
        self.text = text
        self.findings = findings
    }

    var testDescription: String { "\(rule.name) in \(path): \(text.prefix(50))" }
}

@Suite("Rules about code")
struct RuleTests {
    @Test("find what they are for and nothing else", arguments: world + handling + wording)
    func findings(sample: Sample) {
        let found = sample.rule.check(SourceText(path: sample.path, text: sample.text))

        #expect(found.count == sample.findings, "\(found)")
    }

    @Test("name the line")
    func line() {
        let source = SourceText(path: "Sources/Model/A.swift", text: "// first\n\nlet a = Date()\n")

        #expect(Rule.clock.check(source) == [Finding(line: 3, text: "Date() reads the clock")])
    }

    @Test("are all in use and have names of their own")
    func all() {
        #expect(Rule.all.count == 17)
        #expect(Set(Rule.all.map(\.name)).count == Rule.all.count)
    }

    private static let world: [Sample] = [
        Sample(.clock, "let a = Date()", 1),
        Sample(.clock, "let a = Date()", in: "Sources/signalbox/A.swift", 0),
        Sample(.clock, "let a = Date()", in: "Tests/EngineTests/A.swift", 0),
        Sample(.clock, "let a = Date.now, b = Foundation.Date()", 2),
        Sample(.clock, "let a = Date(timeIntervalSince1970: 1)", 0),
        Sample(.clock, "let a = ContinuousClock.now; let b = ContinuousClock().now", 2),
        Sample(.clock, "wait(until: .now + 3)", 1),
        Sample(.clock, "let a: Date = .now", 1),
        Sample(.clock, "if due == .now { at(clock.now, model.now, now) }", 0),
        Sample(.clock, "let a = \"\\(Date())\" // Date()", 1),
        Sample(.clock, "let a = \"Date()\"", 0),
        Sample(.clock, "clock_gettime(CLOCK_MONOTONIC, &time)", 1),
        Sample(
            .gate,
            "store.write(as: nil) {}; a.pass(.byMachine(b)); OutsideSubmission.insert(c)",
            in: "Sources/signalbox/A.swift",
            3
        ),
        Sample(.gate, "store.write(as: nil) {}", in: "Sources/Engine/A.swift", 0),
        Sample(.chance, "Int.random(in: 0..<3)", 1),
        Sample(.chance, "Int.random(in: 0..<f(3), using: &generator)", 0),
        Sample(.chance, "Bool.random(); list.shuffled(); list.randomElement()", 3),
        Sample(.chance, "list.shuffled(using: &g); list.randomElement(using: &g)", 0),
        Sample(.chance, "UUID()", 1),
        Sample(.chance, "UUID(uuidString: text)", 0),
        Sample(.pause, "try await Task.sleep(for: .seconds(1))", 1),
        Sample(.pause, "try await Task.sleep(for: .seconds(1))", in: "Tests/ModelTests/A.swift", 1),
        Sample(.pause, "Thread.sleep(forTimeInterval: 1); usleep(3); sleep(1)", 3),
        Sample(.pause, "try await clock.sleep(for: .seconds(1))", 0),
        Sample(.pause, "func sleep() {}", 0),
        Sample(.speech, "print(1); Swift.print(1); canvas.print(1)", 2),
        Sample(.speech, "print(1)", in: "Sources/signalbox/A.swift", 0),
        Sample(.surroundings, "getenv(name)", in: "Sources/Console/A.swift", 1),
        Sample(.surroundings, "FileManager.default", 0),
    ]

    private static let handling: [Sample] = [
        Sample(.force, "a! + b[1]! + f()! + (try! g()) + (h as! Int)", 5),
        Sample(.force, "var a: Int!", 1),
        Sample(.force, "!a && b != c && !(d) && \"e!\" == f", 0),
        Sample(.force, "init!(a: Int) { }", 0),
        Sample(.access, "public func f() { }", 1),
        Sample(.access, "package func f() { log(privacy: .public) } // public", 0),
        Sample(.reasons, "final class A: @unchecked Sendable { }", 1),
        Sample(.reasons, "// The lock guards all.\nfinal class A: @unchecked Sendable { }", 0),
        Sample(.reasons, "nonisolated(unsafe) var a = 1  // Set once, before any thread.", 0),
        Sample(.reasons, "\nnonisolated(unsafe) var a = 1", 1),
        Sample(.imports, "import Foundation\nimport Model\nimport HeapModule", 0),
        Sample(.imports, "import GRDB\nimport Hypervisor\nimport struct Console.Theme", 3),
        Sample(.imports, "package import Model\nimport Dispatch", in: "Sources/Model/A.swift", 2),
        Sample(.imports, "import ArgumentParser", in: "Sources/signalbox/A.swift", 0),
        Sample(.imports, "import TestKit", in: "Sources/signalbox/A.swift", 1),
        Sample(.imports, "let a = 1", in: "Sources/Extras/A.swift", 1),
        Sample(.includes, "#include <curses.h>", in: "Sources/Engine/A.c", 1),
        Sample(.includes, "#include <curses.h>", in: "Sources/CNcurses/A.c", 0),
    ]

    private static let wording: [Sample] = [
        Sample(.unfinished, "// TO" + "DO: more", 1),
        Sample(.unfinished, "let a = \"TO" + "DO\" // toDo", 0),
        Sample(.names, "struct JobManager { }\nenum Utils { }\nprotocol BaseView { }", 3),
        Sample(.names, "struct Database { }\nlet a = FileManager.default", 0),
        Sample(.documentation, "package struct A { }", 1),
        Sample(.documentation, "/// A.\npackage struct A { }", 0),
        Sample(.documentation, "// A.\npackage struct A { }", 1),
        Sample(.documentation, "/// A.\n\npackage struct A { }", 1),
        Sample(.documentation, "/// A.\n@MainActor\n@a(b: [\n1\n])\n@c\npackage class A { }", 0),
        Sample(.documentation, "@MainActor\npackage final class A { }", 1),
        Sample(.documentation, "package static func f() { }\npackage class func g() { }", 2),
        Sample(.documentation, "/** A. */\npackage private(set) var a = 1", 0),
        Sample(.documentation, "package nonisolated(unsafe) var a = 1\npackage init() { }", 2),
        Sample(.documentation, "package import Model\nlet package = Package(name: \"a\")", 0),
        Sample(.documentation, "package static func == (a: A, b: A) -> Bool { true }", 0),
        Sample(.documentation, "package extension A { }\nprivate func f() { }", 0),
    ]
}

@Suite("Rules about sizes")
struct SizeRuleTests {
    @Test("limit a file to 400 lines, and one of tests to 600")
    func file() {
        let long = String(repeating: "\n", count: 401)

        #expect(
            Rule.fileLength.check(SourceText(path: "Sources/Model/A.swift", text: long)).count == 1
        )
        #expect(Rule.fileLength.check(SourceText(path: "Tests/A.swift", text: long)).isEmpty)
        #expect(
            Rule.fileLength.check(SourceText(path: "Tests/A.swift", text: long + long)).count == 1
        )
    }

    @Test("limit a line to 100 columns, however many bytes these are")
    func line() {
        let text = String(repeating: "é", count: 100) + "\n" + String(repeating: "x", count: 101)
        let findings = Rule.lineLength.check(SourceText(path: "A.swift", text: text))

        #expect(findings == [Finding(line: 2, text: "has 101 columns; 100 is the limit")])
    }

    @Test("limit a function to 70 lines", arguments: [(68, 0), (69, 1)])
    func function(lines: Int, findings: Int) {
        let body = String(repeating: "    f(\"}\")\n", count: lines)
        let swift = SourceText(path: "A.swift", text: "func g() {\n\(body)}\n")
        let c = SourceText(path: "A.c", text: "int g(void) {\n\(body)}\n")

        #expect(Rule.functionLength.check(swift).count == findings)
        #expect(Rule.functionLength.check(c).count == findings)
    }

    @Test("know where functions begin and end")
    func spans() {
        let text = """
            protocol P {
                func none() throws(E) -> [Int]
                var none: Int { get }
                init(none: Int)
            }
            struct S {
                var stored: [Int] = list.map { $0 }
                var computed: Int {
                    1
                }
                init?(a: () -> Void = { }) {
                    self.init(b: 1) { }
                }
                static func < (a: S, b: S) -> Bool {
                    func inner<T>(t: T) where T: P {
                    }
                }
                deinit { }
                subscript(a: Int) -> Int { 1 }
            }
            """
        let spans = FunctionSpan.all(in: SourceText(path: "A.swift", text: text))
        let expected: [FunctionSpan] = [
            FunctionSpan(name: "none", lines: 3...3),
            FunctionSpan(name: "computed", lines: 8...10),
            FunctionSpan(name: "init", lines: 11...13),
            FunctionSpan(name: "<", lines: 14...17),
            FunctionSpan(name: "inner", lines: 15...16),
            FunctionSpan(name: "deinit", lines: 18...18),
            FunctionSpan(name: "subscript", lines: 19...19),
        ]

        #expect(spans == expected)
    }

    @Test(
        "end with a text that is broken off",
        arguments: [
            "func", "func f", "func f(", "(func f())", "func f() {", "init(", "init()]", "var",
            "var a: [", "var a }", "subscript(a: Int) ->", "deinit",
        ]
    )
    func brokenOff(text: String) {
        #expect(FunctionSpan.all(in: SourceText(path: "A.swift", text: text)).isEmpty)
    }
}

@Suite("Mentions")
struct MentionTests {
    @Test("of a banned place are found with their line", arguments: Mention.banned)
    func found(place: String) {
        let findings = Mention.findings(in: "first\nsee \(place) there")

        #expect(findings == [Finding(line: 2, text: "mentions \(place)")])
    }

    @Test("of other places are nobody's business")
    func others() {
        #expect(Mention.findings(in: "Sources/Workload/Load.swift, network/x").isEmpty)
    }
}
