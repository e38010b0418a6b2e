/// What a terminal can do, as far as the environment tells.
package struct TerminalCapabilities: Hashable, Sendable {
    /// The terminal's type; empty when not known.
    package var term: String
    /// How many colours may be used.
    package var colors: ColorDepth
    /// Whether more than ASCII may be sent.
    package var unicode: Bool

    /// Names what is known already.
    package init(term: String, colors: ColorDepth, unicode: Bool) {
        self.term = term
        self.colors = colors
        self.unicode = unicode
    }

    /// Judges by environment variables, and by nothing else.
    ///
    /// Read are `TERM`, `COLORTERM` and `NO_COLOR` for the colours (`NO_COLOR` with any text wins),
    /// and the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set for the characters.
    ///
    /// - Parameter environment: The variables and their values.
    package init(environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        self.term = term
        colors = Self.colors(
            term: term.lowercased(),
            colorTerm: environment["COLORTERM"]?.lowercased() ?? "",
            noColor: environment["NO_COLOR"] ?? ""
        )
        unicode = Self.isUnicode(environment)
    }

    private static func colors(term: String, colorTerm: String, noColor: String) -> ColorDepth {
        guard noColor.isEmpty, !term.isEmpty else { return .mono }
        let isOld = term.hasPrefix("vt") && !term.hasPrefix("vte")
        if isOld || term == "dumb" || term == "unknown" || term.hasSuffix("-m")
            || term.hasSuffix("-mono")
        {
            return .mono
        }
        if colorTerm == "truecolor" || colorTerm == "24bit" || term.contains("direct") {
            return .truecolor
        }
        if term.contains("256color") { return .indexed256 }
        if term.contains("16color") { return .ansi16 }
        let modest = ["xterm", "screen", "tmux", "rxvt", "linux", "ansi", "cygwin", "putty"]
        // Terminals that name themselves are newer than the palette of 256.
        return modest.contains { term == $0 || term == $0 + "-color" } ? .ansi8 : .indexed256
    }

    private static func isUnicode(_ environment: [String: String]) -> Bool {
        let set = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
        guard let locale = set.first(where: { !$0.isEmpty })?.lowercased() else { return false }
        return locale.contains("utf-8") || locale.contains("utf8")
    }
}
