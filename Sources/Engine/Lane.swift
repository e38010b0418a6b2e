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
        let free = max(0, slots - used)
        guard let closedUntil else { return free }
        return closedUntil <= now && !isTrying ? min(1, free) : 0
    }

    /// When the lane is to be tried again; nil if it is open, or somebody else decides that.
    var triesAt: Timestamp? { queued > 0 && !isTrying && used < slots ? closedUntil : nil }

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
