import Foundation
import Model

/// Hands on what a program says, within its limits.
struct OutputKeeper {
    /// What the run gave back, and what it complained of.
    private(set) var end = ScriptEnd()
    private let sink: (OutputLine) -> Void
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

    /// Hands on what is within these limits, with these texts masked.
    init(_ limits: ScriptLimits, secrets: [String] = [], sink: @escaping (OutputLine) -> Void) {
        self.limits = limits
        self.sink = sink
        // A word of two letters is no secret, and masking it would make nothing readable.
        self.secrets = secrets.filter { $0.count > 3 }.sorted { $0.count > $1.count }
    }

    /// Takes a line of one of a program's outputs.
    mutating func take(_ line: String, isErrors: Bool, at now: Int64) {
        if isErrors { take(errors: line, at: now) } else { take(output: line, at: now) }
    }

    /// Takes a line of standard output.
    private mutating func take(output line: String, at now: Int64) {
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
    private mutating func take(errors line: String, at now: Int64) {
        log(.warning, masked(line), at: now)
    }

    /// Says something of the guard's own; no limit holds it back.
    mutating func note(_ level: LogLevel, _ text: String) {
        sink(.log(LogText(level, cut(text))))
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
        sink(.progress(told.percent, told.text))
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
        sink(.log(LogText(level, text)))
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
        sink(.result(name, value))
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
}
