import Engine
import Hypervisor
import Model
import Operations
import Store
import Workload

/// Hours of operation in virtual time, in memory, under one seed.
struct Simulation {
    let seed: UInt64
    let hours: Double
    let jobs: Int
    let faults: FaultProfile

    private static let start = DemoStage.epoch
    private var end: Timestamp { Self.start + Int64(hours * 3_600_000) }

    /// What came of it.
    struct Outcome {
        let store: SQLiteStore
        let hypervisor: SimulatedHypervisor
        /// Virtual milliseconds that passed.
        let virtual: Int64
        let turns: Int
    }

    /// Lets the time pass, then lets everything come to rest.
    func run() throws -> Outcome {
        let store = try SQLiteStore()
        let scenario = scenario()
        let hypervisor = SimulatedHypervisor(
            inventory: scenario.inventory,
            seed: seed,
            tick: nil
        )
        let engine = try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor)),
            backend: HypervisorBackend(hypervisor),
            settings: EngineSettings(process: 1, machine: "simulation", bootID: "1", seed: seed),
            at: Self.start
        )
        let run = VirtualRun(
            store: store,
            hypervisor: hypervisor,
            engine: engine,
            driver: ScenarioDriver(scenario, opening: Self.start),
            start: Self.start
        )
        var operatorOnCall = OperatorOnCall(seed: seed, store: store)
        try pass(run, &operatorOnCall)
        try settle(run, &operatorOnCall)
        return Outcome(
            store: store,
            hypervisor: hypervisor,
            virtual: run.now - Self.start,
            turns: run.turns
        )
    }

    private func scenario() -> Scenario {
        let inventory = Inventory.synthetic(hosts: 12, vms: 200, seed: seed)
        var scenario = Scenario(title: "simulation", inventory: inventory, seed: seed)
        let usual = Dictionary(uniqueKeysWithValues: SyntheticLoad.kinds.map { ($0, 1.0) })
        var load = LoadProfile(weights: usual, rate: Double(jobs) / (hours * 60))
        load.outstanding = 200
        scenario.load = load
        let rules = faults.rules(until: end.milliseconds - Self.start.milliseconds, seed: seed)
        scenario.events = rules.map { ScriptedEvent(at: 0, .fault($0)) }
        for (place, outage) in faults.outages(of: inventory.hosts.names, hours: hours).enumerated()
        {
            var rule = FaultRule(
                id: "outage-\(place)",
                action: .hostUnreachable,
                scope: .host(outage.host)
            )
            (rule.from, rule.until) = (outage.from, outage.until)
            scenario.events.append(ScriptedEvent(at: outage.from, .fault(rule)))
        }
        scenario.events.sort { $0.at < $1.at }
        return scenario
    }

    /// The hours themselves, with somebody who stops a job every now and then.
    private func pass(_ run: VirtualRun, _ operatorOnCall: inout OperatorOnCall) throws {
        while run.now < end {
            try run.run(until: min(end, run.now + OperatorOnCall.rounds))
            try run.request(try operatorOnCall.round())
        }
    }

    /// After the last submission: nothing goes wrong any more, and whatever asks gets an answer.
    private func settle(_ run: VirtualRun, _ operatorOnCall: inout OperatorOnCall) throws {
        run.isDriven = false
        // Two days: longer than the slowest operation, and than any pause of the engine.
        let limit = run.now + 2 * 86_400_000
        while run.now < limit, try operatorOnCall.hasWork() {
            try run.run(until: run.now + OperatorOnCall.rounds)
            try run.request(try operatorOnCall.answers(isPatient: limit - run.now > 86_400_000))
        }
    }
}

/// A person who looks at the jobs from time to time, as chance has it.
struct OperatorOnCall {
    /// How long it takes until she looks again, in milliseconds.
    static let rounds: Int64 = 300_000
    private var chance: SeededChance
    private let store: SQLiteStore

    init(seed: UInt64, store: SQLiteStore) {
        chance = SeededChance(seed: seed ^ 0x5EED)
        self.store = store
    }

    /// Whether some job has not ended.
    func hasWork() throws -> Bool { try store.read { try $0.counts().unfinished > 0 } }

    private func unfinished() throws -> [Job] {
        try store.read { reader in
            let ids = try reader.jobs(in: JobState.allCases.filter { !$0.isTerminal })
            return try reader.jobs(ids).map(\.job).sorted { $0.id < $1.id }
        }
    }

    /// What she does while the day goes on: now and then she stops a job, and answers questions.
    mutating func round() throws -> [OperatorRequest] {
        var requests = try answers(isPatient: true)
        let jobs = try unfinished()
        if let job = jobs.randomElement(using: &chance), Int.random(in: 0..<3, using: &chance) == 0
        {
            let level: StopLevel = Bool.random(using: &chance) ? .cancel : .abort
            requests.append(OperatorRequest(.stop(level), job: job.id, by: "carol"))
        }
        return requests
    }

    /// Her answers to jobs that ask; where patience has ended she abandons what is lost, and aborts
    /// what hangs.
    mutating func answers(isPatient: Bool) throws -> [OperatorRequest] {
        try unfinished().compactMap { job in
            if job.state == .needsOperator {
                let decision = Resolution.allCases.randomElement(using: &chance) ?? .giveUp
                return OperatorRequest(
                    .resolve(isPatient ? decision : .giveUp),
                    job: job.id,
                    by: "carol"
                )
            }
            // Where nothing else helps, and only there, she stops waiting for the backend.
            if !isPatient, job.state != .pending, job.state != .childQueued, chance.next() % 4 == 0
            {
                return OperatorRequest(.stop(.abandon), job: job.id, by: "carol")
            }
            // What hangs, hangs until somebody aborts it: a cancel waits for the step's end.
            let isAtWork = job.state == .running || job.state == .cancelling
            if isAtWork, job.stop?.level ?? .cancel == .cancel, chance.next() % 20 == 0 {
                return OperatorRequest(.stop(.abort), job: job.id, by: "carol")
            }
            return nil
        }
    }
}
