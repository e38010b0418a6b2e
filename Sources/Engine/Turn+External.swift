import Model
import Store

/// Work that programs outside do: what they report is taken as news of their operations.
extension Turn {
    /// Takes in what the program that does a job's work says of it.
    func report(
        _ entry: Entry,
        _ report: ExternalReport,
        by user: String
    ) throws -> RequestOutcome {
        guard entry.job.kind == External.kind else {
            return .refused("\(entry.id) (\(entry.job.kind)) is no work of an outside program")
        }
        if entry.state.isTerminal { return try reportLate(entry, report) }
        guard let name = entry.flightName else {
            return .refused("nothing can be reported now: \(whyNot(entry))")
        }
        if let refusal = ExternalCheck.refusal(of: report) { return .refused(refusal) }
        if let step = report.step, let refusal = Self.refusal(of: step, in: entry) {
            return .refused(refusal)
        }
        try say(entry, name, report)
        if let end = report.end {
            try self.end(entry, end, report, by: user)
        } else {
            if let step = report.step { try goOn(entry, to: step) }
            try tellProgress(entry, report)
        }
        return .accepted(entry.id)
    }

    /// Why no step of a job is at work, in a line.
    private func whyNot(_ entry: Entry) -> String {
        var job = entry.job
        if job.state == .queued, let pause = lane(job.lane).pause {
            let text = "\(job.lane) \(pause.text)"
            job.waiting = Waiting(.pausedLane, on: text, since: pause.at)
        }
        return JobWhy.line(job, engineAlive: true, now: now)
    }

    /// Its lines, its warning, and what it gave back so far; and that it is alive.
    private func say(_ entry: Entry, _ name: OperationName, _ report: ExternalReport) throws {
        let isSilent = report.lines.isEmpty && report.results.isEmpty
        try hear(isSilent ? .accepted : .said(report.lines, results: report.results), of: name)
        if let warning = report.warning { warn(entry, warning) }
    }

    /// How far the current step is, and what is done now.
    private func tellProgress(_ entry: Entry, _ report: ExternalReport) throws {
        guard report.progress != nil || report.message != nil, let name = entry.flightName
        else { return }
        let percent = report.progress ?? entry.steps[name.step].progress
        try hear(.progress(percent, report.message ?? ""), of: name)
    }

    /// Takes what a program says as any backend's news: without the secrets that it was told.
    private func hear(_ event: BackendNews.Event, of name: OperationName) throws {
        try take(try withoutSecrets(BackendNews(operation: name.description, event)))
    }

    // MARK: Steps

    /// Why a program cannot go on to a step; nil if it can, or is there.
    private static func refusal(of step: String, in entry: Entry) -> String? {
        guard let current = entry.current, current.step.name != step else { return nil }
        guard entry.job.stop == nil else {
            return "\(entry.id) is to be stopped: no further step begins; say how it ended"
        }
        if let next = entry.steps.dropFirst(current.index + 1).first {
            guard next.step.name != step else { return nil }
            return "\(entry.id) is at “\(current.step.name)”, and its next step is "
                + "“\(next.step.name)”, not “\(step)”"
        }
        guard entry.steps.count < PlanCheck.steps else {
            return "\(entry.id) has \(PlanCheck.steps) steps; more are not possible"
        }
        return nil
    }

    /// Ends the current step and begins that one, which is the next of the plan, or a new one.
    private func goOn(_ entry: Entry, to step: String) throws {
        guard let current = entry.current, current.step.name != step,
            let name = entry.flightName
        else { return }
        if !entry.steps.indices.contains(current.index + 1) {
            var added = current.step
            added.name = step
            entry.append(added)
        }
        try hear(.done([:]), of: name)
    }

    // MARK: The end

