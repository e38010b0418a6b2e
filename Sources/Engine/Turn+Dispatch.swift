import HeapModule
import Model
import Store

/// Slots: which job begins next in which lane.
extension Turn {
    /// The lane of that name, remembered from now on.
    func lane(_ name: String) -> Lane {
        if let known = memory.lanes[name] { return known }
        let new = Lane(slots: backend.slots(inLane: name))
        memory.lanes[name] = new
        // Written down, so that lists can say how many slots it has.
        changedLanes.insert(name)
        return new
    }

    /// Looks at a lane without a copy of it, which would take all parts of its queue along.
    func look<Value>(atLane name: String, _ body: (Lane) -> Value) -> Value {
        guard let place = memory.lanes.index(forKey: name) else { return body(lane(name)) }
        return body(memory.lanes.values[place])
    }

    /// Changes a lane.
    func change(lane name: String, _ body: (inout Lane) -> Void) {
        guard let place = memory.lanes.index(forKey: name) else {
            _ = lane(name)
            return change(lane: name, body)
        }
        // In place: a copy would take all parts of the queue along.
        body(&memory.lanes.values[place])
    }

    /// Sends a job in `queued` where its next step belongs: to a lane, to its children, to its end.
    func route(_ entry: Entry) throws {
        guard let name = queueName(of: entry) else {
            // Children, the end action and the end itself take no slot, so nothing is waited for.
            try claim(entry)
            return
        }
        enqueue(entry, in: name)
    }

    /// The part of a lane's queue where a job belongs for its next step; nil if it need not wait.
    private func queueName(of entry: Entry) -> QueueName? {
        guard let place = entry.currentPlace else { return nil }
        var name = QueueName(
            lane: Operation.controlLane,
            hasBegun: entry.job.startedAt != nil || entry.job.parentID != nil
        )
        let plan = entry.steps[place].plan
        if case .operation(let operation) = plan.step.work, !plan.step.isEndAction {
            name.lane = backend.resolve(lane: operation.lane)
            name.limits = limits(of: plan.step) + beginLimits(of: entry, lane: name.lane)
            return name
        }
        // It takes no slot, and yet may have to wait until it may begin.
        name.limits = beginLimits(of: entry, lane: name.lane)
        return name.limits.isEmpty ? nil : name
    }

    /// Puts a job in `queued` into a part of a lane's queue.
    private func enqueue(_ entry: Entry, in name: QueueName) {
        let text = name.text
        entry.job.lane = name.lane
        entry.stored.queue = text
        if entry.stored.rank == nil {
            entry.stored.rank = rules.rank(priority: entry.job.priority, since: now)
        }
        entry.isDirty = true
        entry.isEnqueued = true
        change(lane: name.lane) { $0.join(text, name) }
        noteWaiting(lane: name.lane, for: name.limits)
        // Behind those who wait already, unless it is more urgent than they may be.
        let others = look(atLane: name.lane) { $0.queues[text]?.count ?? 1 } - 1
        let place = entry.job.priority > 0 ? 0 : others
        sayWhyQueued(entry, limits: name.limits, place: place)
        schedule(lane: name.lane)
    }

    /// Says whether a queued job waits for a slot, a limit, or a host that does not answer.
    ///
    /// `place` is how many stand before it who wait for the same.
    func sayWhyQueued(_ entry: Entry, limits: [String], place: Int) {
        if look(atLane: entry.job.lane, { $0.closedUntil != nil }) {
            wait(entry, .unreachable, on: entry.job.lane)
        } else if let full = limits.first(where: { !hasRoom($0) }) {
            wait(entry, forLimit: full, place: place)
        } else {
            wait(entry, .lane, on: entry.job.lane)
        }
    }

