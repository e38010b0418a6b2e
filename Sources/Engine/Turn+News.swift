import Model
import Store

/// What the backend says, and what follows from it.
extension Turn {
    /// Takes one news item in.
    ///
    /// What a person declares (`isHeard` is false) says nothing about the backend's health.
    func take(_ news: BackendNews, isHeard: Bool = true) throws {
        try take(news, OperationName(news.operation), isHeard: isHeard)
    }

    /// The same where the name has been read already.
    func take(_ news: BackendNews, _ name: OperationName?, isHeard: Bool = true) throws {
        guard let name, let entry = try entry(name.job),
            entry.steps.indices.contains(name.step)
        else { return clear(news) }
        tellEvidence(news, of: entry, name)
        guard !entry.state.isTerminal, entry.damage == nil, entry.waits(for: name, news) else {
            follow(news, of: entry, name)
            return noteLate(news, of: entry)
        }
        if isHeard { hear(entry, name, news.event) }
        guard try isTakenUp(entry, name, news.event) else { return }
        if entry.needsClaim, news.event.tellsOfTask { try repeatCall(entry, name) }
        switch news.event {
        case .accepted:
            try adoptIfLost(entry, name)
            confirm(entry, name)
        case .progress(let percent, let message):
            try adoptIfLost(entry, name)
            confirm(entry, name)
            if try !report(entry, name, percent: percent, message: message) {
                try standsStill(entry, name)
            }
        case .said(let lines, let results):
            try adoptIfLost(entry, name)
            confirm(entry, name)
            say(entry, lines, results)
        case .done(let result): try done(entry, name, result)
        case .doneWithWarning(let text, let results):
            if name.isUndo { log(entry, .warning, text) } else { warn(entry, text) }
            try done(entry, name, results)
        case .failed(let failure): try failed(entry, name, failure, hasBegun: true)
        case .refused(let failure):
            // Of a step that was at work, it is a repeated call that was refused.
            let hasBegun = entry.steps[name.step].state == .running
            try failed(entry, name, failure, hasBegun: hasBegun)
        case .interrupted: try interrupted(entry, name)
        case .notInterruptible(let why): try interruptRefused(entry, name, why)
        case .unknown: try unknown(entry, name)
        case .unreachable: try unreachable(entry, name)
        }
    }

    /// An answer resets the count of unanswered questions, and opens the lane of its host.
    private func hear(_ entry: Entry, _ name: OperationName, _ event: BackendNews.Event) {
        switch event {
        case .unknown, .unreachable: return
        case .refused(let failure), .failed(let failure):
            if failure.kind == .unreachable { return }
        default: break
        }
        if entry.stored.probes != 0 {
            entry.stored.probes = 0
            entry.isDirty = true
        }
        let lane = entry.steps[name.step].lane
        if look(atLane: lane, { $0.closedUntil != nil }) {
            change(lane: lane) { $0.open() }
            changedLanes.insert(lane)
            schedule(lane: lane)
        }
    }

    /// Has the backend forget an operation that has ended and that nobody waits for.
    private func clear(_ news: BackendNews) {
        switch news.event {
        case .done, .doneWithWarning, .failed, .interrupted:
            calls.append(.clear(operation: news.operation))
        default: break
        }
    }

    /// Keeps a result that came after the job had ended, or had gone on without it.
    ///
    /// The first terminal write has won: nothing else follows from it.
    private func noteLate(_ news: BackendNews, of entry: Entry) {
        clear(news)
        let (outcome, text): (String, String)
        switch news.event {
        case .done(let result), .doneWithWarning(_, let result):
            let values = SecretMask.masked(result).sorted { $0.key < $1.key }
            outcome = "done"
            text = values.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        case .failed(let failure): (outcome, text) = ("failed", failure.text)
        case .interrupted: (outcome, text) = ("interrupted", "")
        default: return
        }
        late.append(
            LateResult(
                job: entry.id,
                at: now,
                operation: news.operation,
                outcome: outcome,
                text: String(text.prefix(PlanCheck.text))
            )
        )
        let what = text.isEmpty ? outcome : "\(outcome): \(text)"
        log(entry, .warning, "late result of operation \(news.operation): \(what)")
    }

    /// Notes that the backend is at work on an operation.
    private func confirm(_ entry: Entry, _ name: OperationName) {
        let step = entry.steps[name.step]
        if name.isUndo {
            if step.undo == .issued { entry.change(name.step) { $0.undo = .running } }
        } else if step.state == .issued {
            entry.change(name.step) { $0.state = .running }
            entry.job.updatedAt = now
            watch(entry, name, within: step.step.stallAfter)
        }
        entry.heardAt = now
    }

