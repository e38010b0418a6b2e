import Model
import Store

/// The ladder of stopping: cancel, abort, abandon.
extension Turn {
    /// Stops a job on a rung of the ladder.
    func stop(
        _ entry: Entry,
        _ level: StopLevel,
        by user: String,
        reason: String,
        cause: Cause = .stoppedByUser
    ) throws -> RequestOutcome {
        if let refusal = refusal(of: level, entry) { return .refused(refusal) }
        // What a person asks for takes the place of what the engine wanted.
        if user != Self.engineName { dropEngineStop(entry) }
        if let known = entry.job.stop, known.level >= level { return .accepted(entry.id) }
        entry.job.stop = StopRequest(level: level, by: user, at: now, reason: reason)
        entry.job.cause = cause
        entry.isDirty = true
        if level == .abandon { return try abandon(entry, by: user, reason: reason) }
        switch entry.state {
        case .pending: try stopBeforeStart(entry)
        case .queued:
            leaveLane(entry)
            wake(entry, at: nil)
            try takeStop(entry)
        case .running, .finishing:
            try move(entry, to: .cancelling, "\(level.rawValue) was asked", by: user)
            try interruptIfAsked(entry)
        case .childQueued, .childRunning:
            try move(entry, to: .cancelling, "\(level.rawValue) was asked", by: user)
            try stopChildren(of: entry, level, by: user, reason: reason)
        case .cancelling:
            try interruptIfAsked(entry)
            try stopChildren(of: entry, level, by: user, reason: reason)
        case .lost: wake(entry, at: now)
        case .rollingBack:
            // It was on its way to another host; now everything is taken back.
            entry.stored.resumeAt = nil
            entry.stored.extra.failure = nil
            for index in entry.undoable { entry.change(index) { $0.undo = .waiting } }
        default: break
        }
        return .accepted(entry.id)
    }

    /// Why a stop on this rung makes no sense for a job as it stands; nil if it does.
    private func refusal(of level: StopLevel, _ entry: Entry) -> String? {
        let id = entry.id
        switch entry.state {
        case _ where entry.state.isTerminal:
            return "\(id) has ended (\(entry.state.word)); nothing is left to stop"
        case _ where level == .abandon: return nil
        case .finishing where level == .cancel:
            return "\(id) has done its work and is finishing; abort it if its end action hangs"
        case .rollingBack where entry.stored.resumeAt == nil:
            return "\(id) is being undone already; if that hangs, abandon it"
        case _ where entry.isPastReturn:
            return
                "\(id) is past its point of no return and goes on to its end; "
                + "if it hangs, abandon it"
        case .needsOperator:
            return "\(id) waits for a decision: resolve it (retry, skip, giveUp), or abandon it"
        default: return nil
        }
    }

    /// Ends a job that has not begun: nothing is called, nothing is undone.
    func stopBeforeStart(_ entry: Entry) throws {
        entry.job.rollback = .notNeeded
        entry.job.code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
        entry.job.message = entry.stopText
        try move(entry, to: .aborted, entry.stopText, by: entry.job.stop?.by ?? "engine")
    }

    /// Has the step at work interrupted if an abort was asked and the step allows it.
    func interruptIfAsked(_ entry: Entry) throws {
        guard let stop = entry.job.stop, stop.level == .abort, let flight = entry.inFlight,
            !flight.isUndo
        else { return }
        let step = entry.steps[flight.index]
        guard step.step.isInterruptible else {
            entry.job.message =
                "\(step.step.name) cannot be interrupted; the stop waits for its end"
            log(entry, .warning, entry.job.message)
            return
        }
        calls.append(.interrupt(operation: step.operation, fence: try next(.fence)))
        wake(entry, at: now + Self.interruptLimit)
    }

    /// Milliseconds within which an interrupt is to be answered.
    static let interruptLimit: Int64 = 30_000

