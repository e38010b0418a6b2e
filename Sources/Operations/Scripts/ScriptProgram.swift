package import Model

/// A program that jobs may run, as the configuration allows it.
package struct ScriptProgram: Hashable, Sendable {
    /// The name by which jobs ask for it.
    package var name: String
    /// Where it lies: an absolute path.
    package var path: String
    /// The name of the program that takes its work back; nil if there is none.
    package var undo: String?
    /// What it does, in a line for those who choose.
    package var help = ""
    /// Whether a job may give it arguments.
    package var takesArguments = true
    /// The only variables that a job may set; nil for all but those that change how programs load.
    package var variables: [String]?
    /// Where it works unless a job says so; nil for a folder of its own that is gone afterwards.
    package var directory: String?
    /// Milliseconds between being asked to end and being killed.
    package var grace: Int64 = 10_000
    /// Milliseconds that it may run at most; nil for no limit.
    package var timeout: Int64?
    /// The exit status that means: done, and something needs attention.
    package var warningStatus: Int32 = 3
    /// How much it may say.
    package var limits = ScriptLimits()

    /// A program with what is usual for the rest.
    package init(_ name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// The longest pause between being asked to end and being killed, in milliseconds.
    package static let longestGrace: Int64 = 600_000
}

/// How much of what a script says is kept; the rest is read, counted and dropped.
package struct ScriptLimits: Hashable, Codable, Sendable {
    /// Lines of a run.
    package var lines = 2000
    /// Bytes of a run.
    package var bytes = 1 << 20
    /// Characters of a line; what is longer is cut.
    package var lineLength = 1000
    /// Lines within a second.
    package var linesPerSecond = 200

    /// What is usual.
    package init() {}
}

/// The programs that jobs may run, by name: nothing else is ever run.
package struct ScriptCatalog: Sendable {
    private let programs: [String: ScriptProgram]
    /// How many of them run at once.
    package let slots: Int

    /// The lane of all scripts.
    package static let lane = "scripts"

    /// These programs; of two with the same name the later one counts.
    package init(_ programs: [ScriptProgram] = [], slots: Int = 4) {
        self.programs = Dictionary(programs.map { ($0.name, $0) }) { $1 }
        self.slots = slots
    }

    /// All programs, by name.
    package var all: [ScriptProgram] { programs.values.sorted { $0.name < $1.name } }

    /// The program of that name, if it may be run as it lies there now.
    ///
    /// - Throws: a failure of validation that says what is wrong with it.
    package func program(_ name: String) throws(Failure) -> ScriptProgram {
        guard let program = programs[name] else {
            guard !programs.isEmpty else {
                throw .validation(
                    "there is no script “\(name)”; the configuration lists none under “scripts”"
                )
            }
            let near = Nearest.names(to: name, among: programs.keys.sorted())
            let known = near.isEmpty ? programs.keys.sorted() : near
            let list = known.prefix(8).joined(separator: ", ")
            throw .validation(
                "there is no script “\(name)”; \(near.isEmpty ? "there are" : "did you mean") "
                    + list + (near.isEmpty ? "" : "?")
            )
        }
        if let problem = ProgramCheck.problem(with: program.path) {
            throw .validation("the script \(name) cannot be run: \(problem)")
        }
        return program
    }
}
