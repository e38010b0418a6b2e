import Engine
import Hypervisor
import Model
import Operations
import Store
import TestKit
import Workload

/// One run: a data centre, engines that come and go, operators, schedules, trouble; all from one
/// seed.
final class Simulation {
    /// What a run is without, whatever its seed says.
    struct Without: OptionSet {
        let rawValue: Int
        /// The wall's clock stands where it stood at first.
        static let jumps = Without(rawValue: 1)
        /// Nothing follows the wall's clock: no schedules and no due times.
        static let dueTimes = Without(rawValue: 2)
    }

    let seed: UInt64
    let setup: Setup
    let without: Without
    let hypervisor: SimulatedHypervisor
    let ledger: HypervisorLedger
    let bench: EngineBench
    let checker: InvariantChecker
    var census = Census()
    var chance: SeededChance
    var load: SyntheticLoad
    /// Jumps of the wall's clock have chance of their own, so that without them all else is equal.
    private var jumps: SeededChance
    /// Engines that were replaced while their calls were on their way.
    var zombies: [(engine: Engine, line: LossyBackend)] = []
    /// Engines that were replaced and do not know it yet.
    var rivals: [Engine] = []
    /// Orders that were accepted under a key.
    var keyed: [(order: Submission, id: JobID)] = []
    /// The newest plain orders, to be repeated.
    var recent: [Submission] = []
    var submitted = 0
    var schedulesMade = 0
    private var rules = 0
    /// The latest that the wall's clock has shown after it was set.
    private var furthest = Timestamp(milliseconds: 0)
    private(set) var steps = 0
    private(set) var turns = 0

    /// A run for a seed; `sabotage` may put something wrong between the parts.
    init(seed: UInt64, sabotage: Sabotage = .none, without: Without = []) throws {
        self.seed = seed
        self.without = without
        chance = SeededChance(seed: seed)
        jumps = SeededChance(seed: seed &+ 0x9e37_79b9)
        let setup = Setup(&chance)
        self.setup = setup
        let hypervisor = SimulatedHypervisor(
            inventory: .synthetic(hosts: setup.hosts, vms: setup.vms, seed: seed),
            seed: seed,
            tick: setup.showsProgress ? 5000 : nil
        )
        let ledger = HypervisorLedger(sabotage.spoil(hypervisor))
        self.hypervisor = hypervisor
        self.ledger = ledger
        let slots = Self.slots(setup, ledger)
        let clock = ManualClock()
        bench = try EngineBench(
            kinds: StandardKinds.all(hypervisor: ledger).map {
                VariedKind($0, seed: seed, setup.variety)
            },
            seed: seed,
            logLevel: .error,
            rules: sabotage.spoil(setup.rules),
            retention: setup.retention,
            clock: clock,
            spoil: { sabotage.spoil($0, clock) }
        ) {
            RouterBackend(
                scripts: nil,
                external: ExternalBackend(slots: 4),
                others: sabotage.spoil(HypervisorBackend(ledger, slots: slots))
            )
        }
        checker = InvariantChecker(store: bench.store, ledger: ledger, rules: setup.rules) {
            slots[$0] ?? ($0 == External.lane ? 4 : 0)
        }
        checker.retention = setup.retention
        let weights = (SyntheticLoad.kinds + Self.recurring).map { ($0, 1.0) }
        load = SyntheticLoad(
            LoadProfile(weights: Dictionary(uniqueKeysWithValues: weights)),
            seed: seed
        )
        bench.clock.jumpWall(by: without.contains(.jumps) ? 0 : setup.lead)
        bench.afterTurn = { [unowned self] _ in try look() }
    }

    /// Kinds that schedules make again and again.
    static let recurring = ["inventory.sync", "snapshot.policy", "repository.refresh"]

    private static func slots(_ setup: Setup, _ ledger: HypervisorLedger) -> [String: Int] {
        var slots = [Operation.controlLane: setup.controlSlots]
        for host in ledger.inventory().hosts.names { slots["host/" + host] = setup.hostSlots }
        return slots
    }

    var now: Timestamp { bench.clock.now() }

