import Model
import Store

/// Looking at one job: what it can do now.
extension Turn {
    /// Lets a job go on as far as it can.
    func advance(_ entry: Entry) throws {
        if let damage = entry.damage { return try condemn(entry, damage) }
        let isDue = entry.stored.wakeAt.map { $0 <= now } ?? false
        switch entry.state {
        case .pending:
            if isDue { wake(entry, at: nil) }
            try open(entry)
        case .queued:
            guard isDue else { return }
            wake(entry, at: nil)
            try route(entry)
        case .childQueued, .childRunning: try followChildren(entry)
        case .cancelling:
            if isDue {
                wake(entry, at: nil)
                try interruptUnanswered(entry)
            } else {
                try followChildren(entry)
            }
        case .finishing:
            guard isDue else { return }
            wake(entry, at: nil)
            entry.job.waiting = nil
            try beginCurrentStep(entry)
        case .rollingBack: if isDue { try continueAfterPause(entry) }
        case .lost: if isDue { try askAgain(entry) }
        case .needsOperator: if isDue { lookAgain(entry) }
        case .running, .completed, .warning, .failed, .aborted:
            if isDue { wake(entry, at: nil) }
        }
    }

    /// Looks at the jobs whose moment has come.
    func wakeDue() throws {
        guard let next = memory.nextWake, next <= now else { return }
        let ids = try tx.due(at: now, limit: Self.wakeLimit)
        try load(ids)
        for id in ids {
            guard let entry = entries[id] else { continue }
            // A lost job, or one whose interrupt is out, is asked about; the others go on.
            schedule(entry)
        }
    }

    /// How many jobs are woken in one turn; the others are in the next.
    static let wakeLimit = 1000

    /// Looks at lanes whose closure or pause has run out, and at the engine's own.
    func lookAtLanes() {
        for name in memory.lanes.keys.sorted() {
            guard let moment = memory.lanes[name]?.looksAt, moment <= now else { continue }
            endPause(ofLane: name)
            schedule(lane: name)
        }
        endDrain()
    }

    /// Takes in what other processes wrote.
    func takeRequests(limit: Int) throws {
        let requests = try tx.openRequests(limit: limit)
        memory.hasMoreRequests = requests.count == limit
        for stored in requests {
            let outcome: RequestOutcome
            inHand = .request(stored.number)
            if let why = suspects.requests[stored.number] {
                outcome = .refused("it could not be carried out: \(why)")
            } else if stored.isDamaged {
                outcome = .refused("the request cannot be read; make it again")
            } else if let id = stored.submitted, let entry = try entry(id) {
                // Its row came from elsewhere, so the number of rows is no longer known.
                memory.openRoots = nil
                memory.accountOpen = [:]
                try countPrerequisites(of: entry)
                requireApproval(entry)
                // They may have run out before anybody saw the row.
                entry.hasNewLimits = entry.hasLimits
                schedule(entry)
                outcome = .accepted(id)
            } else if let request = stored.request {
                outcome = try apply(request)
            } else {
                outcome = .notFound("the request names no job")
            }
            finishedRequests.append((stored.number, outcome))
        }
    }

    // MARK: After a crash

    /// Fills the memory from the store, and asks the backend about everything that may be at work.
    func recover() throws {
        for line in try tx.savedLanes() {
            // Slots of the backend may have been configured anew since.
            let slots = line.slotsBy == nil ? backend.slots(inLane: line.name) : line.slots
            var lane = Lane(slots: slots)
            if slots != line.slots { changedLanes.insert(line.name) }
            lane.slotsBy = line.slotsBy
            lane.pause = line.pause
            lane.closedUntil = line.closedUntil
            lane.closures = line.closedUntil == nil ? 0 : 1
            lane.reason = line.reason
            memory.lanes[line.name] = lane
        }
        for (text, count) in try tx.queues().sorted(by: { $0.key < $1.key }) {
            let name = QueueName(text)
            change(lane: name.lane) { $0.join(text, name, count) }
            noteWaiting(lane: name.lane, for: name.limits)
            schedule(lane: name.lane)
        }
        try recoverRates()
        try recoverAccounts()
        memory.drain = try tx.drain()
        memory.contended = Set(try tx.contended())
        memory.dependedOn = Set(try tx.dependedOn())
        memory.nextWake = try tx.nextWake()
        try tx.forgetEndedSecrets()
        memory.nextLimit = try tx.nextLimit()
        let ids = try tx.jobs(in: Self.withOperations)
        try load(ids)
        for id in ids {
            guard let entry = entries[id] else { continue }
            inHand = .job(id)
            try recover(entry)
        }
    }

    /// States in which a job can have an operation at the backend.
    private static let withOperations: [JobState] = [
        .running, .finishing, .cancelling, .rollingBack, .lost, .needsOperator,
    ]

    /// Takes one job up again: its operation is asked about, never begun anew on suspicion.
    private func recover(_ entry: Entry) throws {
        guard let flight = entry.inFlight else { return }
        let step = entry.steps[flight.index]
        change(lane: step.lane) { $0.used += step.taken }
        for name in step.held { memory.limitUse[name, default: 0] += 1 }
        guard entry.damage == nil else { return }
        entry.needsClaim = true
        try applyCrashPolicy(entry, isUndo: flight.isUndo)
        calls.append(.probe(operation: step.operation))
        if let name = entry.flightName { watch(entry, name, within: Self.answerLimit) }
        log(entry, .info, "a new engine asks the backend about operation \(step.operation)")
        if entry.state == .cancelling { try interruptIfAsked(entry) }
        if entry.state == .rollingBack, entry.stored.extra.isUndoHeld { try holdUndo(entry) }
    }
}
