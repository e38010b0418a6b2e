import CNcurses
import Terminal
import Testing

@Suite("Sanitizer and widths")
struct SanitizerTests {
    struct Case: CustomTestStringConvertible {
        var text: String
        var shown: String
        var width: Int
        var ascii: String
        var testDescription: String {
            text.unicodeScalars.map { "\($0.value)" }.joined(separator: " ")
        }
    }

    @Test(
        "makes visible and measures",
        arguments: [
            Case(text: "plain", shown: "plain", width: 5, ascii: "plain"),
            Case(text: "", shown: "", width: 0, ascii: ""),
            Case(
                text: "\u{1B}]52;c;eA==\u{07}",
                shown: "␛]52;c;eA==␇",
                width: 12,
                ascii: "^[]52;c;eA==^G"
            ),
            Case(text: "\0\u{7F}", shown: "␀␡", width: 2, ascii: "^@^?"),
            Case(text: "a\tb", shown: "a b", width: 3, ascii: "a b"),
            Case(text: "\r\n", shown: "␍␊", width: 2, ascii: "^M^J"),
            Case(text: "\u{9B}31m", shown: "·31m", width: 4, ascii: ".31m"),
            Case(text: "\u{85}\u{2028}", shown: "··", width: 2, ascii: ".."),
            Case(
                text: "\u{202E}\u{2066}\u{200B}\u{FEFF}\u{AD}",
                shown: "·····",
                width: 5,
                ascii: "....."
            ),
            Case(text: "日本", shown: "日本", width: 4, ascii: "????"),
            Case(text: "e\u{301}é", shown: "e\u{301}é", width: 2, ascii: "e?"),
            Case(
                text: "a\u{301}\u{302}\u{303}\u{304}",
                shown: "a\u{301}\u{302}",
                width: 1,
                ascii: "a"
            ),
            Case(text: "\u{301}x", shown: "\u{FFFD}x", width: 2, ascii: "?x"),
            Case(text: "❤\u{FE0F}", shown: "❤", width: 1, ascii: "?"),
            Case(text: "👍🏽!", shown: "👍!", width: 3, ascii: "??!"),
            Case(text: "👩\u{200D}💻", shown: "👩·", width: 3, ascii: "??."),
            Case(text: "👨\u{200D}👩\u{200D}👧\u{200D}👦x", shown: "👨·x", width: 4, ascii: "??.x"),
            Case(text: "a\u{200D}b", shown: "a·b", width: 3, ascii: "a.b"),
            Case(text: "🇸🇪", shown: "SE", width: 2, ascii: "SE"),
            Case(text: "\u{E0041}\u{10FFFF}", shown: "·\u{FFFD}", width: 2, ascii: ".?"),
            Case(text: "✓│▁…→●⚠", shown: "✓│▁…→●⚠", width: 7, ascii: "+|.~>*!"),
        ]
    )
    func visible(_ item: Case) {
        let shown = Sanitizer.visible(item.text)
        #expect(shown == item.shown)
        #expect(CellWidth.of(item.text) == item.width)
        #expect(Sanitizer.visible(item.text, ascii: true) == item.ascii)
    }

    @Test("hostile text stays harmless, and doing it twice changes nothing", arguments: 1...200)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = generator.hostileText(length: 40)
        let shown = Sanitizer.visible(text)
        #expect(Sanitizer.visible(shown) == shown)
        #expect(CellWidth.of(shown) == CellWidth.of(text))
        for scalar in shown.unicodeScalars {
            #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
            #expect(scalar.properties.generalCategory != .format)
            #expect(cn_width(scalar.value) >= 0)
        }
        let ascii = Sanitizer.visible(text, ascii: true)
        #expect(ascii.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(Sanitizer.visible(ascii, ascii: true) == ascii)
        var grid = Grid(rows: 1, columns: 200)
        #expect(grid.put(text, row: 0, column: 0) == CellWidth.of(text))
    }

    @Test("random bytes stay harmless", arguments: 1...50)
    func bytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let shown = Sanitizer.visible(String(decoding: bytes, as: UTF8.self))
        #expect(
            shown.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
            }
        )
        #expect(Sanitizer.visible(shown) == shown)
    }

    @Test("widths of all of Unicode are those of the C library")
    func widths() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let shown = Sanitizer.visible(text)
            let sum = shown.unicodeScalars.reduce(0) { $0 + Int(cn_width($1.value)) }
            if CellWidth.of(text) != sum { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test(
        "cuts with an ending",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""),
            ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 6, "日本語"), ("ab", -3, ""),
            ("a\u{1B}bc", 3, "a␛…"),
        ]
    )
    func cuts(text: String, columns: Int, shown: String) {
        #expect(CellWidth.cut(text, to: columns) == shown)
    }

    @Test("every twin is one printable ASCII character")
    func twins() {
        for value in UInt32(0)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let twin = ASCIITwin.of(scalar).value
            if !(0x20..<0x7F).contains(twin) { Issue.record("\(value) has the twin \(twin)") }
        }
        #expect(ASCIITwin.of("┌") == "+" && ASCIITwin.of("─") == "-" && ASCIITwin.of("A") == "A")
    }
}
