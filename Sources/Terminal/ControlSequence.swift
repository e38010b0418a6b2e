/// One sequence that began with ESC [: its parameters, and what it means.
struct ControlSequence {
    /// `<`, `?` and the like before the numbers.
    let prefix: UInt8?
    /// The numbers, each with the parts that colons cut off; a missing one is 0.
    let parameters: [[Int]]
    /// The byte that ended it.
    let final: UInt8
    /// Whether there was something between the numbers and the end.
    let hasIntermediates: Bool

    /// Keys that end a sequence with a letter.
    static let letters: [UInt8: KeyCode] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home,
        0x50: .function(1), 0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    /// Keys that are numbers before `~`.
    static let numbers: [Int: KeyCode] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4),
        15: .function(5), 17: .function(6), 18: .function(7), 19: .function(8),
        20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
        25: .function(13), 26: .function(14), 28: .function(15), 29: .function(16),
        31: .function(17), 32: .function(18), 33: .function(19), 34: .function(20),
    ]

    init(_ body: ArraySlice<UInt8>, final: UInt8) {
        let hasPrefix = body.first.map { (0x3C...0x3F).contains($0) } ?? false
        prefix = hasPrefix ? body.first : nil
        let digits = body.dropFirst(hasPrefix ? 1 : 0)
        let numbers = digits.prefix { $0 >= 0x30 }
        hasIntermediates = numbers.count < digits.count
        parameters = numbers.split(separator: 0x3B, omittingEmptySubsequences: false).map {
            $0.split(separator: 0x3A, omittingEmptySubsequences: false).map(Self.number)
        }
        self.final = final
    }

    /// A number of at most 16 777 216; greater ones stay there.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { sum, digit in
            (0x30...0x39).contains(digit) ? min(sum * 10 + Int(digit) - 0x30, 1 << 24) : sum
        }
    }

    private func parameter(_ place: Int, _ part: Int = 0) -> Int {
        guard place < parameters.count, part < parameters[place].count else { return 0 }
        return parameters[place][part]
    }

    /// Whether it is the mark before a paste.
    var startsPaste: Bool {
        prefix == nil && final == 0x7E && parameter(0) == 200 && !hasIntermediates
    }

    /// What it means.
    var input: Input {
        guard !hasIntermediates else { return .unknown }
        if prefix == 0x3C, final == 0x4D || final == 0x6D {
            guard parameters.count == 3 else { return .unknown }
            return Self.mouse(
                button: parameter(0),
                column: parameter(1),
                row: parameter(2),
                isRelease: final == 0x6D
            )
        }
        guard prefix == nil else { return .unknown }
        if final == 0x49 || final == 0x4F, parameter(0) == 0 { return .focus(final == 0x49) }
        return key.map { .key($0) } ?? .unknown
    }

    private var key: Key? {
        // Kitty's protocol tells releases too; a key is struck when it goes down.
        guard parameter(1, 1) != 3 else { return nil }
        let modifiers = Self.modifiers(parameter(1))
        if let code = Self.letters[final], parameter(0) <= 1 { return Key(code, modifiers) }
        switch final {
        case 0x5A: return Key(.backtab, modifiers)
        case 0x61...0x64:  // rxvt: arrows with shift
            let arrows: [KeyCode] = [.up, .down, .right, .left]
            return Key(arrows[Int(final) - 0x61], .shift)
        case 0x7E where parameter(0) == 27: return coded(parameter(2), modifiers)
        case 0x7E: return Self.numbers[parameter(0)].map { Key($0, modifiers) }
        case 0x24: return Self.numbers[parameter(0)].map { Key($0, .shift) }
        case 0x5E: return Self.numbers[parameter(0)].map { Key($0, .ctrl) }
        case 0x40: return Self.numbers[parameter(0)].map { Key($0, [.ctrl, .shift]) }
        case 0x75: return coded(parameter(0), modifiers)
        default: return nil
        }
    }

    /// A key told by its code point.
    private func coded(_ value: Int, _ modifiers: Modifiers) -> Key? {
        switch value {
        case 9: return Key(.tab, modifiers)
        case 13: return Key(.enter, modifiers)
        case 27: return Key(.escape, modifiers)
        case 8, 127: return Key(.backspace, modifiers)
        default:
            // Private code points are keys that make no character.
            guard value >= 0x20, !(0x80..<0xA0).contains(value), !(0xE000...0xF8FF).contains(value),
                let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init)
            else { return nil }
            return Key(.character(Character(scalar)), modifiers)
        }
    }

    /// Modifiers as xterm counts them: one more than the bits.
    private static func modifiers(_ number: Int) -> Modifiers {
        let bits = max(number - 1, 0)
        var modifiers: Modifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 2 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.ctrl) }
        return modifiers
    }

    /// A report of the mouse, its place counted from 1.
    static func mouse(button: Int, column: Int, row: Int, isRelease: Bool) -> Input {
        guard column >= 1, row >= 1, button < 128 else { return .unknown }
        let number = button & 3
        let action: Mouse.Action
        switch (button & 64 != 0, button & 32 != 0, isRelease) {
        case (true, _, _):
            guard number < 2 else { return .unknown }
            action = number == 0 ? .wheelUp : .wheelDown
        case (_, true, _): action = number == 3 ? .move : .drag(number + 1)
        case (_, _, true): action = .release(number + 1)
        // The oldest form does not say which button came up.
        case (_, _, false): action = number == 3 ? .release(0) : .press(number + 1)
        }
        var modifiers: Modifiers = []
        if button & 4 != 0 { modifiers.insert(.shift) }
        if button & 8 != 0 { modifiers.insert(.alt) }
        if button & 16 != 0 { modifiers.insert(.ctrl) }
        return .mouse(Mouse(action: action, row: row - 1, column: column - 1, modifiers: modifiers))
    }
}
