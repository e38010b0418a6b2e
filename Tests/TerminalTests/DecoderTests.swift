import Terminal
import Testing

/// Bytes from a terminal and what they mean, in words.
struct Typed: CustomTestStringConvertible {
    var text: String
    var words: [String]

    init(_ text: String, _ words: [String]) {
        self.text = text
        self.words = words
    }

    /// The tests' own output must not speak to the terminal either.
    var testDescription: String { Sanitizer.visible(text) }
}

@Suite("Input decoder")
struct DecoderTests {
    /// Sequences and what they mean; each is whole in itself.
    static let table: [Typed] = [
        Typed("a", ["a"]), Typed("é", ["é"]), Typed("日", ["日"]), Typed("👍", ["👍"]),
        Typed(" ", ["Space"]),
        Typed("\u{04}", ["Ctrl-d"]), Typed("\u{1A}", ["Ctrl-z"]), Typed("\u{03}", ["Ctrl-c"]),
        Typed("\0", ["Ctrl-Space"]), Typed("\u{1C}", ["Ctrl-\\"]), Typed("\u{1F}", ["Ctrl-_"]),
        Typed("\r", ["Enter"]), Typed("\n", ["Enter"]), Typed("\t", ["Tab"]),
        Typed("\u{7F}", ["Backspace"]),
        Typed("\u{08}", ["Backspace"]), Typed("\u{1B}x", ["Alt-x"]), Typed("\u{1B}X", ["?"]),
        Typed("\u{1B}é", ["Alt-é"]), Typed("\u{1B}\r", ["Alt-Enter"]),
        Typed("\u{1B}\u{04}", ["Ctrl-Alt-d"]),
        Typed("\u{1B}[A", ["Up"]), Typed("\u{1B}OB", ["Down"]), Typed("\u{1B}[C", ["Right"]),
        Typed("\u{1B}[D", ["Left"]), Typed("\u{1B}[H", ["Home"]), Typed("\u{1B}[F", ["End"]),
        Typed("\u{1B}[1~", ["Home"]), Typed("\u{1B}[2~", ["Insert"]),
        Typed("\u{1B}[3~", ["Delete"]),
        Typed("\u{1B}[4~", ["End"]), Typed("\u{1B}[5~", ["PgUp"]), Typed("\u{1B}[6~", ["PgDn"]),
        Typed("\u{1B}[7~", ["Home"]), Typed("\u{1B}[Z", ["Shift-Tab"]), Typed("\u{1B}OP", ["F1"]),
        Typed("\u{1B}[11~", ["F1"]), Typed("\u{1B}[[B", ["F2"]), Typed("\u{1B}[15~", ["F5"]),
        Typed("\u{1B}[21~", ["F10"]), Typed("\u{1B}[24~", ["F12"]), Typed("\u{1B}[34~", ["F20"]),
        Typed("\u{1B}[1;5A", ["Ctrl-Up"]), Typed("\u{1B}[1;2D", ["Shift-Left"]),
        Typed("\u{1B}[1;8C", ["Ctrl-Alt-Shift-Right"]), Typed("\u{1B}[3;5~", ["Ctrl-Delete"]),
        Typed("\u{1B}[1;2R", ["Shift-F3"]), Typed("\u{1B}[24;80R", ["?"]),
        Typed("\u{1B}\u{1B}[A", ["Alt-Up"]),
        Typed("\u{1B}[a", ["Shift-Up"]), Typed("\u{1B}Oa", ["Ctrl-Up"]),
        Typed("\u{1B}[3$", ["Shift-Delete"]),
        Typed("\u{1B}[3^", ["Ctrl-Delete"]), Typed("\u{1B}OM", ["Enter"]), Typed("\u{1B}Op", ["0"]),
        Typed("\u{1B}[97;5u", ["Ctrl-a"]), Typed("\u{1B}[13;2u", ["Shift-Enter"]),
        Typed("\u{1B}[27u", ["Esc"]), Typed("\u{1B}[97;1:3u", ["?"]),
        Typed("\u{1B}[27;5;105~", ["Ctrl-i"]),
        Typed("\u{1B}[57441u", ["?"]), Typed("\u{1B}[I", ["focus"]), Typed("\u{1B}[O", ["blur"]),
        Typed("\u{1B}[<0;10;5M", ["press 1 at 4,9"]), Typed("\u{1B}[<2;1;1m", ["release 3 at 0,0"]),
        Typed("\u{1B}[<64;3;3M", ["up at 2,2"]), Typed("\u{1B}[<65;3;3M", ["down at 2,2"]),
        Typed("\u{1B}[<32;3;4M", ["drag 1 at 3,2"]), Typed("\u{1B}[<35;3;4M", ["move at 3,2"]),
        Typed("\u{1B}[<16;3;4M", ["Ctrl press 1 at 3,2"]), Typed("\u{1B}[<0;0;4M", ["?"]),
        Typed("\u{1B}[<0;4M", ["?"]), Typed("\u{1B}[M !!", ["press 1 at 0,0"]),
        Typed("\u{1B}[M#!!", ["release 0 at 0,0"]), Typed("\u{1B}[?2026;2$y", ["?"]),
        Typed("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", ["?"]),
        Typed("\u{1B}]52;c;eA==\u{07}", ["?"]),
        Typed("\u{1B}P1$r0m\u{1B}\\", ["?"]), Typed("\u{1B}[999999999999999999999A", ["?"]),
        Typed("\u{1B}[200~hi\rthere\r\n\u{1B}[A\u{1B}[201~", ["paste hi\nthere\n\u{1B}[A"]),
        Typed("\u{1B}[200~\u{1B}[201\u{1B}[201~", ["paste \u{1B}[201"]),
        Typed("\u{1B}[200~\u{1B}[201~q", ["paste ", "q"]), Typed("\u{1B}[201~", ["?"]),
        Typed("\u{1B}\u{1B}\u{1B}[A", ["Esc", "Alt-Up"]), Typed("\u{1B}[1\u{1B}[B", ["?", "Down"]),
        Typed("\u{1B}O\u{1B}[B", ["Alt-O", "Down"]), Typed("\u{80}", ["?"]),
        Typed("abc", ["a", "b", "c"]),
        Typed("\u{1B}]0;x\u{1B}[A", ["?", "Up"]),
    ]

