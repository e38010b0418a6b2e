import Model
import Store

/// Pauses of lanes and of the whole engine: begun by people, ended by them or by time.
extension Turn {
    /// Applies a request to a lane.
    func apply(_ request: OperatorRequest, toLane name: String) -> RequestOutcome {
        guard memory.lanes[name] != nil || backend.knows(lane: name) else {
            return .notFound(
                "there is no lane “\(name)”; lanes are control, and host/ with the name of a host"
            )
        }
        switch request.action {
        case .pause(let until, let drains):
            return pause(lane: name, pause(request, until, drains: drains))
        case .resume: return resume(lane: name)
        case .setSlots(let slots): return setSlots(slots, ofLane: name, by: request.by)
        default: return Self.misdirected(request)
        }
    }

    /// Applies a request to the engine itself.
    func applyToEngine(_ request: OperatorRequest) -> RequestOutcome {
        switch request.action {
        case .drain(let until): drain(pause(request, until, drains: false))
        case .resume: takeNewJobs()
        default: Self.misdirected(request)
        }
    }

    private func pause(_ request: OperatorRequest, _ until: Timestamp?, drains: Bool) -> Pause {
        Pause(by: request.by, at: now, reason: request.reason, until: until, drains: drains)
    }

    /// Has a lane begin nothing more until it is resumed.
    ///
    /// What is at work there goes on; undo and end actions begin all the same.
    private func pause(lane name: String, _ pause: Pause) -> RequestOutcome {
        if let until = pause.until, until <= now { return .refused("\(until) has passed") }
        change(lane: name) { $0.pause = pause }
        changedLanes.insert(name)
        offerLimits(lane: name)
        return .done("lane \(name) is paused " + pause.text)
    }

    /// Has a paused lane go on.
    private func resume(lane name: String) -> RequestOutcome {
        guard lane(name).pause != nil else { return .refused("lane \(name) is not paused") }
        open(lane: name)
        return .done("lane \(name) goes on")
    }

    /// Gives a lane another number of slots, or those of the backend back; takes effect at once.
    ///
    /// Operations at work are never stopped by it: the lane is over-full until they have ended.
    private func setSlots(_ slots: Int?, ofLane name: String, by user: String) -> RequestOutcome {
        if let slots, !(1...10_000).contains(slots) {
            return .refused("a lane has 1 to 10000 slots; to begin nothing there, pause it")
        }
        let number = slots ?? backend.slots(inLane: name)
        change(lane: name) { lane in
            lane.slots = number
            lane.slotsBy = slots == nil ? nil : user
        }
        changedLanes.insert(name)
        schedule(lane: name)
        return .done("lane \(name) has \(number) slots" + (slots == nil ? " as configured" : ""))
    }

    /// How a lane stands, in a few words for the audit.
    func standing(ofLane name: String) -> String {
        guard let lane = memory.lanes[name] else { return "" }
        return "\(lane.slots) slots" + (lane.pause.map { ", paused " + $0.text } ?? "")
    }

    /// Ends a pause whose time has come.
    func endPause(ofLane name: String) {
        guard let pause = memory.lanes[name]?.pause, !pause.counts(at: now) else { return }
        let before = standing(ofLane: name)
        open(lane: name)
        noteEnd(of: .lane(name), before: before, after: standing(ofLane: name))
    }

    /// Notes in the audit that time has ended a pause.
    private func noteEnd(of subject: Subject, before: String, after: String) {
        let request = OperatorRequest(
            .resume,
            on: subject,
            by: "engine",
            reason: "its time is over"
        )
        audit.append(
            AuditEntry(
                at: now,
                of: request,
                before: before,
                after: after,
                outcome: .done("resumed")
            )
        )
    }

    private func open(lane name: String) {
        change(lane: name) { $0.pause = nil }
        changedLanes.insert(name)
        schedule(lane: name)
    }

    // MARK: The engine

    /// Has the engine take no new jobs; those that were accepted, and their children, go on.
    private func drain(_ pause: Pause) -> RequestOutcome {
        if let until = pause.until, until <= now { return .refused("\(until) has passed") }
        memory.drain = pause
        changesDrain = true
        return .done("no new jobs are taken, " + pause.text)
    }

    /// Has the engine take new jobs again.
    private func takeNewJobs() -> RequestOutcome {
        guard memory.drain != nil else { return .refused("new jobs are taken already") }
        memory.drain = nil
        changesDrain = true
        return .done("new jobs are taken again")
    }

    /// Ends a drain whose time has come.
    func endDrain() {
        guard let drain = memory.drain, !drain.counts(at: now) else { return }
        memory.drain = nil
        changesDrain = true
        noteEnd(of: .engine, before: "drained " + drain.text, after: "")
    }

    // MARK: New jobs

    /// Why no new job is taken now; nil if one is.
    func refusalOfNewJobs(of account: String) throws -> String? {
        if let drain = memory.drain, drain.counts(at: now) { return Self.drained(drain) }
        if let full = try fullness(ofAccount: account) { return full }
        guard rules.openJobs < .max else { return nil }
        // What other processes wrote meanwhile counts when it gets close.
        let known = memory.openRoots.map { $0 + rootChange }
        let isClose = known.map { $0 >= rules.openJobs - 2 * Engine.submissionLimit } ?? true
        if isClose && !hasCountedRoots {
            memory.openRoots = try tx.openRoots()
            hasCountedRoots = true
        }
        return rules.fullness(open: (memory.openRoots ?? 0) + rootChange)
    }

    /// What a refused caller is told of a drained engine.
    static func drained(_ pause: Pause) -> String {
        "no new jobs are taken (drained \(pause.text)); "
            + (pause.until.map { "submit again after \($0)" }
                ?? "submit again when “engine resume” has ended it")
    }
}
