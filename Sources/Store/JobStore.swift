package import Model

/// Durable rows: jobs, steps, tickets, journal, logs, requests and counters.
///
/// The store keeps what it is told and refuses what breaks its rules; it decides nothing. There is
/// one writer at a time; readers see the newest committed state and never block the writer.
package protocol JobStore: Sendable {
    /// Runs `body` in one write transaction that is durable when this returns.
    ///
    /// An error thrown by `body` undoes all of it. With `epoch` given, the transaction is refused
    /// with ``StoreError/Code/notOwner`` unless that engine still owns the store.
    func write<R>(as epoch: Int64?, _ body: (any StoreTransaction) throws -> R) throws -> R

    /// Runs `body` on one consistent state; never waits for a writer.
    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R
}

/// A job with what only the engine needs to know of it.
package struct StoredJob: Hashable, Sendable {
    /// The job as everybody sees it.
    package var job: Job
    /// Whether its plan has been made and its steps are stored.
    package var isPlanned: Bool = false
    /// The index of the step at work, or next to be.
    package var currentStep: Int = 0
    /// Its share of its parent's progress.
    package var weight: Int = 1
    /// What its children of the current step are up to.
    package var tally = ChildTally()
    /// How many jobs it still waits for.
    package var prerequisites: Int = 0
    /// What to do when a lock is held.
    package var lockPolicy: LockPolicy = .wait
    /// What to do when a step fails.
    package var rollbackPolicy: RollbackPolicy = .automatic
    /// Whether some part failed without failing the job: it will end as a warning.
    package var hasWarning: Bool = false
    /// How often the outcome of the current operation was asked for without an answer.
    package var probes: Int = 0
    /// The step whose undo ends a partial rollback, after which the job goes on; nil for all.
    package var resumeAt: Int?
    /// The queue it stands in while it waits for a slot: its lane with what divides it; else empty.
    package var queue: String = ""
    /// Its place in that queue: smaller is sooner; nil before it first stood in one.
    package var rank: Int64?
    /// The details; loaded and saved with the job.
    package var extra: JobExtra {
        _read { yield details.extra }
        set { details = SharedExtra(newValue) }
    }
    /// Most jobs have the same ones from one turn to the next.
    private var details = SharedExtra.none

    /// Whether the details are the same; quick where they are shared.
    func hasSameExtra(as other: StoredJob) -> Bool { details == other.details }

    /// A job about which the engine knows nothing more yet.
    package init(job: Job) { self.job = job }

    /// When the engine looks at it again by itself: its due time, a retry, a lock's limit, a probe.
    package var wakeAt: Timestamp? {
        get { job.wakesAt }
        set { job.wakesAt = newValue }
    }
}

/// How the children of a job's current step stand.
///
/// Kept in the parent's row, changed in the
/// transaction of each child's move.
package struct ChildTally: Hashable, Sendable {
    /// How many were made.
    package var made: Int = 0
    /// How many have not ended.
    package var unfinished: Int = 0
    /// How many are active, in the sense of ``Model/JobState/isActive``.
    package var active: Int = 0
    /// How many ended as failed or aborted.
    package var failed: Int = 0
    /// Sum of weight × progress (0 to 100) over the children made.
    package var progress: Int = 0

    /// No children.
    package init() {}
}

/// A request that another process, or this one, wrote for the engine.
package struct StoredRequest: Hashable, Sendable {
    /// Its number; requests are served in this order.
    package var number: Int64
    /// What is asked; nil for “a job was inserted, plan it”.
    package var request: OperatorRequest?
    /// The job that was inserted, for a submit.
    package var submitted: JobID?
    /// When it was written.
    package var at: Timestamp
    /// Whether what is asked cannot be read.
    package var isDamaged = false

    /// A request with all its parts.
    package init(number: Int64, request: OperatorRequest?, submitted: JobID?, at: Timestamp) {
        self.number = number
        self.request = request
        self.submitted = submitted
        self.at = at
    }
}

