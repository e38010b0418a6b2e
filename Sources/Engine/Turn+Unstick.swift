import Model
import Store

/// Operations whose outcome nobody knows: what a person decides, and what the backend says of
/// those that were left behind.
extension Turn {
    /// Carries out what a person decided about the open operation of a job.
    func decide(
        _ entry: Entry,
        _ decision: OperationDecision,
        _ request: OperatorRequest
    ) throws -> RequestOutcome {
        guard let name = entry.flightName ?? entry.unsettled else {
            return .refused(
                "\(entry.id) (\(entry.state.word)) has no operation at the backend whose outcome "
                    + "is open"
            )
        }
        switch decision {
        case .ask: return ask(entry, name)
        case .interrupt: return try interrupt(entry, name)
        case .settleDone, .settleNotDone:
            guard !request.reason.allSatisfy(\.isWhitespace) else {
                return .refused(
                    "say in a reason how it was verified that operation \(name) was "
                        + (decision == .settleDone ? "done" : "not done")
                )
            }
            return name == entry.flightName
                ? try settleFlight(entry, name, decision, request)
                : settle(entry, name, decision, request)
        }
    }

    /// How many unanswered questions of persons are remembered.
    private static let askedLimit = 1000

    private func ask(_ entry: Entry, _ name: OperationName) -> RequestOutcome {
        if memory.asked.count < Self.askedLimit { memory.asked.insert(name) }
        calls.append(.probe(operation: name.description))
        return .done(
            "the backend is asked about operation \(name); its answer stands in the log of "
                + "\(entry.id) as evidence"
        )
    }

    /// Stops an operation that was left behind, so that what it holds at the backend is free again.
    private func interrupt(_ entry: Entry, _ name: OperationName) throws -> RequestOutcome {
        guard name != entry.flightName else {
            return .refused(
                "\(entry.id) is \(entry.state.word) and waits for operation \(name): abort "
                    + "\(entry.id) interrupts it and undoes what was done"
            )
        }
        if memory.asked.count < Self.askedLimit { memory.asked.insert(name) }
        let fence = try next(.fence)
        calls.append(.interrupt(operation: name.description, fence: fence))
        log(entry, .warning, "operation \(name), left behind, is interrupted under fence \(fence)")
        return .done(
            "the backend is told to stop operation \(name); its answer stands in the log of "
                + "\(entry.id) as evidence. If none comes, its host is silent"
        )
    }

    /// Takes a person's word for what became of the operation that a job waits for.
    private func settleFlight(
        _ entry: Entry,
        _ name: OperationName,
        _ decision: OperationDecision,
        _ request: OperatorRequest
    ) throws -> RequestOutcome {
        guard entry.state == .lost || entry.state == .needsOperator else {
            return .refused(
                "\(entry.id) is \(entry.state.word) and the backend speaks for operation \(name); "
                    + "only what nobody knows can be declared (lost, needs an operator, or left "
                    + "behind)"
            )
        }
        let text = Self.declaration(decision, request)
        log(entry, .warning, "operation \(name) \(text)")
        // The call must not be repeated: a person has looked what became of it.
        entry.needsClaim = false
        let event: BackendNews.Event =
            decision == .settleDone
            ? .done([:]) : .failed(Failure(Self.settledCode, "operation \(name) \(text)"))
        try take(BackendNews(operation: name.description, event), isHeard: false)
        return .done("operation \(name) \(text); \(entry.id) is \(entry.state.word)")
    }

    /// Takes a person's word for what became of an operation that was left behind.
    private func settle(
        _ entry: Entry,
        _ name: OperationName,
        _ decision: OperationDecision,
        _ request: OperatorRequest
    ) -> RequestOutcome {
        guard entry.job.backend != .running else {
            return .refused(
                "the backend said that operation \(name) is at work; interrupt it, or ask again"
            )
        }
        let text = Self.declaration(decision, request)
        let isDone = decision == .settleDone
        closeRecord(entry, name, isDone ? .done : .failed, isDone ? .done : .none, text)
        calls.append(.clear(operation: name.description))
        return .done("operation \(name) \(text)")
    }

    private static func declaration(
        _ decision: OperationDecision,
        _ request: OperatorRequest
    ) -> String {
        let what = decision == .settleDone ? "done" : "not done"
        return "settled as \(what) by \(request.by): \(request.reason)"
    }

    private static let settledCode = ResultCode(
        domain: "signalbox",
        number: 410,
        name: "SETTLED_NOT_DONE"
    )

    // MARK: What the backend says

    /// Writes down what the backend answers to a person's question.
    func tellEvidence(_ news: BackendNews, of entry: Entry, _ name: OperationName) {
        guard !memory.asked.isEmpty, news.event != .accepted,
            memory.asked.remove(name) != nil
        else { return }
        log(entry, .info, "\(Evidence.mark)operation \(name) \(news.event.words)")
    }

    /// Closes the record of an operation that was left behind, once the backend knows its end.
    ///
    /// Nothing else follows from it: how its job ended stays as it is.
    func follow(_ news: BackendNews, of entry: Entry, _ name: OperationName) {
        guard !entry.isArchived, entry.damage == nil, name == entry.unsettled else { return }
        switch news.event {
        case .done, .doneWithWarning: closeRecord(entry, name, .done, .done, news.event.words)
        case .failed: closeRecord(entry, name, .failed, .failed, news.event.words)
        case .interrupted: closeRecord(entry, name, .interrupted, .failed, news.event.words)
        case .unknown: closeRecord(entry, name, .failed, .none, news.event.words)
        case .accepted, .progress, .said:
            guard entry.state.isTerminal, entry.job.backend != .running else { return }
            entry.job.backend = .running
            entry.isDirty = true
        case .refused, .notInterruptible, .unreachable: break
        }
    }

    private func closeRecord(
        _ entry: Entry,
        _ name: OperationName,
        _ state: StepState,
        _ backend: BackendStatus,
        _ text: String
    ) {
        entry.change(name.step) { step in
            if !name.isUndo { step.state = state }
            step.message = text
            step.finishedAt = now
        }
        if entry.state.isTerminal { entry.job.backend = backend }
        log(entry, .info, "the record of operation \(name) is closed: \(text)")
    }
}

extension Entry {
    /// The newest operation that was left behind and whose outcome nobody knows, if any.
    var unsettled: OperationName? {
        steps.last { $0.isUnsettled(job.backend) }.flatMap { OperationName($0.operation) }
    }
}

extension BackendNews.Event {
    /// What is the case, in words that follow the operation's name.
    package var words: String {
        switch self {
        case .accepted: "was begun"
        case .refused(let failure): "was not begun: \(failure.text)"
        case .progress(let percent, let message):
            "is at work, \(percent) % done" + (message.isEmpty ? "" : ": \(message)")
        case .said: "is at work"
        case .done: "is done"
        case .doneWithWarning(let text, _): "is done, with a warning: \(text)"
        case .failed(let failure): "has failed: \(failure.text)"
        case .interrupted: "was stopped"
        case .notInterruptible(let why): "goes on: \(why)"
        case .unknown: "is not known to the backend"
        case .unreachable: "cannot be asked about: its host does not answer"
        }
    }
}
