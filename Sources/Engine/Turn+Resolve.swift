import Model
import Store

/// What a person decides about a job that cannot go on by itself.
extension Turn {
    /// Carries a decision out.
    func resolve(
        _ entry: Entry,
        _ resolution: Resolution,
        by user: String,
        reason: String
    ) throws -> RequestOutcome {
        if entry.state == .lost, resolution == .retry {
            entry.stored.extra.stalls = 0
            wake(entry, at: now)
            return .accepted(entry.id)
        }
        guard entry.state == .needsOperator else {
            return .refused(
                "\(entry.id) is \(entry.state.word); "
                    + "only a job that needs an operator can be resolved"
            )
        }
        wake(entry, at: nil)
        entry.stored.extra.stalls = 0
        switch (resolution, entry.inFlight) {
        case (.retry, .some): try askAfresh(entry, by: user)
        case (.skip, let flight?) where !flight.isUndo:
            letGo(entry, flight.index, isUndo: false)
            try skipStep(entry, flight.index, by: user)
        case (_, let flight):
            if let flight { letGo(entry, flight.index, isUndo: flight.isUndo) }
            try decideUndo(entry, resolution, hasSkipped: flight?.isUndo ?? false, by: user)
        }
        return .accepted(entry.id)
    }

    /// Has the backend asked again about an operation; an undo is interrupted too, so that it can
    /// be begun anew.
    func askAfresh(_ entry: Entry, by user: String) throws {
        guard let flight = entry.inFlight else { return }
        let operation = entry.steps[flight.index].operation
        try move(entry, to: .lost, "\(user) has the backend asked again", by: user)
        entry.stored.extra.stalls = 0
        entry.stored.extra.undoFailures = 0
        entry.stored.probes = 0
        calls.append(.probe(operation: operation))
        if flight.isUndo {
            calls.append(.interrupt(operation: operation, fence: try next(.fence)))
        }
        rung(entry, .backend, entry.steps[flight.index].lane)
        wake(entry, at: now + entry.probePause(at: now))
    }

    /// Stops waiting for an operation; what it still does is kept as a late result.
    private func letGo(_ entry: Entry, _ index: Int, isUndo: Bool) {
        let operation = entry.steps[index].operation
        freeSlot(entry, index: index)
        entry.change(index) { step in
            if isUndo {
                step.undo = .skipped
            } else {
                step.state = .unknown
                step.finishedAt = now
            }
        }
        entry.job.backend = .unknown
        entry.job.cause = .abandoned
        log(entry, .error, "no longer waited for: operation \(operation) may still be at work")
    }

    /// Goes on without a step whose outcome nobody knows.
    private func skipStep(_ entry: Entry, _ index: Int, by user: String) throws {
        let name = entry.steps[index].step.name
        if entry.job.stop != nil {
            guard !entry.undoable.isEmpty else { return try end(entry) }
            return try beginRollback(entry, "\(user) no longer waits for “\(name)”")
        }
        entry.stored.hasWarning = true
        entry.stored.extra.warning = "“\(name)” was left out by \(user); its outcome is not known"
        try move(entry, to: .lost, "\(user) goes on without “\(name)”", by: user)
        try proceed(entry)
    }

    private func decideUndo(
        _ entry: Entry,
        _ resolution: Resolution,
        hasSkipped: Bool,
        by user: String
    ) throws {
        let first = entry.stored.resumeAt ?? 0
        let failed = entry.steps.indices.filter { entry.steps[$0].undo == .failed }
        switch resolution {
        case .retry:
            for index in failed { entry.change(index) { $0.undo = .waiting } }
            try beginRollback(entry, from: first, "\(user) asked for the undo")
        case .skip:
            let waiting = entry.steps.indices.filter { entry.steps[$0].undo == .waiting }
            let newest = (waiting + entry.undoable).max().map { [$0] } ?? []
            for index in failed.isEmpty && !hasSkipped ? newest : failed {
                entry.change(index) { $0.undo = .skipped }
            }
            try beginRollback(entry, from: first, "\(user) left an undo out")
        case .giveUp:
            let left = entry.steps.indices.filter {
                [.failed, .waiting].contains(entry.steps[$0].undo)
            }
            for index in entry.undoable + left { entry.change(index) { $0.undo = .skipped } }
            if entry.stored.extra.failure == nil, entry.job.stop == nil {
                let code = ResultCode(domain: "vdsm", number: 401, name: "UnknownTask")
                entry.stored.extra.failure = Failure(code, "given up by \(user)")
            }
            try end(entry)
        }
    }
}