    /// The table but for what needs a timeout to end.
    static let complete = table.filter { $0.text != "\u{1B}X" }

    static func words(_ inputs: [Input]) -> [String] {
        inputs.map { input in
            switch input {
            case .key(let key): key.description
            case .paste(let text): "paste " + text
            case .focus(let on): on ? "focus" : "blur"
            case .mouse(let mouse): words(mouse)
            case .unknown: "?"
            }
        }
    }

    static func words(_ mouse: Mouse) -> String {
        let action =
            switch mouse.action {
            case .press(let button): "press \(button)"
            case .release(let button): "release \(button)"
            case .drag(let button): "drag \(button)"
            case .move: "move"
            case .wheelUp: "up"
            case .wheelDown: "down"
            }
        let held = mouse.modifiers.contains(.ctrl) ? "Ctrl " : ""
        return "\(held)\(action) at \(mouse.row),\(mouse.column)"
    }

    @Test("reads each sequence", arguments: complete)
    func reads(_ typed: Typed) {
        var decoder = InputDecoder()
        #expect(Self.words(decoder.feed(typed.text.utf8)) == typed.words)
        #expect(decoder.patience == nil)
    }

    @Test("reads the same wherever it is cut", arguments: complete)
    func cut(_ typed: Typed) {
        let bytes = Array(typed.text.utf8)
        for place in 0...bytes.count {
            var decoder = InputDecoder()
            let inputs = decoder.feed(bytes[..<place]) + decoder.feed(bytes[place...])
            #expect(Self.words(inputs) == typed.words, "cut at \(place)")
        }
        var decoder = InputDecoder()
        #expect(Self.words(bytes.flatMap { decoder.feed([$0]) }) == typed.words)
    }

