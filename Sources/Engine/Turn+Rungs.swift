import Model
import Store

/// The rungs of the ladder as they pass: each has a bound, and is said where people look.
extension Turn {
    /// How often an operation that stands still, or a host that is silent, is asked about before a
    /// person is.
    static let stallLimit = 5

    /// Milliseconds between looks at an operation that a person is to decide about.
    static let recheckPause: Int64 = 60_000

    /// Says on a job's line which rung it stands on.
    func rung(_ entry: Entry, _ reason: Waiting.Reason, _ text: String) {
        let since = entry.job.waiting.flatMap { $0.reason == reason ? $0.since : nil } ?? now
        let waiting = Waiting(reason, on: text, since: since)
        guard entry.job.waiting != waiting else { return }
        entry.job.waiting = waiting
        entry.isDirty = true
    }

    /// Writes down that a rung has passed.
    func passed(_ entry: Entry, _ text: String, _ level: LogLevel = .info) {
        note(entry, from: entry.state, to: entry.state, text, by: "engine")
        log(entry, level, text)
    }

    /// Says on the line of a job that is stopped, undone or past its return what it waits for, and
    /// what comes next.
    func tellRung(_ entry: Entry) {
        guard isBounded(entry) else { return }
        guard let flight = entry.inFlight else {
            if entry.state == .cancelling { rung(entry, .children, "") }
            return
        }
        let record = entry.steps[flight.index]
        let name = "“\(record.step.name)”"
        let isInterrupting = entry.stored.wakeAt != nil
        switch entry.state {
        case .cancelling where isInterrupting: rung(entry, .interrupt, name)
        case .rollingBack where isInterrupting: rung(entry, .interrupt, "the undo of " + name)
        case .cancelling:
            let isFirm = entry.job.stop?.level == .abort && !record.step.isInterruptible
            let text = isFirm ? ", which cannot be interrupted" : ""
            rung(entry, .step, name + text + entry.standing(of: record))
        case .rollingBack:
            rung(entry, .undo, entry.undoPlace(of: flight.index) + entry.standing(of: record))
        case .running, .finishing:
            guard entry.stored.extra.stalls > 0 else { return }
            let text = ", past the point of no return"
            rung(entry, .step, name + text + entry.standing(of: record))
        default: break
        }
    }

    /// Whether a job may not stand still for ever, because nobody else could move it gently.
    func isBounded(_ entry: Entry) -> Bool {
        entry.job.stop != nil || entry.state == .rollingBack || entry.isPastReturn
            || (entry.inFlight?.isUndo ?? false)
    }

    /// Its operation has come on.
    func hasMoved(_ entry: Entry) {
        entry.stillAt = nil
        guard entry.stored.extra.stalls > 0 else { return }
        entry.stored.extra.stalls = 0
        entry.isDirty = true
        if entry.state == .running || entry.state == .finishing { entry.job.waiting = nil }
        tellRung(entry)
    }

    /// The backend says that an operation is at work, and nothing of it has moved.
    ///
    /// Nothing is ended for that: after some such answers a person decides.
    func standsStill(_ entry: Entry, _ name: OperationName) throws {
        guard isBounded(entry), entry.state != .lost, entry.state != .needsOperator else { return }
        let record = entry.steps[name.step]
        let since = max(entry.stillAt ?? entry.job.updatedAt, entry.job.updatedAt)
        guard now - since >= record.step.stallAfter else { return }
        entry.stillAt = now
        entry.stored.extra.stalls += 1
        entry.isDirty = true
        let count = entry.stored.extra.stalls
        if count >= Self.stallLimit {
            return try askPerson(entry, name, "stands still; the backend was asked \(count) times")
        }
        let what = name.isUndo ? "the undo of “\(record.step.name)”" : "“\(record.step.name)”"
        passed(entry, "\(what) stands still; asked \(count) of \(Self.stallLimit) times", .warning)
        tellRung(entry)
    }

    /// Counts a question about a lost job that somebody wants to end.
    ///
    /// - Returns: whether it may be put; if not, a person decides.
    func mayAskAgain(_ entry: Entry) throws -> Bool {
        guard isBounded(entry), let name = entry.flightName else { return true }
        entry.stored.extra.stalls += 1
        entry.isDirty = true
        let count = entry.stored.extra.stalls
        guard count <= Self.stallLimit else {
            try askPerson(entry, name, "is not known; the backend was asked \(count - 1) times")
            return false
        }
        let lane = entry.steps[name.step].lane
        rung(entry, .backend, lane + entry.questions)
        passed(entry, "asks the backend about operation \(name), \(count) of \(Self.stallLimit)")
        return true
    }

