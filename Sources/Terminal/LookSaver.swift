/// Shortens what is sent to a terminal: it is not told of a look that it has already.
///
/// With each change of one colour ncurses names both, and between two of them it often goes back
/// to the plain look. Here a look is told when something is drawn in it, and then only what of it
/// is new. What is not understood goes through as it is, and no look counts as known from there.
struct LookSaver {
    /// The look the terminal has; nil if that is not known.
    private var real: Look?
    /// The look it was told to have; nil if that is not known.
    private var wanted: Look?
    /// Whether its characters are known to be the usual ones and not those for drawing lines.
    private var hasUsualSet = false

    /// Knows nothing any more, because somebody else may have written to the terminal.
    mutating func forget() { self = LookSaver() }

    /// Appends the bytes, shortened.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var place = 0
        while place < bytes.count {
            let end = ControlBytes.end(of: bytes, from: place)
            let part = UnsafeBufferPointer(rebasing: bytes[place..<end])
            switch ControlBytes.kind(of: part) {
            case .look: takeLook(part, &output)
            case .usualSet where hasUsualSet: break
            case .usualSet:
                hasUsualSet = true
                output += part
            case .move: output += part
            case .drawing:
                settle(&output)
                output += part
            case .stranger:
                settle(&output)
                output += part
                forget()
            }
            place = end
        }
        // Whoever writes next finds the look that ncurses wanted to leave.
        settle(&output)
    }

    private mutating func takeLook(_ part: UnsafeBufferPointer<UInt8>, _ output: inout [UInt8]) {
        let parameters = part[2..<part.count - 1]
        let words = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        var look = wanted ?? Look()
        // From an unknown look only one that says everything leads to a known one.
        let isWhole = words.first.map { $0.isEmpty || $0.elementsEqual("0".utf8) } ?? true
        if wanted != nil || isWhole, look.take(words.map { Array($0) }) {
            wanted = look
        } else {
            settle(&output)
            output += part
            (real, wanted) = (nil, nil)
        }
    }

    /// Tells the terminal what of the wanted look it has not.
    private mutating func settle(_ output: inout [UInt8]) {
        guard let wanted, wanted != real else { return }
        wanted.tell(after: real, &output)
        real = wanted
    }
}

/// How a terminal draws characters, in the words of its own language (SGR).
private struct Look: Equatable {
    /// The parameters that set the colour of the glyph: `38;5;117`; empty for the terminal's own.
    var foreground: [UInt8] = []
    /// The parameters that set the colour behind it.
    var background: [UInt8] = []
    /// Bold, dim and their like, each the bit of its parameter.
    var attributes: UInt16 = 0

    /// Takes parameters in.
    ///
    /// - Returns: Whether all of them are understood.
    mutating func take(_ words: [[UInt8]]) -> Bool {
        var place = 0
        while place < words.count {
            let word = words[place]
            place += 1
            guard let number = Self.number(word) else {
                // A colour with its parts behind colons is one word.
                if word.starts(with: "38:".utf8) {
                    foreground = word
                } else if word.starts(with: "48:".utf8) {
                    background = word
                } else {
                    return false
                }
                continue
            }
            switch number {
            case 0: self = Look()
            case 1...9: attributes |= 1 << UInt16(number)
            case 22: attributes &= ~(1 << 1 | 1 << 2)
            case 23, 24, 25, 27, 28, 29: attributes &= ~(1 << UInt16(number - 20))
            case 30...37, 90...97: foreground = word
            case 40...47, 100...107: background = word
            case 39: foreground = []
            case 49: background = []
            case 38, 48:
                guard place < words.count else { return false }
                let count = words[place] == Array("5".utf8) ? 2 : 4
                guard count == 2 || words[place] == Array("2".utf8), place + count <= words.count
                else { return false }
                let color = words[place - 1..<place + count].joined(separator: [UInt8(ascii: ";")])
                if number == 38 { foreground = Array(color) } else { background = Array(color) }
                place += count
            default: return false
            }
        }
        return true
    }

    private static func number(_ word: [UInt8]) -> Int? {
        guard word.count < 4, word.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return word.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// Appends what leads here from another look, or from any.
    func tell(after before: Look?, _ output: inout [UInt8]) {
        var base = before ?? Look()
        // Some terminals can take nothing back but everything.
        let mustReset =
            before == nil || base.attributes & ~attributes != 0
            || foreground.isEmpty && !base.foreground.isEmpty
            || background.isEmpty && !base.background.isEmpty
        if mustReset { base = Look() }
        var words: [[UInt8]] = mustReset ? [[]] : []
        for bit in 1..<10 where (attributes & ~base.attributes) & 1 << UInt16(bit) != 0 {
            words.append([48 + UInt8(bit)])
        }
        if foreground != base.foreground { words.append(foreground) }
        if background != base.background { words.append(background) }
        if mustReset, words.count > 1 { words[0] = [UInt8(ascii: "0")] }
        output += [0x1B, UInt8(ascii: "[")]
        output += words.joined(separator: [UInt8(ascii: ";")])
        output.append(UInt8(ascii: "m"))
    }
}

/// What bytes mean to a terminal, as far as it matters here.
private enum ControlBytes {
    enum Kind {
        /// Sets how characters look.
        case look
        /// Has the usual characters drawn.
        case usualSet
        /// Moves the cursor and draws nothing.
        case move
        /// Characters, and what fills or moves parts of the screen.
        case drawing
        /// Anything else; the look may be another one after it.
        case stranger
    }

    private static let escape: UInt8 = 0x1B

    static func kind(of part: UnsafeBufferPointer<UInt8>) -> Kind {
        guard part[0] < 0x20 else { return .drawing }
        guard part[0] == escape else {
            // Back, to the line's beginning, and the two that choose a set of characters.
            return [0x08, 0x0D, 0x0E, 0x0F].contains(part[0]) ? .move : .drawing
        }
        if part.elementsEqual([escape, UInt8(ascii: "("), UInt8(ascii: "B")]) { return .usualSet }
        guard part.count > 2, part[1] == UInt8(ascii: "["), let last = part.last,
            part[2..<part.count - 1].allSatisfy({ (0x30...0x3F).contains($0) })
        else { return .stranger }
        // Behind a mark of its own a letter means something else.
        guard part[2..<part.count - 1].allSatisfy({ $0 < 0x3C }) else { return .drawing }
        if last == UInt8(ascii: "m") { return .look }
        return "ABCDEFGHdf".utf8.contains(last) ? .move : .drawing
    }

    /// Where the characters, or the one control sequence, end that begin at a place.
    static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        func skip(_ range: ClosedRange<UInt8>, from place: Int) -> Int {
            bytes[place...].firstIndex { !range.contains($0) } ?? bytes.count
        }
        guard bytes[start] < 0x20 else { return skip(0x20...0xFF, from: start) }
        guard bytes[start] == escape, start + 1 < bytes.count else { return start + 1 }
        switch bytes[start + 1] {
        case UInt8(ascii: "["):
            return min(bytes.count, skip(0x20...0x3F, from: start + 2) + 1)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            let last = bytes[(start + 2)...].firstIndex { $0 == 0x07 || $0 == escape }
            guard let last else { return bytes.count }
            return min(bytes.count, bytes[last] == escape ? last + 2 : last + 1)
        default: return min(bytes.count, skip(0x20...0x2F, from: start + 1) + 1)
        }
    }
}
