import Model
import Operations
import Yams

extension Configuration {
    private static let scriptKeys = [
        "path", "undo", "arguments", "environment", "directory", "help", "grace", "timeout",
        "warning", "limits",
    ]
    private static let limitKeys = ["lines", "bytes", "lineLength", "linesPerSecond"]

    /// The programs that jobs and hooks may run: a mapping of names to paths, or to details.
    func scripts(_ node: Node, _ place: String) throws(Complaint) -> [ScriptProgram] {
        guard let mapping = node.mapping else {
            throw Complaint(
                .usage,
                "\(place): scripts must be a mapping such as {backup: {path: /opt/backup.sh}}"
            )
        }
        var programs: [ScriptProgram] = []
        for (key, value) in mapping {
            let line = Self.line(key, place)
            let name = key.string ?? ""
            let isPlain = name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
            }
            guard isPlain, (1...63).contains(name.count), name != "none" else {
                throw Complaint(
                    .usage,
                    "\(line): “\(name)” cannot be a script's name: 1 to 63 letters, digits, “-”, "
                        + "“.”, “_” can, and “none” means no script"
                )
            }
            programs.append(try script(name, value, line))
        }
        let names = Set(programs.map(\.name))
        for program in programs {
            guard let undo = program.undo, !names.contains(undo) else { continue }
            throw Complaint(
                .usage,
                "\(place): the undo of \(program.name) is “\(undo)”, which is not listed"
            )
        }
        return programs
    }

    private func script(
        _ name: String,
        _ node: Node,
        _ place: String
    ) throws(Complaint) -> ScriptProgram {
        if let path = node.string { return ScriptProgram(name, path: try absolute(path, place)) }
        guard let mapping = node.mapping else {
            throw Complaint(.usage, "\(place): \(name) must be a path or a mapping with one")
        }
        var program = ScriptProgram(name, path: "")
        for (key, value) in mapping {
            let line = Self.line(key, place)
            switch key.string ?? "" {
            case "path": program.path = try absolute(try text(value, "path", line), line)
            case "undo": program.undo = try text(value, "undo", line)
            case "help": program.help = try text(value, "help", line)
            case "directory":
                program.directory = try absolute(try text(value, "directory", line), line)
            case "arguments": program.takesArguments = try flag(value, "arguments", line)
            case "environment": program.variables = try texts(value, "environment", line)
            case "grace":
                program.grace = try span(value, "grace", upTo: ScriptProgram.longestGrace, line)
            case "timeout": program.timeout = try span(value, "timeout", upTo: .max, line)
            case "warning":
                program.warningStatus = Int32(try number(value, "warning", 1...255, line))
            case "limits": program.limits = try limits(value, line)
            case let other: throw Self.unknown(other, Self.scriptKeys, line)
            }
        }
        guard !program.path.isEmpty else {
            throw Complaint(.usage, "\(place): \(name) needs a path: {path: /opt/backup.sh}")
        }
        return program
    }

    private func limits(_ node: Node, _ place: String) throws(Complaint) -> ScriptLimits {
        guard let mapping = node.mapping else {
            throw Complaint(.usage, "\(place): limits must be a mapping such as {lines: 500}")
        }
        var limits = ScriptLimits()
        for (key, value) in mapping {
            let line = Self.line(key, place)
            switch key.string ?? "" {
            case "lines": limits.lines = try number(value, "lines", 1...100_000, line)
            case "bytes": limits.bytes = try number(value, "bytes", 1024...(64 << 20), line)
            case "lineLength":
                limits.lineLength = try number(value, "lineLength", 20...16_384, line)
            case "linesPerSecond":
                limits.linesPerSecond = try number(value, "linesPerSecond", 1...10_000, line)
            case let other: throw Self.unknown(other, Self.limitKeys, line)
            }
        }
        return limits
    }

    // MARK: Values

    /// Where a key stands, for complaints.
    static func line(_ key: Node, _ place: String) -> String {
        let file = place.split(separator: ":").dropLast().joined(separator: ":")
        return "\(file):\(key.mark?.line ?? 0)"
    }

    /// A complaint about a key that is none.
    static func unknown(_ key: String, _ known: [String], _ place: String) -> Complaint {
        Complaint(
            .usage,
            "\(place): there is no key “\(key)”; there are \(known.joined(separator: ", "))"
        )
    }

    private func absolute(_ path: String, _ place: String) throws(Complaint) -> String {
        guard path.hasPrefix("/") else {
            throw Complaint(.usage, "\(place): “\(path)” must be an absolute path")
        }
        return path
    }

    /// A list of texts; one text alone is a list of one.
    func texts(_ node: Node, _ key: String, _ place: String) throws(Complaint) -> [String] {
        if let one = node.string { return [one] }
        guard let sequence = node.sequence, sequence.allSatisfy({ $0.string != nil }) else {
            throw Complaint(.usage, "\(place): \(key) must be a list of texts")
        }
        return sequence.compactMap(\.string)
    }

    /// A span such as `90s`, in milliseconds.
    func span(
        _ node: Node,
        _ key: String,
        upTo limit: Int64,
        _ place: String
    ) throws(Complaint) -> Int64 {
        guard let span = node.string.flatMap(Span.milliseconds), span > 0, span <= limit else {
            let most = limit == .max ? "" : ", \(Span.short(limit)) at most"
            throw Complaint(.usage, "\(place): \(key) must be a span such as 90s or 10m\(most)")
        }
        return span
    }

    /// A whole number.
    func number(
        _ node: Node,
        _ key: String,
        _ range: ClosedRange<Int>,
        _ place: String
    ) throws(Complaint) -> Int {
        guard let number = node.int, range.contains(number) else {
            throw Complaint(
                .usage,
                "\(place): \(key) must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }
}
