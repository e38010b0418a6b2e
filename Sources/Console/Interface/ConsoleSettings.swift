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
    /// The kinds of job that can be submitted, for completion.
    package var kinds: [String] = []
    /// How the command line program is called, in commands that are copied.
    package var program = "signalbox"

    /// What is usual.
    package init() {}

    /// The theme in use.
    var currentTheme: Theme {
        themes.first { $0.name == theme } ?? .builtIn
    }
}
