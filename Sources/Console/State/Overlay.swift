/// What lies over the panes and takes the keys.
enum Overlay: Sendable {
    case dialog(Dialog)
    case menu(Menu)
    case form(Form)
    case help(HelpPage)
    case quit(QuitDialog)
    case line(LinePrompt)

    /// Whether rows must not move meanwhile, because something is about to be done to one.
    var freezesRows: Bool {
        switch self {
        case .dialog, .menu, .form: true
        case .help, .quit, .line: false
        }
    }
}

/// The help and how far it is scrolled.
struct HelpPage: Sendable {
    var search = ""
    var scroll = 0
}

/// A line being typed at the bottom of the screen.
struct LinePrompt: Sendable {
    enum Purpose: Hashable, Sendable { case filter, search, helpSearch, command }

    let purpose: Purpose
    var editor: LineEditor
    /// Why the line means nothing yet.
    var problem: String?
    /// What Tab could make of it.
    var completions: [String] = []

    init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        editor = LineEditor(text)
    }

    /// What stands before the line.
    var sign: String {
        switch purpose {
        case .filter, .search, .helpSearch: "/"
        case .command: ":"
        }
    }
}
