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
        if let refusal = try refusal(of: level, entry) { return .refused(refusal) }
        let isHeld = level == .abort && entry.isUndoing
        if isHeld, user == Self.engineName {
            return .refused("\(entry.id) is being undone already")
        }
        // What a person asks for takes the place of what the engine wanted.
        if user != Self.engineName, !isHeld { dropEngineStop(entry) }
        if let known = entry.job.stop, known.level >= level {
            if isHeld { try holdUndo(entry) }
            return .accepted(entry.id)
        }
        entry.job.stop = StopRequest(level: level, by: user, at: now, reason: reason)
        // What has failed by itself stays failed, whatever is said of its undo.
        if entry.stored.extra.failure == nil || !entry.isUndoing { entry.job.cause = cause }
        entry.isDirty = true
        if isHeld {
            try holdUndo(entry)
            return .accepted(entry.id)
        }
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
            tellRung(entry)
            try stopChildren(of: entry, level, by: user, reason: reason)
        case .cancelling:
            try interruptIfAsked(entry)
            try stopChildren(of: entry, level, by: user, reason: reason)
        case .lost: wake(entry, at: now)
        case .needsOperator: try askAfresh(entry, by: user)
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
    private func refusal(of level: StopLevel, _ entry: Entry) throws -> String? {
        let id = entry.id
        switch entry.state {
        case _ where entry.state.isTerminal:
            return "\(id) has ended (\(entry.state.word)); nothing is left to stop"
        case _ where level == .abandon: return nil
        case .finishing where level == .cancel && !entry.isPastReturn:
            return "\(id) has done its work and is finishing; abort it if its end action hangs"
        case _ where level == .cancel && entry.isUndoing:
            return
                "\(id) is being undone already; if that hangs, abort interrupts the undo and "
                + "lets you decide"
        case _ where entry.isPastReturn:
            return
                "\(id) is past its point of no return: nothing is interrupted or undone any more, "
                + "it goes on to its end; if it stands still for long, it will ask an operator"
        case .needsOperator where level == .abort && entry.inFlight?.isUndo == false: return nil
        case .needsOperator:
            return "\(id) waits for a decision: resolve it (retry, skip, giveUp), or abandon it"
        default: break
        }
        guard let child = try refusingChild(of: entry) else { return nil }
        return
            "\(id) cannot be stopped while its child \(child.id) (\(child.job.kind), "
            + "\(child.state.word)) is at work; wait for it, or stop \(child.id) itself"
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
        tellRung(entry)
        guard let stop = entry.job.stop, stop.level == .abort, let flight = entry.inFlight,
            !flight.isUndo
        else { return }
        let step = entry.steps[flight.index]
        guard step.step.isInterruptible else {
            entry.job.message =
                "\(step.step.name) cannot be interrupted; the stop waits for its end"
            return passed(entry, entry.job.message, .warning)
        }
        calls.append(.interrupt(operation: step.operation, fence: try next(.fence)))
        wake(entry, at: now + Self.interruptLimit)
        tellRung(entry)
        passed(entry, "the interrupt of “\(step.step.name)” is sent; 30s to answer it")
    }

    /// Milliseconds within which an interrupt is to be answered.
    static let interruptLimit: Int64 = 30_000

    /// An interrupt was not answered in time: the outcome of the step is not known.
    func interruptUnanswered(_ entry: Entry) throws {
        guard let flight = entry.inFlight,
            let name = OperationName(entry.steps[flight.index].operation)
        else { return }
        calls.append(.probe(operation: name.description))
        entry.stored.probes = 0
        passed(entry, "no answer to the interrupt in 30s; the backend is asked", .warning)
        try lose(entry, name, "no answer to the interrupt of operation \(name)")
    }

    /// Passes a stop on to the children that have not ended and are not on their own.
    ///
    /// A child that is being undone already is left to it. The last rung spares nobody, because it
    /// waits for nobody.
    private func stopChildren(
        of entry: Entry,
        _ level: StopLevel,
        by user: String,
        reason: String
    ) throws {
        let policies = try stopPolicies(of: entry)
        for child in try unfinishedChildren(of: entry) {
            let policy = policies[child.id] ?? .cascade
            guard level == .abandon || (policy != .orphan && !child.isUndoing) else { continue }
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
        try undoByPolicy(entry, "the stop took effect")
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
}
