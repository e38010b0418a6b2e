import Model
import Store

/// Jobs that the death of an engine interrupted, and stops that the engine itself asks for.
extension Turn {
    /// How often a job begins anew because engines died, before it counts as what kills them.
    static let requeueLimit = 3

    /// Does with a job whose step was at work when its engine died what its kind has declared.
    func applyCrashPolicy(_ entry: Entry, isUndo: Bool) throws {
        guard memory.isTakingOver, !isUndo, entry.job.stop == nil,
            entry.state == .running || entry.state == .lost
        else { return }
        let policy = entry.stored.extra.onCrash
        guard policy != .adopt else { return }
        guard !entry.isPastReturn else {
            log(entry, .warning, "the engine died; past its point of no return it is taken up")
            return
        }
        let step = entry.current?.step.name ?? ""
        let text = "the engine died while “\(step)” was at work; \(policy.text)"
        let ending: EngineStop =
            switch policy {
            case .requeue: .requeue
            case .fail: .fail
            case .adopt, .rollBack: .rollBack
            }
        try stopByEngine(entry, ending, .engineDied(text), cause: .engineDied)
    }

    /// Has the step at work interrupted and the job ended in that way, on the engine's own account.
    func stopByEngine(
        _ entry: Entry,
        _ ending: EngineStop,
        _ failure: Failure,
        cause: Cause
    ) throws {
        guard entry.job.stop == nil else { return }
        let before = entry.stored.extra.failure
        entry.stored.extra.engineStop = ending
        entry.stored.extra.failure = failure
        entry.isDirty = true
        log(entry, .warning, failure.text)
        let reason = failure.text
        if case .refused(let why) = try stop(
            entry,
            .abort,
            by: Self.engineName,
            reason: reason,
            cause: cause
        ) {
            entry.stored.extra.engineStop = nil
            entry.stored.extra.failure = before
            log(entry, .warning, "it goes on all the same: \(why)")
        } else if !entry.state.isTerminal, entry.stored.extra.engineStop != nil {
            entry.stored.extra.failure = failure
        }
    }

    /// Who asked for a stop that nobody else did.
    static let engineName = "engine"

    /// Takes back a stop of the engine's own, because a person asks or the work is done after all.
    func dropEngineStop(_ entry: Entry) {
        guard entry.stored.extra.engineStop != nil else { return }
        entry.stored.extra.engineStop = nil
        entry.stored.extra.failure = nil
        entry.job.stop = nil
        entry.job.cause = .none
        entry.isDirty = true
    }

    /// Lets a stop of the engine's own take effect.
    ///
    /// - Returns: whether it did; if not, the job is to be stopped as by a person.
    func takeEngineStop(_ entry: Entry) throws -> Bool {
        guard let ending = entry.stored.extra.engineStop else { return false }
        entry.stored.resumeAt = nil
        switch ending {
        case .requeue:
            try beginAnew(entry)
            return true
        case .fail:
            try end(entry)
            return true
        case .rollBack:
            guard entry.stored.rollbackPolicy == .manual, !entry.undoable.isEmpty,
                entry.state != .queued, let failure = entry.stored.extra.failure
            else { return false }
            let cause = entry.job.cause
            dropEngineStop(entry)
            try fail(entry, failure, cause: cause)
            return true
        }
    }

    /// Undoes what was done and puts the job before its first step again.
    private func beginAnew(_ entry: Entry) throws {
        entry.stored.extra.requeues += 1
        guard entry.stored.extra.requeues <= Self.requeueLimit else {
            let text = "engines died \(entry.stored.extra.requeues) times while it was at work"
            entry.stored.extra.engineStop = .rollBack
            entry.stored.extra.failure = .engineDied(text)
            return try takeStop(entry)
        }
        dropEngineStop(entry)
        entry.stored.resumeAt = 0
        let why = "it begins anew, because the engine died"
        if entry.stored.rollbackPolicy == .none || entry.undoable.isEmpty {
            try move(entry, to: .rollingBack, why)
            return try resume(entry, at: 0)
        }
        try beginRollback(entry, why)
    }
}

extension Failure {
    /// The engine that ran a job died, and its kind does not go on from there.
    static func engineDied(_ text: String) -> Failure {
        Failure(ResultCode(domain: "signalbox", number: 530, name: "ENGINE_DIED"), text)
    }
}
