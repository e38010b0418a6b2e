import Model
import Store

/// Keeping the jobs that ended out of the way of those that have not.
extension Turn {
    /// How many jobs one turn moves to the archive or removes from it.
    static let sweptPerTurn = 100
    /// The rest between two turns that do so, in milliseconds.
    static let sweepPause: Int64 = 50
    /// How long a busy engine may put it off, in milliseconds.
    static let sweepDelay: Int64 = 1000

    /// Does a part of the work of retention if it is due and nothing else is to be done.
    ///
    /// An engine that is never idle does it all the same once in ``sweepDelay``. It comes after
    /// everything else was written, so that what is moved is what is stored.
    func sweep(isIdle: Bool) throws {
        guard let retention, var sweep = memory.sweep, let due = sweep.nextAt else { return }
        guard due <= now, isIdle || now - due >= Self.sweepDelay else { return }
        let part = Sweep(retention, at: now, limit: Self.sweptPerTurn)
        _ = try part.run(&sweep, in: tx)
        if let next = sweep.nextAt { sweep.nextAt = max(next, now + Self.sweepPause) }
        memory.sweep = sweep
    }

    /// Takes note of a job that ended, for when its time has come.
    func noteForRetention(_ entry: Entry) {
        guard let retention else { return }
        memory.sweep?.note(
            entry.state,
            isRoot: entry.job.parentID == nil,
            at: now,
            under: retention
        )
    }

    /// Nothing of an archived job changes; it can be tried again, and pinned.
    static func refusalOfArchived(
        _ entry: Entry,
        _ action: OperatorAction
    ) -> RequestOutcome? {
        switch action {
        case .retry, .retryFrom, .pin, .unpin: nil
        default:
            entry.isArchived
                ? .refused("\(entry.id) has ended (\(entry.state.word)) and is archived") : nil
        }
    }

    /// Keeps a job for longer than retention would, or no longer.
    func pin(_ entry: Entry, by user: String, reason: String) throws -> RequestOutcome {
        try tx.pin(entry.id, root: entry.job.rootID, Pin(by: user, at: now, reason: reason))
        return .accepted(entry.id)
    }

    /// Takes a pin back.
    func unpin(_ entry: Entry) throws -> RequestOutcome {
        guard try tx.unpin(entry.id) else { return .refused("\(entry.id) is not pinned") }
        // What was passed over because of the pin is looked at again.
        if retention != nil { memory.sweep = SweepMemory(from: now) }
        return .accepted(entry.id)
    }
}