    /// An interrupt was not answered in time: the outcome of the step is not known.
    func interruptUnanswered(_ entry: Entry) throws {
        guard let flight = entry.inFlight,
            let name = OperationName(entry.steps[flight.index].operation)
        else { return }
        calls.append(.probe(operation: name.description))
        entry.stored.probes += 1
        try lose(entry, name, "no answer to the interrupt of operation \(name)")
    }

    /// Passes a stop on to all children that have not ended.
    private func stopChildren(
        of entry: Entry,
        _ level: StopLevel,
        by user: String,
        reason: String
    ) throws {
        for child in try unfinishedChildren(of: entry) {
            _ = try stop(child, level, by: user, reason: reason, cause: .stoppedByParent)
        }
    }

    /// A stop takes effect at a boundary: what was done is undone, or the job ends at once.
    func takeStop(_ entry: Entry, _ failure: Failure? = nil) throws {
        wake(entry, at: nil)
        if try takeEngineStop(entry) { return }
        if let failure, entry.job.stop?.level == .cancel {
            entry.stored.extra.failure = failure
            entry.job.code = failure.code
            entry.job.message = failure.text
            entry.job.cause = .error
        }
        entry.stored.resumeAt = nil
        if entry.stored.rollbackPolicy != .none, !entry.undoable.isEmpty {
            try beginRollback(entry, "the stop took effect")
        } else {
            try end(entry)
        }
    }

    // MARK: The last rung

    /// Stops tracking: the job ends at once, whatever its backend is doing.
    private func abandon(_ entry: Entry, by user: String, reason: String) throws -> RequestOutcome {
        try stopChildren(of: entry, .abandon, by: user, reason: reason)
        let flight = entry.inFlight
        entry.job.cause = .abandoned
        entry.stored.extra.failure = nil
        if let flight {
            let operation = entry.steps[flight.index].operation
            freeSlot(entry, index: flight.index)
            entry.change(flight.index) { step in
                if flight.isUndo { step.undo = .skipped } else { step.state = .unknown }
            }
            entry.job.backend = .unknown
            log(entry, .error, "abandoned: operation \(operation) may still be at work")
        }
        leaveLane(entry)
        wake(entry, at: nil)
        for index in entry.steps.indices where entry.steps[index].undo == .waiting {
            entry.change(index) { $0.undo = .skipped }
        }
        entry.job.rollback = entry.rollbackOutcome
        entry.job.code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
        entry.job.message = entry.stopText
        switch entry.state {
        case .running, .childQueued, .childRunning, .finishing:
            try move(entry, to: .cancelling, "abandon was asked", by: user)
        default: break
        }
        if !entry.state.isTerminal { try move(entry, to: .aborted, entry.stopText, by: user) }
        return .accepted(entry.id)
    }

    /// Carries out what an operator decided about a job that cannot go on by itself.
    func resolve(
        _ entry: Entry,
        _ resolution: Resolution,
        by user: String,
        reason: String
    ) throws -> RequestOutcome {
        if entry.state == .lost, resolution == .retry {
            wake(entry, at: now)
            return .accepted(entry.id)
        }
        guard entry.state == .needsOperator else {
            return .refused(
                "\(entry.id) is \(entry.state.word); "
                    + "only a job that needs an operator can be resolved"
            )
        }
        switch resolution {
        case .retry:
            for index in entry.steps.indices where entry.steps[index].undo == .failed {
                entry.change(index) { $0.undo = .waiting }
            }
            let first = entry.stored.resumeAt ?? 0
            try beginRollback(entry, from: first, "\(user) asked for the undo again")
        case .skip:
            for index in entry.steps.indices where entry.steps[index].undo == .failed {
                entry.change(index) { $0.undo = .skipped }
            }
            let first = entry.stored.resumeAt ?? 0
            try beginRollback(entry, from: first, "\(user) left the failed undo out")
        case .giveUp:
            for index in entry.undoable {
                entry.change(index) { $0.undo = .skipped }
            }
            for index in entry.steps.indices
            where entry.steps[index].undo == .failed || entry.steps[index].undo == .waiting {
                entry.change(index) { $0.undo = .skipped }
            }
            try end(entry)
        }
        return .accepted(entry.id)
    }
}
