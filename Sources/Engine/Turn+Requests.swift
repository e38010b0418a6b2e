import Model

/// What people ask of the engine about jobs that exist, and about anything else it keeps.
extension Turn {
    /// Applies an operator's request; it stands in the audit afterwards, refused or not.
    func apply(_ request: OperatorRequest) throws -> RequestOutcome {
        let before = try standing(of: request.subject)
        let outcome: RequestOutcome
        switch request.subject {
        case .job(let id): outcome = try apply(request, to: id)
        case .lock(let resource): outcome = try apply(request, toLock: resource)
        case .lane(let name): outcome = apply(request, toLane: name)
        case .engine: outcome = applyToEngine(request)
        case .schedule: outcome = Self.misdirected(request)
        }
        if request.isForAudit || outcome.isRefusal {
            audit.append(
                AuditEntry(
                    at: now,
                    of: request,
                    before: before,
                    after: try standing(of: request.subject),
                    outcome: outcome
                )
            )
        }
        return outcome
    }

    /// How the subject of a request stands now, in a few words for the audit.
    private func standing(of subject: Subject) throws -> String {
        switch subject {
        case .job(let id): try entry(id).map { Self.standing(of: $0.job) } ?? ""
        case .lock(let resource): try standing(ofLock: resource)
        case .lane(let name): standing(ofLane: name)
        case .engine: memory.drain.map { "drained " + $0.text } ?? ""
        case .schedule: ""
        }
    }

    private static func standing(of job: Job) -> String {
        var words = [job.state.rawValue]
        if job.priority != 0 { words.append("priority \(job.priority)") }
        if job.attention != .none { words.append(job.attention == .open ? "unacked" : "acked") }
        return words.joined(separator: ", ")
    }

    /// The answer to an action that makes no sense for its subject.
    static func misdirected(_ request: OperatorRequest) -> RequestOutcome {
        .refused("\(request.action.word) is nothing that can be done to \(request.subject)")
    }

    /// Applies a request to a job.
    private func apply(_ request: OperatorRequest, to id: JobID) throws -> RequestOutcome {
        guard let entry = try entry(id) else { return .notFound("there is no \(id)") }
        if !request.expecting.isEmpty, !request.expecting.contains(entry.state) {
            return .refused(
                "\(entry.id) is \(entry.state.word) by now; nothing was done, look again"
            )
        }
        if let refusal = Self.refusalOfArchived(entry, request.action) { return refusal }
        let before = entry.state
        let place = journal.count
        let outcome: RequestOutcome
        switch request.action {
        case .stop(let level):
            outcome = try stop(entry, level, by: request.by, reason: request.reason)
        case .retry: outcome = try retry(entry, by: request.by)
        case .retryFrom(let step): outcome = try retry(entry, from: step, by: request.by)
        case .approve: outcome = approve(entry, by: request.by)
        case .reject: outcome = try reject(entry, by: request.by, reason: request.reason)
        case .acknowledge: outcome = try acknowledge(entry, by: request.by)
        case .resolve(let resolution):
            outcome = try resolve(entry, resolution, by: request.by, reason: request.reason)
        case .settle(let decision): outcome = try decide(entry, decision, request)
        case .release: return Self.misdirected(request)
        case .pin: outcome = try pin(entry, by: request.by, reason: request.reason)
        case .unpin: outcome = try unpin(entry)
        case .prioritize(let priority): outcome = try prioritize(entry, priority)
        case .pause, .resume, .setSlots, .drain: return Self.misdirected(request)
        case .report(let report):
            outcome = try self.report(entry, report, by: request.by)
            // What is said on the way is no decision of anybody's.
            if report.end == nil { return outcome }
        }
        noteRequest(request, on: entry, before: before, outcome)
        // What was asked stands before what came of it.
        if let line = journal.popLast() { journal.insert(line, at: place) }
        return outcome
    }

    /// Every request about a job stands in its journal, refused ones too.
    private func noteRequest(
        _ request: OperatorRequest,
        on entry: Entry,
        before: JobState,
        _ outcome: RequestOutcome
    ) {
        var text = "asked to \(request.action.word)"
        if !request.reason.isEmpty { text += ": \(request.reason)" }
        switch outcome {
        case .refused(let why): text += " (refused: \(why))"
        case .accepted(let id) where id != entry.id: text += " (made \(id))"
        default: break
        }
        note(entry, from: before, to: before, text, by: request.by)
        log(entry, .info, "\(request.by) \(text)")
    }
}
