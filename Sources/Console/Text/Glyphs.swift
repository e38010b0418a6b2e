import Model
import Terminal

/// A sign with its twin for terminals that have only ASCII.
struct Glyph: Hashable, Sendable {
    let full: String
    let ascii: String

    init(_ full: String, _ ascii: String) {
        self.full = full
        self.ascii = ascii
    }

    func text(ascii isASCII: Bool) -> String { isASCII ? ascii : full }
}

/// The signs that the console draws; all of them one column wide.
enum Glyphs {
    static let folded = Glyph("▸", ">")
    static let unfolded = Glyph("▾", "v")
    static let ascending = Glyph("▲", "^")
    static let descending = Glyph("▼", "v")
    static let undo = Glyph("↺", "u")
    static let pointOfNoReturn = Glyph("◆", "!")
    static let uninterruptible = Glyph("■", "#")
    static let alert = Glyph("▲", "!")

    /// The sign of a state; each state has one of its own.
    static func state(_ state: JobState) -> Glyph {
        switch state {
        case .pending: Glyph("○", ".")
        case .queued: Glyph("◔", ":")
        case .running: Glyph("●", ">")
        case .childQueued: Glyph("◇", "c")
        case .childRunning: Glyph("◆", "C")
        case .finishing: Glyph("◕", "]")
        case .cancelling: Glyph("◐", "/")
        case .rollingBack: Glyph("↺", "<")
        case .needsOperator: Glyph("▲", "!")
        case .lost: Glyph("?", "?")
        case .completed: Glyph("✓", "+")
        case .warning: Glyph("!", "w")
        case .failed: Glyph("✗", "x")
        case .aborted: Glyph("■", "#")
        }
    }

    /// The sign of a step's state.
    static func step(_ state: StepState) -> Glyph {
        switch state {
        case .waiting: Glyph("○", ".")
        case .issued: Glyph("◔", ":")
        case .running: Glyph("●", ">")
        case .done: Glyph("✓", "+")
        case .failed: Glyph("✗", "x")
        case .interrupted: Glyph("■", "#")
        case .unknown: Glyph("?", "?")
        case .skipped: Glyph("–", "-")
        case .refused: Glyph("!", "w")
        }
    }

    /// The role in which a step's state is drawn.
    static func role(_ state: StepState) -> Role {
        switch state {
        case .waiting, .skipped: .muted
        case .issued, .running: .running
        case .done: .completed
        case .failed, .refused: .failed
        case .interrupted: .aborted
        case .unknown: .lost
        }
    }
}

extension JobState {
    /// The state in four letters, where there is no room for its word.
    var shortWord: String {
        switch self {
        case .pending: "Pend"
        case .queued: "Queu"
        case .running: "Run"
        case .childQueued: "ChQ"
        case .childRunning: "ChR"
        case .finishing: "Fin"
        case .cancelling: "Canc"
        case .rollingBack: "Undo"
        case .needsOperator: "Oper"
        case .lost: "Lost"
        case .completed: "Done"
        case .warning: "Warn"
        case .failed: "Fail"
        case .aborted: "Abrt"
        }
    }
}
