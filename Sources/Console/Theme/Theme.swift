package import Terminal

/// How each role looks.
package struct Theme: Hashable, Sendable {
    /// What it is called: the name of its file.
    package var name: String
    private var styles: [Style]

    /// A theme made of what is said about some roles; the others look as in the built-in theme.
    init(name: String, entries: [Role: ThemeEntry]) {
        self.name = name
        let missing = BuiltInTheme.entries.merging(entries) { _, own in own }
        let base = missing[.text]?.style(over: .plain) ?? .plain
        styles = Role.allCases.map { missing[$0]?.style(over: base) ?? base }
    }

    private init(name: String, styles: [Style]) {
        self.name = name
        self.styles = styles
    }

    /// How a role looks.
    package subscript(role: Role) -> Style { styles[role.place] }

    /// The theme that is there without any file.
    package static let builtIn = Theme(name: "dark", entries: [:])

    /// The same without colours: roles that stand out by a background are reversed instead.
    package var withoutColor: Theme {
        let reversed: Set<Role> = [.selected, .title, .dialogTitle, .danger, .toast, .match]
        let bold: Set<Role> = [
            .activeTab, .problem, .caution, .accent, .key, .failed, .lost, .needsOperator,
            .logError, .running, .inputProblem, .focus, .barDone,
        ]
        let looks = Role.allCases.map { role -> Style in
            var attributes = self[role].attributes.subtracting(.dim)
            if reversed.contains(role) { attributes.insert(.reverse) }
            if bold.contains(role) { attributes.insert(.bold) }
            if role == .selectedBlurred { attributes.insert(.underline) }
            return Style(attributes: attributes)
        }
        return Theme(name: name, styles: looks)
    }
}

extension Role {
    private static let places = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) }
    )

    /// Its place among all roles.
    var place: Int { Self.places[self] ?? 0 }
}

/// What a theme says about one role; what it leaves out is that of the role `text`.
struct ThemeEntry: Hashable, Sendable {
    var foreground: Color?
    var background: Color?
    var attributes: Attributes = []

    func style(over base: Style) -> Style {
        Style(
            foreground: foreground ?? base.foreground,
            background: background ?? base.background,
            attributes: attributes
        )
    }
}
