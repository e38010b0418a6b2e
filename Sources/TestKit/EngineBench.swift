package import Engine
package import Model
package import Store
import Synchronization

/// An engine on a store of its own, with a clock that the test moves.
///
/// Time passes only in ``run(for:)`` and its like, from one moment at which the engine wants its
/// turn to the next.
package final class EngineBench {
    /// The time in which engine and backend live.
    package let clock: ManualClock
    /// The engine's store, which can be made to fail.
    package let store: CrashingStore
    /// The engine's line to the backend, which can be made to fail.
    package private(set) var line: LossyBackend
    /// The engine that owns the store now.
    package private(set) var engine: Engine
    /// Called after every turn that was committed.
    package var afterTurn: ((EngineBench) throws -> Void)?

    private let temporary: TemporaryStore
    private let kinds: [any JobKind]
    private let base: EngineSettings
    private let connect: () -> any Backend
    private var engines = 0

    /// A bench with these kinds.
    ///
    /// A test can put something of its own between engine and store with `spoil`.
    /// Each engine gets a line of its own to the backend, which `connect` makes.
    package init(
        kinds: [any JobKind],
        seed: UInt64 = 1,
        store temporary: TemporaryStore? = nil,
        logLevel: LogLevel = .debug,
        rules: EngineRules = EngineRules(),
        retention: Retention? = nil,
        clock: ManualClock = ManualClock(),
        spoil: (any JobStore) -> any JobStore = { $0 },
        connect: @escaping () -> any Backend
    ) throws {
        self.clock = clock
        self.temporary = try temporary ?? TemporaryStore()
        self.kinds = kinds
        var base = EngineSettings(
            process: 0,
            machine: "test",
            bootID: "boot",
            logLevel: logLevel,
            seed: seed
        )
        base.rules = rules
        base.retention = retention
        self.base = base
        self.connect = connect
        store = CrashingStore(spoil(self.temporary.store))
        line = LossyBackend(connect())
        engine = try Engine(
            store: store,
            kinds: KindRegistry(kinds),
            backend: line,
            settings: Self.numbered(0, base),
            at: clock.now()
        )
    }

    /// A bench on a scripted backend.
    package convenience init(
        _ backend: ScriptedBackend,
        kinds: [any JobKind],
        seed: UInt64 = 1,
        rules: EngineRules = EngineRules()
    ) throws {
        try self.init(kinds: kinds, seed: seed, rules: rules) { backend }
    }

    /// The settings of the engine with that number; each has a seed and a process of its own.
    private static func numbered(_ number: Int, _ base: EngineSettings) -> EngineSettings {
        var settings = base
        settings.process = Int32(1000 + number)
        settings.seed = base.seed &+ UInt64(number)
        return settings
    }

    /// Another engine on the same store, which owns it from now on; the present one is kept by the
    /// caller or dies.
    package func takeOver() throws {
        let line = LossyBackend(connect())
        engines += 1
        engine = try Engine(
            store: store,
            kinds: KindRegistry(kinds),
            backend: line,
            settings: Self.numbered(engines, base),
            at: clock.now(),
            wall: clock.wall()
        )
        self.line = line
        try afterTurn?(self)
    }

    // MARK: Turns

    /// Makes one turn.
    package func turn(_ inbox: Inbox = Inbox()) throws {
        try engine.turn(inbox, at: clock.now(), wall: clock.wall())
        try afterTurn?(self)
    }

    /// Makes turns until the engine wants none now; a test in which it always wants one fails.
    package func settle() throws {
        for _ in 0..<1000 {
            guard let next = engine.nextTurn(after: clock.now()), next <= clock.now() else {
                return
            }
            try turn()
        }
        throw Failure.scripted("the engine wants another turn for ever")
    }

    /// Lets time pass until that moment, with a turn whenever the engine wants one.
    package func run(until end: Timestamp) throws {
        try settle()
        while let next = engine.nextTurn(after: clock.now()), next <= end {
            clock.advance(to: next)
            try settle()
        }
        clock.advance(to: end)
    }

    /// Lets so many milliseconds pass.
    package func run(for milliseconds: Int64) throws {
        try run(until: clock.now() + milliseconds)
    }

    // MARK: Requests

    /// Submits a job in a turn of its own.
    package func submit(_ submission: Submission) throws -> RequestOutcome {
        let answer = Answer()
        var inbox = Inbox()
        let reply: RequestReply = { answer.set($0) }
        inbox.submissions = [(submission, reply)]
        try turn(inbox)
        return try answer.get()
    }

    /// Submits a job of that kind by the user `ann`; it must be accepted.
    @discardableResult
    package func submit(
        _ kind: String,
        _ change: (inout Submission) -> Void = { _ in }
    ) throws -> JobID {
        var submission = Submission(kind: kind, user: "ann")
        change(&submission)
        switch try submit(submission) {
        case .accepted(let id), .existing(let id), .joined(let id): return id
        case .done(let text), .refused(let text), .notFound(let text):
            throw Failure.scripted(text)
        }
    }

    /// Makes a request about anything in a turn of its own.
    @discardableResult
    package func request(
        _ action: OperatorAction,
        on subject: Subject,
        by user: String = "ann",
        reason: String = ""
    ) throws -> RequestOutcome {
        let answer = Answer()
        var inbox = Inbox()
        let reply: RequestReply = { answer.set($0) }
        inbox.requests = [(OperatorRequest(action, on: subject, by: user, reason: reason), reply)]
        try turn(inbox)
        return try answer.get()
    }

    /// Makes a request about a job in a turn of its own.
    @discardableResult
    package func request(
        _ action: OperatorAction,
        _ job: JobID,
        by user: String = "ann"
    ) throws -> RequestOutcome {
        try ask(OperatorRequest(action, job: job, by: user))
    }

    /// Makes a request in a turn of its own.
    @discardableResult
    package func ask(_ request: OperatorRequest) throws -> RequestOutcome {
        let answer = Answer()
        var inbox = Inbox()
        let reply: RequestReply = { answer.set($0) }
        inbox.requests = [(request, reply)]
        try turn(inbox)
        return try answer.get()
    }

    // MARK: Looking

    /// The job as it is stored, with what only the engine needs.
    package func stored(_ id: JobID) throws -> StoredJob {
        guard let stored = try store.read({ try $0.jobs([id]) }).first else {
            throw Failure.scripted("there is no \(id)")
        }
        return stored
    }

    /// The job as it is stored.
    package func job(_ id: JobID) throws -> Job { try stored(id).job }

    /// The steps of a job.
    package func steps(_ id: JobID) throws -> [StepRecord] {
        try store.read { try $0.steps(of: [id]) }[id] ?? []
    }

    /// The states that a job went through, from its journal.
    package func states(_ id: JobID) throws -> [JobState] {
        try journal(id).filter { $0.from != $0.to }.map(\.to)
    }

    /// A job's journal; everybody's if no job is named.
    package func journal(_ id: JobID? = nil) throws -> [JournalEntry] {
        try store.read { try $0.journal(of: id, after: 0, limit: 100_000) }
    }

    /// The children of a job's step, oldest first.
    package func children(_ id: JobID, step: Int = 0) throws -> [JobID] {
        try store.read { try $0.children(of: id, step: step) }
    }

    /// The audit, oldest first; of one subject if one is named.
    package func audit(_ subject: Subject? = nil) throws -> [AuditEntry] {
        try store.read { try $0.audit(of: subject?.description, after: 0, limit: 10_000) }
    }

    /// The texts of a job's log.
    package func log(_ id: JobID) throws -> [String] {
        try store.read { try $0.log(of: id, tree: false, after: 0, limit: 10_000) }.map(\.text)
    }

    /// The tickets of a job.
    package func tickets(_ id: JobID) throws -> [Ticket] {
        try store.read { try $0.tickets(of: [id]) }
    }
}

/// Where the engine leaves its answer to a request.
private final class Answer: Sendable {
    private let result = Mutex<Result<RequestOutcome, any Error>?>(nil)

    func set(_ value: Result<RequestOutcome, any Error>) { result.withLock { $0 = value } }

    func get() throws -> RequestOutcome {
        guard let value = result.withLock({ $0 }) else {
            throw Failure.scripted("nobody answered the request")
        }
        return try value.get()
    }
}
