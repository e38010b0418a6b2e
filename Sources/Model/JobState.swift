/// Where a job stands in its life.
///
/// The same fourteen words are used in code, store, screen and docs.
package enum JobState: String, CaseIterable, Codable, Sendable {
    /// Accepted; waits for its time, a dependency, a lock or a resumed lane.
    case pending
    /// Has all it needs; waits for a slot.
    case queued
    /// Its steps execute.
    case running
    /// Waits for children; none is active.
    case childQueued
    /// Waits for children; one is active.
    case childRunning
    /// Work done; the end action runs or is retried.
    case finishing
    /// A stop was asked and recorded; it has not taken effect yet.
    case cancelling
    /// Undo steps run, newest first.
    case rollingBack
    /// Undo failed, or the kind asks for a person.
    case needsOperator
    /// The outcome is not known; it is being reconciled.
    case lost
    /// Done.
    case completed
    /// Usable, needs attention.
    case warning
    /// Ended with an error.
    case failed
    /// Ended because a person or a parent asked.
    case aborted

    /// The number that stands for the state in the store.
    ///
    /// Never changed once released.
    package var code: Int {
        switch self {
        case .pending: 0
        case .queued: 1
        case .running: 2
        case .childQueued: 3
        case .childRunning: 4
        case .finishing: 5
        case .cancelling: 6
        case .rollingBack: 7
        case .needsOperator: 8
        case .lost: 9
        case .completed: 10
        case .warning: 11
        case .failed: 12
        case .aborted: 13
        }
    }

    /// The state with that number in the store; nil for a number that stands for none.
    package init?(code: Int) {
        guard Self.allCases.indices.contains(code) else { return nil }
        self = Self.allCases[code]
    }

    /// Whether the job has ended: no move leads out of this state.
    package var isTerminal: Bool { code >= Self.completed.code }

    /// Whether a parent counts the job as active: something of it is at work now.
    package var isActive: Bool {
        switch self {
        case .running, .childRunning, .finishing, .cancelling, .rollingBack: true
        default: false
        }
    }

    /// Whether a person should look: the job cannot go on well by itself, or ended badly.
    package var needsAttention: Bool {
        switch self {
        case .needsOperator, .lost, .failed, .warning: true
        default: false
        }
    }

    /// The state as people read it: `Child Queued`.
    package var word: String {
        switch self {
        case .pending: "Pending"
        case .queued: "Queued"
        case .running: "Running"
        case .childQueued: "Child Queued"
        case .childRunning: "Child Running"
        case .finishing: "Finishing"
        case .cancelling: "Cancelling"
        case .rollingBack: "Rolling Back"
        case .needsOperator: "Needs Operator"
        case .lost: "Lost"
        case .completed: "Completed"
        case .warning: "Warning"
        case .failed: "Failed"
        case .aborted: "Aborted"
        }
    }

    /// The state that a word names, in any spelling: `childQueued`, `Child Queued`, `child-queued`.
    package init?(word: String) {
        let wanted = word.lowercased().filter(\.isLetter)
        guard let match = Self.allCases.first(where: { $0.rawValue.lowercased() == wanted })
        else { return nil }
        self = match
    }
}
