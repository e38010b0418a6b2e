package import Model
package import Store

/// What a caller is told after the commit: the outcome, or why nothing could be written.
package typealias RequestReply = @Sendable (Result<RequestOutcome, any Error>) -> Void

/// What arrived since the last turn.
package struct Inbox {
    /// New jobs, with whom to tell.
    package var submissions: [(submission: Submission, reply: RequestReply)] = []
    /// Requests about jobs, with whom to tell.
    package var requests: [(request: OperatorRequest, reply: RequestReply)] = []
    /// Whether another process may have written something.
    package var checksStore = false

    /// Nothing.
    package init() {}

    /// Whether nothing arrived.
    package var isEmpty: Bool { submissions.isEmpty && requests.isEmpty && !checksStore }

    /// Whether somebody waits for an answer.
    var hasWork: Bool { !submissions.isEmpty || !requests.isEmpty }
}

/// Who an engine is, and what it writes down.
package struct EngineSettings: Sendable {
    /// The process it lives in.
    package var process: Int32
    /// The machine it runs on.
    package var machine: String
    /// The machine's boot: tells a process of this boot from one of an earlier one.
    package var bootID: String
    /// When that process began, in the kernel's ticks: tells it from a later one of its number.
    package var processStart: Int64?
    /// Log lines below this level are not written.
    package var logLevel: LogLevel
    /// Where chance begins: UUIDs, jitter of pauses.
    package var seed: UInt64
    /// How much of anything may happen at once.
    package var rules = EngineRules()
    /// Where schedules find the rules of their zones.
    package var zones: ZoneSource
    /// How long jobs that ended are kept; nil for ever.
    package var retention: Retention?

    /// Settings with all their parts.
    package init(
        process: Int32,
        machine: String,
        bootID: String,
        logLevel: LogLevel = .info,
        seed: UInt64,
        zones: ZoneSource = .system
    ) {
        self.process = process
        self.machine = machine
        self.bootID = bootID
        self.logLevel = logLevel
        self.seed = seed
        self.zones = zones
    }
}

/// The engine: turns what arrives into durable moves, and moves into calls to the backend.
///
/// It is synchronous and lives on one thread, which ``EngineRunner`` gives it; a simulation calls
/// it by hand. It owns the store from its beginning until another engine takes it over, from when
/// on every write is refused by the store.
package final class Engine {
    private let store: any JobStore
    private let kinds: KindRegistry
    private let backend: any Backend
    private let settings: EngineSettings
    private var chance: SeededChance
    private var memory: Memory?
    private var news: [BackendNews] = []
    private var suspects = Suspects()
    /// Whether the engine before this one left in peace.
    private let hasLeft: Bool
    /// Whether what the engine before left is still to be taken up.
    private var isNew = true
    /// Whether it is about to end: steps at work go on, and no other is begun.
    ///
    /// What waits stays in its queue for the next engine, without an attempt being counted. Undo
    /// and end actions begin all the same.
    package var isEnding = false
    /// The number of this ownership of the store.
    package let epoch: Int64

    /// Takes the store over and takes up what an engine before has left.
    ///
    /// - Throws: ``StoreError`` if the store cannot be written.
    package init(
        store: any JobStore,
        kinds: KindRegistry,
        backend: any Backend,
        settings: EngineSettings,
        at now: Timestamp,
        wall: Timestamp? = nil
    ) throws {
        self.store = store
        self.kinds = kinds
        self.backend = backend
        self.settings = settings
        chance = SeededChance(seed: settings.seed)
        (hasLeft, epoch) = try store.write(as: nil) { tx in
            let hasLeft = try tx.engineLeft()
            let epoch = try tx.takeOwnership(
                process: settings.process,
                machine: settings.machine,
                bootID: settings.bootID,
                at: now
            )
            if let ticks = settings.processStart { try tx.setProcessStart(ticks, of: epoch) }
            return (hasLeft, epoch)
        }
        try turn(Inbox(), at: now, wall: wall)
        isNew = false
    }

    /// Gives the store back in peace: the next engine takes every job up as if nothing had been.
    ///
    /// - Throws: ``StoreError``; then the next engine takes this one for dead.
    package func leave(at now: Timestamp) throws {
        try store.write(as: epoch) { try $0.leave(epoch, at: now) }
    }

    /// How many submissions one turn takes at most; the caller keeps the rest for the next.
    package static let submissionLimit = 1000

    /// How many operations are at the backend.
    package var atWork: Int { memory?.entries.count ?? 0 }

    /// Jobs that ended since this engine took the store over, for the throughput on the screen.
    package var endedCount: Int64 { memory?.ended ?? 0 }

    /// Decides about everything that arrived, makes it durable, and only then acts on it.
    ///
    /// If the commit fails, nothing was done: every caller is told why, the backend is not called,
    /// and the next turn begins from what the store holds.
    ///
    /// `now` is the store's own time, which knows no jumps; `wall` is what the clock on the wall
    /// shows, by which due times are meant, and the same if left out.
    ///
    /// - Throws: ``StoreError`` of the failed commit.
    package func turn(_ inbox: Inbox, at now: Timestamp, wall: Timestamp? = nil) throws {
        news += backend.takeNews(at: now)
        let (turn, outcomes) = try decide(inbox, at: now, wall: wall ?? now)
        news = turn.refusals
        chance = turn.chance
        memory = turn.remembered()
        if !turn.calls.isEmpty { backend.perform(turn.calls, at: now) }
        let replies = inbox.submissions.map(\.reply) + inbox.requests.map(\.reply)
        for (reply, outcome) in zip(replies, outcomes) { reply(.success(outcome)) }
    }

    /// Makes decisions and commits them; what makes that impossible by itself is left out.
    private func decide(_ inbox: Inbox, at now: Timestamp, wall: Timestamp) throws -> (
        Turn, [RequestOutcome]
    ) {
        defer { suspects.forgetInbox() }
        while true {
            var tried: Turn?
            do {
                return try store.write(as: epoch) { tx in
                    let turn = newTurn(tx, at: now, wall: wall)
                    tried = turn
                    if memory == nil { try turn.recover() }
                    return (turn, try turn.run(inbox, news: news))
                }
            } catch {
                memory = nil
                if suspects.blame(tried?.inHand, for: error) { continue }
                for (_, reply) in inbox.submissions { reply(.failure(error)) }
                for (_, reply) in inbox.requests { reply(.failure(error)) }
                throw error
            }
        }
    }

    private func newTurn(_ tx: any StoreTransaction, at now: Timestamp, wall: Timestamp) -> Turn {
        var fresh = Memory()
        fresh.isTakingOver = isNew && !hasLeft
        let turn = Turn(
            tx: tx,
            now: now,
            wall: wall,
            suspects: suspects,
            kinds: kinds,
            backend: backend,
            settings: settings,
            memory: memory ?? fresh,
            chance: chance
        )
        turn.rules = settings.rules
        turn.isEnding = isEnding
        turn.retention = settings.retention
        return turn
    }

    /// When the engine wants its next turn if nothing arrives before; nil if never.
    package func nextTurn(after now: Timestamp) -> Timestamp? {
        guard let memory else { return now + 1000 }
        if memory.hasMoreRequests || !news.isEmpty { return now }
        let lanes = memory.lanes.values.compactMap(\.looksAt)
        let moments = [
            memory.drain?.until, memory.nextWake, memory.nextLimit, memory.firstDeadline,
            memory.rateWakes.values.min(),
            backend.nextNews(after: now),
            memory.sweep?.nextAt, memory.nextSchedule.map { $0 + -(memory.lead ?? 0) },
        ]
        return (moments.compactMap { $0 } + lanes).min()
    }

    /// How full the lanes are that this engine has used.
    package func lanes() -> [LaneLine] {
        (memory?.lanes ?? [:]).sorted { $0.key < $1.key }.map { LaneLine($0.key, $0.value) }
    }
}

