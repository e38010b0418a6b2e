/// Cuts a stream of bytes into lines of bounded length.
struct LineCutter {
    /// How many bytes of a line are kept.
    let limit: Int
    private var line: [UInt8] = []
    private var left = 0

    /// A cutter of lines with so many bytes at most.
    init(limit: Int) { self.limit = limit }

    /// Takes bytes, and gives the lines that end in them.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            add(rest[..<end])
            lines.append(cut())
            rest = rest[(end + 1)...]
        }
        add(rest)
        return lines
    }

    private mutating func add(_ part: ArraySlice<UInt8>) {
        let kept = part.prefix(max(0, limit - line.count))
        line += kept
        left += part.count - kept.count
    }

    /// What stands after the last line's end; nil if nothing does.
    mutating func rest() -> String? { line.isEmpty ? nil : cut() }

    private mutating func cut() -> String {
        defer { (line, left) = ([], 0) }
        let text = PlainText.of(line)
        return left > 0 ? "\(text)… (\(left) bytes more)" : text
    }
}

/// Text that can be stored and shown, of any bytes.
package enum PlainText {
    private static let escape: Unicode.Scalar = "\u{1B}"

    /// Valid text on one line without control characters, of what a terminal would have shown.
    package static func of(_ bytes: [UInt8]) -> String {
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
        // A carriage return alone writes a line anew, as progress bars do: the last one counts.
        if scalars.last == "\r" { scalars = scalars.dropLast() }
        if let last = scalars.lastIndex(of: "\r") { scalars = scalars[(last + 1)...] }
        var text = String.UnicodeScalarView()
        while let scalar = scalars.popFirst() {
            if scalar == escape { skipSequence(&scalars) } else { text.append(shown(scalar)) }
        }
        return String(text)
    }

    private static func skipSequence(_ rest: inout ArraySlice<Unicode.Scalar>) {
        guard rest.first == "[" else { return }
        rest = rest.dropFirst()
        while let next = rest.popFirst(), !(0x40...0x7E).contains(next.value) {}
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar == "\t" { return " " }
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            return "\u{FFFD}"
        default: return scalar
        }
    }
}
