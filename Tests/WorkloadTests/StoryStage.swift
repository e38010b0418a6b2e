import Engine
import Hypervisor
import Model
import Operations
import Store
import Synchronization
import Workload

/// Plays a scenario on an engine, a store in memory and a simulated hypervisor, in virtual time.
final class StoryStage {
    let hypervisor: SimulatedHypervisor
    let store: SQLiteStore
    private let engine: Engine
    private var driver: ScenarioDriver
    private let opening: Timestamp
    private(set) var now: Timestamp
    private(set) var labels: [String: JobID] = [:]
    private let answers = Answers()

    init(_ scenario: Scenario) throws {
        opening = Timestamp(milliseconds: 1_800_000_000_000)
        now = opening + -scenario.past
        hypervisor = SimulatedHypervisor(
            inventory: scenario.inventory,
            seed: scenario.seed,
            tick: nil
        )
        store = try SQLiteStore()
        engine = try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor)),
            backend: HypervisorBackend(hypervisor),
            settings: EngineSettings(
                process: 1,
                machine: "m",
                bootID: "b",
                seed: scenario.seed
            ),
            at: now
        )
        driver = ScenarioDriver(scenario, opening: opening)
    }

    /// Plays until that many milliseconds after the opening.
    func play(until end: Int64) throws {
        let limit = opening + end
        for _ in 0..<2_000_000 where now < limit {
            let moments = [driver.nextEvent, engine.nextTurn(after: now)].compactMap { $0 }
            now = min(max(moments.min() ?? limit, now + 1), limit)
            var inbox = Inbox()
            while let at = driver.nextEvent, at <= now {
                let unfinished = try unfinishedTargets()
                let events = driver.take(
                    at: now,
                    inventory: hypervisor.inventory(),
                    unfinished: unfinished
                )
                for event in events { carryOut(event, &inbox) }
            }
            try engine.turn(inbox, at: now)
            for (label, id) in answers.accepted where labels[label] == nil {
                labels[label] = id
                driver.accepted(label, as: id)
            }
        }
    }

    /// What was refused, in words.
    var refusals: [String] { answers.refusals }

    private func carryOut(_ event: ScenarioEvent, _ inbox: inout Inbox) {
        switch event {
        case .fault(let rule): _ = hypervisor.add(rule, at: now.milliseconds)
        case .heal(let id): _ = hypervisor.removeRule(id, at: now.milliseconds)
        case .missed(let text): answers.refuse(text)
        case .request(let request): inbox.requests.append((request, { _ in }))
        case .submit(let submission, let label):
            inbox.submissions.append((submission, { [answers] in answers.take($0, label) }))
        }
    }

    func unfinishedTargets() throws -> [Target] {
        let open = JobState.allCases.filter { !$0.isTerminal }
        return try store.read { reader in
            try reader.jobs(try reader.jobs(in: open)).map(\.job.target)
        }
    }

    func job(_ label: String) throws -> Job {
        guard let id = labels[label], let job = try store.read({ try $0.jobs([id]).first?.job })
        else { throw StoryError.noJob(label) }
        return job
    }

    func children(of label: String, step: Int) throws -> [Job] {
        guard let id = labels[label] else { throw StoryError.noJob(label) }
        return try store.read { reader in
            try reader.jobs(try reader.children(of: id, step: step)).map(\.job)
        }.sorted { $0.id < $1.id }
    }
}

enum StoryError: Error {
    case noJob(String)
}

/// The engine's answers to submissions.
private final class Answers: Sendable {
    private let state = Mutex<(accepted: [String: JobID], refusals: [String])>(([:], []))

    var accepted: [String: JobID] { state.withLock { $0.accepted } }
    var refusals: [String] { state.withLock { $0.refusals } }

    func refuse(_ text: String) { state.withLock { $0.refusals.append(text) } }

    func take(_ result: Result<RequestOutcome, any Error>, _ label: String?) {
        switch result {
        case .success(.accepted(let id)):
            if let label { state.withLock { $0.accepted[label] = id } }
        case .success(let other): refuse("\(other)")
        case .failure(let error): refuse("\(error)")
        }
    }
}
