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
        try undoByPolicy(entry, "a step failed: \(failure.text)")
    }

    /// Undoes what was done, asks a person before, or leaves it, as the job's policy says.
    func undoByPolicy(_ entry: Entry, _ why: String) throws {
        let count = entry.undoable.count
        switch entry.stored.rollbackPolicy {
        case .manual where count > 0:
            try move(entry, to: .needsOperator, "\(why); its policy asks for a person before undo")
            let steps = count == 1 ? "1 step" : "\(count) steps"
            rung(
                entry,
                .operator,
                "\(why); retry undoes \(steps), skip leaves the newest out, giveUp leaves all"
            )
        case .automatic where count > 0: try beginRollback(entry, why)
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
        while let index = entry.steps.lastIndex(where: { $0.undo == .waiting }) {
            if entry.stored.extra.isUndoHeld {
                return try askAboutUndo(entry, "an abort was asked while it was undone")
            }
            try listChildren(entry, index)
            guard let undo = entry.steps[index].undoOperation else {
                // No child got so far that there is anything to take back.
                entry.change(index) { $0.undo = .done }
                continue
            }
            passed(entry, "undoes \(entry.undoPlace(of: index))")
            try issue(entry, index: index, operation: undo, isUndo: true)
            return tellRung(entry)
        }
        if let first = entry.stored.resumeAt { return try resume(entry, at: first) }
        try end(entry)
    }

    /// Goes on when the clock of a rollback runs out: the pause before a try, or the limit of an
    /// interrupt.
    func continueAfterPause(_ entry: Entry) throws {
        guard let name = entry.flightName else { return try continueRollback(entry) }
        wake(entry, at: nil)
        try askPerson(entry, name, "did not answer the interrupt in 30s")
    }

    /// Interrupts an undo because an abort was asked; a person then decides how to go on.
    func holdUndo(_ entry: Entry) throws {
        entry.stored.extra.isUndoHeld = true
        entry.isDirty = true
        if entry.state == .lost { return wake(entry, at: now) }
        guard let flight = entry.inFlight else {
            wake(entry, at: nil)
            return try askAboutUndo(entry, "an abort was asked while it was undone")
        }
        let step = entry.steps[flight.index]
        calls.append(.interrupt(operation: step.operation, fence: try next(.fence)))
        wake(entry, at: now + Self.interruptLimit)
        tellRung(entry)
        passed(entry, "the interrupt of the undo of “\(step.step.name)” is sent; 30s to answer it")
    }

    /// Leaves the decision about the rest of an undo to a person.
    private func askAboutUndo(_ entry: Entry, _ why: String) throws {
        entry.stored.extra.isUndoHeld = false
        try move(entry, to: .needsOperator, why)
        let open = entry.steps.count { $0.undo == .waiting || $0.undo == .failed }
        rung(
            entry,
            .operator,
            "\(why); \(open) of the steps are not undone: retry undoes them, skip leaves the "
                + "newest out, giveUp leaves all"
        )
    }

    /// Finds out which children of a step have work to take back.
    private func listChildren(_ entry: Entry, _ index: Int) throws {
        let record = entry.steps[index]
        guard record.undoing == nil, case .children(let children) = record.step.work,
            children.canBeUndone
        else { return }
        let ids = try childIDs(of: entry, step: index)
        try load(ids)
        let places = zip(ids, children.jobs).enumerated().compactMap { place, pair -> Int? in
            let state = entries[pair.0]?.state
            let isDone = state == .completed || state == .warning
            return isDone && pair.1.undo != nil ? place : nil
        }
        entry.change(index) { $0.undoing = places }
    }

    /// An undo is done.
    func undoDone(_ entry: Entry, _ name: OperationName) throws {
        let wasChild = !(entry.steps[name.step].undoing ?? []).isEmpty
        entry.change(name.step) { step in
            if wasChild { step.undoing?.removeLast() }
            step.undo = wasChild && step.undoOperation != nil ? .waiting : .done
        }
        entry.stored.extra.undoFailures = 0
        hasMoved(entry)
        log(entry, .info, "undone: \(entry.steps[name.step].step.name)")
        try continueRollback(entry)
    }

    /// Replaces what there was to undo, if the step that is done is a commit point.
    func commitIfPoint(_ entry: Entry, _ index: Int) {
        guard let commit = entry.steps[index].plan.step.commit else { return }
        for earlier in entry.undoable where earlier < index {
            entry.change(earlier) { $0.undo = .replaced }
        }
        let undo = commit.undo.map { "\($0.verb) \($0.subject)" } ?? "nothing"
        passed(
            entry,
            "commit point “\(entry.steps[index].step.name)”: from here on, undo is \(undo)"
        )
    }

    /// What of the entity is to be saved before a step is begun; nil if nothing is, or was before.
    func fieldsToSave(_ record: StepRecord) -> [String: String]? {
        guard let snapshot = record.plan.step.snapshot, record.saved == nil else { return nil }
        return backend.fields(snapshot.fields, of: snapshot.entity)
    }

    /// An undo failed: it is tried again, and in the end a person is asked.
    func undoFailed(_ entry: Entry, _ name: OperationName, _ text: String) throws {
        let step = entry.steps[name.step].step.name
        log(entry, .error, "undo of \(step): \(text)")
        if entry.state == .lost { try move(entry, to: .rollingBack, "the backend answered") }
        wake(entry, at: nil)
        if entry.stored.extra.isUndoHeld {
            entry.change(name.step) { $0.undo = .failed }
            return try askAboutUndo(entry, "the undo of “\(step)” was aborted")
        }
        entry.stored.extra.undoFailures += 1
        let attempts = entry.stored.extra.undoFailures
        let retry = RetryPolicy.standard
        if attempts < retry.attempts {
            entry.change(name.step) { $0.undo = .waiting }
            let pause = retry.pause(afterAttempt: attempts, chance: chance.next())
            let next = "attempt \(attempts + 1) of \(retry.attempts)"
            rung(entry, .retry, "the undo of “\(step)” in \(Span.short(pause)), \(next)")
            return wake(entry, at: now + pause)
        }
        entry.change(name.step) { $0.undo = .failed }
        try move(entry, to: .needsOperator, "an undo failed \(attempts) times")
        entry.job.message = text
        rung(entry, .operator, "undo of \(step) failed: \(text)")
    }

    /// Ends a job that did not reach its goal.
    func end(_ entry: Entry) throws {
        entry.job.rollback = entry.rollbackOutcome
        if let failure = entry.stored.extra.failure {
            entry.job.code = failure.code
            entry.job.message = failure.text
            if entry.job.cause == .none { entry.job.cause = .error }
            try move(entry, to: .failed, entry.job.message)
            return
        }
        entry.job.code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
        if entry.job.cause == .none || entry.job.cause == .error {
            entry.job.cause = .stoppedByUser
        }
        entry.job.message = entry.stopText
        try move(entry, to: .aborted, entry.stopText)
    }

    // MARK: Placement on another host

    /// The host that is to be left out of another placement; nil if there is to be none.
    func placement(
        of entry: Entry,
        _ record: StepRecord,
        _ failure: Failure,
        _ lane: String
    ) -> String? {
        let first = record.step.retryFrom ?? 0
        // What a commit point has replaced cannot be taken back alone.
        let isCommitted = entry.steps.contains {
            $0.index >= first && $0.index < record.index && $0.state == .done
                && $0.step.commit != nil
        }
        guard !isCommitted, entry.stored.extra.excluded.count < Self.placementLimit else {
            return nil
        }
        if let name = record.step.placedBy {
            return failure.kind == .placement ? entry.stored.extra.results[name] : nil
        }
        guard failure.kind != .permanent, lane.hasPrefix("host/") else { return nil }
        return String(lane.dropFirst(5))
    }

    /// How many hosts are left out of one job's placement at most.
    private static let placementLimit = 10

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
            steps[$0].canBeUndone && steps[$0].state.hasBegun && steps[$0].undo == .none
        }
    }

    /// What came of undoing the work as a whole.
    var rollbackOutcome: RollbackOutcome {
        guard steps.contains(where: { $0.state.hasBegun }) else { return .notNeeded }
        let undos = steps.map(\.undo).filter { $0 != .none && $0 != .replaced }
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
