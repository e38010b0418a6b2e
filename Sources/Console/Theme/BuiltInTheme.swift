import Terminal

/// The dark theme, so that the program runs without any file.
///
/// Blue is well, orange is ill: the two that nearly everybody can tell apart.
enum BuiltInTheme {
    static let entries: [Role: ThemeEntry] = [
        .text: look("#d3dae3", "#10151b"),
        .muted: look("#8e9bab"),
        .title: look("#ffffff", "#27496d", .bold),
        .heading: look("#a9b6c6", "#1b232d"),
        .activeTab: look("#ffffff", "#34516f", .bold),
        .border: look("#8f9dad"),
        .focus: look("#7cc4ff", nil, .bold),
        .selected: look("#ffffff", "#2f5d8c", .bold),
        .selectedBlurred: look("#e6ecf2", "#2a3542"),
        .key: look("#ffcf5c", nil, .bold),
        .hint: look("#a9b6c6"),
        .accent: look("#ffcf5c", nil, .bold),
        .problem: look("#ff8f4a", nil, .bold),
        .caution: look("#ffcf5c"),
        .success: look("#7cc4ff"),
        .input: look("#ffffff", "#1f2c3a"),
        .inputProblem: look("#ff8f4a", nil, .bold),
        .dialog: look("#e6ecf2", "#1c2733"),
        .dialogTitle: look("#ffffff", "#34516f", .bold),
        .danger: look("#ffffff", "#9c3b00", .bold),
        .disabled: look("#93a0b0", "#1c2733"),
        .toast: look("#ffffff", "#9c3b00", .bold),
        .barDone: look("#7cc4ff"),
        .barRest: look("#8a97a5"),
        .match: look("#10151b", "#ffcf5c", .bold),
        .logDebug: look("#8e9bab"),
        .logInfo: look("#d3dae3"),
        .logWarning: look("#ffcf5c"),
        .logError: look("#ff8f4a", nil, .bold),
        .pending: look("#a9b6c6"),
        .queued: look("#c9b8ff"),
        .running: look("#7cc4ff", nil, .bold),
        .childQueued: look("#c9b8ff"),
        .childRunning: look("#7cc4ff"),
        .finishing: look("#9fe0ff"),
        .cancelling: look("#ffcf5c", nil, .bold),
        .rollingBack: look("#ffcf5c"),
        .needsOperator: look("#ff9fd0", nil, .bold),
        .lost: look("#ff9fd0", nil, .bold),
        .completed: look("#8fb8dc"),
        .warning: look("#ffcf5c"),
        .failed: look("#ff8f4a", nil, .bold),
        .aborted: look("#d9a37a"),
    ]

    private static func look(
        _ foreground: String,
        _ background: String? = nil,
        _ attributes: Attributes = []
    ) -> ThemeEntry {
        ThemeEntry(
            foreground: Color(foreground),
            background: background.flatMap { Color($0) },
            attributes: attributes
        )
    }
}
