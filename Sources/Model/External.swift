/// Work that a program outside does and reports: which jobs it concerns.
package enum External {
    /// The kind of jobs that outside programs begin.
    package static let kind = "external"
    /// What is asked of an outside program: to do a step, and to report on it.
    package static let verb = "external.step"
    /// The lane of such work; a pause there holds it back between its steps.
    package static let lane = "external"
    /// How many lines of log one report may have.
    package static let lines = 500
}

/// What an outside program says of the job whose work it does.
///
/// A report in which nothing is set says that the program is alive.
package struct ExternalReport: Hashable, Codable, Sendable {
    /// The step that it is at now, which ends those before; nil for the same as before.
    package var step: String?
    /// How much of that step is done, in per cent; nil if nothing is said of it.
    package var progress: Int?
    /// What it does now; nil if nothing is said of it.
    package var message: String?
    /// Lines for the job's log.
    package var lines: [LogText] = []
    /// What it gives back, by name.
    package var results: [String: String] = [:]
    /// What needs attention though the work goes on; nil if nothing does.
    package var warning: String?
    /// How the work ended; nil if it goes on.
    package var end: ExternalEnd?

    /// A report that says nothing but that the program is alive.
    package init() {}
}

/// How the work of an outside program ended.
package struct ExternalEnd: Hashable, Codable, Sendable {
    /// The ways to end.
    package enum Outcome: String, CaseIterable, Codable, Sendable {
        case completed, warning, failed, aborted
    }

    /// Which of them.
    package var outcome: Outcome
    /// Why, in a line; may be empty.
    package var text: String
    /// The number of the error, such as an exit status; 0 if there is none.
    package var number: Int
    /// Whether the program took its work back (`clean`), or could not (`dirty`); nil if it left
    /// what it had done.
    package var rollback: RollbackOutcome?

    /// An end with all its parts.
    package init(
        _ outcome: Outcome,
        _ text: String = "",
        number: Int = 0,
        rollback: RollbackOutcome? = nil
    ) {
        self.outcome = outcome
        self.text = text
        self.number = number
        self.rollback = rollback
    }

    /// The state in which the job ends by it.
    package var state: JobState {
        switch outcome {
        case .completed: .completed
        case .warning: .warning
        case .failed: .failed
        case .aborted: .aborted
        }
    }
}

extension Operation {
    /// Whether a program outside does it and reports on it.
    package var isExternal: Bool { verb == External.verb }
}
