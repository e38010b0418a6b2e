package import Model

/// What a piece of text is for; a theme says how each role looks.
package enum Role: String, CaseIterable, Sendable {
    /// Plain text; what other roles leave out is taken from here.
    case text
    /// Less important text.
    case muted
    /// The line with the program's name.
    case title
    /// Headings of columns and tabs that are not open.
    case heading
    /// The open tab or view.
    case activeTab
    /// Lines between panes.
    case border
    /// Lines around what has the focus.
    case focus
    /// The selected row.
    case selected
    /// The selected row of a pane that has not the focus.
    case selectedBlurred
    /// The name of a key.
    case key
    /// What a key does.
    case hint
    /// Something to notice, such as jobs that came while the order was frozen.
    case accent
    /// Something is wrong.
    case problem
    /// Something may go wrong.
    case caution
    /// Something went well.
    case success
    /// A line being typed.
    case input
    /// Why the typed line is not understood.
    case inputProblem
    /// The inside of dialogs, menus and help.
    case dialog
    /// The heading of a dialog.
    case dialogTitle
    /// The heading of a dialog that ends something.
    case danger
    /// What cannot be chosen.
    case disabled
    /// A message that stays until a key is pressed.
    case toast
    /// The done part of a progress bar.
    case barDone
    /// The rest of a progress bar.
    case barRest
    /// What was searched for.
    case match
    case logDebug, logInfo, logWarning, logError
    case pending, queued, running, childQueued, childRunning, finishing, cancelling, rollingBack
    case needsOperator, lost, completed, warning, failed, aborted

    /// The role of a job's state.
    package init(_ state: JobState) { self = Role(rawValue: state.rawValue) ?? .text }

    /// The role of a line of log.
    package init(_ level: LogLevel) {
        self =
            switch level {
            case .debug: .logDebug
            case .info: .logInfo
            case .warning: .logWarning
            case .error: .logError
            }
    }
}
