import Engine
package import Model
import Store

/// What people asked for and what they were told, to be found again in the store.
extension InvariantChecker {
    /// Notes that somebody was told that this job is accepted.
    package func wasTold(accepted id: JobID) { promised.insert(id) }

    /// Notes that somebody was told that this stop is recorded.
    package func wasTold(stopped id: JobID, _ level: StopLevel) {
        stops[id] = max(stops[id] ?? level, level)
    }

    func checkPromises() throws {
        for id in promised where known[id] == nil {
            throw Violation("\(id) was accepted, and is not in the store")
        }
        promised = []
    }

    /// Notes that somebody asks for something: from now on it may have happened, told or not.
    package func wasAsked(_ request: OperatorRequest) {
        switch (request.action, request.subject) {
        case (.settle(.settleDone), .job(let id)), (.settle(.settleNotDone), .job(let id)):
            declare(id)
        case (.setSlots(let slots), .lane(let name)):
            lanes.allow(slots ?? 0, in: name, usual: usualSlots(name))
        case (.pause, .lane(let name)), (.resume, .lane(let name)):
            lanes.pauses[name] = nil
        case (.drain, .engine), (.resume, .engine): lanes.drain = nil
        case (.unpin, .job(let id)): archive.pinned.remove(id)
        case (.approve, .job(let id)): beginnings.voters[id, default: []].insert(request.by)
        default: break
        }
    }

    /// A person's word counts for what became of a job's operation, right or wrong.
    private func declare(_ id: JobID) {
        declared.insert(id)
        var next: JobID? = id
        // Its parents build on that word.
        while let present = next {
            declared.insert(present)
            if let target = known[present]?.target { abandoned.insert(target) }
            next = known[present]?.parent
        }
        let steps = (try? store.read { try $0.steps(of: [id]) })?[id] ?? []
        for case .operation(let operation) in steps.map(\.step.work) {
            abandoned.insert(Target(operation.subject))
        }
    }

    /// Notes what somebody was told of his request, and finds it in the audit.
    package func wasTold(
        _ request: OperatorRequest,
        _ outcome: RequestOutcome,
        at now: Timestamp
    ) throws {
        try checkAudit(request, outcome)
        switch outcome {
        case .refused, .notFound: return
        case .accepted, .existing, .joined, .done: break
        }
        switch (request.action, request.subject) {
        case (.stop(let level), .job(let id)): wasTold(stopped: id, level)
        case (.retry, .job):
            if case .accepted(let made) = outcome { wasTold(accepted: made) }
        case (.pin, .job(let id)): archive.pinned.insert(id)
        case (.approve, .job(let id)):
            guard known[id]?.user != request.by else {
                throw Violation("\(request.by) was let approve his own \(id)")
            }
            beginnings.told[id] = request.by
        case (.reject, .job(let id)): wasTold(stopped: id, .cancel)
        case (.report(let report), .job(let id)) where report.end != nil:
            guard try store.read({ try $0.jobs([id]) }).first?.job.state.isTerminal == true else {
                throw Violation("the end of \(id) was accepted, and it has not ended")
            }
        case (.pause(let until, let drains), .lane(let name)):
            lanes.pauses[name] = .paused(since: now, until: until, drains: drains)
        case (.resume, .lane(let name)): lanes.pauses[name] = .open
        case (.drain(let until), .engine):
            lanes.drain = .paused(since: now, until: until, drains: false)
        case (.resume, .engine): lanes.drain = .open
        default: break
        }
    }

    private func checkAudit(_ request: OperatorRequest, _ outcome: RequestOutcome) throws {
        let lines = try store.read { try $0.audit(of: nil, after: audited, limit: 100_000) }
        audited = lines.last?.sequence ?? audited
        let isThere = lines.contains { line in
            line.action == request.action.word && line.subject == request.subject.description
                && line.outcome == outcome.words
        }
        guard isThere == (request.isForAudit || outcome.isRefusal) else {
            throw Violation(
                "\(request.action.word) of \(request.subject) was answered with "
                    + "“\(outcome.words)”, and the audit \(isThere ? "says" : "does not say") so"
            )
        }
    }

    /// Checks what was promised of stops, for jobs that have not ended.
    func checkStops(_ jobs: [StoredJob]) throws {
        for stored in jobs {
            guard let level = stops[stored.job.id] else { continue }
            guard let stop = stored.job.stop, stop.level >= level else {
                throw Violation("\(level.rawValue) of \(stored.job.id) was accepted and is lost")
            }
        }
    }
}