    /// Takes a lost job back whose operation turns out to be at work.
    private func adoptIfLost(_ entry: Entry, _ name: OperationName) throws {
        guard entry.state == .lost else { return }
        wake(entry, at: nil)
        watch(entry, name, within: entry.steps[name.step].step.stallAfter)
        entry.job.backend = .running
        if name.isUndo {
            try move(entry, to: .rollingBack, "the backend is at work on the undo")
        } else if entry.job.stop != nil {
            try move(entry, to: .cancelling, "the backend is at work; the stop goes on")
            try interruptIfAsked(entry)
        } else if entry.steps[name.step].step.isEndAction {
            try move(entry, to: .finishing, "the backend is at work on the end action")
        } else {
            try move(entry, to: .running, "the backend is at work on the step")
        }
    }

    /// - Returns: whether that is any progress.
    private func report(
        _ entry: Entry,
        _ name: OperationName,
        percent: Int,
        message: String
    ) throws -> Bool {
        let step = entry.steps[name.step]
        let value = name.isUndo ? step.progress : max(step.progress, min(99, percent))
        // Saying the same again is no progress: that is how a hanging step is told from a slow one.
        guard value > step.progress || (!message.isEmpty && message != step.message) else {
            return false
        }
        entry.job.updatedAt = now
        hasMoved(entry)
        guard !name.isUndo else {
            entry.change(name.step) { $0.message = message }
            return true
        }
        if entry.job.waiting?.reason == .stalled { entry.job.waiting = nil }
        entry.change(name.step) { step in
            step.progress = value
            if !message.isEmpty { step.message = message }
        }
        if !message.isEmpty { entry.job.message = message }
        try setProgress(entry, entry.weightedProgress)
        return true
    }

    /// Sets a job's progress, which never goes back, and with it its ancestors'.
    func setProgress(_ entry: Entry, _ percent: Int) throws {
        let value = min(100, max(entry.job.progress, percent))
        let gain = value - entry.job.progress
        guard gain > 0 else { return }
        entry.job.progress = value
        entry.isDirty = true
        guard let parentID = entry.job.parentID, let parent = try self.entry(parentID),
            !parent.state.isTerminal, let current = parent.current,
            case .children(let children) = current.step.work
        else { return }
        parent.stored.tally.progress += gain * entry.stored.weight
        let whole = children.jobs.reduce(0) { $0 + max(1, $1.weight) }
        let done = min(99, parent.stored.tally.progress / max(1, whole))
        parent.change(current.index) { $0.progress = max($0.progress, done) }
        try setProgress(parent, parent.weightedProgress)
    }

    // MARK: Ends of operations

    /// An operation is done.
    private func done(_ entry: Entry, _ name: OperationName, _ result: [String: String]) throws {
        freeSlot(entry, index: name.step)
        calls.append(.clear(operation: entry.steps[name.step].operation))
        entry.job.backend = .done
        if name.isUndo { return try undoDone(entry, name) }
        entry.change(name.step) { step in
            step.state = .done
            step.progress = 100
            step.finishedAt = now
        }
        keep(entry, result)
        commitIfPoint(entry, name.step)
        log(entry, .info, "done: \(entry.steps[name.step].plan.step.name)")
        try setProgress(entry, min(99, entry.weightedProgress))
        try proceed(entry)
    }

    /// Goes on after the current step is done: a stop, the next step, or the end.
    func proceed(_ entry: Entry) throws {
        let lane = entry.job.lane
        entry.stored.currentStep += 1
        entry.stored.tally = ChildTally()
        entry.isDirty = true
        wake(entry, at: nil)
        if entry.job.stop != nil, entry.current != nil { return try takeStop(entry) }
        guard let next = entry.current else { return try finish(entry) }
        if next.step.isEndAction { return try beginEndAction(entry) }
        if entry.state == .running, case .operation(let operation) = next.step.work,
            next.step.limits.isEmpty, backend.resolve(lane: operation.lane) == lane,
            keepsSlot(in: lane, next.step.slots)
        {
            return try beginCurrentStep(entry)
        }
        if entry.state == .running, case .children = next.step.work {
            return try beginCurrentStep(entry)
        }
        try move(entry, to: .queued, "the next step waits for a slot")
        try route(entry)
    }

    /// Whether a job that has just freed its slots may take them for its next step at once.
    private func keepsSlot(in name: String, _ slots: Int) -> Bool {
        let lane = self.lane(name)
        return !isEnding && lane.lets(hasBegun: true) && lane.need(slots) <= lane.free(at: now)
    }

    /// Begins the end action of a job whose other steps are done.
    private func beginEndAction(_ entry: Entry) throws {
        if entry.state != .finishing { try move(entry, to: .finishing, "the end action begins") }
        try beginCurrentStep(entry)
    }

    /// Ends a job whose steps are all done.
    func finish(_ entry: Entry) throws {
        // Nothing was cut short after all.
        dropEngineStop(entry)
        if entry.state != .finishing {
            let late = entry.state == .cancelling
            try move(entry, to: .finishing, late ? "done before the stop took effect" : "all done")
        }
        entry.stored.currentStep = entry.steps.count
        entry.job.code = .ok
        let warns = entry.stored.hasWarning
        let warning = entry.stored.extra.warning
        // What its last step said while it was at work is no word about the end.
        var text = warns ? (warning.isEmpty ? "some parts failed" : warning) : "all done"
        if let stop = entry.job.stop {
            text =
                "completed before the \(stop.level.rawValue) took effect"
                + (warns ? "; " + text : "")
        }
        entry.job.message = text
        try move(entry, to: warns ? .warning : .completed, text)
    }

