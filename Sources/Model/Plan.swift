/// What a job will do, decided before it does anything.
///
/// A plan is data: it is stored, shown by `--dry-run` and by the dialog of an abort, and resumed
/// after a crash.
package struct Plan: Hashable, Codable, Sendable {
    /// What the job does, for people: “Start web-1”.
    package var summary: String
    /// The steps, in order.
    package var steps: [Step]
    /// Everything the job and all its children will lock; asked for at once.
    package var locks: [LockRequest]
    /// What to do when a lock is held by another job.
    package var lockPolicy: LockPolicy
    /// What to do when a step fails.
    package var rollbackPolicy: RollbackPolicy
    /// What becomes of the job if the engine dies while one of its steps is at work.
    package var onCrash: CrashPolicy
    /// Limits that the kind sets; who submits the job can set others.
    package var limits: TimeLimits

    /// A plan of those steps under those locks.
    package init(
        summary: String,
        steps: [Step],
        locks: [LockRequest] = [],
        lockPolicy: LockPolicy = .wait,
        rollbackPolicy: RollbackPolicy = .automatic,
        onCrash: CrashPolicy = .adopt,
        limits: TimeLimits = TimeLimits()
    ) {
        self.summary = summary
        self.steps = steps
        self.locks = locks
        self.lockPolicy = lockPolicy
        self.rollbackPolicy = rollbackPolicy
        self.onCrash = onCrash
        self.limits = limits
    }
}

/// What happens to work already done when a job fails or is stopped.
package enum RollbackPolicy: String, Codable, Sendable {
    /// Undo it, newest first.
    case automatic
    /// Ask an operator first.
    case manual
    /// Leave it.
    case none
}

/// One step of a plan.
package struct Step: Hashable, Codable, Sendable {
    /// The step in words: “Boot web-1”.
    package var name: String
    /// What it does.
    package var work: Work
    /// What takes it back; nil if nothing needs to be.
    package var undo: Operation?
    /// Its share of the job's progress, relative to the other steps.
    package var weight: Int
    /// How many slots of its lane its operation takes; as many as the lane has, if that is less.
    package var slots = 1
    /// What it counts against beside its lane: `snapshot@vm/web-1`, `migrate@store/ssd`.
    ///
    /// What is behind the `@` is resolved as a lane is, so `snapshot@vm/web-1` counts on the host
    /// where that VM is then. How many are allowed at once is said by the engine's rules.
    package var limits: [String] = []
    /// Whether a running step can be interrupted by an abort.
    package var isInterruptible: Bool
    /// Once begun, the job is not undone any more: it goes forward or fails.
    package var isPointOfNoReturn: Bool
    /// Runs in the state `finishing`, after everything else: the end action.
    package var isEndAction: Bool
    /// How often and when it is tried again after a transient error.
    package var retry: RetryPolicy
    /// The index of an earlier step, where placement starts again if this step fails for reasons
    /// of its host.
    ///
    /// The host is then left out of the choice.
    package var retryFrom: Int?
    /// The result of an earlier step that names the host to leave out then: `host`.
    ///
    /// Nil leaves out the host in whose lane this step failed.
    package var placedBy: String?
    /// Milliseconds without progress after which it counts as stalled and the backend is asked.
    package var stallAfter: Int64
    /// Milliseconds that it may take with all its retries; nil for no limit.
    package var timeLimit: Int64?
    /// Once it is done, this takes the place of everything there was to undo; nil for most steps.
    package var commit: CommitPoint?
    /// What of an entity is saved before it is changed; nil if nothing is.
    package var snapshot: EntitySnapshot?

    /// A step that runs one operation or makes children.
    package init(
        _ name: String,
        _ work: Work,
        undo: Operation? = nil,
        weight: Int = 1,
        retry: RetryPolicy = .standard
    ) {
        self.name = name
        self.work = work
        self.undo = undo
        self.weight = weight
        self.retry = retry
        isInterruptible = true
        isPointOfNoReturn = false
        isEndAction = false
        stallAfter = 120_000
    }

    /// The step, changed by `change`; lets plans be written as expressions.
    package func with(_ change: (inout Step) -> Void) -> Step {
        var copy = self
        change(&copy)
        return copy
    }
}

