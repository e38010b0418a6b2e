import Testing

@testable import Terminal

@Suite("Saving of looks")
struct LookSaverTests {
    private static func shorten(_ texts: String...) -> String {
        var saver = LookSaver()
        return texts.map { text in
            var output: [UInt8] = []
            Array(text.utf8).withUnsafeBufferPointer { saver.append($0, to: &output) }
            return String(decoding: output, as: UTF8.self).replacing("\u{1B}", with: "^")
        }.joined(separator: "|")
    }

    @Test(
        "leaves out what the terminal knows",
        arguments: [
            // Both colours are named, and one of them is the same.
            ("^[m^[31m^[44ma^[32m^[44mb", "^[0;31;44ma^[32mb"),
            // Nothing is drawn in between.
            ("^[m^[1ma^[m^[2;3H^[1mb", "^[0;1ma^[2;3Hb"),
            // What cannot be taken back alone is taken back with everything.
            ("^[m^[1;31ma^[0;31mb", "^[0;1;31ma^[0;31mb"),
            ("^[m^[1ma^[22mb", "^[0;1ma^[mb"),
            ("^[m^[38;5;117m^[48;5;233ma^[39;49mb", "^[0;38;5;117;48;5;233ma^[mb"),
            ("^[m^[38;2;1;2;3ma^[38;2;1;2;3mb", "^[0;38;2;1;2;3mab"),
            ("^[m^[38:2::1:2:3ma^[38:2::1:2:3mb", "^[0;38:2::1:2:3mab"),
            ("^(B^[ma^(B^[mb", "^(B^[mab"),
            // Drawn in the look of then: a line that is erased has its background.
            ("^[m^[41m^[K^[m^[2;1Ha", "^[0;41m^[K^[2;1H^[ma"),
        ]
    )
    func shortens(_ given: String, _ expected: String) {
        let text = given.replacing("^", with: "\u{1B}")
        #expect(Self.shorten(text) == expected)
    }

    @Test(
        "lets through what it does not know",
        arguments: [
            "^[31ma^[31mb", "^[m^[58;5;3ma^[31mb", "a^[5", "^]0;title^\\b", "^[m^[31mx^[!pb^[31mc",
            "^[m^[31mx^cb^[31mc", "^[>4;2m^[?25h", "^[38;9m^[38mx",
        ]
    )
    func strangers(_ given: String) {
        let text = given.replacing("^", with: "\u{1B}")
        let expected = given.replacing("^[m^[31mx", with: "^[0;31mx")
        #expect(Self.shorten(text) == expected)
    }

    @Test("a frame ends in the look that was wanted, and the next one begins with it")
    func frames() {
        let frame = "\u{1B}[m\u{1B}[31ma\u{1B}[m"
        #expect(Self.shorten(frame, frame) == "^[0;31ma^[m|^[31ma^[m")
    }

    @Test("what is drawn is what would have been drawn", arguments: 0..<50)
    func same(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let parts = [
            "\u{1B}[m", "\u{1B}[0;1m", "\u{1B}[1m", "\u{1B}[4m", "\u{1B}[22m", "\u{1B}[31m",
            "\u{1B}[38;5;9m", "\u{1B}[44m", "\u{1B}[39m", "\u{1B}[39;49m", "\u{1B}[3;4H",
            "\u{1B}(B", "\u{1B}c", "x", "äy", "\r", "\u{1B}[K",
        ]
        let text = (0..<60).map { _ in parts.randomElement(using: &chance) ?? "" }.joined()
        let short = Self.shorten("\u{1B}[m" + text).replacing("^", with: "\u{1B}")
        #expect(Picture("\u{1B}[m" + text) == Picture(short))
    }
}

/// What a terminal makes of a text: each character or sequence that draws, with its look.
private struct Picture: Equatable {
    private var drawn: [String] = []
    private var look: Set<String> = []

    init(_ text: String) {
        var rest = Substring(text)
        while let first = rest.unicodeScalars.first {
            guard first == "\u{1B}" else {
                if first != "\r" { drawn.append("\(first) \(look.sorted())") }
                rest = Substring(rest.unicodeScalars.dropFirst())
                continue
            }
            let end = rest.dropFirst().firstIndex { $0.isLetter } ?? rest.endIndex
            let sequence = rest[..<end].dropFirst()
            let letter = rest[end...].first ?? " "
            rest = rest[end...].dropFirst()
            if letter == "m" { take(sequence.dropFirst()) }
            if letter == "c" { look = [] }
            if letter == "H" { drawn.append("to \(sequence)") }
            if letter == "K" { drawn.append("erase \(look.sorted())") }
        }
    }

    private mutating func take(_ parameters: Substring) {
        // The one colour of the palette that is used counts as a word.
        let words = parameters.replacing("38;5;9", with: "f9").split(
            separator: ";",
            omittingEmptySubsequences: false
        )
        for word in words {
            switch word {
            case "", "0": look = []
            case "22": look.remove("1")
            case "39": look = look.filter { $0 != "31" && $0 != "f9" }
            case "49": look.remove("44")
            case "31", "f9": look = look.filter { $0 != "31" && $0 != "f9" }.union([String(word)])
            default: look.insert(String(word))
            }
        }
    }
}
