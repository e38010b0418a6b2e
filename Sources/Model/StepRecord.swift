/// How far one step of a job has come.
package enum StepState: String, CaseIterable, Codable, Sendable {
    /// Not begun.
    case waiting
    /// Written down as begun; the backend has not confirmed it.
    case issued
    /// The backend is at work on it, or its children are.
    case running
    /// Done.
    case done
    /// Failed.
    case failed
    /// Interrupted by a stop.
    case interrupted
    /// Its outcome is not known.
    case unknown
    /// Never begun, because the job ended before.
    case skipped
    /// The backend would not begin it: nothing has happened, so nothing is to be undone.
    case refused

    /// The number that stands for it in the store.
    package var code: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether something of it may have happened, so that it may have to be undone.
    package var hasBegun: Bool { self != .waiting && self != .skipped && self != .refused }
}

/// What came of undoing one step.
package enum UndoState: String, CaseIterable, Codable, Sendable {
    /// No undo was begun.
    case none
    /// The undo is to be run.
    case waiting
    /// Written down as begun; the backend has not confirmed it.
    case issued
    /// The backend is at work on it.
    case running
    /// Undone.
    case done
    /// The undo failed; something is left behind.
    case failed
    /// An operator decided not to undo it.
    case skipped

    /// The number that stands for it in the store.
    package var code: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One step of one job, with its plan and its history.
package struct StepRecord: Hashable, Sendable {
    /// Its place in the plan, from 0.
    package var index: Int
    /// What was planned.
    package var step: Step
    /// How far it is.
    package var state: StepState = .waiting
    /// What came of undoing it.
    package var undo: UndoState = .none
    /// The backend's name of its newest operation; empty if none was begun.
    package var operation: String = ""
    /// The lane in which its newest operation runs: `host/kvm-a01`.
    package var lane: String = ""
    /// How many slots of that lane its newest operation took.
    package var taken: Int = 1
    /// The limits its newest operation counts against: `snapshot@host/kvm-a01`.
    package var held: [String] = []
    /// The fence of its newest operation.
    package var fence: Int64 = 0
    /// How often it was begun.
    package var attempts: Int = 0
    /// How often its undo was begun.
    package var undoAttempts: Int = 0
    /// How much of it is done, 0 to 100.
    package var progress: Int = 0
    /// The newest word from the backend.
    package var message: String = ""
    /// The code it failed with.
    package var code: ResultCode?
    /// When it was first begun.
    package var startedAt: Timestamp?
    /// When it ended.
    package var finishedAt: Timestamp?
    /// What of its row cannot be read; nil if all can.
    ///
    /// Never stored.
    package var damage: String?

    /// A step that has not begun.
    package init(index: Int, step: Step) {
        self.index = index
        self.step = step
    }
}
