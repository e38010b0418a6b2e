import Engine
import Foundation
import Glibc
import Model

/// Writes down what a run says, within its limits, for an engine to read whenever there is one.
///
/// A line of the file is a letter, a space and a text: `D`, `I`, `W`, `E` for the levels of a log,
/// `P` with per cent and words for progress, `R` with name and value for a result.
struct OutputKeeper {
    /// What the run gave back, and what it complained of.
    private(set) var end = ScriptEnd()
    private let file: Int32
    private let limits: ScriptLimits
    private let secrets: [String]
    private var lines = 0
    private var bytes = 0
    private var dropped = 0
    private var second: (number: Int64, lines: Int) = (-1, 0)
    private var progress: (percent: Int, text: String)?
    private var toldAt = Int64.min

    /// How many results a run can give back.
    static let mostResults = 64
    /// How long progress may wait so that several reports become one, in milliseconds.
    static let rhythm: Int64 = 200

    /// Writes to an open file, which it does not close.
    init(_ file: Int32, _ order: ScriptOrder) {
        self.file = file
        limits = order.limits
        // A word of two letters is no secret, and masking it would make nothing readable.
        secrets = order.secrets.filter { $0.count > 3 }.sorted { $0.count > $1.count }
    }

    /// Takes a line of standard output.
    mutating func take(output line: String, at now: Int64) {
        switch ScriptLine.read(masked(line)) {
        case .log(let level, let text): log(level, text, at: now)
        case .progress(let percent, let text):
            progress = (percent, cut(text))
            tell(at: now)
        case .result(let name, let value): keep(name, value)
        case .warning(let text):
            if end.warning == nil { end.warning = cut(text) }
            log(.warning, text, at: now)
        }
    }

    /// Takes a line of standard error.
    mutating func take(errors line: String, at now: Int64) {
        log(.warning, masked(line), at: now)
    }

    /// Says something of the guard's own; no limit holds it back.
    mutating func note(_ level: LogLevel, _ text: String) {
        write(Self.letter(of: level), cut(text))
    }

    /// Says what had to be left out, and the last progress.
    mutating func finish() {
        if progress != nil { tell(at: .max) }
        if dropped > 0 {
            note(
                .warning,
                "\(dropped) lines were left out: a run may say \(limits.lines) lines, "
                    + "\(limits.bytes >> 10) KiB, and \(limits.linesPerSecond) lines a second"
            )
        }
    }

    /// When progress that waits is to be told; nil if none waits.
    var tellsAt: Int64? { progress == nil ? nil : toldAt + Self.rhythm }

    /// Tells the progress that waits, if it has waited long enough.
    mutating func tell(at now: Int64) {
        guard let told = progress, toldAt == .min || now - Self.rhythm >= toldAt else { return }
        write("P", "\(told.percent) \(told.text)")
        (progress, toldAt) = (nil, now)
    }

    // MARK: Limits

    private mutating func log(_ level: LogLevel, _ text: String, at now: Int64) {
        let text = cut(text)
        if level >= .warning, !text.isEmpty { end.lastComplaint = text }
        if now / 1000 != second.number { second = (now / 1000, 0) }
        guard lines < limits.lines, bytes + text.utf8.count <= limits.bytes,
            second.lines < limits.linesPerSecond
        else {
            dropped += 1
            return
        }
        lines += 1
        bytes += text.utf8.count
        second.lines += 1
        write(Self.letter(of: level), text)
    }

    private mutating func keep(_ name: String, _ value: String) {
        guard end.results[name] != nil || end.results.count < Self.mostResults else {
            dropped += 1
            return
        }
        // The same again costs nothing, however often it is said.
        guard end.results[name] != value else { return }
        bytes += value.utf8.count
        guard bytes <= limits.bytes else {
            dropped += 1
            return
        }
        end.results[name] = value
        write("R", "\(name)=\(value)")
    }

    private func cut(_ text: String) -> String {
        text.count <= limits.lineLength ? text : text.prefix(limits.lineLength) + "…"
    }

    private func masked(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) {
            text = text.replacingOccurrences(of: secret, with: SecretMask.mask)
        }
        return text
    }

    // MARK: The file

    private func write(_ letter: Character, _ text: String) {
        let line = Array("\(letter) \(text)\n".utf8)
        _ = line.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    }

    private static func letter(of level: LogLevel) -> Character {
        switch level {
        case .debug: "D"
        case .info: "I"
        case .warning: "W"
        case .error: "E"
        }
    }
}

/// What a line of a run's output file says.
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
}