    /// An operation was stopped as asked.
    private func interrupted(_ entry: Entry, _ name: OperationName) throws {
        freeSlot(entry, index: name.step)
        calls.append(.clear(operation: name.description))
        entry.job.backend = .failed
        if name.isUndo { return try undoFailed(entry, name, "the undo was interrupted") }
        entry.change(name.step) { step in
            step.state = .interrupted
            step.finishedAt = now
        }
        log(entry, .info, "interrupted: \(entry.steps[name.step].step.name)")
        guard entry.job.stop != nil else {
            let code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
            return try fail(entry, Failure(code, "the backend stopped the step by itself"))
        }
        try takeStop(entry)
    }

    /// An operation failed, or was not begun.
    private func failed(
        _ entry: Entry,
        _ name: OperationName,
        _ failure: Failure,
        hasBegun: Bool
    ) throws {
        freeSlot(entry, index: name.step)
        if hasBegun { calls.append(.clear(operation: name.description)) }
        entry.job.backend = hasBegun ? .failed : .none
        let lane = entry.steps[name.step].lane
        if failure.kind == .unreachable { close(lane: lane, failure.text) }
        if name.isUndo { return try undoFailed(entry, name, failure.text) }
        entry.change(name.step) { step in
            // An attempt before this one may have begun: then there is something to undo.
            step.state = hasBegun || step.code != nil ? .failed : .refused
            step.code = failure.code
            step.message = failure.text
            step.finishedAt = now
        }
        log(entry, .warning, "\(entry.steps[name.step].step.name): \(failure.text)")
        try chooseAfterFailure(entry, index: name.step, failure, hasBegun: hasBegun, lane: lane)
    }

    /// Closes a lane whose host did not answer.
    ///
    /// The lane of work on no host stays open: it is not one host's, and others need it.
    func close(lane name: String, _ reason: String) {
        guard name != Operation.controlLane else { return }
        change(lane: name) { $0.close(at: now, reason: reason) }
        changedLanes.insert(name)
        offerLimits(lane: name)
    }

    /// Tries again, tries elsewhere, or gives up.
    private func chooseAfterFailure(
        _ entry: Entry,
        index: Int,
        _ failure: Failure,
        hasBegun: Bool,
        lane: String
    ) throws {
        let step = entry.steps[index]
        if entry.job.stop != nil { return try takeStop(entry, failure) }
        if let first = step.step.retryFrom, let host = placement(of: entry, step, failure, lane) {
            return try placeElsewhere(entry, from: first, excluding: host, failure)
        }
        if failure.kind == .unreachable && !hasBegun {
            // Nothing has happened and the host may come back: waiting is free, so it has no limit.
            let isClosed = self.lane(lane).closedUntil != nil
            let pause = step.step.retry.pause(afterAttempt: step.attempts, chance: chance.next())
            entry.change(index) { $0.awaitRetry() }
            return try queueAgain(entry, pause: isClosed ? nil : max(1000, pause))
        }
        if failure.kind == .transient || failure.kind == .unreachable,
            step.attempts < step.step.retry.attempts
        {
            entry.change(index) { $0.awaitRetry() }
            let pause = step.step.retry.pause(afterAttempt: step.attempts, chance: chance.next())
            return try queueAgain(entry, pause: pause)
        }
        try fail(entry, failure)
    }

    /// Puts a job back into the queue for its current step, at once or after a pause.
    private func queueAgain(_ entry: Entry, pause: Int64?) throws {
        if entry.state == .finishing {
            // An end action keeps its state between attempts; only its clock is set.
            wait(entry, .retry, on: "the end action in \(Span.short(pause ?? 5000))")
            return wake(entry, at: now + (pause ?? 5000))
        }
        try move(entry, to: .queued, "the step is tried again")
        guard let pause, pause > 0 else { return try route(entry) }
        wait(entry, .retry, on: "in \(Span.short(pause)), attempt \(entry.nextAttempt)")
        wake(entry, at: now + pause)
    }
}

extension BackendNews.Event {
    /// Whether the backend knows the operation, and could be reached for it.
    fileprivate var tellsOfTask: Bool {
        switch self {
        case .unknown, .unreachable, .refused: false
        default: true
        }
    }
}

extension StepRecord {
    /// Stands before another attempt.
    ///
    /// What has begun and failed stays so until then, because a stop
    /// that comes meanwhile has to undo it.
    fileprivate mutating func awaitRetry() {
        finishedAt = nil
        guard state == .refused else { return }
        state = .waiting
        code = nil
    }
}

extension Entry {
    /// The number that the next attempt at the current step will have.
    var nextAttempt: Int { (current?.attempts ?? 0) + 1 }
}
