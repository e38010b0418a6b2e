import Model
import Store

/// New jobs: accepting them, planning them, and the gates before their locks.
extension Turn {
    /// Accepts a request for a job; the answer is what its caller is told after the commit.
    func submit(_ asked: Submission) throws -> RequestOutcome {
        let (submission, secrets) = Sealing.seal(
            asked,
            kinds.secretParameters(of: asked.kind)
        )
        if let refusal = SubmissionCheck.refusal(of: submission)
            ?? PlanCheck.problem(of: submission)
        {
            return .refused(refusal)
        }
        if let known = try keyed(submission, secrets) { return known }
        if let missing = try missingPrerequisite(submission.after) { return .refused(missing) }
        if secrets.isEmpty, let joined = try join(submission) { return joined }
        if let refusal = try refusalOfNewJobs(of: submission.account) { return .refused(refusal) }
        let entry: Entry
        do {
            entry = try make(submission, parent: nil)
        } catch let failure as Failure {
            return .refused(failure.text)
        }
        if !secrets.isEmpty { try tx.keep(secrets, of: entry.job.uuid) }
        try attachPrerequisites(submission.after, to: entry)
        requireApproval(entry)
        schedule(entry)
        return .accepted(entry.id)
    }

    /// What becomes of a submission whose key was used before; nil if it has none, or a new one.
    private func keyed(
        _ submission: Submission,
        _ secrets: [String: String]
    ) throws -> RequestOutcome? {
        guard let key = submission.key else { return nil }
        let inTurn = order.first { $0.stored.extra.key == key }?.id
        guard let id = try tx.job(withKey: key) ?? inTurn, let known = try entry(id) else {
            return nil
        }
        let after =
            known.before == nil
            ? dependencies.filter { $0.job == id }.flatMap(\.on) : try tx.prerequisites(of: id)
        let theirs = known.holdsSecrets ? try tx.secrets(of: known.job.uuid) : [:]
        return KeyedOrder.outcome(
            of: submission,
            key: key,
            known: known.stored,
            after: after,
            secrets: (theirs, secrets)
        )
    }

    /// Makes the row and the plan of a new job, and nothing if there can be no plan.
    private func make(_ submission: Submission, parent: Entry?) throws -> Entry {
        let plan = try firstPlan(of: submission)
        let entry = try insertRow(submission, parent: parent)
        install(plan, in: entry)
        if let policy = submission.lockPolicy { entry.stored.lockPolicy = policy }
        return entry
    }

    /// The plan by which a new job is accepted.
    ///
    /// What makes no sense now may make sense when it is the job's turn: to start a VM that a job
    /// before it is stopping. So a refusal counts only if nobody stands before it.
    private func firstPlan(of submission: Submission) throws -> Plan {
        var order = Self.order(of: submission)
        do {
            return try kinds.plan(kind: submission.kind, order)
        } catch {
            order.isTentative = true
            guard let plan = try? kinds.plan(kind: submission.kind, order) else { throw error }
            let isLater = submission.dueAt.map { $0 > wall } ?? !submission.after.isEmpty
            guard try isLater || isContended(plan.locks) else { throw error }
            return plan
        }
    }

    /// Whether somebody holds or awaits one of these locks in a way that excludes a newcomer.
    private func isContended(_ requests: [LockRequest]) throws -> Bool {
        let keys = requests.map { TicketKey(resource: $0.resource, scope: 0) }
        try loadQueues(keys)
        return zip(requests, keys).contains { request, key in
            locks.queues[key, default: []].contains { !$0.mode.isCompatible(with: request.mode) }
        }
    }

    /// Makes the row of a new job.
    func insertRow(_ submission: Submission, parent: Entry?) throws -> Entry {
        let stored = StoredJob(
            accepting: submission,
            id: try nextJob(),
            uuid: chance.uuid(at: now),
            parent: parent?.job,
            signature: parent == nil ? signature(of: submission) : nil,
            at: now
        )
        let entry = Entry(before: nil, stored: stored)
        entry.isDirty = true
        adopt(entry)
        if parent == nil {
            rootChange += 1
            noteAccount(accepts: entry)
        }
        let cause = submission.schedule.map { "accepted from schedule \($0)" } ?? "accepted"
        note(entry, from: nil, to: .pending, cause, by: submission.user)
        return entry
    }

