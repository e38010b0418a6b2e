/// How the console looks, and what it may offer; fixed when it starts unless a command changes it.
package struct ConsoleSettings: Sendable {
    /// Whether only ASCII may be drawn.
    package var isASCII = false
    /// Whether colours are left out (`NO_COLOR`): attributes, glyphs and words remain.
    package var isMono = false
    /// The themes to choose from; the built-in one is always there.
    package var themes: [Theme] = []
    /// The name of the theme to begin with.
    package var theme = Theme.builtIn.name
    /// The kinds of job that can be submitted, for the command line.
    package var kinds: [KindLine] = []
    /// How the command line program is called, in commands that are copied.
    package var program = "signalbox"
    /// How many milliseconds pass on the screen in one that passes for the person before it.
    package var pace: Double = 1
    /// Whether the store goes when the console is left.
    package var isStoreTemporary = false

    /// What is usual.
    package init() {}

    /// The type that a target without one has, for a kind of job.
    func targetType(of kind: String) -> String {
        kinds.first { $0.name == kind }?.targetType ?? (kind.hasPrefix("host.") ? "host" : "vm")
    }

    /// So many milliseconds of a person's time, as the screen counts them.
    func paced(_ milliseconds: Int64) -> Int64 { Int64(Double(milliseconds) * max(pace, 0.001)) }

    /// The theme in use.
    var currentTheme: Theme {
        themes.first { $0.name == theme } ?? .builtIn
    }
}

/// A kind of job that can be submitted.
package struct KindLine: Hashable, Sendable {
    /// Its name: `vm.start`.
    package var name: String
    /// The type of its target: `vm`.
    package var targetType: String
    /// The names of its parameters.
    package var parameters: [String]

    /// A kind with all its parts.
    package init(name: String, targetType: String, parameters: [String] = []) {
        self.name = name
        self.targetType = targetType
        self.parameters = parameters
    }
}
