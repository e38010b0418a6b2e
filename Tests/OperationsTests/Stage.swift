import Engine
import Hypervisor
import Model
import Operations
import Store
import Synchronization

/// An engine, a store in memory and a simulated hypervisor, with time that a test moves by hand.
final class Stage {
    let hypervisor: SimulatedHypervisor
    let store: SQLiteStore
    private let engine: Engine
    private(set) var now = Timestamp(milliseconds: 1_800_000_000_000)

    init(_ inventory: Inventory = SmallWorld.inventory(), faults: [FaultRule] = []) throws {
        hypervisor = SimulatedHypervisor(inventory: inventory, seed: 3)
        for rule in faults { _ = hypervisor.add(rule, at: now.milliseconds) }
        store = try SQLiteStore()
        engine = try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor)),
            backend: HypervisorBackend(hypervisor),
            settings: EngineSettings(process: 1, machine: "m", bootID: "b", seed: 5),
            at: now
        )
    }

    /// Submits a job and returns its number; nil if it was refused.
    func submit(
        _ kind: String,
        _ target: String,
        _ parameters: [String: String] = [:]
    ) throws -> JobID? {
        let submission = Submission(
            kind: kind,
            target: Target(target),
            parameters: parameters,
            user: "tester"
        )
        let answer = Answer()
        var inbox = Inbox()
        inbox.submissions = [(submission, answer.take)]
        try engine.turn(inbox, at: now)
        if case .accepted(let id)? = answer.outcome { return id }
        return nil
    }

    /// Hands in an operator's action.
    func act(_ action: OperatorAction, on job: JobID) throws -> RequestOutcome? {
        let answer = Answer()
        var inbox = Inbox()
        inbox.requests = [(OperatorRequest(action, job: job, by: "tester"), answer.take)]
        try engine.turn(inbox, at: now)
        return answer.outcome
    }

    /// Lets time pass until a job has ended or `isEnough`, for six virtual hours at most.
    func run(_ job: JobID, until isEnough: (Job) -> Bool = { _ in false }) throws -> Job {
        let end = now + 6 * 3_600_000
        for _ in 0..<200_000 where now < end {
            let current = try self.job(job)
            if current.state.isTerminal || isEnough(current) { return current }
            guard let next = engine.nextTurn(after: now) else { return current }
            now = max(now + 1, next)
            try engine.turn(Inbox(), at: now)
        }
        return try self.job(job)
    }

    func job(_ id: JobID) throws -> Job {
        let found = try store.read { try $0.jobs([id]).first?.job }
        guard let found else { throw StageError.noJob(id) }
        return found
    }

    func children(of id: JobID, step: Int) throws -> [Job] {
        try store.read { reader in
            try reader.jobs(try reader.children(of: id, step: step)).map(\.job)
        }.sorted { $0.id < $1.id }
    }

    func steps(of id: JobID) throws -> [StepRecord] {
        try store.read { try $0.steps(of: [id])[id] ?? [] }
    }

    /// How many tickets there are for anything.
    func ticketCount() throws -> Int { try store.read { try $0.locks(limit: 1000).count } }

    var inventory: Inventory { hypervisor.inventory() }
}

enum StageError: Error {
    case noJob(JobID)
}

/// Takes one answer of the engine.
private final class Answer: Sendable {
    private let box = Mutex<RequestOutcome?>(nil)

    var outcome: RequestOutcome? { box.withLock { $0 } }

    func take(_ result: Result<RequestOutcome, any Error>) {
        box.withLock { $0 = try? result.get() }
    }
}
