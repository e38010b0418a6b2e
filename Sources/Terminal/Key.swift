/// Keys held down together with another.
package struct Modifiers: OptionSet, Hashable, Sendable {
    /// The keys as bits.
    package let rawValue: UInt8

    /// Makes a set of its bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The shift key; told only of keys that make no character.
    package static let shift = Modifiers(rawValue: 1 << 0)
    /// The alt key, also called meta.
    package static let alt = Modifiers(rawValue: 1 << 1)
    /// The control key.
    package static let ctrl = Modifiers(rawValue: 1 << 2)
}

/// A key on the keyboard, or the character that it made.
package enum KeyCode: Hashable, Sendable {
    /// A character as typed: capitals and signs are characters of their own, without shift.
    case character(Character)
    /// Return, on the main part or the key pad.
    case enter
    /// Escape alone.
    case escape
    /// The tabulator.
    case tab
    /// The tabulator with shift.
    case backtab
    /// Deletes to the left.
    case backspace
    /// Deletes under the cursor.
    case delete
    /// Switches overwriting, elsewhere.
    case insert
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// To the beginning.
    case home
    /// To the end.
    case end
    /// One page up.
    case pageUp
    /// One page down.
    case pageDown
    /// A function key, F1...F24.
    case function(Int)
}

/// One stroke of a key.
package struct Key: Hashable, Sendable {
    /// Which key.
    package let code: KeyCode
    /// What was held with it.
    package let modifiers: Modifiers

    /// Makes a stroke, in the one form that the decoder and the key names share.
    ///
    /// Shift with a letter is its capital, control with a letter is the small one, and shift
    /// with tab is ``KeyCode/backtab``.
    package init(_ code: KeyCode, _ modifiers: Modifiers = []) {
        switch code {
        case .tab where modifiers.contains(.shift):
            self.code = .backtab
            self.modifiers = modifiers.subtracting(.shift)
        case .backtab:
            self.code = .backtab
            self.modifiers = modifiers.subtracting(.shift)
        case .character(let character):
            let small = modifiers.contains(.ctrl)
            let capital = !small && modifiers.contains(.shift)
            let text =
                small
                ? character.lowercased() : capital ? character.uppercased() : String(character)
            self.code = .character(text.count == 1 ? text.first ?? character : character)
            self.modifiers = modifiers.subtracting(.shift)
        default:
            self.code = code
            self.modifiers = modifiers
        }
    }

    /// The stroke that makes a character.
    package static func character(_ character: Character) -> Key {
        Key(.character(character))
    }

    /// A character with the control key.
    package static func ctrl(_ character: Character) -> Key {
        Key(.character(character), .ctrl)
    }
}
