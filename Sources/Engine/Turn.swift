import DequeModule
import Model
import Store

/// One turn of the engine: everything that arrived is decided upon and becomes one transaction.
///
/// A turn reads no clock, draws no chance of its own and calls nobody: it is given the moment, a
/// generator and one consistent state of the store, and leaves behind rows to write (``flush()``)
/// and effects to carry out after the commit (``calls``). The files `Turn+….swift` hold
/// its decisions, one subject each.
final class Turn {
    let tx: any StoreTransaction
    let now: Timestamp
    /// What the clock on the wall shows: only due times are of it.
    let wall: Timestamp
    let suspects: Suspects
    let kinds: KindRegistry
    let backend: any Backend
    let logLevel: LogLevel
    let zones: ZoneSource
    /// How long jobs that ended are kept; nil for ever.
    var retention: Retention?
    var memory: Memory
    var chance: SeededChance

    /// Jobs this turn has in hand, and the order in which it came by them.
    var entries: [JobID: Entry] = [:]
    private(set) var order: [Entry] = []
    /// Those of them that are archived: nothing of them changes but their journal.
    private(set) var archived: Set<JobID> = []
    var agenda = Deque<Entry>()
    private var jobNumbers: Range<Int64> = 0..<0
    /// How many new jobs are known to come.
    var expectedJobs = 0
    var dirtyLanes: [String] = []
    var locks = LockTable()

    var journal: [JournalEntry] = []
    var audit: [AuditEntry] = []
    var logs: [LogLine] = []
    var dependencies: [(job: JobID, on: [JobID])] = []
    var results: [(job: JobID, text: String)] = []
    /// Jobs that can be joined from now on, and those that can be joined no more.
    var joinable: [(signature: Int64, job: JobID)] = []
    var unjoinable: [(signature: Int64, job: JobID)] = []
    var finishedRequests: [(number: Int64, outcome: RequestOutcome)] = []
    var changedLanes: Set<String> = []
    /// How the number of unfinished jobs of accounts changed, if any is bounded.
    var accountChange: [String: Int] = [:]
    var countedAccounts: Set<String> = []
    var changedRates: Set<String> = []
    /// Parts of queues, by lane, whose first jobs say that a limit is full which had room.
    var staleQueues: [(lane: String, queue: String)] = []
    var rules = EngineRules()
    /// Whether no step is begun any more, because the engine is about to end.
    var isEnding = false
    /// How the number of unfinished jobs without a parent changed.
    var rootChange = 0
    var hasCountedRoots = false
    var changesDrain = false
    /// Schedules this turn has in hand, by number.
    var schedules: [Int64: ScheduleInHand] = [:]
    /// Jobs of schedules that ended in this turn.
    var endedOfSchedules: [JobID] = []

    /// Results that came too late.
    var late: [LateResult] = []
    /// Whether some limit ran out, so that the store is asked for the next one.
    var asksForLimits = false
    /// Whom it is dealing with: if it fails, that is who made it fail.
    var inHand: Suspect?

    /// Calls to the backend, in order, for after the commit.
    var calls: [BackendCall] = []
    /// News of calls that cannot be made, for the next turn.
    var refusals: [BackendNews] = []

    init(
        tx: any StoreTransaction,
        now: Timestamp,
        wall: Timestamp,
        suspects: Suspects,
        kinds: KindRegistry,
        backend: any Backend,
        settings: EngineSettings,
        memory: Memory,
        chance: SeededChance
    ) {
        self.tx = tx
        self.now = now
        self.wall = wall
        self.suspects = suspects
        self.kinds = kinds
        self.backend = backend
        logLevel = settings.logLevel
        zones = settings.zones
        self.memory = memory
        self.chance = chance
    }

    // MARK: Jobs in hand

    /// The job with that number, from this turn, from memory, or from the store; nil if unknown.
    func entry(_ id: JobID) throws -> Entry? {
        if let known = entries[id] { return known }
        try load([id])
        return entries[id]
    }

