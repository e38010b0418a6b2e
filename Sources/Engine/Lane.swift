import Model

/// One lane as the engine remembers it between turns.
struct Lane {
    /// How many operations it takes at once.
    var slots: Int
    /// How many are at work; may pass `slots`, since undo and end actions are never made to wait.
    var used = 0
    /// How many jobs are `queued` for it and could begin now.
    var queued = 0
    /// Closed until then, because its host did not answer.
    var closedUntil: Timestamp?
    /// How often in a row it was closed.
    var closures = 0
    /// Whether the one operation that tries a closed lane is on its way.
    var isTrying = false
    /// Why it is closed.
    var reason = ""

    init(slots: Int) { self.slots = slots }

    /// How many operations may begin now.
    ///
    /// A lane whose closure has run out is tried with one operation; the answer opens or closes it.
    func free(at now: Timestamp) -> Int {
        guard let closedUntil else { return max(0, slots - used) }
        return closedUntil <= now && !isTrying ? 1 : 0
    }

    /// Closes the lane after a host did not answer: 5 s at first, doubling to a minute.
    ///
    /// Answers to calls that were on their way when it closed do not close it longer.
    mutating func close(at now: Timestamp, reason: String) {
        if let closedUntil, closedUntil > now { return }
        closures = min(closures + 1, 10)
        closedUntil = now + min(60_000, 5000 << Int64(min(closures - 1, 4)))
        isTrying = false
        self.reason = reason
    }

    /// Opens it after the host answered.
    mutating func open() {
        closedUntil = nil
        closures = 0
        isTrying = false
        reason = ""
    }
}
