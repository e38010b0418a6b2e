/// A request to do a job.
package struct Submission: Hashable, Codable, Sendable {
    /// What to do: `vm.start`.
    package var kind: String
    /// What to do it to.
    package var target: Target
    /// The details, by name.
    package var parameters: [String: String]
    /// Not before this moment.
    package var dueAt: Timestamp?
    /// Jobs that must have completed before.
    package var after: [JobID]
    /// What becomes of it if one of those does not complete; nil is ``AfterFailure/fail``.
    package var afterFailure: AfterFailure?
    /// The caller's own name for the request: the same name twice is one job.
    package var key: String?
    /// Larger is sooner.
    package var priority: Int
    /// Who asks.
    package var user: String
    /// On whose account it counts.
    package var account: String
    /// What to do when a lock is held; nil takes the kind's own policy.
    package var lockPolicy: LockPolicy?
    /// What happens to work already done when it fails or is stopped; nil takes the kind's policy.
    package var rollbackPolicy: RollbackPolicy?
    /// Whether it may share the job of an equal order that has not begun; nil is up to its kind.
    package var coalesces: Bool?
    /// The job that is tried again.
    package var retryOf: JobID?
    /// The schedule that asks, if none of us does.
    package var schedule: String?
    /// Parameters that are secret though their names do not tell; for a caller that knows the kind.
    package var secretNames: [String]?
    /// Limits that count before those of its kind; nil for none.
    package var limits: TimeLimits?
    /// Whether somebody else must agree to it before it begins; nil is up to the configuration.
    package var needsApproval: Bool?

    /// A request with what is usual; the rest is set on the value.
    package init(
        kind: String,
        target: Target = .none,
        parameters: [String: String] = [:],
        user: String,
        account: String = "",
        priority: Int = 0
    ) {
        self.kind = kind
        self.target = target
        self.parameters = parameters
        self.user = user
        self.account = account
        self.priority = priority
        after = []
    }
}

/// What an operator asks the engine to do to jobs that exist.
package enum OperatorAction: Hashable, Codable, Sendable {
    /// Stop it, on that rung of the ladder.
    case stop(StopLevel)
    /// Make a new job that does the same.
    case retry
    /// Make a new job that goes on at a step, by its name or its number from 1.
    case retryFrom(String)
    /// Agree to a job that waits for approval.
    case approve
    /// Do not agree to it, which ends it.
    case reject
    /// Decide about a job that needs an operator.
    case resolve(Resolution)
    /// Note that somebody knows of what calls for attention.
    case acknowledge
    /// Decide about an operation at the backend whose outcome is not known.
    case settle(OperationDecision)
    /// Take a lock from the job that holds it, which ends by that; by force even if the job's
    /// operation may be at work. Without a job: from the only one that holds it.
    case release(from: JobID?, isForced: Bool)
    /// Keep it for longer than retention would.
    case pin
    /// Leave it to retention again.
    case unpin
    /// Make it more or less urgent.
    case prioritize(Int)
    /// Have a lane begin nothing more until then, or until it is resumed; with `drains`, only
    /// nothing new.
    case pause(until: Timestamp?, drains: Bool)
    /// Have a paused lane, or a drained engine, go on.
    case resume
    /// Give a lane another number of slots; nil for what is configured.
    case setSlots(Int?)
    /// Have the engine take no new jobs until then, or until it is resumed.
    case drain(until: Timestamp?)
    /// Take in what the outside program that does a job's work says of it.
    case report(ExternalReport)

    /// The action in a word, for the journal.
    package var word: String {
        switch self {
        case .stop(let level): level.rawValue
        case .retry: "retry"
        case .retryFrom(let step): "retry from step \(step)"
        case .approve: "approve"
        case .reject: "reject"
        case .resolve(let resolution): "resolve " + resolution.rawValue
        case .acknowledge: "acknowledge"
        case .settle(let decision): "resolve " + decision.rawValue
        case .release(_, let isForced): isForced ? "release by force" : "release"
        case .pin: "pin"
        case .unpin: "unpin"
        case .prioritize(let priority): "priority \(priority)"
        case .pause: "pause"
        case .resume: "resume"
        case .setSlots(let number): "slots " + (number.map(String.init) ?? "as configured")
        case .drain: "drain"
        case .report(let report): report.end.map { "end as " + $0.outcome.rawValue } ?? "report"
        }
    }
}

