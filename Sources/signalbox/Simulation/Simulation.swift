import Engine
import Hypervisor
import Model
import Operations
import Store
import Workload

/// Hours or years of operation in virtual time, in memory, under one seed.
///
/// What must hold is looked at as the time passes; jobs that ended are archived and removed as in
/// any other store, so that memory stays bounded however long it goes on.
final class Simulation {
    /// What is simulated.
    struct Order {
        var seed: UInt64
        var hours: Double
        var jobs: Int
        var faults: FaultProfile
    }

    let order: Order
    let inspector: Inspector
    private(set) var scheduleInspector: ScheduleInspector
    private let store: SQLiteStore
    private let hypervisor: SimulatedHypervisor
    private let engines: EngineRoom
    private let run: VirtualRun
    private var operatorOnCall: OperatorOnCall
    private(set) var isInterrupted = false
    private(set) var mishaps: [Mishap.Sort: Int] = [:]
    /// What ends at a moment to come: a rule of trouble, a wrong clock.
    private var endings: [(at: Timestamp, what: Ending)] = []

    private enum Ending {
        case rules([String])
        case clock
    }

    private static let start = DemoStage.epoch
    private var end: Timestamp { Self.start + Int64(order.hours * 3_600_000) }

    /// How long jobs are kept: shorter than usual, so that a simulation of a month meets all of it.
    static let retention: Retention = {
        var retention = Retention.standard
        retention.archiveAge = 30 * 86_400_000
        (retention.maxJobs, retention.maxArchived) = (50_000, 100_000)
        return retention
    }()

    /// Virtual milliseconds that have passed.
    var virtual: Int64 { run.now - Self.start }
    /// How many turns the engines made.
    var turns: Int { run.turns }
    /// How many engines there were.
    var engineCount: Int { engines.count }

    /// A data centre in which nothing has happened yet.
    init(_ order: Order) throws {
        self.order = order
        store = try SQLiteStore()
        inspector = Inspector(store)
        let scenario = Self.scenario(order)
        hypervisor = SimulatedHypervisor(inventory: scenario.inventory, seed: order.seed, tick: nil)
        let rounds = try YearlyRounds.all()
        scheduleInspector = try ScheduleInspector(rounds, from: Self.start)
        try SimulatedHousekeeping(store: store).begin(rounds.map(\.schedule), at: Self.start)
        engines = EngineRoom(store: store, hypervisor: hypervisor, seed: order.seed)
        run = VirtualRun(
            store: store,
            hypervisor: hypervisor,
            engine: try engines.begin(at: Self.start, lead: 0),
            driver: ScenarioDriver(scenario, opening: Self.start),
            start: Self.start
        )
        operatorOnCall = OperatorOnCall(seed: order.seed, inspector: inspector, hours: order.hours)
        for rule in order.faults.usualRules(seed: order.seed) { add(rule) }
    }

    private static func scenario(_ order: Order) -> Scenario {
        let inventory = Inventory.synthetic(hosts: 12, vms: 200, seed: order.seed)
        var scenario = Scenario(title: "simulation", inventory: inventory, seed: order.seed)
        var usual = Dictionary(uniqueKeysWithValues: SyntheticLoad.kinds.map { ($0, 1.0) })
        // Each of them moves a dozen VMs.
        usual["host.maintenance"] = 0.1
        var load = LoadProfile(weights: usual, rate: Double(order.jobs) / (order.hours * 60))
        load.outstanding = 200
        scenario.load = load
        return scenario
    }

    /// Lets the time pass, then lets everything come to rest.
    ///
    /// `goesOn` is asked after each round of the operator, and is told how far it has come.
    func pass(_ goesOn: (Simulation) -> Bool) throws {
        var hour: Int64 = 0
        while run.now < end, !isInterrupted {
            let start = Self.start + hour * 3_600_000
            let mishaps = Mishap.all(inHour: hour, from: start, order.faults, seed: order.seed)
            for mishap in mishaps where mishap.at < end && !isInterrupted {
                try proceed(to: mishap.at, goesOn)
                try strike(mishap)
            }
            hour += 1
            try proceed(to: min(end, Self.start + hour * 3_600_000), goesOn)
            try lookAround(afterHour: hour)
        }
        if !isInterrupted { try settle(goesOn) }
        try conclude()
    }