/// What can be asked of one consistent state of the store.
///
/// Everything that takes many keys is one statement per few hundred of them, not one per key.
package protocol StoreReader: EventReader, ScheduleReader {
    // MARK: For the engine

    /// The jobs with these numbers, in any order, archived or not; unknown numbers are left out.
    func jobs(_ ids: [JobID]) throws -> [StoredJob]
    /// The steps of these jobs, in the order of their plans.
    func steps(of ids: [JobID]) throws -> [JobID: [StepRecord]]
    /// The job that a reference names; nil if there is none.
    func resolve(_ reference: JobReference) throws -> JobID?
    /// The job that was submitted with this key; nil if there is none.
    func job(withKey key: String) throws -> JobID?
    /// Numbers of all jobs in these states, oldest first.
    func jobs(in states: [JobState]) throws -> [JobID]
    /// Planned jobs in `queued` that stand in this queue and do not wait for a moment (`wakeAt` is
    /// nil), by rank, then oldest; at most `limit`.
    func queued(in queue: String, limit: Int) throws -> [JobID]
    /// How many jobs stand in each queue that has any, those that wait for a moment left out.
    func queues() throws -> [String: Int]
    /// Unfinished jobs with `wakeAt` at or before `now`, earliest first; at most `limit`.
    func due(at now: Timestamp, limit: Int) throws -> [JobID]
    /// The earliest `wakeAt` of any unfinished job; nil if none waits for a moment.
    func nextWake() throws -> Timestamp?
    /// The children of a job that were made by its step `step`, oldest first.
    func children(of parent: JobID, step: Int) throws -> [JobID]
    /// All unfinished children of a job, oldest first.
    func unfinishedChildren(of parent: JobID) throws -> [JobID]
    /// Those of them that are held back until others have ended, oldest first.
    func heldChildren(of parent: JobID) throws -> [JobID]
    /// What the oldest unfinished jobs act on; at most `limit`.
    func unfinishedTargets(limit: Int) throws -> [Target]
    /// Jobs that wait for this one to complete.
    func dependents(of id: JobID) throws -> [JobID]
    /// The jobs that this one was submitted to wait for, ended or not.
    func prerequisites(of id: JobID) throws -> [JobID]
    /// Jobs that this one waits for and that have not ended, oldest first; at most `limit`.
    func openPrerequisites(of id: JobID, limit: Int) throws -> [JobLink]
    /// Jobs that an order with this signature may join, newest first; up to a bound.
    ///
    /// Whoever joins one looks first whether it still can be joined.
    func joinable(_ signature: Int64) throws -> [JobID]
    /// Whether a job newer than this one waits to be planned that has the same target, or one of
    /// another type.
    func hasUnplanned(after id: JobID, near target: Target) throws -> Bool
    /// The newest number that was ever given to a job; 0 if none was.
    func newestJob() throws -> JobID
    /// Unfinished jobs for which some other job waits.
    func dependedOn() throws -> [JobID]
    /// All tickets of these resources within these scopes, by number.
    func tickets(for keys: [TicketKey]) throws -> [Ticket]
    /// All tickets of these jobs, by number.
    func tickets(of ids: [JobID]) throws -> [Ticket]
    /// The resources (with scope) for which some ticket waits.
    func contended() throws -> [TicketKey]
    /// Requests that have no outcome yet, in order; at most `limit`.
    func openRequests(limit: Int) throws -> [StoredRequest]
    /// What became of a request; nil while it is open.
    func outcome(ofRequest number: Int64) throws -> RequestOutcome?
    /// The lanes that were saved: used ones, closed and paused ones.
    func savedLanes() throws -> [LaneLine]
    /// Why no new jobs are taken; nil if they are.
    func drain() throws -> Pause?
    /// How many jobs without a parent have not ended, from the counters.
    func openRoots() throws -> Int
    /// How many jobs of an account without a parent have not ended.
    func openRoots(of account: String) throws -> Int
    /// How many jobs each account has that have not ended.
    func accountLoads() throws -> [String: AccountLoad]

    /// The secret parameters of the job with that UUID, by name; none once they were forgotten.
    func secrets(of uuid: String) throws -> [String: String]

    // MARK: For retention

    /// The jobs that ended in these states, in the order in which they did, as far as the next
    /// `window` lines of the journal after `sequence` tell, and not beyond the first of them that
    /// ended after `moment`. Archived jobs are left out.
    func ended(
        after sequence: Int64,
        in states: Set<JobState>,
        until moment: Timestamp,
        window: Int
    ) throws -> EndedLines
    /// Those of these jobs that are roots of trees which may be archived: ended as a whole, not
    /// pinned, and no unfinished job waits for one of them.
    func endedTrees(of jobs: [JobID]) throws -> [EndedTree]
    /// Roots that were archived at or before a moment (nil for any) and may be removed, the oldest
    /// first; at most `limit`. Trees with a pinned job are left out.
    func archivedRoots(before moment: Timestamp?, limit: Int) throws -> [JobID]
    /// The steps of archived jobs, in the order of their plans.
    func archivedSteps(of ids: [JobID]) throws -> [JobID: [StepRecord]]
    /// What the archive holds.
    func archive() throws -> ArchiveLine
    /// How many jobs a sweep would move or remove, by looking at all that ended; changes nothing.
    func preview(_ retention: Retention, at now: Timestamp) throws -> SweepCount

    // MARK: For people

    /// A part of a list of jobs.
    func page(_ query: JobQuery, at now: Timestamp) throws -> JobPage
    /// The jobs each of these comes after, and those that come after it, with their states.
    func links(of ids: [JobID]) throws -> [JobID: JobLinks]
    /// The newest job that tries each of these again, archived or not; by the tried one's number.
    func retries(of ids: [JobID]) throws -> [JobID: JobID]
    /// The jobs that a question means whose numbers are higher than `id`, the lowest first; its
    /// order and offset count for nothing. So a long list can be read in parts of bounded size.
    func jobs(_ query: JobQuery, after id: JobID, at now: Timestamp) throws -> [Job]
    /// Everything about one job, with the newest `logLimit` lines of its log; nil if unknown.
    func detail(_ id: JobID, logLimit: Int) throws -> JobDetail?
    /// How many jobs are in each state, from counters kept with the moves; without the archive.
    func counts() throws -> Counts
    /// The same by counting every row; for tests and `store check`.
    func recount() throws -> Counts
    /// All tickets with who stands before them: contended resources first; at most `limit`.
    func locks(limit: Int) throws -> [LockLine]
    /// The lines of a job's log after `sequence`, or of its whole tree; oldest first.
    func log(of id: JobID, tree: Bool, after sequence: Int64, limit: Int) throws -> [LogLine]
    /// The journal after `sequence`, of one job or of all; oldest first.
    func journal(of id: JobID?, after sequence: Int64, limit: Int) throws -> [JournalEntry]
    /// How many jobs are `queued` and how many slots are taken, by lane; for lists.
    func laneLoads() throws -> [LaneLine]
    /// How many operations at work count against each limit that has any, by its name.
    func limitLoads() throws -> [String: Int]
    /// When jobs began that count against a rate, as the engine writes it down, by name.
    func rates() throws -> [String: String]
    /// The unfinished job that holds the lock of each target of this type, by the target's name.
    func holders(ofType type: String) throws -> [String: JobID]
    /// The engine that owns the store, or owned it last; nil if there was none.
    func engine() throws -> EngineLine?
    /// The moment of the newest line of the journal; nil if there is none.
    func latest() throws -> Timestamp?
    /// Pending jobs that wait for the time at which they are due.
    func awaitingTime() throws -> [JobID]
    /// When the first limit of any job runs out; nil if none runs.
    func nextLimit() throws -> Timestamp?
    /// Unfinished jobs of which some limit has run out, earliest first; at most `limit`.
    func limitsDue(at now: Timestamp, limit: Int) throws -> [JobID]
    /// What operations of a job answered too late, oldest first.
    func late(of id: JobID) throws -> [LateResult]
    /// Whether the engine that owned the store last gave it back in peace.
    func engineLeft() throws -> Bool
    /// A number that is higher after every commit that changed anything.
    func version() throws -> Int64
}