extension Turn {
    /// Decides about one inbox and writes the decisions down; returns the answers in order.
    func run(_ inbox: Inbox, news: [BackendNews]) throws -> [RequestOutcome] {
        reserve(news.count, inbox.submissions.count)
        try load(news.compactMap { OperationName($0.operation)?.job })
        for item in news {
            inHand = OperationName(item.operation).map { .job($0.job) }
            try take(try withoutSecrets(item))
        }
        var outcomes: [RequestOutcome] = []
        expectedJobs = inbox.submissions.count
        for (submission, _) in inbox.submissions {
            outcomes.append(try attempt(outcomes.count) { try submit(submission) })
        }
        for (request, _) in inbox.requests {
            outcomes.append(try attempt(outcomes.count) { try apply(request) })
        }
        if inbox.checksStore || memory.hasMoreRequests || isFirst {
            try takeRequests(limit: Engine.submissionLimit)
        }
        inHand = nil
        try followWall()
        try wakeDue()
        try expireLimits()
        try askQuiet()
        lookAtLanes()
        lookAtRates()
        try runSchedules(isChecking: inbox.checksStore || isFirst)
        try settleAll(isFirst: isFirst)
        try openSecrets()
        inHand = nil
        try flush()
        // Clocks that ran out, or were taken back, may leave an earlier one behind: ask anew.
        if memory.nextWake.map({ $0 <= now }) ?? true { memory.nextWake = try tx.nextWake() }
        if asksForLimits { memory.nextLimit = try tx.nextLimit() }
        memory.isTakingOver = false
        if retention != nil {
            if isFirst { memory.sweep = SweepMemory(from: now) }
            try sweep(isIdle: news.isEmpty && calls.isEmpty && !inbox.hasWork)
        }
        memory.hasTurned = true
        return outcomes
    }

    /// Carries out what a caller asked for, unless that was found to be impossible.
    private func attempt(
        _ place: Int,
        _ body: () throws -> RequestOutcome
    ) throws -> RequestOutcome {
        inHand = .caller(place)
        if let why = suspects.callers[place] {
            return .refused("it could not be carried out: \(why)")
        }
        return try body()
    }

    /// Whether this is the engine's first turn: requests may be older than the engine.
    private var isFirst: Bool { !memory.hasTurned }
}