    @Test("reads all of them in one stream")
    func stream() {
        var decoder = InputDecoder()
        let inputs = decoder.feed(Self.complete.flatMap { Array($0.text.utf8) })
        #expect(Self.words(inputs) == Self.complete.flatMap(\.words))
    }

    @Test(
        "a timeout ends what nobody finished",
        arguments: [
            Typed("\u{1B}", ["Esc"]), Typed("\u{1B}\u{1B}", ["Esc", "Esc"]),
            Typed("\u{1B}[", ["Alt-["]),
            Typed("\u{1B}O", ["Alt-O"]), Typed("\u{1B}]", ["Alt-]"]), Typed("\u{1B}X", ["Alt-X"]),
            Typed("\u{1B}[1;5", ["?"]), Typed("\u{1B}]0;title", ["?"]),
            Typed("\u{1B}[200~text", ["paste text"]),
            Typed("", []),
        ]
    )
    func timeout(_ typed: Typed) {
        var decoder = InputDecoder()
        #expect(decoder.feed(typed.text.utf8) == [])
        #expect((decoder.patience == nil) == typed.text.isEmpty)
        #expect(Self.words(decoder.timeout()) == typed.words)
        #expect(decoder.patience == nil)
        #expect(decoder.timeout() == [])
        #expect(Self.words(decoder.feed("k".utf8)) == ["k"])
    }

    @Test("an escape key is told soon, a stalled paste late")
    func patience() {
        var decoder = InputDecoder()
        _ = decoder.feed([0x1B])
        #expect(decoder.patience == 25)
        _ = decoder.feed("[200~".utf8)
        #expect((decoder.patience ?? 0) >= 1_000)
    }

    @Test(
        "broken UTF-8 is unknown and loses nothing after it",
        arguments: [
            ([0xFF, 0x61], ["?", "a"]), ([0xC3, 0x61], ["?", "a"]), ([0xC0, 0x80], ["?", "?"]),
            ([0xE2, 0x82, 0x61], ["?", "a"]), ([0xED, 0xA0, 0x80], ["?", "?", "?"]),
            ([0xF0, 0x9F, 0x1B, 0x5B, 0x41], ["?", "Up"]), ([0xC2, 0x9B, 0x41], ["?", "A"]),
            ([0xF5, 0x62], ["?", "b"]),
        ] as [([UInt8], [String])]
    )
    func utf8(bytes: [UInt8], words: [String]) {
        var decoder = InputDecoder()
        #expect(Self.words(decoder.feed(bytes)) == words)
    }

    @Test("a paste has a bound and cuts no character")
    func boundedPaste() {
        var decoder = InputDecoder()
        let text = "a" + String(repeating: "é", count: InputDecoder.largestPaste)
        let inputs = decoder.feed("\u{1B}[200~\(text)\u{1B}[201~q".utf8)
        guard case .paste(let pasted) = inputs.first else {
            Issue.record("no paste: \(inputs.count) inputs")
            return
        }
        #expect(pasted.utf8.count <= InputDecoder.largestPaste)
        #expect(text.hasPrefix(pasted) && pasted.utf8.count > InputDecoder.largestPaste - 8)
        #expect(Self.words(Array(inputs.dropFirst())) == ["q"])
    }

    @Test("an endless sequence is thrown away whole")
    func overlong() {
        var decoder = InputDecoder()
        let sequence = "\u{1B}[" + String(repeating: "1;", count: 5_000) + "A"
        #expect(Self.words(decoder.feed((sequence + "j").utf8)) == ["?", "j"])
    }

    @Test("random bytes are read the same in any pieces", arguments: 1...200)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let favourites = Array("\u{1B}\u{1B}[[O]<;019~MmuAR$\u{07}\\PI".utf8)
        let bytes = (0..<400).map { _ in
            Bool.random(using: &generator)
                ? favourites[Int.random(in: 0..<favourites.count, using: &generator)]
                : UInt8.random(in: 0...255, using: &generator)
        }
        var whole = InputDecoder()
        let expected = whole.feed(bytes) + whole.timeout()
        var pieces = InputDecoder()
        var inputs: [Input] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...7, using: &generator)
            inputs += pieces.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(inputs + pieces.timeout() == expected)
    }
}
