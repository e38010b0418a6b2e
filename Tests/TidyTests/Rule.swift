/// What a rule found in a file.
struct Finding: Equatable, Sendable {
    let line: Int
    /// What is wrong, in a few words that follow “file:line:”.
    let text: String
}

/// Something that holds for every source file.
struct Rule: Sendable {
    let name: String
    let check: @Sendable (SourceText) -> [Finding]

    static let all: [Rule] =
        [.fileLength, .lineLength, .functionLength, .documentation, .imports, .includes]
        + [.clock, .chance, .pause, .speech, .surroundings]
        + [.force, .access, .reasons, .unfinished, .names, .gate]
}