    /// Puts a plan's steps and policies into a job that has not begun.
    func install(_ plan: Plan, in entry: Entry) {
        if entry.before != nil, entry.steps.count > plan.steps.count { entry.hasFewerSteps = true }
        entry.steps = plan.steps.indices.map { StepRecord(index: $0, step: plan.steps[$0]) }
        entry.changedSteps = Array(entry.steps.indices)
        entry.hasNewPlan = true
        entry.requestedLocks = plan.locks
        // Who submitted a job may have said more than its kind; a child waits for its siblings.
        let isFirst = !entry.stored.isPlanned && entry.job.parentID == nil
        if isFirst && entry.stored.lockPolicy == .wait {
            entry.stored.lockPolicy = plan.lockPolicy
        }
        entry.stored.isPlanned = true
        entry.stored.rollbackPolicy = entry.stored.extra.rollbackPolicy ?? plan.rollbackPolicy
        var extra = entry.stored.extra
        extra.onCrash = plan.onCrash
        extra.limits.planned = plan.limits
        if extra != entry.stored.extra { entry.stored.extra = extra }
        entry.hasLimits =
            !entry.stored.extra.limits.isEmpty || plan.steps.contains { $0.timeLimit != nil }
        entry.hasNewLimits = entry.hasLimits
        entry.job.message = plan.summary
        entry.isDirty = true
    }

    static func order(of submission: Submission) -> Order {
        Order(
            target: submission.target,
            parameters: submission.parameters,
            user: submission.user,
            account: submission.account
        )
    }

    /// The plan of a job in hand, made of the world as it is now.
    func plan(for entry: Entry) throws(Failure) -> Plan {
        let order = Order(
            target: entry.job.target,
            parameters: entry.stored.extra.parameters,
            user: entry.job.user,
            account: entry.job.account
        )
        guard entry.stored.extra.rerunFrom != nil else {
            return try kinds.plan(kind: entry.job.kind, order)
        }
        return try rerunPlan(order, kind: entry.job.kind, steps: entry.steps.map(\.step))
    }

    /// Ends a job that cannot be planned.
    func refuse(_ entry: Entry, _ failure: Failure, cause: Cause = .validation) throws {
        entry.stored.extra.failure = failure
        entry.job.code = failure.code
        entry.job.message = failure.text
        entry.job.cause = cause
        try move(entry, to: .failed, failure.text)
    }

    /// Makes the job that tries an ended one again.
    func retry(_ old: Entry, by user: String) throws -> RequestOutcome {
        if let refusal = refusalOfRetry(old) { return refusal }
        let outcome = try submit(submission(retrying: old, by: user))
        if case .accepted(let id) = outcome, let new = try entry(id) {
            new.job.attempt = old.job.attempt + 1
            try noteRetry(of: old, by: id)
        }
        return outcome
    }

    /// Why a job cannot be tried again as it stands; nil if it can.
    func refusalOfRetry(_ old: Entry) -> RequestOutcome? {
        guard old.state.isTerminal else {
            return .refused("\(old.id) has not ended (\(old.state.word)); stop it first")
        }
        guard old.job.parentID == nil else {
            let parent = old.job.parentID.map(\.description) ?? ""
            return .refused("\(old.id) is a child; retry its parent \(parent)")
        }
        return Sealing.refusalOfRetry(old)
    }

    /// The order that tries a job again.
    func submission(retrying old: Entry, by user: String) -> Submission {
        var submission = Submission(
            kind: old.job.kind,
            target: old.job.target,
            parameters: old.stored.extra.parameters,
            user: user,
            account: old.job.account,
            priority: old.job.priority
        )
        submission.retryOf = old.id
        submission.rollbackPolicy = old.stored.extra.rollbackPolicy
        submission.schedule = old.job.schedule
        let asked = old.stored.extra.limits.asked
        submission.limits = asked.isEmpty ? nil : asked
        if old.stored.extra.approval != nil { submission.needsApproval = true }
        return submission
    }
}
