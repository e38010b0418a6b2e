/// What a key can mean; which key means it, and where, is said by ``Keymap``.
package enum Command: String, CaseIterable, Sendable {
    case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom
    case open, back, leave, quit, nextPane, previousPane, zoom
    case viewJobs, viewVMs, viewHosts, viewLocks
    case filter, onlyTrouble, search, nextMatch, previousMatch
    case sortPrevious, sortNext, sortMenu, sortInvert
    case tree, fold, unfold, unfoldAll, parent
    case previousTab, nextTab, overview, steps, log, family, journal, result
    case follow, level, nextError, previousError, wrap
    case actions, cancel, abort, retry, acknowledge
    case commandLine, copyMenu, help, redraw, suspend
    case choose, dismiss
    case confirm, refuse, editReason, lookAgain
    case leaveRunning, cancelMine
    case nextField, previousField
    case accept, complete, historyBack, historyForward
    case eraseBack, eraseForward, eraseWord, eraseLine
    case cursorLeft, cursorRight, cursorHome, cursorEnd
}

/// Where a key is pressed: what has the focus.
package enum Context: String, CaseIterable, Sendable {
    case jobs, vms, hosts, locks, detail
    case menu, dialog, quitDialog, form, dialogText, line, help

    /// As the help names it.
    var title: String {
        switch self {
        case .jobs: "Jobs"
        case .vms: "VMs"
        case .hosts: "Hosts"
        case .locks: "Locks"
        case .detail: "Detail pane"
        case .menu: "Menus"
        case .dialog: "Dialogs"
        case .quitDialog: "Leaving"
        case .form: "Forms"
        case .dialogText: "Text in dialogs"
        case .line: "Typed lines"
        case .help: "Help"
        }
    }

    /// Whether characters are typed into a line here instead of being keys.
    var takesText: Bool { self == .form || self == .dialogText || self == .line }
}

extension Set<Context> {
    static let lists: Set = [.jobs, .vms, .hosts, .locks]
    static let panes: Set = [.jobs, .vms, .hosts, .locks, .detail]
    static let scrolling: Set = panes.union([.help, .menu])
    static let typing: Set = [.form, .dialogText, .line]
}