    func draw(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &chance) }

    private func look() throws {
        turns += 1
        try checker.checkTurn()
        guard turns % 10 == 0 else { return }
        try checker.checkAll(at: now, wall: bench.clock.wall())
    }

    /// Runs the random phase, then heals everything and waits for the end.
    func run() throws {
        try begin()
        while submitted < setup.jobs {
            steps += 1
            try survive { try step() }
            try checker.noticeSchedules(wall: bench.clock.wall())
        }
        try Healing(self).run()
        try checker.checkAll(at: now, wall: bench.clock.wall())
        try checker.checkEnd(at: now)
        census.note(checker)
    }

    private func begin() throws {
        for _ in 0..<setup.initialFaults { addRule() }
        if setup.hasRoles { try giveRoles() }
    }

    /// Does something; if the engine dies of it, another one takes over, however often it dies of
    /// that.
    func survive(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch is CrashingStore.Crash {
            try revive()
        }
        bench.store.disarm()
    }

    // MARK: One step

    private func step() throws {
        jump()
        let dice = draw(100)
        var edge = 0
        for act in Setup.Act.allCases where act != .jump {
            edge += setup.shares[act] ?? 0
            guard dice < edge else { continue }
            return try perform(act)
        }
        switch draw(6) {
        case 0, 1: try submit()
        case 2: try bench.run(for: Int64(draw(draw(8) == 0 ? 600_000 : 30_000)))
        case 3: deliverLate()
        default: try oneTurn()
        }
    }

    private func perform(_ act: Setup.Act) throws {
        switch act {
        case .operate: try operate()
        case .trouble: trouble()
        case .crash: try crash()
        case .freeze: try freeze()
        case .rival: try contend()
        case .lane: try manageLanes()
        case .schedule: try manageSchedules()
        case .outside: try actOutside()
        case .jump: break
        }
    }

    /// Lets time pass to the engine's next turn, or a little if it wants none.
    func oneTurn() throws {
        let next = bench.engine.nextTurn(after: now) ?? now + 1000
        bench.clock.advance(to: min(next, now + 60_000))
        try turnForOthers()
    }

    /// Has the engine look for what others wrote.
    func turnForOthers() throws {
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
    }

    /// Somebody sets the clock on the wall: by a little, by up to two hours, or by just one as when
    /// summer begins or ends.
    private func jump() {
        let dice = Int.random(in: 0..<100, using: &jumps)
        let far = Int64.random(in: -7_200_000...7_200_000, using: &jumps)
        let near = Int64.random(in: -2000...2000, using: &jumps)
        guard dice < setup.shares[.jump] ?? 0, !without.contains(.jumps) else { return }
        let leap: Int64 =
            switch abs(far) % 4 {
            case 0: far > 0 ? 3_600_000 : -3_600_000
            case 1: near
            default: far
            }
        bench.clock.jumpWall(by: leap)
        furthest = max(furthest, bench.clock.wall())
    }

    // MARK: Trouble

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

    /// Everything that was wrong is right again: faults, pauses, the wall's clock; schedules end.
    func setRight() throws {
        for rule in hypervisor.rules() { _ = hypervisor.removeRule(rule.id, at: now.milliseconds) }
        // What is due by a clock that was far ahead is not to be waited for.
        bench.clock.jumpWall(by: max(0, furthest - bench.clock.wall()))
        for lane in try bench.store.read({ try $0.savedLanes() }) where lane.pause != nil {
            try ask(.resume, .lane(lane.name), saying: 1)
        }
        if checker.isDrained(at: now) { try ask(.resume, .engine, saying: 1) }
        try endSchedules()
        try turnForOthers()
    }

    // MARK: For whoever looks into a failure

    /// The whole journal as text, to be compared with that of another run.
    func journal() -> [String] {
        checker.journal.map { line in
            "\(line.at.milliseconds) \(line.job) \(line.from?.rawValue ?? "-") \(line.to.rawValue) "
                + "\(line.actor) \(line.cause)"
        }
    }

    /// The journal's last lines.
    func tail() -> String {
        let lines = journal()
        let tasks = ledger.executions.suffix(60).map {
            "\($0.id) \($0.verb) \($0.subject) \($0.fence)"
        }
        let audit = ((try? bench.audit()) ?? []).map {
            "audit \($0.at) \($0.user): \($0.action) \($0.subject), \($0.outcome)"
        }
        let open = checker.unfinished.compactMap { try? bench.stored($0) }.map { stored in
            let steps = ((try? bench.steps(stored.job.id)) ?? []).map {
                "\($0.index) \($0.state) \($0.undo) \($0.operation) \($0.lane) "
                    + "\($0.startedAt?.description ?? "-")"
            }
            return "open \(stored) steps \(steps)"
        }
        let time = ["now \(now), the wall \(bench.clock.wall())", "\(bench.engine.lanes())"]
        return (lines.suffix(400) + tasks + audit.suffix(40) + open + time).joined(separator: "\n")
    }
}
