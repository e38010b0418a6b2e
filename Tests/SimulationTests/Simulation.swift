import Engine
import Hypervisor
import Model
import Operations
import Store
import TestKit
import Workload

/// How a run of the simulation is set up; all of it is drawn from the seed.
struct Setup {
    var hosts: Int
    var vms: Int
    var jobs: Int
    /// Of a hundred steps, how many are an operator's, a fault's, a crash, a takeover.
    var operators: Int
    var faults: Int
    var crashes: Int
    var takeovers: Int
    /// Whether tasks tell their progress.
    var showsProgress: Bool
    /// How many slots a host has, and how many there are for work on no host.
    var hostSlots: Int
    var controlSlots: Int
    /// How many rules of trouble there are from the beginning.
    var initialFaults: Int
    /// Of a hundred plans, how many ask a person before an undo, and how many undo nothing.
    var manual: Int
    var without: Int

    init(_ chance: inout SeededChance) {
        hosts = Int.random(in: 3...12, using: &chance)
        vms = Int.random(in: 8...60, using: &chance)
        jobs = Int.random(in: 6...24, using: &chance)
        // Each kind of trouble is left out of some runs, so that the others show by themselves.
        func share(_ most: Int) -> Int {
            Int.random(in: 0..<4, using: &chance) == 0
                ? 0 : Int.random(in: 1...most, using: &chance)
        }
        operators = share(15)
        faults = share(20)
        crashes = share(8)
        takeovers = share(4)
        showsProgress = Int.random(in: 0..<5, using: &chance) == 0
        hostSlots = Int.random(in: 1...4, using: &chance)
        controlSlots = Int.random(in: 1...8, using: &chance)
        initialFaults = share(8)
        manual = share(25)
        without = share(10)
    }
}

/// One run: a data centre, engines that come and go, operators, trouble; all from one seed.
final class Simulation {
    let seed: UInt64
    let hypervisor: SimulatedHypervisor
    let ledger: HypervisorLedger
    let bench: EngineBench
    let checker: InvariantChecker
    private let setup: Setup
    private var chance: SeededChance
    private var load: SyntheticLoad
    private var zombies: [(engine: Engine, line: LossyBackend)] = []
    private var submitted = 0
    private var rules = 0
    private(set) var steps = 0
    private(set) var turns = 0

    /// A run for a seed; `sabotage` may put something wrong between the parts.
    init(seed: UInt64, sabotage: Sabotage = .none) throws {
        self.seed = seed
        chance = SeededChance(seed: seed)
        setup = Setup(&chance)
        let hypervisor = SimulatedHypervisor(
            inventory: .synthetic(hosts: setup.hosts, vms: setup.vms, seed: seed),
            seed: seed,
            tick: setup.showsProgress ? 5000 : nil
        )
        let ledger = HypervisorLedger(sabotage.spoil(hypervisor))
        self.hypervisor = hypervisor
        self.ledger = ledger
        var slots = [Operation.controlLane: setup.controlSlots]
        for host in ledger.inventory().hosts.names { slots["host/" + host] = setup.hostSlots }
        let (manual, without) = (setup.manual, setup.without)
        bench = try EngineBench(
            kinds: StandardKinds.all(hypervisor: ledger).map {
                VariedKind($0, seed: seed, manual: manual, without: without)
            },
            seed: seed,
            logLevel: .error,
            spoil: { sabotage.spoil($0) }
        ) {
            sabotage.spoil(HypervisorBackend(ledger, slots: slots))
        }
        checker = InvariantChecker(store: bench.store, ledger: ledger) { slots[$0] ?? 0 }
        let weights = SyntheticLoad.kinds.map { ($0, 1.0) }
        load = SyntheticLoad(
            LoadProfile(weights: Dictionary(uniqueKeysWithValues: weights)),
            seed: seed
        )
        bench.afterTurn = { [unowned self] _ in
            turns += 1
            try checker.checkTurn()
            if turns % 8 == 0 { try checker.checkAll(at: bench.clock.now()) }
        }
    }

    private var now: Timestamp { bench.clock.now() }