    /// Takes a job in `queued` out of its lane's count, before it moves or waits for a moment.
    ///
    /// One that does not begin takes no room in its limits, which may have been kept for it.
    func leaveLane(_ entry: Entry, isBeginning: Bool = false) {
        guard entry.isEnqueued else { return }
        entry.isEnqueued = false
        let queue = entry.stored.queue
        if !isBeginning { offerLimits(ofQueue: queue, lane: entry.job.lane) }
        change(lane: entry.job.lane) { $0.leave(queue) }
        entry.stored.queue = ""
    }

    /// Begins as many jobs of a lane as it has room for: smallest rank first, then oldest.
    func dispatch(_ name: String) throws {
        change(lane: name) { $0.isStuck = false }
        while try dispatchSome(name) {}
        let lane = self.lane(name)
        // Whoever could begin has; time alone changes nothing for the others.
        if lane.closedUntil.map({ $0 <= now }) ?? false { change(lane: name) { $0.isStuck = true } }
    }

    /// Begins the next few jobs of a lane.
    ///
    /// A job that needs more slots than are free is not overtaken: the free ones are kept until it
    /// fits. One whose limit is full is passed by, with all that wait for the same.
    ///
    /// - Returns: whether any began, so that there may be more.
    private func dispatchSome(_ name: String) throws -> Bool {
        guard !isEnding else { return false }
        let lane = self.lane(name)
        let most = min(lane.atOnce(at: now), Self.dispatchLimit)
        guard most > 0, lane.queued > 0, lane.free(at: now) > 0 else { return false }
        var candidates: [Entry] = []
        var parts = 0
        for (queue, part) in lane.queues where lane.lets(hasBegun: part.hasBegun) {
            guard try tellOfLimits(part, queue, lane: name) else { continue }
            parts += 1
            let found = try self.candidates(in: queue, lane: name, limit: most)
            if found.isEmpty { recount(queue, lane: name) }
            candidates += found
        }
        if parts > 1 { candidates.sort { $0.place < $1.place } }
        var hasBegun = false
        for entry in candidates.prefix(most) {
            let hasRoom = look(atLane: name) { $0.need(entry.slots) <= $0.free(at: now) }
            guard hasRoom else { return false }
            guard try mayTakeLimits(entry) else { continue }
            inHand = .job(entry.id)
            try claim(entry)
            hasBegun = true
        }
        return hasBegun
    }

    /// How many jobs are fetched for one part of a lane's queue at once.
    private static let dispatchLimit = 500

    /// The next jobs of a part of a queue: those of the store that this turn has not touched, and
    /// its own.
    func candidates(in queue: String, lane: String, limit: Int) throws -> [Entry] {
        var found =
            order.filter { $0.isEnqueued && $0.stored.queue == queue }
        if self.lane(lane).queues[queue]?.count ?? 0 > found.count {
            let touched = order.count { entry in
                entry.before.map { $0.state == .queued && $0.queue == queue } ?? false
            }
            let stored = try tx.queued(in: queue, limit: limit + touched)
            let fresh = stored.filter { entries[$0] == nil }.prefix(limit)
            try load(Array(fresh))
            found += fresh.compactMap { entries[$0] }
        }
        found.sort { $0.place < $1.place }
        return Array(found.prefix(limit))
    }

    /// Corrects a count after it promised jobs that are not there; a safeguard only.
    private func recount(_ queue: String, lane: String) {
        change(lane: lane) { lane in
            lane.queued -= lane.queues[queue]?.count ?? 0
            lane.queues[queue] = nil
        }
    }

    /// Gives a job in `queued` the go: it moves to `running`, and its next step begins.
    func claim(_ entry: Entry) throws {
        if let damage = entry.damage { return try condemn(entry, damage) }
        guard entry.currentPlace != nil else {
            leaveLane(entry)
            try move(entry, to: .running, "nothing is left to do")
            return try finish(entry)
        }
        if let name = queueName(of: entry), name.text != entry.stored.queue {
            leaveLane(entry)
            return enqueue(entry, in: name)
        }
        leaveLane(entry, isBeginning: true)
        if entry.job.startedAt == nil {
            noteBegin(of: entry)
            entry.job.startedAt = now
        }
        try move(entry, to: .running, "a slot is free in its lane")
        try beginCurrentStep(entry)
    }