    /// Ends a job as its program says.
    private func end(
        _ entry: Entry,
        _ end: ExternalEnd,
        _ report: ExternalReport,
        by user: String
    ) throws {
        if end.outcome == .aborted, entry.job.stop == nil {
            _ = try stop(entry, .abort, by: user, reason: end.text)
        }
        guard let name = entry.flightName else { return }
        leaveRest(of: entry, beyond: name.step)
        if end.outcome == .failed || end.outcome == .aborted { note(end.rollback, in: entry) }
        try hear(end.event(report.results), of: name)
        if end.outcome == .aborted, !end.text.isEmpty { log(entry, .info, end.text) }
    }

    /// Leaves the planned steps out that were not come to.
    private func leaveRest(of entry: Entry, beyond index: Int) {
        for later in entry.steps.indices where later > index {
            entry.change(later) { $0.state = .skipped }
        }
        entry.stored.currentStep = max(index, entry.steps.count - 1)
    }

    /// Writes down whether the program took its work back.
    private func note(_ rollback: RollbackOutcome?, in entry: Entry) {
        guard let rollback else { return }
        for index in entry.steps.indices where entry.steps[index].state.hasBegun {
            entry.change(index) { $0.undo = rollback == .clean ? .done : .failed }
        }
    }

    /// What a program says after its job has ended is kept, and changes nothing.
    private func reportLate(_ entry: Entry, _ report: ExternalReport) throws -> RequestOutcome {
        let ended = "\(entry.id) has ended (\(entry.state.word))"
        guard let end = report.end else { return .refused("\(ended); end your work, too") }
        // A program that died before it heard the answer says the same again.
        if end.state == entry.state { return .accepted(entry.id) }
        let last = entry.steps.last { !$0.operation.isEmpty }
        if let name = last.flatMap({ OperationName($0.operation) }) {
            try hear(end.event(report.results), of: name)
        }
        return .refused("\(ended); what you say of its end is kept as a late result")
    }
}

extension Entry {
    /// Adds a step behind the others.
    fileprivate func append(_ step: Step) {
        let index = steps.count
        firstAdded = min(firstAdded ?? index, index)
        steps.append(StepRecord(index: index, step: step))
        change(index) { _ in }
    }
}

extension ExternalEnd {
    /// The end as news of the operation.
    fileprivate func event(_ results: [String: String]) -> BackendNews.Event {
        switch outcome {
        case .completed: return .done(results)
        case .warning:
            return .doneWithWarning(text.isEmpty ? "its program warns" : text, results: results)
        case .failed:
            let code = ResultCode(domain: External.kind, number: number, name: "REPORTED")
            return .failed(Failure(code, text.isEmpty ? "its program says so" : text))
        case .aborted: return .interrupted
        }
    }
}

/// What a report must keep to.
enum ExternalCheck {
    /// Why nobody can say that; nil if somebody can.
    static func refusal(of report: ExternalReport) -> String? {
        if let progress = report.progress, !(0...100).contains(progress) {
            return "progress is 0 to 100, not \(progress)"
        }
        if report.lines.count > External.lines {
            return
                "\(report.lines.count) lines are too many; \(External.lines) at once are possible"
        }
        if let step = report.step, step.isEmpty || step.utf8.count > PlanCheck.name {
            return "the name of a step has 1 to \(PlanCheck.name) bytes"
        }
        if let end = report.end, let rollback = end.rollback {
            guard end.outcome == .failed || end.outcome == .aborted else {
                return "what is \(end.outcome.rawValue) was not taken back"
            }
            guard rollback == .clean || rollback == .dirty else {
                return "what was taken back is clean or dirty, not \(rollback.rawValue)"
            }
        }
        let texts = [report.message, report.warning, report.end?.text].compactMap { $0 }
        if texts.contains(where: { $0.utf8.count > PlanCheck.text }) {
            return "a text is longer than \(PlanCheck.text) bytes"
        }
        let size = report.results.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= PlanCheck.parameters else {
            return "its results are longer than \(PlanCheck.parameters) bytes"
        }
        return nil
    }
}
