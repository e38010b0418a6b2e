/// Reads one key or sequence from the front of some bytes.
enum SequenceParser {
    /// What stands at the front.
    enum Parse: Equatable {
        /// The beginning of something; more bytes are needed.
        case more
        /// Something complete, and how many bytes it has.
        case input(Input, Int)
        /// The mark that begins a paste; it is all there is.
        case paste
        /// The beginning of a string that the terminal answers, and its first byte.
        case string
    }

    /// Reads from the front.
    ///
    /// - Parameter bytes: At least one byte.
    /// - Returns: What stands there, and its length.
    static func parse(_ bytes: ArraySlice<UInt8>) -> Parse {
        guard let first = bytes.first else { return .more }
        switch first {
        case 0x1B: return escape(bytes)
        case 0..<0x20, 0x7F: return .input(.key(control(first)), 1)
        case 0x20..<0x7F: return .input(.key(character(first)), 1)
        default: return utf8(bytes)
        }
    }

    private static func character(_ byte: UInt8) -> Key {
        .character(Character(Unicode.Scalar(byte)))
    }

    private static func control(_ byte: UInt8) -> Key {
        switch byte {
        case 0x00: .ctrl(" ")
        case 0x08, 0x7F: Key(.backspace)
        case 0x09: Key(.tab)
        case 0x0A, 0x0D: Key(.enter)
        case 0x1C...0x1F: .ctrl(Character(Unicode.Scalar(byte + 0x40)))
        default: .ctrl(Character(Unicode.Scalar(byte + 0x60)))
        }
    }

    // MARK: After an ESC

    private static func escape(_ bytes: ArraySlice<UInt8>) -> Parse {
        let rest = bytes.dropFirst()
        guard let second = rest.first else { return .more }
        switch second {
        case 0x1B:
            // Of three and more, all but the last two stand for themselves.
            if rest.dropFirst().first == 0x1B { return .input(.key(Key(.escape)), 1) }
            return withAlt(parse(rest)) ?? .input(.key(Key(.escape)), 1)
        case 0x5B: return csi(bytes)
        case 0x4F: return keypad(bytes)
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: return rest.count < 2 ? .more : .string
        default: return withAlt(parse(rest)) ?? .input(.unknown, 2)
        }
    }

    /// The same key with alt; nothing when it is no key.
    private static func withAlt(_ parse: Parse) -> Parse? {
        switch parse {
        case .more: .more
        case .input(.key(let key), let count):
            .input(.key(Key(key.code, key.modifiers.union(.alt))), count + 1)
        default: nil
        }
    }

    /// ESC O and one more byte: arrows and the like in application mode, F1...F4, the key pad.
    private static func keypad(_ bytes: ArraySlice<UInt8>) -> Parse {
        guard let final = bytes.dropFirst(2).first else { return .more }
        // The next sequence begins already, so this was alt and a capital O.
        if final == 0x1B { return .input(.key(Key(.character("O"), .alt)), 2) }
        if let code = ControlSequence.letters[final] { return .input(.key(Key(code)), 3) }
        switch final {
        case 0x4D: return .input(.key(Key(.enter)), 3)
        case 0x61...0x64:  // rxvt: arrows with control
            let arrows: [KeyCode] = [.up, .down, .right, .left]
            return .input(.key(Key(arrows[Int(final) - 0x61], .ctrl)), 3)
        case 0x6A...0x79: return .input(.key(character(final - 0x40)), 3)
        default: return .input(.unknown, final < 0x20 ? 2 : 3)
        }
    }

    /// ESC [ and what follows.
    private static func csi(_ bytes: ArraySlice<UInt8>) -> Parse {
        let body = bytes.dropFirst(2)
        guard let first = body.first else { return .more }
        if first == 0x5B { return console(body.dropFirst().first) }
        if first == 0x4D { return oldMouse(body.dropFirst()) }
        for (place, byte) in zip(body.indices, body) {
            let count = place - bytes.startIndex + 1
            switch byte {
            case 0x30...0x3F: continue
            case 0x24 where (0x30...0x39).contains(first): break  // rxvt: shift ends in $
            case 0x20...0x2F: continue
            case 0x40...0x7E: break
            default: return .input(.unknown, count - 1)
            }
            let sequence = ControlSequence(body[body.startIndex..<place], final: byte)
            return sequence.startsPaste ? .paste : .input(sequence.input, count)
        }
        return .more
    }

    /// F1...F5 on Linux' own console.
    private static func console(_ final: UInt8?) -> Parse {
        guard let final else { return .more }
        guard (0x41...0x45).contains(final) else { return .input(.unknown, 3) }
        return .input(.key(Key(.function(Int(final) - 0x40))), 4)
    }

    /// The mouse's oldest form: three bytes, each 32 too great.
    private static func oldMouse(_ bytes: ArraySlice<UInt8>) -> Parse {
        let values = bytes.prefix(3).map { Int($0) - 32 }
        guard values.allSatisfy({ $0 >= 0 }) else { return .input(.unknown, 3) }
        guard values.count == 3 else { return .more }
        let mouse = ControlSequence.mouse(
            button: values[0],
            column: values[1],
            row: values[2],
            isRelease: false
        )
        return .input(mouse, 6)
    }

    // MARK: UTF-8

    private static func utf8(_ bytes: ArraySlice<UInt8>) -> Parse {
        let (length, allowed) = shape(of: bytes[bytes.startIndex])
        guard length > 0 else { return .input(.unknown, 1) }
        var range = allowed
        for (index, byte) in bytes.dropFirst().prefix(length - 1).enumerated() {
            guard range.contains(byte) else { return .input(.unknown, index + 1) }
            range = 0x80...0xBF
        }
        guard bytes.count >= length else { return .more }
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        guard let character = text.first, let scalar = text.unicodeScalars.first,
            scalar.value >= 0xA0
        else { return .input(.unknown, length) }
        return .input(.key(.character(character)), length)
    }

    /// How many bytes a first byte asks for, 0 when it is none, and what the second may be.
    private static func shape(of lead: UInt8) -> (Int, ClosedRange<UInt8>) {
        switch lead {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: (0, 0x80...0xBF)
        }
    }
}
