import Terminal

/// Breaks text at blanks so that it fits.
enum Wrap {
    /// The lines of a text, none wider than `width`; words that are too wide are cut.
    static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { paragraph(String($0), width: width) }
    }

    private static func paragraph(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var rest = String(word)
            var wide = CellWidth.of(rest)
            if used > 0, used + 1 + wide > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            while wide > width {
                let head = CellWidth.cut(rest, to: width, ending: "")
                guard !head.isEmpty else { break }
                lines.append(head)
                rest = String(Sanitizer.visible(rest).dropFirst(head.count))
                wide = CellWidth.of(rest)
            }
            line += (line.isEmpty ? "" : " ") + rest
            used = CellWidth.of(line)
        }
        return lines + [line]
    }

    /// A line broken where it must be; what follows the first is set in by `indent`.
    static func line(_ line: StyledLine, width: Int, indent: Int = 11) -> [StyledLine] {
        guard let last = line.pieces.last, width > indent + 8,
            CellWidth.of(line.plain) > width
        else { return [line] }
        let before = line.pieces.dropLast()
        let start = before.reduce(0) { $0 + CellWidth.of($1.text) }
        guard start < width - 8 else { return [line] }
        let parts = lines(last.text, width: width - start)
        return parts.enumerated().map { index, part in
            var result = line
            let lead = [Piece(String(repeating: " ", count: start), .text)]
            result.pieces = (index == 0 ? Array(before) : lead) + [Piece(part, last.role)]
            return result
        }
    }
}
