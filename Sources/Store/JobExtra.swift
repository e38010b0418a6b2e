package import Model

/// The details of a job that are seldom there and seldom change.
package struct JobExtra: Hashable, Sendable {
    /// Its parameters, by name.
    package var parameters: [String: String] = [:]
    /// The caller's own name for the request.
    package var key: String?
    /// Hosts that placement leaves out, because a step failed there.
    package var excluded: [String] = []
    /// The failure that a rollback will end with.
    package var failure: Failure?
    /// What its steps gave back so far, by name.
    package var results: [String: String] = [:]
    /// How often in a row an undo step failed.
    package var undoFailures: Int = 0
    /// How often its operation was found standing still, or its backend silent, in a row.
    package var stalls: Int = 0
    /// Whether an abort came while it was undone: then a person decides before more is undone.
    package var isUndoHeld: Bool = false
    /// The rollback policy that its submitter asked for; nil for the kind's own.
    package var rollbackPolicy: RollbackPolicy?
    /// What needs attention in a job that will end as a warning; empty if nothing does.
    package var warning: String = ""
    /// What becomes of it if a job it comes after does not complete.
    package var afterFailure = AfterFailure.fail
    /// By what equal orders find it while it has not begun; nil if none may join it.
    package var signature: Int64?
    /// What becomes of it if the engine dies while one of its steps is at work.
    package var onCrash: CrashPolicy = .adopt
    /// How a stop that the engine asked for is to end; nil if it asked for none.
    package var engineStop: EngineStop?
    /// How often it began anew because an engine died.
    package var requeues: Int = 0
    /// Its limits.
    package var limits = LimitSources()
    /// Who must agree to it, or has; nil if nobody has to.
    package var approval: Approval?
    /// How many steps of the job that it tries again are left out; nil if it was planned afresh.
    package var rerunFrom: Int?
    /// What of its row cannot be read; nil if all can.
    ///
    /// Never stored.
    package var damage: String?

    /// No details.
    package init() {}

    /// Whether there is nothing to store.
    package var isEmpty: Bool {
        parameters.isEmpty && key == nil && excluded.isEmpty && failure == nil
            && results.isEmpty && undoFailures == 0 && stalls == 0 && !isUndoHeld
            && rollbackPolicy == nil && warning.isEmpty && afterFailure == .fail
            && signature == nil
            && onCrash == .adopt && engineStop == nil && requeues == 0 && limits.isEmpty
            && approval == nil && rerunFrom == nil
    }
}

/// Details that the copies of a job share.
///
/// They are wide and seldom change: to copy them is to count one more holder.
final class SharedExtra: Hashable, Sendable {
    let extra: JobExtra

    init(_ extra: JobExtra) { self.extra = extra }

    /// No details; what every job begins with.
    static let none = SharedExtra(JobExtra())

    static func == (left: SharedExtra, right: SharedExtra) -> Bool {
        left === right || left.extra == right.extra
    }

    func hash(into hasher: inout Hasher) { hasher.combine(extra) }
}
