/// The rules about what a module must be handed instead of reaching for it.
extension Rule {
    static let clock = Rule(name: "clock") { source in
        guard needsWorldHandedIn(source) else { return [] }
        let patterns = [
            "Date ( )", "Date . init ( )", "Date . now", "ContinuousClock . now",
            "ContinuousClock ( ) . now", "SuspendingClock . now", "SuspendingClock ( ) . now",
            "DispatchTime . now", "DispatchWallTime . now", "clock_gettime", "gettimeofday",
            "timeIntervalSinceNow", "systemUptime",
        ]
        let named = findings(of: patterns, in: source, saying: "reads the clock")
        let implied = source.tokens.indices.filter { isImpliedNow(at: $0, in: source) }
        return named + implied.map { finding(".now reads the clock", at: $0, in: source) }
    }

    static let chance = Rule(name: "chance") { source in
        guard needsWorldHandedIn(source) else { return [] }
        let patterns = [
            ". random ( )", ". randomElement ( )", ". shuffled ( )", ". shuffle ( )",
            "SystemRandomNumberGenerator", "UUID ( )", "getrandom", "getentropy",
        ]
        let named = findings(of: patterns, in: source, saying: "draws chance without a generator")
        let ranges = source.tokens.indices.filter {
            source.reads([".", "random", "(", "in"], at: $0) && !hasGenerator(at: $0, in: source)
        }
        return named + ranges.map { finding(".random(in:) has no using:", at: $0, in: source) }
    }

    /// Nobody sleeps, the tests least of all: they wait for an event, with a limit.
    static let pause = Rule(name: "pause") { source in
        guard needsWorldHandedIn(source) || source.isTest else { return [] }
        let patterns = ["Thread . sleep", "Task . sleep", "usleep", "nanosleep"]
        return findings(of: patterns, in: source, saying: "sleeps")
            + calls(of: ["sleep"], in: source, saying: "sleeps")
    }

    static let speech = Rule(name: "speech") { source in
        guard needsWorldHandedIn(source) else { return [] }
        return calls(of: ["print", "debugPrint", "NSLog"], in: source, saying: "writes to stdout")
    }

    /// The two modules that are nothing but values and functions.
    static let surroundings = Rule(name: "surroundings") { source in
        guard ["Model", "Console"].contains(source.module) else { return [] }
        let patterns = ["FileManager", "FileHandle", "ProcessInfo", "getenv", "fopen"]
        return findings(of: patterns, in: source, saying: "reads files or the environment")
    }

    /// The executable makes the clock, the generator and the files; all others are given them.
    private static func needsWorldHandedIn(_ source: SourceText) -> Bool {
        source.module != nil && source.module != "signalbox"
    }
}

// MARK: - Matching

extension Rule {
    private static func finding(_ text: String, at index: Int, in source: SourceText) -> Finding {
        Finding(line: source.tokens[index].line, text: text)
    }

    private static func findings(
        of patterns: [String],
        in source: SourceText,
        saying what: String
    ) -> [Finding] {
        patterns.flatMap { pattern in
            let words = pattern.split(separator: " ").map(String.init)
            return source.tokens.indices.filter { source.reads(words, at: $0) }
                .map { finding("\(words.joined()) \(what)", at: $0, in: source) }
        }
    }

    /// Calls of free functions; methods of the same name are somebody else's.
    private static func calls(
        of names: [String],
        in source: SourceText,
        saying what: String
    ) -> [Finding] {
        let modules = ["Swift", "Foundation", "Glibc"]
        return source.tokens.indices.filter { index in
            guard names.contains(source.text(index)), source.text(index + 1) == "(" else {
                return false
            }
            let before = source.text(index - 1)
            return before == "." ? modules.contains(source.text(index - 2)) : before != "func"
        }.map { finding("\(source.text($0))( \(what)", at: $0, in: source) }
    }

    /// Whether `.now` is given where a point in time is wanted, without the type's name.
    private static func isImpliedNow(at index: Int, in source: SourceText) -> Bool {
        guard source.reads([".", "now"], at: index) else { return false }
        let isComparison = source.text(index - 1) == "=" && source.text(index - 2) == "="
        return !isComparison
            && ["(", "[", ",", ":", "=", "?", "return"]
                .contains(source.text(index - 1))
    }

    private static func hasGenerator(at index: Int, in source: SourceText) -> Bool {
        guard let close = source.partners[index + 2] else { return false }
        return (index..<close).contains { source.reads(["using", ":"], at: $0) }
    }
}
