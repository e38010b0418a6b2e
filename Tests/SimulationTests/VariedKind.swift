import Engine
import Hypervisor
import Model

/// A kind whose plans now and then say something else about undoing than they usually do.
struct VariedKind: JobKind {
    private let kind: any JobKind
    private let seed: UInt64
    private let manual: Int
    private let without: Int

    /// That kind; of a hundred targets so many ask a person before an undo, and so many have none.
    init(_ kind: any JobKind, seed: UInt64, manual: Int, without: Int) {
        self.kind = kind
        self.seed = seed
        self.manual = manual
        self.without = without
    }

    var name: String { kind.name }
    var summary: String { kind.summary }
    var targetType: String { kind.targetType }
    var parameters: [ParameterSpec] { kind.parameters }

    func plan(_ order: Order) throws(Failure) -> Plan {
        var plan = try kind.plan(order)
        let dice = Chance.below(100, seed, "policy", name, order.target.description)
        if dice < manual {
            plan.rollbackPolicy = .manual
        } else if dice < manual + without {
            plan.rollbackPolicy = .none
        }
        return plan
    }
}
