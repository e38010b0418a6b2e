import Terminal
import Testing

@Suite("Key names")
struct KeyTests {
    private static let codes: [KeyCode] =
        [
            .enter, .escape, .tab, .backtab, .backspace, .delete, .insert, .up, .down, .left,
            .right, .home, .end, .pageUp, .pageDown,
        ] + (1...24).map(KeyCode.function)
        + "azAZ09-+?:/é日 ~^\\".map(KeyCode.character)

    @Test("each name reads back as its key", arguments: codes)
    func roundTrip(code: KeyCode) {
        for bits in UInt8(0)..<8 {
            let key = Key(code, Modifiers(rawValue: bits))
            #expect(Key(key.description) == key, "\(key)")
        }
    }

    @Test(
        "names are what people expect",
        arguments: [
            (Key.ctrl("d"), "Ctrl-d"), (Key(.escape), "Esc"), (Key(.function(10)), "F10"),
            (Key.character("?"), "?"), (Key(.backtab), "Shift-Tab"), (Key.character("G"), "G"),
            (Key.character(" "), "Space"), (Key(.up, [.ctrl, .alt, .shift]), "Ctrl-Alt-Shift-Up"),
            (Key(.pageDown), "PgDn"), (Key.character("-"), "-"), (Key.ctrl("-"), "Ctrl--"),
        ]
    )
    func names(key: Key, name: String) {
        #expect(key.description == name)
    }

    @Test(
        "other spellings are understood",
        arguments: [
            ("ctrl-D", "Ctrl-d"), ("Return", "Enter"), ("SHIFT-tab", "Shift-Tab"),
            ("Shift-a", "A"), ("f3", "F3"), ("PageUp", "PgUp"), ("Alt-Return", "Alt-Enter"),
        ]
    )
    func spellings(text: String, name: String) {
        #expect(Key(text)?.description == name)
    }

    @Test(
        "what is no key is refused",
        arguments: [
            "", "Ctrl-", "F0", "F25", "F01", "Hyper-x", "ab", "\u{1B}", "\u{202E}",
        ]
    )
    func refuses(text: String) {
        #expect(Key(text) == nil)
    }
}