    /// Begins the step a running job stands before.
    func beginCurrentStep(_ entry: Entry) throws {
        guard let place = entry.currentPlace else { return try finish(entry) }
        let plan = entry.steps[place].plan
        if plan.step.isEndAction && entry.state == .running {
            try move(entry, to: .finishing, "the end action begins")
        }
        switch plan.step.work {
        case .operation(let operation):
            try issue(entry, index: place, operation: operation, isUndo: false)
        case .children(let children):
            try makeChildren(entry, index: place, children)
        }
    }

    /// Writes an operation down as begun, takes its slot, and has it called after the commit.
    func issue(_ entry: Entry, index: Int, operation: Operation, isUndo: Bool) throws {
        let lane = backend.resolve(lane: operation.lane)
        let fence = try next(.fence)
        let attempt = 1 + (isUndo ? entry.steps[index].undoAttempts : entry.steps[index].attempts)
        let name = OperationName(
            job: entry.id,
            step: index,
            attempt: attempt,
            isUndo: isUndo,
            isExternal: operation.isExternal
        )
        let text = name.description
        let plan = entry.steps[index].plan
        let taken = isUndo ? 1 : look(atLane: lane) { $0.need(plan.step.slots) }
        let held = isUndo ? [] : limits(of: plan.step)
        let saved = isUndo ? nil : fieldsToSave(entry.steps[index])
        entry.change(index) { step in
            if let saved { step.saved = saved }
            step.operation = text
            step.lane = lane
            step.taken = taken
            step.held = held
            step.fence = fence
            if isUndo {
                step.undo = .issued
                step.undoAttempts = attempt
            } else {
                step.state = .issued
                step.attempts = attempt
                if step.startedAt == nil { step.startedAt = now }
            }
        }
        entry.job.fence = fence
        entry.job.lane = lane
        entry.job.backend = .running
        entry.stored.probes = 0
        if entry.stored.extra.stalls != 0 { entry.stored.extra.stalls = 0 }
        entry.stillAt = nil
        change(lane: lane) { lane in
            lane.used += taken
            if lane.closedUntil != nil { lane.isTrying = true }
        }
        for name in held { memory.limitUse[name, default: 0] += 1 }
        var operation = isUndo ? operation.told(entry.stored.extra.results) : operation
        if !entry.stored.extra.excluded.isEmpty {
            operation.parameters["exclude"] = entry.stored.extra.excluded.joined(separator: ",")
        }
        calls.append(
            .begin(
                OperationCall(
                    name: text,
                    operation: operation,
                    lane: lane,
                    fence: fence
                )
            )
        )
        watch(entry, name, within: Self.answerLimit)
        let what = (isUndo ? "undo of " : "") + plan.step.name
        log(
            entry,
            .debug,
            "\(what): \(operation.verb) on \(operation.subject) "
                + "begun in lane \(lane), operation \(name), fence \(fence)"
        )
    }

    /// Frees the slot of an operation that has ended.
    func freeSlot(_ entry: Entry, index: Int) {
        let (name, taken) = (entry.steps[index].lane, entry.steps[index].taken)
        change(lane: name) { lane in
            lane.used = max(0, lane.used - taken)
            // If this was the one that tried a closed lane, the next may try.
            lane.isTrying = false
        }
        schedule(lane: name)
        freeLimits(entry.steps[index].held)
    }

    /// Milliseconds within which the backend confirms that it began something.
    static let answerLimit: Int64 = 10_000

    /// Has a job's operation asked about if it is quiet for too long; what was set before lapses.
    func watch(_ entry: Entry, _ operation: OperationName, within milliseconds: Int64) {
        entry.deadline = now + milliseconds
        memory.deadlines.insert(Deadline(at: now + milliseconds, operation: operation))
    }
}
