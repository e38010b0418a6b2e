import Model

/// A run of text in one role.
struct Piece: Hashable, Sendable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }
}

/// One line of a text pane.
struct StyledLine: Hashable, Sendable {
    var pieces: [Piece]
    /// The level, if it is a line of log.
    var level: LogLevel?
    /// The job, if the line stands for one.
    var job: JobID?

    init(_ pieces: [Piece] = [], level: LogLevel? = nil, job: JobID? = nil) {
        self.pieces = pieces
        self.level = level
        self.job = job
    }

    init(_ text: String, _ role: Role = .text) { pieces = [Piece(text, role)] }

    static let empty = StyledLine()

    /// The words without their roles.
    var plain: String { pieces.map(\.text).joined() }

    /// A label in a column of its own and what there is to say.
    static func field(_ label: String, _ text: String, _ role: Role = .text) -> StyledLine {
        let gap = String(repeating: " ", count: max(1, 11 - label.count))
        return StyledLine([Piece(label + gap, .muted), Piece(text, role)])
    }

    static func heading(_ text: String) -> StyledLine { StyledLine(text, .heading) }
}
