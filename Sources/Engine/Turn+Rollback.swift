import Model
import Store

/// Failing, and undoing what was done.
extension Turn {
    /// Lets a job fail: undo by its policy, then the end.
    func fail(_ entry: Entry, _ failure: Failure, cause: Cause = .error) throws {
        entry.stored.extra.failure = failure
        entry.job.code = failure.code
        entry.job.message = failure.text
        entry.job.cause = cause
        entry.isDirty = true
        wake(entry, at: nil)
        let hasUndo = !entry.undoable.isEmpty
        switch entry.stored.rollbackPolicy {
        case .manual where hasUndo:
            try move(entry, to: .needsOperator, "its kind asks for a person before an undo")
            wait(entry, .operator, on: failure.text)
        case .automatic where hasUndo: try beginRollback(entry, "a step failed: \(failure.text)")
        default: try end(entry)
        }
    }

    /// Marks everything that is to be undone and begins with the newest.
    func beginRollback(_ entry: Entry, from first: Int = 0, _ why: String) throws {
        for index in entry.undoable where index >= first {
            entry.change(index) { $0.undo = .waiting }
        }
        entry.stored.extra.undoFailures = 0
        try move(entry, to: .rollingBack, why)
        try continueRollback(entry)
    }

    /// Undoes the newest step that is still to be undone, or ends the rollback.
    func continueRollback(_ entry: Entry) throws {
        wake(entry, at: nil)
        if entry.state == .lost { try move(entry, to: .rollingBack, "the backend answered") }
        if let index = entry.steps.lastIndex(where: { $0.undo == .waiting }),
            let undo = entry.steps[index].step.undo
        {
            return try issue(entry, index: index, operation: undo, isUndo: true)
        }
        if let first = entry.stored.resumeAt { return try resume(entry, at: first) }
        try end(entry)
    }

    /// An undo failed: it is tried again, and in the end a person is asked.
    func undoFailed(_ entry: Entry, _ name: OperationName, _ text: String) throws {
        log(entry, .error, "undo of \(entry.steps[name.step].step.name): \(text)")
        if entry.state == .lost { try move(entry, to: .rollingBack, "the backend answered") }
        entry.stored.extra.undoFailures += 1
        let attempts = entry.stored.extra.undoFailures
        let retry = RetryPolicy.standard
        if attempts < retry.attempts {
            entry.change(name.step) { $0.undo = .waiting }
            let pause = retry.pause(afterAttempt: attempts, chance: chance.next())
            wait(entry, .retry, on: "the undo in \(Span.short(pause)), attempt \(attempts + 1)")
            return wake(entry, at: now + pause)
        }
        entry.change(name.step) { $0.undo = .failed }
        try move(entry, to: .needsOperator, "an undo failed \(attempts) times")
        entry.job.message = text
        wait(entry, .operator, on: "undo of \(entry.steps[name.step].step.name) failed: \(text)")
    }

    /// Ends a job that did not reach its goal.
    func end(_ entry: Entry) throws {
        entry.job.rollback = entry.rollbackOutcome
        let isOwnStop = entry.stored.extra.engineStop != nil
        let failedByItself = entry.job.stop.map { $0.level == .cancel || isOwnStop } ?? true
        if let failure = entry.stored.extra.failure, failedByItself {
            entry.job.code = failure.code
            entry.job.message = failure.text
            if entry.job.cause == .none { entry.job.cause = .error }
            try move(entry, to: .failed, entry.job.message)
            return
        }
        entry.stored.extra.failure = nil
        entry.job.code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
        if entry.job.cause == .none || entry.job.cause == .error {
            entry.job.cause = .stoppedByUser
        }
        entry.job.message = entry.stopText
        try move(entry, to: .aborted, entry.stopText)
    }

    // MARK: Placement on another host

    /// Takes back the steps from `first` on and begins them again without a host.
    ///
    /// If taking back does not succeed, the job ends with `failure`.
    func placeElsewhere(
        _ entry: Entry,
        from first: Int,
        excluding host: String,
        _ failure: Failure
    ) throws {
        entry.stored.extra.excluded.append(host)
        entry.stored.extra.failure = failure
        entry.stored.resumeAt = first
        log(entry, .warning, "placement is tried again without \(host)")
        guard entry.undoable.contains(where: { $0 >= first }) else {
            try move(entry, to: .rollingBack, "nothing to take back before placement")
            return try resume(entry, at: first)
        }
        try beginRollback(entry, from: first, "placement is tried again without \(host)")
    }

    /// Goes on from an earlier step after a partial rollback.
    func resume(_ entry: Entry, at first: Int) throws {
        entry.stored.resumeAt = nil
        if entry.steps[first...].contains(where: { $0.undo == .skipped }) {
            // Something is left behind: on top of that nothing is begun anew.
            for index in entry.undoable { entry.change(index) { $0.undo = .waiting } }
            return try continueRollback(entry)
        }
        entry.stored.extra.failure = nil
        entry.job.code = nil
        for index in entry.steps.indices where index >= first {
            entry.change(index) { step in
                let attempts = (step.attempts, step.undoAttempts)
                step = StepRecord(index: index, step: step.step)
                // Attempts count on, so that no operation's name is ever used twice.
                (step.attempts, step.undoAttempts) = attempts
            }
        }
        entry.stored.currentStep = first
        try move(entry, to: .queued, "placement is tried again")
        try route(entry)
    }
}

extension Entry {
    /// The steps that have begun, can be undone and have not been, oldest first.
    var undoable: [Int] {
        guard !isPastReturn else { return [] }
        return steps.indices.filter {
            steps[$0].step.undo != nil && steps[$0].state.hasBegun && steps[$0].undo == .none
        }
    }

    /// What came of undoing the work as a whole.
    var rollbackOutcome: RollbackOutcome {
        guard steps.contains(where: { $0.state.hasBegun }) else { return .notNeeded }
        let undos = steps.map(\.undo).filter { $0 != .none }
        if undos.contains(.failed) { return .dirty }
        if undos.contains(.skipped) { return .skipped }
        if undos.isEmpty { return undoable.isEmpty ? .none : .skipped }
        return undos.allSatisfy { $0 == .done } ? .clean : .dirty
    }

    /// Who stopped the job and why, in one line.
    var stopText: String {
        guard let stop = job.stop else { return "stopped" }
        return "\(stop.level.rawValue) by \(stop.by)"
            + (stop.reason.isEmpty ? "" : ": \(stop.reason)")
    }
}
