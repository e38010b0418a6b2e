import Engine
import Model
import Testing

@testable import Operations

/// What lines of a script's output mean.
@Suite("A script's line")
struct ScriptLineTests {
    static let table: [(String, ScriptLine)] = [
        ("plain", .log(.info, "plain")),
        ("", .log(.info, "")),
        ("::progress 40 copying disks", .progress(40, "copying disks")),
        ("::progress 100%", .progress(100, "")),
        ("::progress 101 x", .log(.info, "::progress 101 x")),
        ("::progress", .log(.info, "::progress")),
        ("::progress soon", .log(.info, "::progress soon")),
        ("::result disk=vol-7=x", .result("disk", "vol-7=x")),
        ("::result disk=", .result("disk", "")),
        ("::result =x", .log(.info, "::result =x")),
        ("::result a b=x", .log(.info, "::result a b=x")),
        ("::warning only two of three", .warning("only two of three")),
        ("::warning", .log(.info, "::warning")),
        ("::log debug quiet", .log(.debug, "quiet")),
        ("::log error loud", .log(.error, "loud")),
        ("::log shout loud", .log(.info, "::log shout loud")),
        ("::unknown x", .log(.info, "::unknown x")),
        (" ::progress 4", .log(.info, " ::progress 4")),
    ]

    @Test("speaks to the engine if it is written right, and is a line of the log otherwise")
    func reads() {
        for (text, line) in Self.table { #expect(ScriptLine.read(text) == line, "\(text)") }
    }

    @Test("is no result if its value is too long")
    func longResult() {
        let text = "::result a=" + String(repeating: "x", count: ScriptLine.longestValue + 1)
        #expect(ScriptLine.read(text) == .log(.info, text))
    }

    @Test("is one line of plain text, whatever bytes it is made of")
    func plain() {
        func shown(_ bytes: String) -> String { PlainText.of(Array(bytes.utf8)) }
        #expect(shown("a\tb") == "a b")
        #expect(shown("\u{1B}[31mred\u{1B}[0m") == "red")
        #expect(shown("10 %\r20 %\r30 %\r") == "30 %")
        #expect(shown("a\u{0}b\u{7}\u{202E}c") == "a\u{FFFD}b\u{FFFD}\u{FFFD}c")
        #expect(PlainText.of([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    }

    @Test("is cut where it is too long, and what follows is a line of its own")
    func cuts() {
        var cutter = LineCutter(limit: 4)
        #expect(cutter.take(Array("abcdefg\nhi\nj".utf8)[...]) == ["abcd… (3 bytes more)", "hi"])
        #expect(cutter.take(Array("k".utf8)[...]) == [])
        #expect(cutter.rest() == "jk")
        #expect(cutter.rest() == nil)
    }

    @Test("survives being written down and read again")
    func roundTrip() {
        #expect(OutputLine("W a b") == .log(LogText(.warning, "a b")))
        #expect(OutputLine("P 40 a b") == .progress(40, "a b"))
        #expect(OutputLine("R a=b=c") == .result("a", "b=c"))
        #expect(OutputLine("X a") == nil)
        #expect(OutputLine("") == nil)
    }
}
