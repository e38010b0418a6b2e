import Model

/// What a line of a script's output means.
///
/// A line that begins with `::` and a known word speaks to Signalbox; every other line, and one of
/// these that is not written as it should be, is for the log.
enum ScriptLine: Hashable {
    /// For the log.
    case log(LogLevel, String)
    /// How far it is, in per cent, and what it does.
    case progress(Int, String)
    /// What it gives back.
    case result(String, String)
    /// Something needs attention.
    case warning(String)

    /// The longest value of a result, in bytes.
    static let longestValue = 4096

    /// Reads a line of standard output.
    static func read(_ text: String) -> ScriptLine {
        guard text.hasPrefix("::") else { return .log(.info, text) }
        let parts = text.dropFirst(2).split(separator: " ", maxSplits: 1)
        let rest = parts.count == 2 ? parts[1].trimmed : ""
        switch parts.first {
        case "progress": return progress(rest) ?? .log(.info, text)
        case "result": return result(rest) ?? .log(.info, text)
        case "warning": return rest.isEmpty ? .log(.info, text) : .warning(rest)
        case "log": return leveled(rest) ?? .log(.info, text)
        default: return .log(.info, text)
        }
    }

    private static func progress(_ text: String) -> ScriptLine? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return nil }
        let digits = first.last == "%" ? first.dropLast() : first
        guard let percent = Int(digits), (0...100).contains(percent) else { return nil }
        return .progress(percent, parts.count == 2 ? parts[1].trimmed : "")
    }

    private static func result(_ text: String) -> ScriptLine? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy(isNamePart), parts[1].utf8.count <= longestValue
        else { return nil }
        return .result(String(parts[0]), String(parts[1]))
    }

    private static func leveled(_ text: String) -> ScriptLine? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let level = LogLevel(rawValue: String(parts[0])) else { return nil }
        return .log(level, parts[1].trimmed)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || byte == 95 || byte == 45 || byte == 46
    }
}

extension Substring {
    /// Without the spaces around it.
    fileprivate var trimmed: String {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
