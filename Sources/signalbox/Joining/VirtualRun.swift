import Engine
import Foundation
import Hypervisor
import Model
import Store
import Synchronization
import Workload

/// A scenario in virtual time: from event to event, as fast as the machine can.
///
/// The same scenario, seed and start give the same jobs with the same journal.
final class VirtualRun {
    /// The present moment of the run.
    private(set) var now: Timestamp
    /// How many turns the engine made.
    private(set) var turns = 0
    /// What is to be done and was never possible, in words.
    private(set) var missed: [String] = []
    /// Whether the scenario goes on; otherwise only what has begun does.
    var isDriven = true
    /// By how much the clock on the wall is ahead, in milliseconds.
    var lead: Int64 = 0
    /// The engine at work; another one can take its place between two turns.
    var engine: Engine
    private let hypervisor: SimulatedHypervisor
    private let store: SQLiteStore
    private var driver: ScenarioDriver
    /// Numbers of labelled jobs that were accepted in the turn at work.
    private let accepted = Accepted()

    /// Turns without any time passing after which something must be wrong.
    private static let stuckTurns = 100_000

    /// A run that stands at `start`.
    init(
        store: SQLiteStore,
        hypervisor: SimulatedHypervisor,
        engine: Engine,
        driver: ScenarioDriver,
        start: Timestamp
    ) {
        self.store = store
        self.hypervisor = hypervisor
        self.engine = engine
        self.driver = driver
        now = start
    }

    /// The driver, to be taken over by somebody who goes on in real time.
    var rest: ScenarioDriver { driver }

    /// Lets time pass until `end`.
    ///
    /// After each turn `step` is called; it says whether to go on.
    func run(until end: Timestamp, _ step: (Timestamp) -> Bool = { _ in true }) throws {
        var still = 0
        while true {
            let next = [engine.nextTurn(after: now), nextEvent].compactMap { $0 }.min()
            guard let next, next <= end else { break }
            still = next > now ? 0 : still + 1
            guard still < Self.stuckTurns else {
                throw Complaint(.failed, "the engine turns without end at \(now)")
            }
            now = max(now, next)
            try turn(try inbox())
            for (label, job) in accepted.take() { driver.accepted(label, as: job) }
            guard step(now) else { return }
        }
        now = max(now, end)
    }

    /// Lets time pass without an engine.
    func stand(until end: Timestamp) { now = max(now, end) }

    /// Makes a turn at the present moment.
    func turn(_ inbox: Inbox) throws {
        try engine.turn(inbox, at: now, wall: now + lead)
        turns += 1
    }

    /// Hands in requests at the present moment.
    func request(_ requests: [OperatorRequest]) throws {
        guard !requests.isEmpty else { return }
        var inbox = Inbox()
        for request in requests { inbox.requests.append((request, { _ in })) }
        try turn(inbox)
    }

    private var nextEvent: Timestamp? { isDriven ? driver.nextEvent : nil }

    private func inbox() throws -> Inbox {
        var inbox = Inbox()
        guard let due = nextEvent, due <= now else { return inbox }
        let targets = try unfinished()
        while let due = driver.nextEvent, due <= now {
            let events = driver.take(
                at: now,
                inventory: hypervisor.inventory(),
                unfinished: targets
            )
            for event in events { take(event, into: &inbox) }
        }
        return inbox
    }

    private func unfinished() throws -> [Target] {
        // The oldest: enough to bound any load.
        try store.read { try $0.unfinishedTargets(limit: 2000) }
    }

    private func take(_ event: ScenarioEvent, into inbox: inout Inbox) {
        switch event {
        case .submit(let submission, let label):
            let accepted = accepted
            inbox.submissions.append(
                (
                    submission,
                    { result in
                        guard let label, case .success(.accepted(let job)) = result else { return }
                        accepted.note(label, job)
                    }
                )
            )
        case .fault(let rule): _ = hypervisor.add(rule, at: now.milliseconds)
        case .heal(let id): _ = hypervisor.removeRule(id, at: now.milliseconds)
        case .request(let request): inbox.requests.append((request, { _ in }))
        case .missed(let text): missed.append(text)
        }
    }
}

/// Labelled jobs that were accepted, on their way from the engine's replies to the driver.
final class Accepted: Sendable {
    private let jobs = Mutex<[(String, JobID)]>([])

    /// Notes one.
    func note(_ label: String, _ job: JobID) { jobs.withLock { $0.append((label, job)) } }

    /// Those noted since the last time.
    func take() -> [(String, JobID)] {
        jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
    }
}
