import Engine
import FoundationEssentials
import Glibc
import Model

/// Runs a program that the configuration lists, with nothing but what it is given.
struct ScriptRun: JobKind {
    let catalog: ScriptCatalog

    let name = "script.run"
    let summary = "Run a program that the configuration lists under “scripts”"
    /// None: whatever is named is handed to the program, and locked.
    let targetType = ""
    /// Nobody has to look for secrets where no script can be run.
    var parameters: [ParameterSpec] {
        catalog.all.isEmpty ? Self.parameters.filter { !$0.isSecret } : Self.parameters
    }

    private static let parameters = [
        ParameterSpec("program", "the name of a program of the configuration", isRequired: true),
        ParameterSpec("arguments", "words between spaces, or a JSON list; no shell reads them"),
        ParameterSpec("env", "variables for it: a JSON object of texts"),
        ParameterSpec("env.*", "one variable for it: env.SIZE=4"),
        ParameterSpec("secret.*", "one that is never shown: secret.TOKEN=…", isSecret: true),
        ParameterSpec("directory", "where it works; left out, a folder of its own"),
        ParameterSpec("undo", "the program that takes it back, or none"),
        ParameterSpec("timeout", "how long it may run: 90s, 10m"),
        ParameterSpec("grace", "between being asked to end and being killed: 10s"),
        ParameterSpec("attempts", "how often it is tried if it ends with 75; 1 to 10"),
        ParameterSpec("lock", "how the target is held: exclusive, shared or none"),
    ]

    /// How long a program may say nothing before its guard is asked about, in milliseconds.
    ///
    /// Silence is usual for programs, and the end of one is noticed without asking.
    private static let stallAfter: Int64 = 900_000

    func plan(_ order: Order) throws(Failure) -> Plan {
        let program = try catalog.program(order.parameters["program", default: ""])
        let details = try details(of: order, for: program)
        let target = order.target == .none ? "" : " on \(order.target)"
        let attempts = try order.number("attempts", in: 1...10) ?? 1
        let step = Step(
            "Run \(program.name)\(target)",
            .operation(operation(ScriptVerb.run, program.name, details, order)),
            undo: try undo(of: program, order).map {
                operation(ScriptVerb.undo, $0, details, order)
            },
            weight: 10,
            retry: RetryPolicy(attempts: attempts, base: 2000, limit: 60_000)
        ).with { $0.stallAfter = Self.stallAfter }
        return Plan(
            summary: "Run \(program.name)\(target)",
            steps: [step],
            locks: try order.targetLocks()
        )
    }

    private func operation(
        _ verb: String,
        _ program: String,
        _ details: [String: String],
        _ order: Order
    ) -> Operation {
        var parameters = details
        parameters["program"] = program
        parameters["target"] = order.target == .none ? nil : order.target.description
        parameters["user"] = order.user
        if verb == ScriptVerb.undo {
            parameters["arguments"] = nil
            parameters["timeout"] = nil
            parameters[Operation.wantsResults] = "true"
        }
        let subject = order.target == .none ? "script/\(program)" : order.target.description
        return Operation(verb, on: subject, lane: ScriptCatalog.lane, parameters: parameters)
    }

    private func undo(of program: ScriptProgram, _ order: Order) throws(Failure) -> String? {
        guard let name = order.text("undo") ?? program.undo, name != "none" else { return nil }
        return try catalog.program(name).name
    }

    /// What the backend needs to know beside the program's name.
    private func details(
        of order: Order,
        for program: ScriptProgram
    ) throws(Failure) -> [String: String] {
        var details = try variables(of: order, for: program)
        if let text = order.text("arguments") {
            let words = try ScriptWords.arguments(text)
            guard words.isEmpty || program.takesArguments else {
                throw .validation("\(program.name) takes no arguments")
            }
            details["arguments"] = Self.json(words)
        }
        if let folder = order.text("directory") {
            try Self.check(directory: folder)
            details["directory"] = folder
        }
        if let limit = try Self.span("timeout", order, upTo: program.timeout) {
            details["timeout"] = String(limit)
        }
        if let grace = try Self.span("grace", order, upTo: ScriptProgram.longestGrace) {
            details["grace"] = String(grace)
        }
        return details
    }

    private func variables(
        of order: Order,
        for program: ScriptProgram
    ) throws(Failure) -> [String: String] {
        var found: [String: String] = [:]
        if let text = order.text("env") {
            for (name, value) in try ScriptWords.variables(text) { found["env." + name] = value }
        }
        for (name, value) in order.parameters
        where name.hasPrefix("env.") || name.hasPrefix("secret.") {
            found[name] = value
        }
        guard found.count <= ScriptWords.most else {
            throw .validation("\(found.count) variables are too many; \(ScriptWords.most) can be")
        }
        for (name, value) in found.sorted(by: { $0.key < $1.key }) {
            let variable = String(name.drop { $0 != "." }.dropFirst())
            try ScriptWords.check(variable: variable, value)
            if let allowed = program.variables, !allowed.contains(variable) {
                let list = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
                throw .validation("\(program.name) takes no variable \(variable); it takes \(list)")
            }
        }
        return found
    }

    private static func check(directory: String) throws(Failure) {
        var status = stat()
        guard directory.hasPrefix("/") else {
            throw .validation("directory must be an absolute path, not “\(directory)”")
        }
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .validation("there is no folder \(directory)")
        }
    }

    private static func span(
        _ name: String,
        _ order: Order,
        upTo limit: Int64?
    ) throws(Failure) -> Int64? {
        guard let text = order.text(name) else { return nil }
        guard let span = Span.milliseconds(text), span > 0 else {
            throw .validation("\(name) must be a span such as 90s or 10m, not “\(text)”")
        }
        if let limit, span > limit {
            throw .validation("\(name) may be at most \(Span.short(limit)), not \(text)")
        }
        return span
    }

    static func json(_ words: [String]) -> String {
        (try? JSONEncoder().encode(words)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

/// What is asked of the backend of scripts.
enum ScriptVerb {
    /// Run a program.
    static let run = "script.run"
    /// Run the program that takes another one's work back.
    static let undo = "script.undo"
}