    /// Takes jobs in hand, those not known yet in one read.
    func load(_ ids: [JobID]) throws {
        var missing: [JobID] = []
        for id in ids where entries[id] == nil {
            if let cached = memory.entries[id] ?? memory.parents[id] {
                adopt(cached)
            } else {
                missing.append(id)
            }
        }
        guard !missing.isEmpty else { return }
        let steps = try tx.steps(of: missing)
        for stored in try tx.jobs(missing) where entries[stored.job.id] == nil {
            if stored.job.archivedAt != nil { archived.insert(stored.job.id) }
            let entry = Entry(
                before: JobStamp(SavedJob(stored)),
                stored: stored,
                steps: steps[stored.job.id] ?? []
            )
            adopt(entry)
            inspect(entry)
        }
    }

    /// Takes one job in hand.
    func adopt(_ entry: Entry) {
        entries[entry.id] = entry
        order.append(entry)
    }

    /// Makes room for what a turn with so many news and submissions will hold.
    func reserve(_ news: Int, _ submissions: Int) {
        guard news + submissions > 1 else { return }
        entries.reserveCapacity(news + submissions)
        order.reserveCapacity(news + submissions)
        journal.reserveCapacity(2 * news + 3 * submissions)
        logs.reserveCapacity(2 * news + submissions)
    }

    /// Has a job looked at before the turn ends.
    func schedule(_ entry: Entry) {
        guard !entry.isOnAgenda else { return }
        entry.isOnAgenda = true
        agenda.append(entry)
    }

    /// Has a lane looked at before the turn ends.
    func schedule(lane: String) {
        if !dirtyLanes.contains(lane) { dirtyLanes.append(lane) }
    }

    /// Decides until nothing is left to decide.
    func settle() throws {
        // All that new jobs will ask for, in one read.
        try loadQueues(agenda.flatMap(newTicketKeys))
        while true {
            while let next = agenda.popFirst() {
                next.isOnAgenda = false
                inHand = .job(next.id)
                try advance(next)
            }
            guard !dirtyLanes.isEmpty else { return }
            let lanes = dirtyLanes
            dirtyLanes = []
            for lane in lanes { try dispatch(lane) }
            if !staleQueues.isEmpty { try tellOfRoom() }
        }
    }

    // MARK: Numbers

    /// The number of a new job.
    ///
    /// The numbers of all submissions of a turn are taken at once; those of refused ones are lost,
    /// which is better than a statement for each.
    func nextJob() throws -> JobID {
        if jobNumbers.isEmpty {
            let count = max(1, expectedJobs)
            let first = try tx.take(count, from: .job)
            jobNumbers = first..<first + Int64(count)
            expectedJobs = 0
        }
        defer { jobNumbers = jobNumbers.dropFirst() }
        return JobID(jobNumbers.lowerBound)
    }

    /// The next number of a sequence; taken from the store in blocks, so that it costs nothing.
    func next(_ sequence: Sequence) throws -> Int64 {
        var block = memory.blocks[sequence] ?? 0..<0
        if block.isEmpty {
            let first = try tx.take(Self.blockSize, from: sequence)
            block = first..<first + Int64(Self.blockSize)
        }
        let number = block.lowerBound
        memory.blocks[sequence] = number + 1..<block.upperBound
        return number
    }

    private static let blockSize = 512

    // MARK: What is written down

