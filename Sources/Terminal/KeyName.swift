/// Names of keys, as help shows them and keymap files write them.
extension Key: CustomStringConvertible {
    private static let named: [(KeyCode, String)] = [
        (.enter, "Enter"), (.escape, "Esc"), (.tab, "Tab"), (.backtab, "Shift-Tab"),
        (.backspace, "Backspace"), (.delete, "Delete"), (.insert, "Insert"), (.up, "Up"),
        (.down, "Down"), (.left, "Left"), (.right, "Right"), (.home, "Home"), (.end, "End"),
        (.pageUp, "PgUp"), (.pageDown, "PgDn"), (.character(" "), "Space"),
    ]

    /// Other words that people write for a key.
    private static let aliases: [String: KeyCode] = [
        "return": .enter, "escape": .escape, "del": .delete, "ins": .insert, "bs": .backspace,
        "pageup": .pageUp, "pagedown": .pageDown, "backtab": .backtab,
    ]

    private static let prefixes: [(String, Modifiers)] = [
        ("ctrl-", .ctrl), ("alt-", .alt), ("shift-", .shift),
    ]

    /// The key's name: `Ctrl-d`, `Esc`, `F10`, `?`, `Shift-Tab`, `Alt-Enter`, `Space`.
    package var description: String {
        var name = ""
        if modifiers.contains(.ctrl) { name += "Ctrl-" }
        if modifiers.contains(.alt) { name += "Alt-" }
        if modifiers.contains(.shift) { name += "Shift-" }
        if let known = Self.named.first(where: { $0.0 == code }) { return name + known.1 }
        switch code {
        case .function(let number): return name + "F\(number)"
        case .character(let character): return name + Sanitizer.visible(String(character))
        default: return name
        }
    }

    /// Reads a key's name; words in any case, characters as they are; nothing when there is none.
    ///
    /// - Parameter name: For example `Ctrl-d`, `esc`, `F10`, `G`, `-`.
    package init?(_ name: String) {
        var rest = name[...]
        var modifiers: Modifiers = []
        while let (prefix, modifier) = Self.prefixes.first(where: { prefix, _ in
            rest.count > prefix.count && rest.lowercased().hasPrefix(prefix)
        }) {
            modifiers.insert(modifier)
            rest = rest.dropFirst(prefix.count)
        }
        guard let code = Self.code(String(rest)) else { return nil }
        self.init(code, modifiers)
    }

    private static func code(_ name: String) -> KeyCode? {
        if name.count == 1, let character = name.first {
            return Sanitizer.visible(name) == name ? .character(character) : nil
        }
        let word = name.lowercased()
        if let known = named.first(where: { $0.1.lowercased() == word }) { return known.0 }
        if let known = aliases[word] { return known }
        guard word.hasPrefix("f"), let number = Int(word.dropFirst()), (1...24).contains(number)
        else { return nil }
        return "f\(number)" == word ? .function(number) : nil
    }
}
