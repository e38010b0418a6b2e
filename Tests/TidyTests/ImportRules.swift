extension Rule {
    /// Modules know those below them only, and each outside library has its few places.
    static let imports = Rule(name: "imports") { source in
        guard let module = source.module, source.language == .swift else { return [] }
        guard let allowed = Layer.all[module] else {
            return [Finding(line: 1, text: "\(module) is no module of the table in \(#fileID)")]
        }
        return imported(by: source).compactMap { name, line in
            if startsProcesses.contains(name), !source.path.contains("/Operations/Scripts/") {
                return Finding(line: line, text: "only Operations/Scripts imports \(name)")
            }
            guard !allowed.imports.contains(name) else { return nil }
            return Finding(line: line, text: "\(module) must not import \(name)")
        }
    }

    /// What starts other programs has one door within its module.
    private static let startsProcesses: Set = ["Subprocess", "CProcess"]

    /// The terminal's C library has one door.
    static let includes = Rule(name: "includes") { source in
        guard source.language == .c, source.module != "CNcurses" else { return [] }
        return source.lines.enumerated().compactMap { index, line in
            guard line.hasPrefix("#include"), line.contains("curses.h") else { return nil }
            return Finding(line: index + 1, text: "only CNcurses includes curses.h")
        }
    }

    private static func imported(by source: SourceText) -> [(name: String, line: Int)] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return source.tokens.indices.compactMap { index in
            let token = source.tokens[index]
            guard token.text == "import", source.text(index - 1) != ".",
                source.tokens.indices.contains(index + 1),
                source.tokens[index + 1].line == token.line,
                source.tokens[index + 1].kind == .word
            else { return nil }
            let name = source.text(index + 1)
            return (kinds.contains(name) ? source.text(index + 2) : name, token.line)
        }
    }
}

/// What a module may import.
struct Layer: Sendable {
    let imports: Set<String>

    private init(
        _ ours: Set<String>,
        outside: Set<String> = [],
        system: Set<String> = Layer.system
    ) {
        imports = ours.union(outside).union(system)
    }

    private static let essentials: Set = ["Foundation", "FoundationEssentials"]
    private static let system = essentials.union(["Synchronization", "Dispatch", "Glibc"])

    /// The modules from bottom to top; there is no other import.
    static let all: [String: Layer] = [
        "Model": Layer([], system: essentials),
        "Store": Layer(["Model"], outside: ["GRDB", "GRDBSQLite"]),
        "Engine": Layer(["Model", "Store"], outside: ["DequeModule", "HeapModule"]),
        "Hypervisor": Layer([]),
        "Operations": Layer(
            ["Model", "Engine", "Hypervisor", "CProcess"],
            outside: ["Subprocess", "SystemPackage"]
        ),
        "Workload": Layer(["Model", "Engine", "Hypervisor", "Operations"], outside: ["Yams"]),
        "Terminal": Layer(["CNcurses"]),
        "Console": Layer(["Model", "Terminal"], outside: ["Yams"], system: essentials),
        "signalbox": Layer(
            [
                "Model", "Store", "Engine", "Hypervisor", "Operations", "Workload", "Terminal",
                "Console",
            ],
            outside: ["ArgumentParser", "Logging", "Yams"]
        ),
        "TestKit": Layer(
            [
                "Model", "Store", "Engine", "Hypervisor", "Operations", "Workload", "Terminal",
                "Console",
            ],
            outside: ["Testing"]
        ),
    ]
}