    private func draw(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &chance) }

    /// Runs the random phase, then heals everything and waits for the end.
    func run() throws {
        for _ in 0..<setup.initialFaults { addRule() }
        while submitted < setup.jobs {
            steps += 1
            try survive { try step() }
        }
        try Healing(self).run()
        try checker.checkAll(at: now)
    }

    /// The whole journal as text, to be compared with that of another run.
    func journal() throws -> [String] {
        try bench.journal().map { line in
            "\(line.at.milliseconds) \(line.job) \(line.from?.rawValue ?? "-") \(line.to.rawValue) "
                + "\(line.actor) \(line.cause)"
        }
    }

    /// The journal's last lines, for whoever looks into a failure.
    func tail() -> String {
        let lines = (try? journal()) ?? []
        let tasks = ledger.executions.suffix(60).map {
            "\($0.id) \($0.verb) \($0.subject) \($0.fence)"
        }
        return (lines.suffix(120) + tasks).joined(separator: "\n")
    }

    /// Does something; if the engine dies of it, another one takes over.
    func survive(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch is CrashingStore.Crash {
            bench.store.disarm()
            try bench.takeOver()
        }
    }

    // MARK: One step

    private func step() throws {
        let dice = draw(100)
        let edges = [setup.operators, setup.faults, setup.crashes, setup.takeovers]
        var edge = 0
        for (index, share) in edges.enumerated() {
            edge += share
            guard dice < edge else { continue }
            switch index {
            case 0: return try operate()
            case 1: return trouble()
            case 2: return try crash()
            default: return try freeze()
            }
        }
        switch draw(6) {
        case 0, 1: try submit()
        case 2: try bench.run(for: Int64(draw(draw(8) == 0 ? 600_000 : 30_000)))
        case 3: deliverLate()
        default: try oneTurn()
        }
    }

    /// Lets time pass to the engine's next turn, or a little if it wants none.
    private func oneTurn() throws {
        let next = bench.engine.nextTurn(after: now) ?? now + 1000
        bench.clock.advance(to: min(next, now + 60_000))
        try bench.turn()
    }

    private func submit() throws {
        submitted += 1
        guard var submission = load.submission(inventory: ledger.inventory(), unfinished: [])
        else { return }
        submission.priority = draw(3)
        if draw(8) == 0 { submission.dueAt = now + Int64(draw(60_000)) }
        if draw(8) == 0, let other = checker.unfinished.randomElement(using: &chance) {
            submission.after = [other]
        }
        if draw(10) == 0 { submission.lockPolicy = .failFast }
        if draw(10) == 0 { submission.lockPolicy = .waitAtMost(Int64(draw(60_000))) }
        if case .accepted(let id) = try bench.submit(submission) { checker.wasTold(accepted: id) }
    }

    private func operate() throws {
        guard let id = checker.unfinished.randomElement(using: &chance) else { return }
        let action: OperatorAction =
            switch draw(8) {
            case 0, 1: .stop(.cancel)
            case 2, 3: .stop(.abort)
            case 4: .stop(.abandon)
            case 5: .retry
            default: .resolve(Resolution.allCases[draw(Resolution.allCases.count)])
            }
        let outcome = try bench.request(action, id, by: "operator")
        if case .stop(let level) = action, outcome == .accepted(id) {
            checker.wasTold(stopped: id, level)
        }
    }

    private func trouble() {
        if draw(3) == 0, let rule = hypervisor.rules().randomElement(using: &chance) {
            _ = hypervisor.removeRule(rule.id, at: now.milliseconds)
            return
        }
        addRule()
    }

    private func addRule() {
        rules += 1
        let rule = Trouble.rule(rules, ledger.inventory(), at: now.milliseconds, &chance)
        _ = hypervisor.add(rule, at: now.milliseconds)
    }

    /// The engine dies: before a commit, after it, or between the commit and its calls.
    private func crash() throws {
        switch draw(5) {
        case 0: bench.store.fail(.beforeCommit)
        case 1: bench.store.fail(.afterCommit)
        case 2: bench.line.set(.areLost)
        case 3: bench.line.set(.halfArrive)
        default: break
        }
        try oneTurn()
        bench.store.disarm()
        try bench.takeOver()
    }

    /// The engine freezes between a commit and its calls, and another one takes over.
    private func freeze() throws {
        let frozen = (engine: bench.engine, line: bench.line)
        frozen.line.set(.areDelayed)
        if draw(2) == 0 { try submit() } else { try oneTurn() }
        frozen.line.cutNews()
        zombies.append(frozen)
        try bench.takeOver()
    }

    /// A frozen engine wakes up: its calls arrive, and its next turn is refused.
    private func deliverLate() {
        guard !zombies.isEmpty else { return }
        let zombie = zombies.remove(at: draw(zombies.count))
        zombie.line.deliver(at: now)
        zombie.line.set(.arrive)
        do {
            try zombie.engine.turn(Inbox(), at: now)
        } catch {
            return
        }
        checker.note("an engine that was replaced made a turn")
    }
}
