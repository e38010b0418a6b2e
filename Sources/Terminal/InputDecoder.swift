/// Turns the bytes that a terminal sends into keys, pastes and the like.
///
/// A pure value: the same bytes give the same input however they are cut into pieces, and no
/// bytes can make it fail. What is kept between calls has a bound.
package struct InputDecoder: Sendable {
    /// The most bytes of a paste that are kept; the rest is thrown away.
    package static let largestPaste = 64 * 1024
    /// The longest escape sequence that is understood; longer ones are thrown away whole.
    static let longestSequence = 64

    private enum Mode: Sendable {
        /// Keys and short sequences.
        case ground
        /// Between the marks of a bracketed paste.
        case paste(PasteBuffer)
        /// Inside a string that the terminal answers; thrown away up to its end.
        case string(escape: Bool)
        /// Inside a sequence longer than any that is understood; thrown away up to its end.
        case overlong
    }

    private var mode = Mode.ground
    private var pending: [UInt8] = []

    /// Starts with nothing read.
    package init() {}

    /// How long to wait for more bytes before calling ``timeout()``, in milliseconds; nothing
    /// when no bytes are held back.
    package var patience: Int? {
        switch mode {
        case .paste: return 5_000
        case .string, .overlong: return 100
        case .ground:
            guard !pending.isEmpty else { return nil }
            return pending.count <= 2 && pending[0] == 0x1B ? 25 : 100
        }
    }

    /// Takes bytes in.
    ///
    /// - Parameter bytes: What was read from the terminal, cut anywhere.
    /// - Returns: What is complete now, in the order it was typed.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Input] {
        var inputs: [Input] = []
        for byte in bytes { take(byte, &inputs) }
        return inputs
    }

    /// Says that no more bytes came in time: what is held back stands for itself.
    ///
    /// - Returns: A lone ESC as the escape key, a cut sequence as unknown, an unfinished paste as
    ///   far as it came.
    package mutating func timeout() -> [Input] {
        defer {
            mode = .ground
            pending.removeAll(keepingCapacity: true)
        }
        switch mode {
        case .paste(let buffer): return [.paste(buffer.text)]
        case .string, .overlong: return [.unknown]
        case .ground: return pending.isEmpty ? [] : unfinished()
        }
    }

    /// What a sequence means that nobody finished.
    private func unfinished() -> [Input] {
        guard pending[0] == 0x1B else { return [.unknown] }
        switch pending.count {
        case 1: return [.key(Key(.escape))]
        case 2 where pending[1] == 0x1B: return [.key(Key(.escape)), .key(Key(.escape))]
        case 2 where pending[1] < 0x80:
            return [.key(Key(.character(Character(Unicode.Scalar(pending[1]))), .alt))]
        default: return [.unknown]
        }
    }

    private mutating func take(_ byte: UInt8, _ inputs: inout [Input]) {
        switch mode {
        case .ground:
            pending.append(byte)
            drain(&inputs)
        case .paste(var buffer):
            mode = .ground  // or the buffer would be copied with each byte
            if buffer.take(byte) {
                inputs.append(.paste(buffer.text))
            } else {
                mode = .paste(buffer)
            }
        case .string(let escape): skipString(byte, escape, &inputs)
        case .overlong:
            if byte >= 0x40 || byte < 0x20 {
                mode = .ground
                inputs.append(.unknown)
                if byte < 0x20 { take(byte, &inputs) }
            }
        }
    }

    private mutating func skipString(_ byte: UInt8, _ escape: Bool, _ inputs: inout [Input]) {
        let isEnd = byte == 0x07 || byte == 0x18 || (escape && byte == 0x5C)
        guard isEnd || escape else {
            mode = .string(escape: byte == 0x1B)
            return
        }
        mode = .ground
        inputs.append(.unknown)
        guard !isEnd else { return }
        // An ESC that begins no end begins the next sequence.
        take(0x1B, &inputs)
        take(byte, &inputs)
    }

    private mutating func drain(_ inputs: inout [Input]) {
        while !pending.isEmpty {
            switch SequenceParser.parse(pending[...]) {
            case .more:
                guard pending.count > Self.longestSequence else { return }
                pending.removeAll(keepingCapacity: true)
                mode = .overlong
            case .input(let input, let count):
                pending.removeFirst(count)
                inputs.append(input)
            case .paste:
                pending.removeAll(keepingCapacity: true)
                mode = .paste(PasteBuffer())
            case .string:
                let last = pending[pending.count - 1]
                pending.removeAll(keepingCapacity: true)
                mode = .string(escape: false)
                take(last, &inputs)
            }
        }
    }
}

/// Gathers a paste up to its end mark.
struct PasteBuffer: Sendable {
    private static let endMark: [UInt8] = Array("\u{1B}[201~".utf8)

    private var bytes: [UInt8] = []
    private var matched = 0
    private var isCut = false

    /// Takes a byte in.
    ///
    /// - Returns: Whether it was the last of the end mark.
    mutating func take(_ byte: UInt8) -> Bool {
        if byte == Self.endMark[matched] {
            matched += 1
            return matched == Self.endMark.count
        }
        for index in 0..<matched { keep(Self.endMark[index]) }
        matched = 0
        // Only the mark's first byte is an ESC, so a new match can only begin here.
        if byte == Self.endMark[0] {
            matched = 1
        } else {
            keep(byte)
        }
        return false
    }

    private mutating func keep(_ byte: UInt8) {
        guard bytes.count < InputDecoder.largestPaste else {
            isCut = true
            return
        }
        bytes.append(byte)
    }

    /// What was gathered, with `\n` for each line end.
    var text: String {
        var whole = bytes[...]
        if isCut {
            // The bound may have split a character.
            while let last = whole.last, last & 0xC0 == 0x80 { whole.removeLast() }
            if let last = whole.last, last >= 0xC0 { whole.removeLast() }
        }
        let text = String(decoding: whole, as: UTF8.self)
        var lines = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            if scalar != "\n" || !wasReturn { lines.append(scalar == "\r" ? "\n" : scalar) }
            wasReturn = scalar == "\r"
        }
        return String(lines)
    }
}
