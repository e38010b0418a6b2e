import Engine
import Hypervisor
import Model

/// A kind whose plans now and then say something else than they usually do: about undoing, the
/// engine's death, children, slots, limits.
///
/// What is said depends on the seed, the kind and the target alone, so that a plan that is made
/// anew says the same.
struct VariedKind: JobKind {
    private let kind: any JobKind
    private let seed: UInt64
    private let variety: Variety

    /// That kind, varied.
    init(_ kind: any JobKind, seed: UInt64, _ variety: Variety) {
        self.kind = kind
        self.seed = seed
        self.variety = variety
    }

    var name: String { kind.name }
    var summary: String { kind.summary }
    var targetType: String { kind.targetType }
    var parameters: [ParameterSpec] { kind.parameters }
    var coalesces: Bool { kind.coalesces }

    /// The limit across lanes that varied steps count against.
    static let limit = "varied@control"

    func plan(_ order: Order) throws(Failure) -> Plan {
        var plan = try kind.plan(order)
        let place = order.target.description
        func dice(_ what: String) -> Int { Chance.below(100, seed, what, name, place) }
        let policy = dice("policy")
        if policy < variety.manual {
            plan.rollbackPolicy = .manual
        } else if policy < variety.manual + variety.without {
            plan.rollbackPolicy = .none
        }
        // A program outside goes on whatever engine there is: nobody else can begin its work anew.
        if name != External.kind, dice("crash") < variety.crash {
            let policies = CrashPolicy.allCases
            plan.onCrash = policies[Chance.below(policies.count, seed, "which", name, place)]
        }
        if dice("timed") < variety.timed { plan.limits = limits(place) }
        if dice("commit") < variety.commit { addCommitPoint(&plan, place) }
        for index in plan.steps.indices { vary(&plan.steps[index], "\(place) \(index)") }
        return plan
    }

    private func limits(_ place: String) -> TimeLimits {
        func span(_ what: String) -> Int64? {
            let dice = Chance.below(300, seed, "span", what, name, place)
            return dice < 100 ? Int64(dice * 6000 + 5000) : nil
        }
        return TimeLimits(
            queue: span("queue"),
            start: span("start"),
            step: span("step"),
            total: span("total")
        )
    }

    /// Has everything up to some step be taken back by that step's undo alone, or by nothing.
    private func addCommitPoint(_ plan: inout Plan, _ place: String) {
        let steps = plan.steps.indices.filter { !plan.steps[$0].isEndAction }
        guard !steps.isEmpty else { return }
        let index = steps[Chance.below(steps.count, seed, "commit at", name, place)]
        let undo = plan.steps[index].undo
        let isWithUndo = Chance.below(2, seed, "commit undo", name, place) == 0
        plan.steps[index].commit = CommitPoint(undo: isWithUndo ? undo : nil)
    }

    private func vary(_ step: inout Step, _ place: String) {
        func dice(_ what: String) -> Int { Chance.below(100, seed, what, name, place) }
        switch step.work {
        case .operation:
            if dice("heavy") < variety.heavy { step.slots = 2 + dice("slots") % 3 }
            if dice("limited") < variety.limited { step.limits.append(Self.limit) }
            if dice("step") < variety.timed / 3 { step.timeLimit = Int64(dice("limit") + 1) * 4000 }
        case .children(var children):
            // The failure of a child is no failure of its parent then, which goes on.
            if dice("warn") < variety.stop { children.onFailure = .warn }
            if dice("stop") >= variety.stop {
                step.work = .children(children)
                return
            }
            for index in children.jobs.indices {
                let policies = StopPolicy.allCases
                let one = Chance.below(policies.count, seed, "child", name, place, "\(index)")
                children.jobs[index].onStop = policies[one]
            }
            step.work = .children(children)
        }
    }
}