    /// Goes on until a moment, with a round of the operator every now and then.
    private func proceed(to moment: Timestamp, _ goesOn: (Simulation) -> Bool) throws {
        while run.now < moment, !isInterrupted {
            let round = run.now + operatorOnCall.rounds
            let next = min(moment, round, endings.map(\.at).min() ?? moment)
            try run.run(until: next)
            try finishEndings()
            try inspector.look()
            try run.request(try operatorOnCall.round(at: run.now))
            isInterrupted = !goesOn(self)
        }
    }

    /// What is looked at every hour, every day and every month.
    private func lookAround(afterHour hour: Int64) throws {
        if hour % 6 == 0 || order.hours <= 100 { try inspector.lookAtWhole(hypervisor) }
        if hour % 24 == 0 { lookAtSchedules() }
        if hour % 720 == 0 { try inspector.lookAtStore(Self.retention, at: run.now) }
    }

    private func lookAtSchedules() {
        let wrong = Result { try store.read { try scheduleInspector.look($0) } }
        switch wrong {
        case .success(let wrong): inspector.findings.note(.schedules, wrong)
        case .failure(let error): inspector.findings.note(.schedules, ["\(error)"])
        }
    }

    /// After the last submission: nothing goes wrong any more, and whatever asks gets an answer.
    private func settle(_ goesOn: (Simulation) -> Bool) throws {
        run.isDriven = false
        for rule in hypervisor.rules() {
            _ = hypervisor.removeRule(rule.id, at: run.now.milliseconds)
        }
        (run.lead, endings) = (0, [])
        try run.turn(Inbox())
        lookAtSchedules()
        try SimulatedHousekeeping(store: store).endSchedules(at: run.now)
        var inbox = Inbox()
        inbox.checksStore = true
        try run.turn(inbox)
        // Two days: longer than the slowest operation, and than any pause of the engine.
        let limit = run.now + 2 * 86_400_000
        try inspector.look()
        while run.now < limit, !inspector.open.isEmpty, !isInterrupted {
            try run.run(until: run.now + operatorOnCall.rounds)
            let isPatient = limit - run.now > 86_400_000
            try run.request(try operatorOnCall.answers(isPatient: isPatient, at: run.now))
            try inspector.look()
            isInterrupted = !goesOn(self)
        }
        let open = inspector.open.sorted { $0.key < $1.key }
        inspector.findings.note(
            .ended,
            isInterrupted ? [] : open.map { "\($0.key) (\($0.value.kind), \($0.value.state.word))" }
        )
    }

    private func conclude() throws {
        try inspector.look()
        try inspector.lookAtWhole(hypervisor)
        lookAtSchedules()
        try inspector.lookAtStore(Self.retention, at: run.now)
    }
}

// MARK: - What goes wrong

extension Simulation {
    private func add(_ rule: FaultRule) { _ = hypervisor.add(rule, at: run.now.milliseconds) }

    private func strike(_ mishap: Mishap) throws {
        var mishap = mishap
        mishaps[mishap.sort, default: 0] += 1
        switch mishap.sort {
        case .outage: cutOff(&mishap)
        case .badSpell:
            let rules = FaultProfile.severeRules(seed: mishap.chance.next())
            rules.forEach(add)
            endings.append((run.now + mishap.span(600_000, 28_800_000), .rules(rules.map(\.id))))
        case .crash:
            try engines.replace(run, &mishap) { inspector.findings.note(.owners, $0) }
        case .clockJump:
            let length = mishap.span(2000, 7_200_000)
            run.lead = mishap.draw(2) == 0 ? length : -length
            endings.append((run.now + mishap.span(60_000, 14_400_000), .clock))
            try run.turn(Inbox())
        }
    }

    private func cutOff(_ mishap: inout Mishap) {
        let hosts = hypervisor.inventory().hosts.names
        guard !hosts.isEmpty else { return }
        let host = hosts[mishap.draw(hosts.count)]
        let rule = FaultRule(id: "outage-\(host)", action: .hostUnreachable, scope: .host(host))
        add(rule)
        endings.append((run.now + mishap.span(300_000, 10_800_000), .rules([rule.id])))
    }

    private func finishEndings() throws {
        let due = endings.filter { $0.at <= run.now }
        endings.removeAll { $0.at <= run.now }
        for ending in due {
            switch ending.what {
            case .rules(let ids):
                for id in ids { _ = hypervisor.removeRule(id, at: run.now.milliseconds) }
            case .clock:
                run.lead = 0
                try run.turn(Inbox())
            }
        }
    }
}
