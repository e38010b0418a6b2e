/// Makes text from outside safe to show: nothing in it can speak to the terminal.
///
/// ``Grid`` does the same with all that is put into it, so this is for text that goes elsewhere,
/// and for knowing a width beforehand.
package enum Sanitizer {
    /// The text as a grid would show it; doing it twice changes nothing more.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - ascii: Whether only ASCII may remain: `^[` for ESC, `?` for what has no twin.
    /// - Returns: Text without control, bidi and invisible characters.
    package static func visible(_ text: String, ascii: Bool = false) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        guard !isPlain else { return text }
        if ascii { return visibleASCII(text) }
        var result = String.UnicodeScalarView()
        var reader = ClusterReader(text)
        while let cluster = reader.next() {
            result.append(cluster.base)
            for mark in [cluster.marks.first, cluster.marks.second] where mark != 0 {
                if let scalar = Unicode.Scalar(mark) { result.append(scalar) }
            }
        }
        return String(result)
    }

    private static func visibleASCII(_ text: String) -> String {
        var result = ""
        for scalar in visible(text).unicodeScalars {
            let width = ScalarClass.of(scalar)
            switch scalar.value {
            case 0x2400..<0x2420:
                result += "^"
                result.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x2400 + 64)))
            case 0x2421: result += "^?"
            default:
                guard width != .mark else { continue }
                result.unicodeScalars.append(ASCIITwin.of(scalar))
                if width == .wide || width == .skinTone { result += "?" }
            }
        }
        return result
    }
}

/// How many columns text takes.
package enum CellWidth {
    /// Columns of a text when it is put into a grid.
    package static func of(_ text: String) -> Int {
        of(text[...])
    }

    /// Columns of a part of a text.
    package static func of(_ text: Substring) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        var reader = ClusterReader(text)
        var width = 0
        while let cluster = reader.next() { width += cluster.width }
        return width
    }

    /// Columns of one character, 0 for one that is left out.
    package static func of(_ character: Character) -> Int {
        of(String(character))
    }

    /// The longest beginning of a text that fits.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - columns: The room.
    ///   - ending: What stands at the end of a text that was cut, room permitting.
    /// - Returns: The text as a grid shows it, never wider than `columns`.
    package static func cut(_ text: String, to columns: Int, ending: String = "…") -> String {
        guard columns > 0 else { return "" }
        let text = Sanitizer.visible(text)
        guard of(text) > columns else { return text }
        let tail = of(ending) <= columns ? ending : ""
        let room = columns - of(tail)
        var reader = ClusterReader(text)
        var (result, used) = ("", 0)
        while let cluster = reader.next(), used + cluster.width <= room {
            result += Cell(cluster, style: .plain).text
            used += cluster.width
        }
        return result + tail
    }
}