/// What an operator decides about a job in `needsOperator` or `lost`.
package enum Resolution: String, CaseIterable, Codable, Sendable {
    /// Try the undo again, or ask the backend again about a step that stands still.
    case retry
    /// Leave the undo, or the step, out and go on with the others.
    case skip
    /// Undo nothing more and end the job.
    case giveUp
}

/// What an operator's request is about.
package enum Subject: Hashable, Codable, Sendable, CustomStringConvertible {
    /// A job.
    case job(JobID)
    /// The lock of a resource: `vm/web-1`.
    case lock(String)
    /// A lane: `host/kvm-a01`.
    case lane(String)
    /// A schedule, by its name.
    case schedule(String)
    /// The engine that owns the store.
    case engine

    /// The subject in words, as the audit names it: `job-5948`, `lane host/kvm-a01`.
    package var description: String {
        switch self {
        case .job(let id): id.description
        case .lock(let resource): "lock " + resource
        case .lane(let name): "lane " + name
        case .schedule(let name): "schedule " + name
        case .engine: "engine"
        }
    }
}

/// An operator's request as it is written into the store.
package struct OperatorRequest: Hashable, Codable, Sendable {
    /// What to do.
    package var action: OperatorAction
    /// To what.
    package var subject: Subject
    /// Who asks.
    package var by: String
    /// Why, in the operator's words.
    package var reason: String
    /// On whose account; nil if nothing was said.
    package var account: String?
    /// From which terminal and machine; nil if that is not known.
    package var origin: String?
    /// Refuse unless the job is still in one of these states; empty for any.
    package var expecting: [JobState]

    /// A request with all its parts.
    package init(
        _ action: OperatorAction,
        on subject: Subject,
        by: String,
        reason: String = "",
        expecting: [JobState] = []
    ) {
        self.action = action
        self.subject = subject
        self.by = by
        self.reason = reason
        self.expecting = expecting
    }

    /// A request about a job.
    package init(
        _ action: OperatorAction,
        job: JobID,
        by: String,
        reason: String = "",
        expecting: [JobState] = []
    ) {
        self.init(action, on: .job(job), by: by, reason: reason, expecting: expecting)
    }

    /// Whether it stands in the audit even if it is not refused: all do but what a program says on
    /// its way.
    package var isForAudit: Bool {
        guard case .report(let report) = action else { return true }
        return report.end != nil
    }

    /// The job it is about; nil if it is about something else.
    package var job: JobID? {
        guard case .job(let id) = subject else { return nil }
        return id
    }
}

/// What became of a request.
package enum RequestOutcome: Hashable, Codable, Sendable {
    /// Recorded; for a submit or a retry, the job that was made.
    case accepted(JobID)
    /// The same key was used before: the job that exists.
    case existing(JobID)
    /// An equal order waits already: the job that stands for both.
    case joined(JobID)
    /// Done, and no job was made; what was done, in words.
    case done(String)
    /// Refused, and why.
    case refused(String)
    /// There is no such job, lane, lock or schedule.
    case notFound(String)

    /// Whether nothing was done.
    package var isRefusal: Bool {
        switch self {
        case .refused, .notFound: true
        case .accepted, .existing, .joined, .done: false
        }
    }

    /// The outcome in words, as the audit keeps it.
    package var words: String {
        switch self {
        case .accepted: "accepted"
        case .existing(let id): "\(id) exists"
        case .joined(let id): "joined \(id)"
        case .done(let what): what
        case .refused(let why): "refused: " + why
        case .notFound(let what): "refused: " + what
        }
    }
}
