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
    /// A later commit point is undone in its stead.
    case replaced

    /// The number that stands for it in the store.
    package var code: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One step of one job, with its plan and its history.
package struct StepRecord: Hashable, Sendable {
    /// Its place in the plan, from 0.
    package var index: Int
    /// What was planned.
    package var step: Step {
        _read { yield plan.step }
        set { plan = SharedStep(newValue) }
    }
    /// The same, for where a part of it is looked at and a copy of the record would be for nothing.
    package private(set) var plan: SharedStep
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
    /// What its entity's fields were before it began; nil if nothing was saved.
    package var saved: [String: String]?
    /// The places of the children whose work is still to be taken back, oldest first; nil before
    /// that begins.
    package var undoing: [Int]?

    /// A step that has not begun.
    package init(index: Int, step: Step) {
        self.index = index
        plan = SharedStep(step)
    }
}

extension StepRecord {
    /// Whether there is something that takes it back, as far as it has come.
    package var canBeUndone: Bool {
        if state == .done, let commit = step.commit { return commit.undo != nil }
        if case .children(let children) = step.work, children.canBeUndone { return true }
        return step.undo != nil
    }

    /// The operation that takes it back next; nil if there is none left.
    ///
    /// The work of children is taken back first, the newest child's before the others'. What was
    /// saved of its entity is handed to the operation.
    package var undoOperation: Operation? {
        if state == .done, let commit = step.commit { return commit.undo }
        if case .children(let children) = step.work, let place = undoing?.last,
            children.jobs.indices.contains(place), let undo = children.jobs[place].undo
        {
            return undo
        }
        guard var undo = step.undo else { return nil }
        if let saved { undo.parameters.merge(saved) { $1 } }
        return undo
    }

    /// What would be undone, for people: the step, or what stands for it.
    package var undoText: String {
        guard state == .done, let commit = step.commit, let undo = commit.undo else {
            return step.name
        }
        return "\(step.name) (all up to here, by \(undo.verb) \(undo.subject))"
    }

    /// What a list of steps would undo if the job were stopped now, newest first.
    package static func undoStack(of steps: [StepRecord]) -> [StepRecord] {
        let isPastReturn = steps.contains(where: \.isPastReturn)
        guard !isPastReturn else { return [] }
        return steps.reversed().filter { record in
            record.state.hasBegun && record.canBeUndone
                && [.none, .waiting, .issued, .running].contains(record.undo)
        }
    }

    /// Whether it has begun and its plan says that there is no way back from it.
    package var isPastReturn: Bool {
        step.isPointOfNoReturn && state.hasBegun && state != .failed
    }
}
