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
    /// Log lines below this level are not written.
    package var logLevel: LogLevel
    /// Where chance begins: UUIDs, jitter of pauses.
    package var seed: UInt64
    /// How long jobs that ended are kept; nil for ever.
    package var retention: Retention?

    /// Settings with all their parts.
    package init(
        process: Int32,
        machine: String,
        bootID: String,
        logLevel: LogLevel = .info,
        seed: UInt64
    ) {
        self.process = process
        self.machine = machine
        self.bootID = bootID
        self.logLevel = logLevel
        self.seed = seed
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
        at now: Timestamp
    ) throws {
        self.store = store
        self.kinds = kinds
        self.backend = backend
        self.settings = settings
        chance = SeededChance(seed: settings.seed)
        epoch = try store.write(as: nil) { tx in
            try tx.takeOwnership(
                process: settings.process,
                machine: settings.machine,
                bootID: settings.bootID,
                at: now
            )
        }
        try turn(Inbox(), at: now)
    }

    /// How many submissions one turn takes at most; the caller keeps the rest for the next.
    package static let submissionLimit = 1000

    /// Jobs that ended since this engine took the store over, for the throughput on the screen.
    package var endedCount: Int64 { memory?.ended ?? 0 }

    /// Decides about everything that arrived, makes it durable, and only then acts on it.
    ///
    /// If the commit fails, nothing was done: every caller is told why, the backend is not called,
    /// and the next turn begins from what the store holds.
    ///
    /// - Throws: ``StoreError`` of the failed commit.
    package func turn(_ inbox: Inbox, at now: Timestamp) throws {
        news += backend.takeNews(at: now)
        var outcomes: [RequestOutcome] = []
        let turn: Turn
        do {
            turn = try store.write(as: epoch) { tx in
                let turn = Turn(
                    tx: tx,
                    now: now,
                    kinds: kinds,
                    backend: backend,
                    logLevel: settings.logLevel,
                    memory: memory ?? Memory(),
                    chance: chance
                )
                turn.retention = settings.retention
                if memory == nil { try turn.recover() }
                outcomes = try turn.run(inbox, news: news)
                return turn
            }
        } catch {
            memory = nil
            for (_, reply) in inbox.submissions { reply(.failure(error)) }
            for (_, reply) in inbox.requests { reply(.failure(error)) }
            throw error
        }
        news = []
        chance = turn.chance
        memory = turn.remembered()
        if !turn.calls.isEmpty { backend.perform(turn.calls, at: now) }
        let replies = inbox.submissions.map(\.reply) + inbox.requests.map(\.reply)
        for (reply, outcome) in zip(replies, outcomes) { reply(.success(outcome)) }
    }

    /// When the engine wants its next turn if nothing arrives before; nil if never.
    package func nextTurn(after now: Timestamp) -> Timestamp? {
        guard let memory else { return now + 1000 }
        if memory.hasMoreRequests { return now }
        let lanes = memory.lanes.values.compactMap(\.triesAt)
        let moments = [
            memory.nextWake, memory.firstDeadline, backend.nextNews(after: now),
            memory.sweep?.nextAt,
        ]
        return (moments.compactMap { $0 } + lanes).min()
    }

    /// How full the lanes are that this engine has used.
    package func lanes() -> [LaneLine] {
        (memory?.lanes ?? [:]).sorted { $0.key < $1.key }.map { name, lane in
            LaneLine(
                name: name,
                slots: lane.slots,
                used: lane.used,
                queued: lane.queued,
                closedUntil: lane.closedUntil,
                reason: lane.reason
            )
        }
    }
}

extension Turn {
    /// Decides about one inbox and writes the decisions down; returns the answers in order.
    func run(_ inbox: Inbox, news: [BackendNews]) throws -> [RequestOutcome] {
        try load(news.compactMap { OperationName($0.operation)?.job })
        for item in news { try take(item) }
        var outcomes: [RequestOutcome] = []
        expectedJobs = inbox.submissions.count
        for (submission, _) in inbox.submissions { outcomes.append(try submit(submission)) }
        for (request, _) in inbox.requests { outcomes.append(try apply(request)) }
        if inbox.checksStore || memory.hasMoreRequests || isFirst {
            try takeRequests(limit: Engine.submissionLimit)
        }
        try wakeDue()
        try askQuiet()
        tryClosedLanes()
        try settle()
        try flush()
        // Clocks that ran out, or were taken back, may leave an earlier one behind: ask anew.
        if memory.nextWake.map({ $0 <= now }) ?? true { memory.nextWake = try tx.nextWake() }
        if retention != nil {
            if isFirst { memory.sweep = SweepMemory(from: now) }
            try sweep(isIdle: news.isEmpty && calls.isEmpty && !inbox.hasWork)
        }
        memory.hasTurned = true
        return outcomes
    }

    /// Whether this is the engine's first turn: requests may be older than the engine.
    private var isFirst: Bool { !memory.hasTurned }
}