    /// Moves a job to another state, with all that hangs on a move.
    func move(_ entry: Entry, to state: JobState, _ cause: String, by actor: String = "engine")
        throws
    {
        let from = entry.state
        // A move that the table does not know is a bug of the engine: the turn is undone as a
        // whole, and whoever asked for it is told.
        guard Move.isLegal(from: from, to: state) else {
            throw StoreError(
                .refused,
                action: "move \(entry.id) (\(entry.job.kind))",
                detail: "\(IllegalMove(from: from, to: state)): \(cause)"
            )
        }
        // The clocks of these states are for questions to the backend; elsewhere they mean a pause.
        if from == .lost || from == .cancelling || from == .needsOperator {
            entry.stored.wakeAt = nil
        }
        note(entry, from: from, to: state, cause, by: actor)
        entry.job.state = state
        entry.job.waiting = nil
        entry.job.updatedAt = now
        entry.job.attention = Attention.called(by: entry.job)
        entry.isDirty = true
        try tellParent(of: entry, from: from)
        if state.isTerminal { try wrapUp(entry) }
    }

    /// Writes a line of the journal.
    func note(
        _ entry: Entry,
        from: JobState?,
        to: JobState,
        _ cause: String,
        by actor: String
    ) {
        journal.append(
            JournalEntry(job: entry.id, at: now, from: from, to: to, actor: actor, cause: cause)
        )
    }

    /// Writes a line of the job's log.
    func log(_ entry: Entry, _ level: LogLevel, _ text: @autoclosure () -> String) {
        guard level >= logLevel, !entry.isArchived else { return }
        logs.append(LogLine(job: entry.id, at: now, level: level, text: text()))
    }

    /// Says what a job waits for, unless it says so already.
    func wait(_ entry: Entry, _ reason: Waiting.Reason, on what: String = "") {
        if let waiting = entry.job.waiting, waiting.reason == reason, waiting.on == what { return }
        entry.job.waiting = Waiting(reason, on: what, since: now)
        entry.isDirty = true
    }

    /// Has a job looked at again at a moment; nil takes that back.
    func wake(_ entry: Entry, at moment: Timestamp?) {
        entry.stored.wakeAt = moment
        entry.isDirty = true
        if let moment { memory.nextWake = min(memory.nextWake ?? moment, moment) }
    }

    // MARK: The end of a job

    /// Clears up after a job that has just reached a terminal state.
    private func wrapUp(_ entry: Entry) throws {
        entry.job.finishedAt = now
        entry.stored.wakeAt = nil
        if entry.state == .completed || entry.state == .warning { try setProgress(entry, 100) }
        for index in entry.steps.indices where entry.steps[index].state == .waiting {
            entry.change(index) { $0.state = .skipped }
        }
        if let text = ResultText.of(entry) {
            results.append((entry.id, text))
        }
        memory.ended += 1
        forgetSecrets(of: entry)
        if entry.job.parentID == nil {
            rootChange -= 1
            noteAccount(ends: entry)
        }
        if entry.job.schedule != nil { endedOfSchedules.append(entry.id) }
        noteForRetention(entry)
        try releaseLocks(of: entry)
        try tellDependents(of: entry)
        if entry.job.retryOf != nil { try settlePredecessors(of: entry) }
        let level: LogLevel = entry.state == .completed ? .info : .warning
        log(entry, level, "\(entry.id) \(entry.state.word.lowercased()): \(entry.job.message)")
    }
}

/// The result of a job as JSON text.
enum ResultText {
    /// What a finished job gives back: its steps' results, or its error in CloudStack's words.
    static func of(_ entry: Entry) -> String? {
        if let failure = entry.stored.extra.failure, entry.state == .failed {
            return object([
                ("errorcode", String(failure.code.number), false),
                ("errortext", SecretMask.masked(failure.text), true),
                ("domain", failure.code.domain, true), ("name", failure.code.name, true),
            ])
        }
        let results = entry.stored.extra.results
        guard !results.isEmpty else { return nil }
        return object(results.sorted { $0.key < $1.key }.map { ($0.key, $0.value, true) })
    }

    private static func object(_ fields: [(name: String, value: String, isText: Bool)]) -> String {
        let parts = fields.map { field in
            "\(quoted(field.name)):\(field.isText ? quoted(field.value) : field.value)"
        }
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 32:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
