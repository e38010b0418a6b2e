import HeapModule
import Model
import Store

/// Operations whose outcome is not known: asking, and what is done when nobody knows.
extension Turn {
    /// How often a backend that has no record is asked before that is believed.
    static let probeLimit = 5

    /// Asks about operations that were quiet for too long.
    func askQuiet() throws {
        while let deadline = memory.deadlines.min, deadline.at <= now {
            _ = memory.deadlines.popMin()
            let name = deadline.operation
            guard memory.isAtWork(deadline),
                let entry = try entry(name.job), let flight = entry.inFlight
            else { continue }
            let step = entry.steps[flight.index]
            let isConfirmed = flight.isUndo ? step.undo == .running : step.state == .running
            let limit = isConfirmed ? step.step.stallAfter : Self.answerLimit
            let quiet = now - max(entry.job.updatedAt, entry.heardAt ?? entry.job.updatedAt)
            if quiet < limit && entry.state != .lost && entry.state != .needsOperator {
                watch(entry, name, within: limit - quiet)
                continue
            }
            if entry.state != .lost, entry.state != .needsOperator {
                try ask(entry, name, quiet: quiet)
            }
        }
    }

    /// Puts the question, and counts it; three without any answer make the job lost.
    private func ask(_ entry: Entry, _ name: OperationName, quiet: Int64) throws {
        entry.stored.probes += 1
        entry.isDirty = true
        let step = entry.steps[name.step].step.name
        log(
            entry,
            .warning,
            name.isExternal
                ? "\(step): its program has said nothing for \(Span.short(quiet))"
                : "\(step): no progress for \(Span.short(quiet)); asking the backend "
                    + "(operation \(name))"
        )
        calls.append(.probe(operation: name.description))
        let isStalled = entry.state == .running || entry.state == .finishing
        if isStalled, entry.job.waiting?.reason != .stalled {
            let since = entry.job.updatedAt
            entry.job.waiting = Waiting(.stalled, on: "“\(step)”", since: since)
        }
        if entry.stored.probes > 3 {
            entry.stored.probes = 0
            let who = name.isExternal ? "its program is silent" : "the backend does not answer"
            try lose(entry, name, who)
        } else {
            watch(entry, name, within: Self.answerLimit)
        }
    }

    /// The backend has no record of the operation.
    func unknown(_ entry: Entry, _ name: OperationName) throws {
        let step = entry.steps[name.step]
        let isConfirmed = name.isUndo ? step.undo == .running : step.state == .running
        // It was never confirmed, so it never began; the same name cannot be done twice.
        guard isConfirmed else { return try callAgain(entry, name) }
        // Questions that nobody answered before it was lost are another count.
        if entry.state != .lost { entry.stored.probes = 0 }
        entry.stored.probes += 1
        entry.isDirty = true
        if entry.stored.probes >= Self.probeLimit {
            return try giveUpSearching(entry, name)
        }
        try lose(entry, name, "the backend has no record of operation \(name)")
    }

    /// Calls the backend once more for an operation that it never saw.
    ///
    /// A stop does not change that: it is carried out on an operation that is known.
    private func callAgain(_ entry: Entry, _ name: OperationName) throws {
        try repeatCall(entry, name)
        watch(entry, name, within: Self.answerLimit)
        if entry.state == .cancelling { try interruptIfAsked(entry) }
    }

    /// Makes the call of an operation once more, under a new fence.
    ///
    /// The backend does nothing twice, but refuses from then on what an engine before this one may
    /// have called and what has not arrived yet.
    func repeatCall(_ entry: Entry, _ name: OperationName) throws {
        entry.needsClaim = false
        let fence = try next(.fence)
        entry.change(name.step) { $0.fence = fence }
        entry.job.fence = fence
        let step = entry.steps[name.step]
        let planned: Operation?
        if name.isUndo {
            planned = step.undoOperation?.told(entry.stored.extra.results)
        } else if case .operation(let operation) = step.step.work {
            planned = operation
        } else {
            planned = nil
        }
        guard var operation = planned else { return }
        if !entry.stored.extra.excluded.isEmpty {
            operation.parameters["exclude"] = entry.stored.extra.excluded.joined(separator: ",")
        }
        calls.append(
            .begin(
                OperationCall(
                    name: name.description,
                    operation: operation,
                    lane: step.lane,
                    fence: fence
                )
            )
        )
    }

    /// The host of the operation does not answer.
    func unreachable(_ entry: Entry, _ name: OperationName) throws {
        // Not reaching the host says nothing about the operation: only “no such task” is counted.
        entry.stored.probes = 0
        entry.isDirty = true
        let lane = entry.steps[name.step].lane
        close(lane: lane, "\(lane) does not answer")
        try lose(entry, name, lane)
    }

    /// Marks a job as lost and asks again later, with growing pauses up to a minute.
    func lose(_ entry: Entry, _ name: OperationName, _ what: String) throws {
        if entry.state != .lost {
            try move(entry, to: .lost, "the outcome of operation \(name) is not known")
            entry.job.backend = .unknown
            log(entry, .error, "lost: \(what)")
        }
        rung(entry, .backend, what + entry.questions)
        wake(entry, at: now + entry.probePause(at: now))
    }

    /// Asks again about a lost job's operation; called when its clock runs out.
    func askAgain(_ entry: Entry) throws {
        guard let flight = entry.inFlight else { return try giveUpWithoutOperation(entry) }
        guard try mayAskAgain(entry) else { return }
        calls.append(.probe(operation: entry.steps[flight.index].operation))
        wake(entry, at: now + entry.probePause(at: now))
    }

    /// A lost job without any operation at the backend goes on from where it stands.
    private func giveUpWithoutOperation(_ entry: Entry) throws {
        wake(entry, at: nil)
        try fail(entry, .backendLost("nothing of it is at the backend"))
    }

    /// The backend was asked often enough and knows nothing: the operation counts as failed, and
    /// what it may have done is undone.
    private func giveUpSearching(_ entry: Entry, _ name: OperationName) throws {
        wake(entry, at: nil)
        entry.stored.probes = 0
        freeSlot(entry, index: name.step)
        if entry.state != .lost { try lose(entry, name, "the backend has no record") }
        wake(entry, at: nil)
        let failure = Failure.backendLost("the backend lost operation \(name)")
        if name.isUndo { return try undoFailed(entry, name, failure.text) }
        entry.change(name.step) { step in
            step.state = .unknown
            step.code = failure.code
            step.message = failure.text
            step.finishedAt = now
        }
        if entry.job.stop != nil { return try takeStop(entry, failure) }
        try fail(entry, failure, cause: .backendLost)
    }
}

extension Entry {
    /// Milliseconds until a lost operation is asked about again: 4 s at first, then as long again
    /// as it has been lost, at most a minute; and at least twice as long each time that is counted.
    func probePause(at now: Timestamp) -> Int64 {
        let doubled = Int64(2000) << Int64(min(stored.extra.stalls, 5))
        return min(60_000, max(4000, now - job.updatedAt, doubled))
    }
}

extension Failure {
    /// The backend has no record of an operation that it had begun.
    static func backendLost(_ text: String) -> Failure {
        Failure(ResultCode(domain: "vdsm", number: 401, name: "UnknownTask"), text)
    }
}