/// Names the queue of one resource within one scope.
package struct TicketKey: Hashable, Sendable {
    /// What is locked.
    package var resource: String
    /// The parent's number for children, 0 for roots.
    package var scope: Int64

    /// The queue of that resource within that scope.
    package init(resource: String, scope: Int64) {
        self.resource = resource
        self.scope = scope
    }
}

/// Numbers that only grow, kept in the store.
package enum Sequence: String, CaseIterable, Sendable {
    case job, ticket, fence, operation
}

/// What can be written in one transaction.
///
/// Reads see what was written before in it.
package protocol StoreTransaction: StoreReader, ScheduleWriter {
    /// Takes `count` numbers; returns the first. They are never given again, even if unused.
    func take(_ count: Int, from sequence: Sequence) throws -> Int64

    /// Inserts new jobs with all that ``StoredJob`` holds, and adds them to the counters.
    ///
    /// - Parameters:
    ///   - rows: the rows of the new jobs.
    ///   - ofStep: for children, the index of the parent's step that made them.
    /// - Throws: ``StoreError``; with code `refused` if a number, UUID or key was used before.
    func insert(_ rows: [SavedJob], ofStep: Int?) throws
    /// Saves changed jobs and moves the counters from `before`'s states to the new ones.
    ///
    /// A row is changed only if its state and fence are still those of `before` (compare and set);
    /// otherwise ``StoreError/Code/conflict`` is thrown and the transaction is undone. A job that
    /// has ended cannot be changed in its state. Where `before` knows the whole row, only the
    /// columns that differ are written.
    func update(_ jobs: [(before: JobStamp, after: SavedJob)]) throws
    /// Inserts or replaces steps.
    func save(_ steps: [(job: JobID, step: StepRecord)]) throws
    /// Saves where stored steps stand; what their plan says is left as it is.
    func update(_ steps: [(job: JobID, step: StepRecord)]) throws
    /// Removes the steps of a job from index `count` on, because it was planned anew.
    func trimSteps(of job: JobID, to count: Int) throws
    /// Notes that `job` waits for each of `prerequisites`.
    func insertDependencies(of job: JobID, on prerequisites: [JobID]) throws
    /// Notes that these jobs can be joined by orders with these signatures.
    func insertJoinable(_ jobs: [(signature: Int64, job: JobID)]) throws
    /// Notes that these jobs can be joined no more.
    func deleteJoinable(_ jobs: [(signature: Int64, job: JobID)]) throws
    /// Inserts tickets.
    func insert(_ tickets: [Ticket]) throws
    /// Marks tickets as held since `at`.
    func grant(_ numbers: [Int64], at: Timestamp) throws
    /// Removes all tickets of these jobs.
    func deleteTickets(of jobs: [JobID]) throws
    /// Appends to the journal; sequence numbers are given by the store. Moves that the table does
    /// not allow are refused by a constraint.
    func append(_ entries: [JournalEntry]) throws
    /// Appends to the audit; sequence numbers are given by the store.
    func append(_ entries: [AuditEntry]) throws
    /// Removes the oldest lines of the audit, up to the first of `moment` or later; the chain goes
    /// on from where it is cut. Returns how many went.
    func trimAudit(before moment: Timestamp) throws -> Int
    /// Sets who may do what.
    func replaceRoles(_ lines: [RoleLine]) throws
    /// Appends to the logs. A job keeps at most ``StoreLimits/logLinesPerJob`` lines: the oldest
    /// go, and one line says so.
    func append(_ lines: [LogLine]) throws
    /// Writes a request for the engine; returns its number.
    func insert(_ request: OperatorRequest, at now: Timestamp) throws -> Int64
    /// Notes that a job was inserted from outside the engine and is to be planned.
    func insertSubmitted(_ job: JobID, at now: Timestamp) throws
    /// Records what became of requests.
    func finish(_ requests: [(number: Int64, outcome: RequestOutcome)]) throws
    /// Saves a lane's slots, closure and pause.
    func save(_ lanes: [LaneLine]) throws
    /// Notes why no new jobs are taken; nil if they are again.
    func save(drain: Pause?) throws
    /// Writes down when jobs began that count against rates, and forgets what counts no more.
    func save(rates: [(name: String, begins: String)], forgetting gone: [String]) throws
    /// Sets the result of a job, as JSON text; kept apart from the hot row.
    func setResult(_ result: String, of job: JobID) throws
    /// Keeps the secret parameters of the job with that UUID, outside of the database.
    func keep(_ secrets: [String: String], of uuid: String) throws
    /// Removes the secrets of the job with that UUID once this transaction is durable.
    func forgetSecrets(of uuid: String)
    /// The same for all jobs that have ended, or never came to be.
    func forgetEndedSecrets() throws
    /// Moves trees to the archive, each as a whole: after a crash they are here or there.
    func archive(_ trees: [EndedTree], at now: Timestamp) throws
    /// Removes archived trees for good; returns how many jobs that were. Their numbers are never
    /// given again.
    func expunge(_ roots: [JobID]) throws -> Int
    /// Appends to the journal of jobs that are archived.
    func appendToArchive(_ entries: [JournalEntry]) throws
    /// Pins a job, archived or not: its tree is neither moved nor removed.
    func pin(_ job: JobID, root: JobID, _ pin: Pin) throws
    /// Takes a pin back; returns whether there was one.
    func unpin(_ job: JobID) throws -> Bool
    /// Notes when the first of a job's limits runs out; nil if none runs any more.
    func setLimit(_ moment: Timestamp?, of job: JobID) throws
    /// Keeps results that came too late; one that is known already is left as it is.
    func append(_ late: [LateResult]) throws
    /// Notes when the process of the engine with that epoch began, in the kernel's ticks.
    func setProcessStart(_ ticks: Int64, of epoch: Int64) throws
    /// Notes that the engine with that epoch gives the store back in peace.
    func leave(_ epoch: Int64, at now: Timestamp) throws
    /// Makes this process the owner of the store and returns its epoch, higher than any before.
    func takeOwnership(process: Int32, machine: String, bootID: String, at now: Timestamp) throws
        -> Int64
}
