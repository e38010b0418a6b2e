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

    /// Changes a lane.
    func change(lane name: String, _ body: (inout Lane) -> Void) {
        var changed = lane(name)
        body(&changed)
        memory.lanes[name] = changed
    }

    /// Sends a job in `queued` where its next step belongs: to a lane, to its children, to its end.
    func route(_ entry: Entry) throws {
        guard let next = entry.current, !next.step.isEndAction,
            case .operation(let operation) = next.step.work
        else {
            // Children, the end action and the end itself take no slot, so nothing is waited for.
            try claim(entry)
            return
        }
        enqueue(entry, lane: backend.resolve(lane: operation.lane))
    }

    /// Puts a job in `queued` into a lane.
    func enqueue(_ entry: Entry, lane name: String) {
        entry.job.lane = name
        entry.isDirty = true
        entry.isEnqueued = true
        change(lane: name) { $0.queued += 1 }
        sayWhyQueued(entry)
        schedule(lane: name)
    }

    /// Says whether a queued job waits for a slot or for a host that does not answer.
    private func sayWhyQueued(_ entry: Entry) {
        let lane = self.lane(entry.job.lane)
        if lane.closedUntil != nil {
            wait(entry, .unreachable, on: entry.job.lane)
        } else {
            wait(entry, .lane, on: entry.job.lane)
        }
    }

    /// Takes a job in `queued` out of its lane's count, before it moves or waits for a moment.
    func leaveLane(_ entry: Entry) {
        guard entry.isEnqueued else { return }
        entry.isEnqueued = false
        change(lane: entry.job.lane) { $0.queued = max(0, $0.queued - 1) }
    }

    /// Begins as many jobs of a lane as it has free slots: highest priority first, then oldest.
    func dispatch(_ name: String) throws {
        while true {
            let lane = self.lane(name)
            let free = lane.free(at: now)
            guard free > 0, lane.queued > 0 else { return }
            let candidates = try candidates(inLane: name, limit: min(free, Self.dispatchLimit))
            guard !candidates.isEmpty else { return try recount(lane: name) }
            for entry in candidates {
                inHand = .job(entry.id)
                try claim(entry)
            }
        }
    }

    /// How many jobs are fetched for one lane at once.
    private static let dispatchLimit = 500

    /// The next jobs of a lane: those of the store that this turn has not touched, and its own.
    private func candidates(inLane name: String, limit: Int) throws -> [Entry] {
        let own = order.lazy.compactMap { self.entries[$0] }.filter {
            $0.isEnqueued && $0.job.lane == name
        }
        var found = Array(own)
        if lane(name).queued > found.count {
            let touched = order.lazy.filter { id in
                guard let before = self.entries[id]?.before else { return false }
                return before.state == .queued && before.lane == name
            }
            let stored = try tx.queued(inLane: name, limit: limit + Array(touched).count)
            let fresh = stored.filter { entries[$0] == nil }.prefix(limit)
            try load(Array(fresh))
            found += fresh.compactMap { entries[$0] }
        }
        found.sort { ($1.job.priority, $0.id) < ($0.job.priority, $1.id) }
        return Array(found.prefix(limit))
    }

    /// Corrects a lane's count after it promised jobs that are not there; a safeguard only.
    private func recount(lane name: String) throws { change(lane: name) { $0.queued = 0 } }

    /// Gives a job in `queued` the go: it moves to `running`, and its next step begins.
    func claim(_ entry: Entry) throws {
        if let damage = entry.damage { return try condemn(entry, damage) }
        guard let next = entry.current else {
            leaveLane(entry)
            try move(entry, to: .running, "nothing is left to do")
            return try finish(entry)
        }
        if case .operation(let operation) = next.step.work, !next.step.isEndAction {
            let lane = backend.resolve(lane: operation.lane)
            if lane != entry.job.lane {
                leaveLane(entry)
                return enqueue(entry, lane: lane)
            }
        }
        leaveLane(entry)
        if entry.job.startedAt == nil { entry.job.startedAt = now }
        try move(entry, to: .running, "a slot is free in its lane")
        try beginCurrentStep(entry)
    }

    /// Begins the step a running job stands before.
    func beginCurrentStep(_ entry: Entry) throws {
        guard let next = entry.current else { return try finish(entry) }
        if next.step.isEndAction && entry.state == .running {
            try move(entry, to: .finishing, "the end action begins")
        }
        switch next.step.work {
        case .operation(let operation):
            try issue(entry, index: next.index, operation: operation, isUndo: false)
        case .children(let children):
            try makeChildren(entry, index: next.index, children)
        }
    }

    /// Writes an operation down as begun, takes its slot, and has it called after the commit.
    func issue(_ entry: Entry, index: Int, operation: Operation, isUndo: Bool) throws {
        let lane = backend.resolve(lane: operation.lane)
        let fence = try next(.fence)
        let attempt = 1 + (isUndo ? entry.steps[index].undoAttempts : entry.steps[index].attempts)
        let name = OperationName(job: entry.id, step: index, attempt: attempt, isUndo: isUndo)
        let text = name.description
        let saved = isUndo ? nil : fieldsToSave(entry.steps[index])
        entry.change(index) { step in
            if let saved { step.saved = saved }
            step.operation = text
            step.lane = lane
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
        entry.stored.extra.stalls = 0
        entry.stillAt = nil
        change(lane: lane) { lane in
            lane.used += 1
            if lane.closedUntil != nil { lane.isTrying = true }
        }
        var operation = operation
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
        let step = entry.steps[index].step
        log(
            entry,
            .debug,
            "\(isUndo ? "undo of " : "")\(step.name): \(operation.verb) on \(operation.subject) "
                + "begun in lane \(lane), operation \(name), fence \(fence)"
        )
    }

    /// Frees the slot of an operation that has ended.
    func freeSlot(_ entry: Entry, index: Int) {
        let name = entry.steps[index].lane
        change(lane: name) { lane in
            lane.used = max(0, lane.used - 1)
            // If this was the one that tried a closed lane, the next may try.
            lane.isTrying = false
        }
        schedule(lane: name)
    }

    /// Milliseconds within which the backend confirms that it began something.
    static let answerLimit: Int64 = 10_000

    /// Has a job's operation asked about if it is quiet for too long; what was set before lapses.
    func watch(_ entry: Entry, _ operation: OperationName, within milliseconds: Int64) {
        entry.deadline = now + milliseconds
        memory.deadlines.insert(Deadline(at: now + milliseconds, operation: operation))
    }
}
