import Engine
import Model
import Operations
import TestKit

/// How a run of the simulation is set up; all of it is drawn from the seed.
///
/// Each sort of trouble, and each thing the engine can do, is left out of some runs, so that the
/// others show by themselves.
struct Setup {
    var hosts: Int
    var vms: Int
    /// How many orders there are; one may be a whole sequence.
    var jobs: Int
    /// Of a hundred steps, how many are of each sort; what is left is load and time.
    var shares: [Act: Int] = [:]
    /// Whether tasks tell their progress.
    var showsProgress: Bool
    /// How many slots a host has, and how many there are for work on no host.
    var hostSlots: Int
    var controlSlots: Int
    /// How many rules of trouble there are from the beginning.
    var initialFaults: Int
    /// What plans say beyond what their kinds usually do.
    var variety: Variety
    /// Which sorts of orders there are beside plain ones.
    var orders: Orders
    /// How many jobs may begin within a span of time, and how many an account may have.
    var rates: [Rates.Rule]
    var accounts: [AccountBounds.Rule]
    /// Kinds to whose jobs somebody else must agree.
    var approval: [String]
    /// How long jobs that ended are kept; nil for ever.
    var retention: Retention?
    /// Whether people pass a gate, and some of them may not do what they ask for.
    var hasRoles: Bool
    /// What the wall's clock is ahead of the store's time at first, in milliseconds.
    var lead: Int64

    /// The sorts of things that happen in one step.
    enum Act: CaseIterable {
        case operate, trouble, crash, freeze, rival, lane, schedule, outside, jump

        /// Of a hundred steps, how many are of this sort at most.
        var most: Int {
            switch self {
            case .operate: 18
            case .trouble: 16
            case .crash: 7
            case .freeze: 3
            case .rival: 4
            case .lane: 8
            case .schedule: 8
            case .outside: 10
            case .jump: 6
            }
        }
    }

    /// Sorts of orders.
    struct Orders {
        var hasKeys = false
        var hasSequences = false
        var hasBulk = false
        var hasLimits = false
        var hasTimes = false
        var isRepeated = false
        var askForApproval = false
    }

    init(_ chance: inout SeededChance) {
        hosts = Int.random(in: 3...8, using: &chance)
        vms = Int.random(in: 6...36, using: &chance)
        jobs = Int.random(in: 4...11, using: &chance)
        func often() -> Bool { Int.random(in: 0..<4, using: &chance) > 0 }
        func seldom() -> Bool { Int.random(in: 0..<4, using: &chance) == 0 }
        func share(_ most: Int) -> Int { often() ? Int.random(in: 1...most, using: &chance) : 0 }
        for act in Act.allCases { shares[act] = share(act.most) }
        showsProgress = seldom()
        hostSlots = Int.random(in: 1...4, using: &chance)
        controlSlots = Int.random(in: 1...8, using: &chance)
        initialFaults = share(6)
        variety = Variety(
            manual: share(25),
            without: share(10),
            crash: share(60),
            stop: share(30),
            commit: share(15),
            heavy: share(25),
            limited: share(25),
            timed: share(15)
        )
        orders = Orders(
            hasKeys: often(),
            hasSequences: often(),
            hasBulk: often(),
            hasLimits: often(),
            hasTimes: often(),
            isRepeated: often()
        )
        retention = often() ? Self.ages(&chance) : nil
        hasRoles = often()
        lead = seldom() ? Self.leaps.randomElement(using: &chance) ?? 0 : 0
        rates = seldom() || seldom() ? Self.rates(&chance) : []
        accounts = seldom() || seldom() ? Self.accounts(&chance) : []
        approval = seldom() ? [Self.approvals.randomElement(using: &chance) ?? "*"] : []
        orders.askForApproval = seldom()
    }

    /// What all engines are told, and every process that writes jobs.
    var rules: EngineRules {
        EngineRules(
            limits: Limits(StandardLimits.all + [Limits.Rule(VariedKind.limit, 1)]),
            rates: Rates(rates),
            accounts: AccountBounds(accounts),
            approval: approval
        )
    }

    /// Rates at which everything that there is to do settles within an hour: at the slowest a job
    /// begins every 20 seconds.
    private static func rates(_ chance: inout SeededChance) -> [Rates.Rule] {
        (0..<Int.random(in: 1...2, using: &chance)).map { _ in
            let pattern = patterns.randomElement(using: &chance) ?? "*"
            let most = Int.random(in: 1...4, using: &chance)
            let each = Int64.random(in: 500...20_000, using: &chance)
            return Rates.Rule(pattern, most, per: Int64(most) * each)
        }
    }

    private static let patterns = [
        "*", "vm.*", "vm.start", "snapshot.*", "disk.*", "vm.*@host/*", "*@host/*", "*@account/*",
        "*@account/sales",
    ]

    private static func accounts(_ chance: inout SeededChance) -> [AccountBounds.Rule] {
        func number(_ most: Int) -> Int? {
            Bool.random(using: &chance) ? Int.random(in: 1...most, using: &chance) : nil
        }
        var rules = [AccountBounds.Rule("*", unfinished: number(6), running: number(3))]
        if Bool.random(using: &chance) {
            rules.append(AccountBounds.Rule("sales", unfinished: number(3), running: number(2)))
        }
        return rules
    }

    private static let approvals = [
        "*", "vm.*", "vm.remove", "snapshot.policy", "sequence", "host.*",
    ]

    /// Moments a little before clocks are changed somewhere, as leads of the wall's clock: Berlin
    /// and New York in spring and autumn, Lord Howe with its half hour.
    private static let leaps: [Int64] = [
        1_806_195_600_000, 1_824_944_400_000, 1_805_007_600_000, 1_825_567_200_000,
        1_806_764_400_000, 1_822_491_000_000,
    ].map { $0 - ManualClock.beginning.milliseconds - 1_800_000 }

    private static func ages(_ chance: inout SeededChance) -> Retention {
        func age(_ most: Int64) -> Int64 { Int64.random(in: 60_000...most, using: &chance) }
        var rules = Retention(
            ages: [.completed: age(900_000), .warning: age(1_800_000), .failed: age(3_600_000)],
            archiveAge: nil,
            maxJobs: 1000,
            maxArchived: 10_000
        )
        if Bool.random(using: &chance) { rules.ages[.aborted] = age(3_600_000) }
        if Int.random(in: 0..<3, using: &chance) == 0 { rules.archiveAge = age(7_200_000) }
        if Int.random(in: 0..<3, using: &chance) == 0 { rules.maxJobs = 8 }
        return rules
    }
}

/// Of a hundred plans, how many say what they usually do not.
struct Variety {
    /// A person is asked before an undo; nothing is undone at all.
    var manual: Int
    var without: Int
    /// Another policy for the engine's death than the kind's own.
    var crash: Int
    /// Children that go on by themselves when their parent is stopped, or keep it from that.
    var stop: Int
    /// A commit point somewhere.
    var commit: Int
    /// Steps that need several slots.
    var heavy: Int
    /// Steps that count against a limit across lanes.
    var limited: Int
    /// Steps, or whole jobs, with limits of time.
    var timed: Int
}
