import Model

/// One lane as the engine remembers it between turns.
struct Lane {
    /// How many slots it has.
    var slots: Int
    /// Who set them while the engine ran; nil if they are the backend's.
    var slotsBy: String?
    /// How many are taken; may pass `slots`, since undo and end actions are never made to wait.
    var used = 0
    /// The parts of its queue, by their stored names.
    var queues: [String: LaneQueue] = [:]
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
    /// Who paused it and why.
    var pause: Pause?
    /// Whether it was looked at and nothing in it could begin, until something changes.
    var isStuck = false

    init(slots: Int) { self.slots = slots }

    /// How many slots an operation takes here: a heavier one than the lane has takes all of them.
    func need(_ weight: Int) -> Int { min(max(1, weight), max(1, slots)) }

    /// How many slots may be taken now.
    ///
    /// A lane whose closure has run out is tried with one operation; the answer opens or closes it.
    func free(at now: Timestamp) -> Int {
        guard let closedUntil else { return max(0, slots - used) }
        return closedUntil <= now && !isTrying ? max(0, slots - used) : 0
    }

    /// Whether jobs of a part of its queue may begin while it is paused, if it is.
    func lets(hasBegun: Bool) -> Bool { pause.map { $0.drains && hasBegun } ?? true }

    /// How many jobs may begin at most before it is looked at again.
    func atOnce(at now: Timestamp) -> Int { closedUntil == nil ? free(at: now) : 1 }

    /// When something is to be done about the lane; nil if not before something else happens.
    var looksAt: Timestamp? {
        let tries = queued > 0 && !isTrying && !isStuck && used < slots && lets(hasBegun: true)
        return [pause?.until, tries ? closedUntil : nil].compactMap { $0 }.min()
    }

    /// Closes the lane after a host did not answer: 5 s at first, doubling to a minute.
    ///
    /// Answers to calls that were on their way when it closed do not close it longer.
    mutating func close(at now: Timestamp, reason: String) {
        if let closedUntil, closedUntil > now { return }
        closures = min(closures + 1, 10)
        closedUntil = now + min(60_000, 5000 << Int64(min(closures - 1, 4)))
        isTrying = false
        isStuck = false
        self.reason = reason
    }

    /// Opens it after the host answered.
    mutating func open() {
        closedUntil = nil
        closures = 0
        isTrying = false
        reason = ""
    }

    /// Counts a job that came into a part of its queue.
    mutating func join(_ text: String, _ name: @autoclosure () -> QueueName, _ count: Int = 1) {
        queues[text, default: LaneQueue(name())].count += count
        queued += count
    }

    /// Counts a job that left a part of its queue; an empty part is forgotten.
    mutating func leave(_ text: String) {
        guard let count = queues[text]?.count else { return }
        queued = max(0, queued - 1)
        if count > 1 { queues[text]?.count = count - 1 } else { queues[text] = nil }
    }
}

extension LaneLine {
    /// A lane as lists show it and as it is saved.
    init(_ name: String, _ lane: Lane) {
        self.init(
            name: name,
            slots: lane.slots,
            used: lane.used,
            queued: lane.queued,
            closedUntil: lane.closedUntil,
            reason: lane.reason
        )
        slotsBy = lane.slotsBy
        pause = lane.pause
    }
}
