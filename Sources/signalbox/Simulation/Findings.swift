/// What must hold, how often it was looked at, and what broke it.
struct Findings {
    /// What must hold.
    enum Rule: CaseIterable {
        case moves, rows, families, locks, counters, machines, schedules, audit, retention
        case owners, store, ended

        /// The rule in a sentence.
        var text: String {
            switch self {
            case .moves: "every job moved into exactly one terminal state, and out of none"
            case .rows: "every row says what its journal says"
            case .families: "no parent ended before its children"
            case .locks: "no lock is left of a job that ended"
            case .counters: "the counters are what counting gives"
            case .machines: "no VM is left in a transitional state"
            case .schedules: "every schedule had each of its instants exactly once"
            case .audit: "the audit is the chain that was written"
            case .retention: "nothing is kept for longer than retention says, and nothing else goes"
            case .owners: "an engine that was replaced can write nothing"
            case .store: "the store's own check finds nothing"
            case .ended: "every job has ended"
            }
        }
    }

    /// One rule with those who broke it.
    struct Finding {
        let rule: String
        let offenders: [String]
        /// How many there were beside those.
        let others: Int
        var holds: Bool { offenders.isEmpty }
    }

    /// How many offenders of a rule are kept.
    private static let kept = 100
    private var offenders: [Rule: [String]] = [:]
    private var others: [Rule: Int] = [:]
    private var looks: [Rule: Int] = [:]

    /// Notes that a rule was looked at, and who broke it.
    mutating func note(_ rule: Rule, _ broken: [String] = []) {
        looks[rule, default: 0] += 1
        for offender in broken {
            if offenders[rule, default: []].count < Self.kept {
                offenders[rule, default: []].append(offender)
            } else {
                others[rule, default: 0] += 1
            }
        }
    }

    /// How often anything was looked at.
    var checks: Int { looks.values.reduce(0, +) }

    /// Whether everything held that was looked at.
    var holds: Bool { offenders.isEmpty }

    /// All rules that were looked at.
    var findings: [Finding] {
        Rule.allCases.filter { looks[$0] != nil }.map {
            Finding(rule: $0.text, offenders: offenders[$0] ?? [], others: others[$0] ?? 0)
        }
    }
}
