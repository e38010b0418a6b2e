import Glibc
import Model

/// What a program said, as it lies in the file of its run.
///
/// A line of the file is a letter, a space and a text: `D`, `I`, `W`, `E` for the levels of a log,
/// `P` with per cent and words for progress, `R` with name and value for a result.
enum OutputLine: Hashable {
    /// For the log.
    case log(LogText)
    /// How far it is.
    case progress(Int, String)
    /// What it gave back.
    case result(String, String)

    /// Reads a line; nil if it is none of ours.
    init?(_ line: Substring) {
        let text = String(line.dropFirst(2))
        switch line.first {
        case "D": self = .log(LogText(.debug, text))
        case "I": self = .log(LogText(.info, text))
        case "W": self = .log(LogText(.warning, text))
        case "E": self = .log(LogText(.error, text))
        case "P":
            let parts = text.split(separator: " ", maxSplits: 1)
            guard let percent = parts.first.flatMap({ Int($0) }) else { return nil }
            self = .progress(percent, parts.count == 2 ? String(parts[1]) : "")
        case "R":
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            self = .result(String(parts[0]), String(parts[1]))
        default: return nil
        }
    }

    /// The line without its end.
    var text: String {
        switch self {
        case .log(let log):
            switch log.level {
            case .debug: "D \(log.text)"
            case .info: "I \(log.text)"
            case .warning: "W \(log.text)"
            case .error: "E \(log.text)"
            }
        case .progress(let percent, let text): "P \(percent) \(text)"
        case .result(let name, let value): "R \(name)=\(value)"
        }
    }

    /// Writes the line at the end of an open file.
    func write(to file: Int32) {
        let line = Array((text + "\n").utf8)
        _ = line.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    }
}