    /// Leaves the decision about an operation that cannot be ended gently to a person.
    func askPerson(_ entry: Entry, _ name: OperationName, _ why: String) throws {
        let step = "“\(entry.steps[name.step].step.name)”"
        let what = name.isUndo ? "the undo of " + step : step
        entry.stored.extra.isUndoHeld = false
        try move(entry, to: .needsOperator, "\(what) \(why)")
        let choices =
            if name.isUndo {
                "retry interrupts and repeats it, skip leaves it out, giveUp undoes nothing more"
            } else if entry.job.stop != nil {
                "retry waits for it again, skip undoes without it, giveUp leaves all as it is"
            } else {
                "retry waits for it again, skip goes on without it, giveUp fails the job"
            }
        rung(entry, .operator, "\(what) \(why): \(choices)")
        log(entry, .error, "\(what) \(why); a person has to decide")
        wake(entry, at: now + Self.recheckPause)
    }

    /// Looks once more at the operation of a job that waits for a person.
    func lookAgain(_ entry: Entry) {
        guard let flight = entry.inFlight else { return wake(entry, at: nil) }
        calls.append(.probe(operation: entry.steps[flight.index].operation))
        wake(entry, at: now + Self.recheckPause)
    }

    /// Whether news of an operation is to be followed; what only repeats itself is not, while a
    /// person decides.
    func isTakenUp(_ entry: Entry, _ name: OperationName, _ event: BackendNews.Event) throws -> Bool
    {
        guard entry.state == .needsOperator else { return true }
        let record = entry.steps[name.step]
        switch event {
        case .accepted, .unreachable, .notInterruptible: return false
        case .progress(let percent, let message):
            let isFurther = !name.isUndo && min(99, percent) > record.progress
            guard isFurther || (!message.isEmpty && message != record.message) else { return false }
        default: break
        }
        entry.stored.extra.stalls = 0
        try move(entry, to: .lost, "the backend speaks of operation \(name) again")
        return true
    }

    /// The backend will not interrupt an operation.
    func interruptRefused(_ entry: Entry, _ name: OperationName, _ why: String) throws {
        let step = entry.steps[name.step].step.name
        log(entry, .warning, "\(step) goes on: \(why)")
        if name.isUndo {
            guard entry.stored.extra.isUndoHeld, entry.state == .rollingBack else { return }
            return try askPerson(entry, name, "cannot be interrupted (\(why))")
        }
        entry.job.message = why
        entry.isDirty = true
        guard entry.state == .cancelling else { return }
        // Nothing more is to be heard of the interrupt: the stop waits for the end of the step.
        wake(entry, at: nil)
        passed(entry, "“\(step)” is not interrupted: \(why); the stop waits for its end", .warning)
        tellRung(entry)
    }
}

extension Entry {
    /// Whether its undo is under way.
    var isUndoing: Bool {
        switch state {
        case .rollingBack: stored.resumeAt == nil
        case .lost: inFlight?.isUndo ?? false
        default: false
        }
    }

    /// How often the backend was asked in vain; empty if it was not.
    var questions: String {
        let count = stored.extra.stalls
        return count == 0
            ? "" : "; asked \(min(count, Turn.stallLimit)) of \(Turn.stallLimit) times"
    }

    /// How long a step may stand still, or for how long it has.
    func standing(of record: StepRecord) -> String {
        let pause = record.step.stallAfter
        guard stored.extra.stalls > 0 else {
            let whole = Span.short(pause * Int64(Turn.stallLimit))
            return "; if that stands still for \(whole), an operator decides"
        }
        return "; it stands still\(questions), next in \(Span.short(pause)), "
            + "then an operator decides"
    }

    /// Which of the undo steps one is: `2 of 3: first`.
    func undoPlace(of index: Int) -> String {
        let all = steps.filter { $0.undo != .none && $0.undo != .replaced }
        let ended = all.filter { [.done, .skipped, .failed].contains($0.undo) }.count
        let parts = steps[index].undoing.map { $0.count } ?? 0
        let more = parts > 1 ? " (\(parts) children left)" : ""
        return "\(ended + 1) of \(all.count): “\(steps[index].step.name)”\(more)"
    }
}