/// What a step does.
package enum Work: Hashable, Codable, Sendable {
    /// One task at the backend.
    case operation(Operation)
    /// Other jobs, that this one waits for.
    case children(Children)
}

/// One thing asked of the backend.
package struct Operation: Hashable, Codable, Sendable {
    /// What to do: `vm.boot`.
    package var verb: String
    /// What to do it to: `vm/web-1`.
    package var subject: String
    /// Whose slot it takes: `host/kvm-a01`, `vm/web-1` (the host where that VM is then), or
    /// `control` for work on no host.
    package var lane: String
    /// The details, by name.
    package var parameters: [String: String]

    /// An operation with all its parts.
    package init(
        _ verb: String,
        on subject: String,
        lane: String = Operation.controlLane,
        parameters: [String: String] = [:]
    ) {
        self.verb = verb
        self.subject = subject
        self.lane = lane
        self.parameters = parameters
    }

    /// The lane of work that needs no host.
    package static let controlLane = "control"
}

/// A set of jobs that a step makes and waits for.
package struct Children: Hashable, Codable, Sendable {
    /// The children, in order.
    package var jobs: [ChildSpec]
    /// How many may be unfinished at once; 1 is one after the other.
    package var concurrency: Int
    /// What a child's failure does to the parent.
    package var onFailure: FailurePolicy

    /// Whether some child's work can be taken back after it has ended.
    package var canBeUndone: Bool { jobs.contains { $0.undo != nil } }

    /// Children with their limits.
    package init(
        _ jobs: [ChildSpec],
        concurrency: Int = .max,
        onFailure: FailurePolicy = .fail
    ) {
        self.jobs = jobs
        self.concurrency = max(1, concurrency)
        self.onFailure = onFailure
    }
}

/// What the failure of one child means.
package enum FailurePolicy: String, Codable, Sendable {
    /// The others are still attempted; then the parent fails.
    case fail
    /// Children not yet begun are stopped; then the parent fails.
    case stop
    /// The others are attempted; the parent ends as a warning unless all failed.
    case warn
}

/// One child to be made.
package struct ChildSpec: Hashable, Codable, Sendable {
    /// Its kind.
    package var kind: String
    /// What it acts on.
    package var target: Target
    /// Its parameters.
    package var parameters: [String: String]
    /// Its share of the step's progress.
    package var weight: Int
    /// What a stop of the parent does to it.
    package var onStop: StopPolicy = .cascade
    /// What takes its work back when the parent is undone after it has ended well.
    package var undo: Operation?

    /// A child with what is usual; the rest is set on the value.
    package init(
        _ kind: String,
        _ target: Target,
        parameters: [String: String] = [:],
        weight: Int = 1
    ) {
        self.kind = kind
        self.target = target
        self.parameters = parameters
        self.weight = weight
    }
}

/// How often a step is tried again, and how long the pauses are.
package struct RetryPolicy: Hashable, Codable, Sendable {
    /// How often at most it is begun, the first time included.
    package var attempts: Int
    /// The pause before the second attempt, in milliseconds; it doubles from there.
    package var base: Int64
    /// The longest pause, in milliseconds.
    package var limit: Int64

    /// A policy with all its parts.
    package init(attempts: Int, base: Int64, limit: Int64) {
        self.attempts = attempts
        self.base = base
        self.limit = limit
    }

    /// Five attempts, 2 s doubling to 60 s.
    package static let standard = RetryPolicy(attempts: 5, base: 2000, limit: 60_000)
    /// One attempt only.
    package static let never = RetryPolicy(attempts: 1, base: 0, limit: 0)

    /// The pause before the attempt after `attempt`, in milliseconds, with up to a tenth of jitter
    /// taken from `chance` (any number; the same number gives the same pause).
    package func pause(afterAttempt attempt: Int, chance: UInt64) -> Int64 {
        let doublings = Int64(min(max(attempt, 1), 21) - 1)
        let longest = min(limit, .max / 2)
        let isOverLimit = base > longest >> doublings
        let pause = max(0, isOverLimit ? longest : base << doublings)
        let jitter = pause / 10
        return jitter == 0 ? pause : pause - jitter + Int64(chance % UInt64(2 * jitter + 1))
    }
}
