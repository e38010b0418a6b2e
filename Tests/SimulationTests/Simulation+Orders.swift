import Engine
import Hypervisor
import Model
import Operations
import Store
import TestKit
import Workload

/// Orders of every sort, and what was promised of them.
extension Simulation {
    /// Submits something: most often one order, now and then the same once more, or many at once.
    func submit() throws {
        submitted += 1
        switch draw(12) {
        case 0 where setup.orders.hasSequences: try submitSequence()
        case 1 where setup.orders.hasBulk: try submitMany()
        case 2 where setup.orders.hasKeys: try submitKnownKey()
        case 3 where setup.orders.isRepeated: try repeatOrder()
        default:
            guard let order = order() else { return }
            try submit(order)
        }
    }

    /// An order that makes sense now, with whatever else can be asked for.
    func order() -> Submission? {
        guard
            var order = load.submission(inventory: ledger.inventory(), unfinished: [])
                ?? recurringOrder()
        else { return nil }
        order.priority = draw(3)
        if setup.orders.hasTimes, draw(8) == 0, !without.contains(.dueTimes) {
            order.dueAt = bench.clock.wall() + Int64(draw(120_000) - 20_000)
        }
        if draw(8) == 0, let other = checker.unfinished.randomElement(using: &chance) {
            order.after = [other]
            order.afterFailure = [nil, .fail, .skip, .run].randomElement(using: &chance) ?? nil
        }
        if draw(10) == 0 { order.lockPolicy = .failFast }
        if draw(10) == 0 { order.lockPolicy = .waitAtMost(Int64(draw(60_000))) }
        if draw(12) == 0 {
            order.rollbackPolicy = [.automatic, .manual, .none].randomElement(using: &chance)
        }
        if setup.orders.hasKeys, draw(5) == 0 { order.key = "key-\(draw(1000))" }
        if setup.orders.hasLimits, draw(6) == 0 { order.limits = limits() }
        if setup.orders.askForApproval, draw(6) == 0 { order.needsApproval = true }
        return order
    }

    /// One of the orders that schedules make, by hand.
    func recurringOrder() -> Submission? {
        guard let kind = Self.recurring.randomElement(using: &chance) else { return nil }
        var order = Submission(kind: kind, user: "alice", account: "sales")
        (order.target, order.parameters) = details(of: kind)
        return order
    }

    /// What a recurring kind acts on, and how.
    func details(of kind: String) -> (Target, [String: String]) {
        let inventory = ledger.inventory()
        switch kind {
        case "snapshot.policy":
            let names = (0..<2).compactMap { _ in
                inventory.vms.names.randomElement(using: &chance)
            }
            return (.none, ["vms": names.joined(separator: ","), "keep": "1"])
        case "repository.refresh":
            let name = inventory.repositories.names.randomElement(using: &chance) ?? "isos"
            return (Target(type: "repository", name: name), [:])
        default: return (.none, ["concurrency": "\(1 + draw(4))"])
        }
    }

    private func limits() -> TimeLimits {
        var limits = TimeLimits()
        if draw(2) == 0 { limits.queue = Int64(draw(240_000) + 1) }
        if draw(3) == 0 { limits.start = Int64(draw(120_000) + 1) }
        if draw(3) == 0 { limits.step = Int64(draw(300_000) + 1) }
        if draw(3) == 0 { limits.total = Int64(draw(900_000) + 1) }
        return limits
    }

    // MARK: Ways in

    /// Submits an order, to the engine or into the store as another process does.
    func submit(_ order: Submission) throws {
        let outcome: RequestOutcome
        let isDrained = checker.isDrained(at: now)
        if draw(6) == 0 {
            outcome = try submitOutside(order)
        } else {
            outcome = try bench.submit(order)
        }
        try promise(order, outcome)
        if isDrained, case .accepted(let id) = outcome {
            throw Violation("\(id) was accepted, although no new jobs are taken")
        }
    }

    /// Writes an order as another process does, through the gate.
    private func submitOutside(_ order: Submission) throws -> RequestOutcome {
        var seeded = SeededChance(seed: chance.next())
        let outcome = try gate(for: .admin).submit(
            order,
            chance: &seeded,
            at: now,
            rules: setup.rules
        )
        if case .accepted(let id) = outcome { checker.wasTold(accepted: id) }
        if draw(3) > 0 { try turnForOthers() }
        return outcome
    }

    private func promise(_ order: Submission, _ outcome: RequestOutcome) throws {
        switch outcome {
        case .accepted(let id):
            checker.wasTold(accepted: id)
            checker.wasTold(id, comesAfter: order.after, order.afterFailure ?? .fail)
            if order.needsApproval == true { checker.wasTold(needsApproval: id) }
            if order.key != nil { keyed.append((order, id)) }
            if order.key == nil, order.after.isEmpty { recent = recent.suffix(5) + [order] }
        case .joined(let id): try checker.checkJoined(order, id)
        case .existing(let id):
            guard keyed.contains(where: { $0.id == id && $0.order.key == order.key }) else {
                throw Violation("the key \(order.key ?? "") is said to name \(id), and does not")
            }
        case .done, .refused, .notFound: break
        }
    }

    // MARK: The same again

    /// The same key again names the same job, as long as that is kept; with another order it is
    /// refused.
    private func submitKnownKey() throws {
        guard let (known, id) = keyed.randomElement(using: &chance) else { return }
        var order = known
        let isOther = draw(3) == 0
        if isOther { order.account += "-other" }
        let outcome = try bench.submit(order)
        switch outcome {
        case .existing(id) where !isOther: return
        case .refused where isOther: return
        default: break
        }
        // Its job may be gone for good, or what it came after.
        guard try checker.isRemoved(id) else {
            throw Violation("the key \(order.key ?? "") of \(id) was answered with \(outcome)")
        }
        keyed.removeAll { $0.id == id }
        try promise(order, outcome)
    }

    private func repeatOrder() throws {
        guard var order = recent.randomElement(using: &chance) else { return }
        if draw(3) == 0 { order.coalesces = true }
        try submit(order)
    }

    // MARK: Many at once

    private func submitSequence() throws {
        let items = (0..<(2 + draw(3))).compactMap { _ in item(depth: 0) }
        var spec = SequenceSpec(items)
        spec.concurrency = 1 + draw(3)
        spec.onFailure = SequenceSpec.OnFailure.allCases[draw(3)]
        var order = Submission(kind: "sequence", user: "carol", account: "research")
        order.parameters = spec.parameters
        try submit(order)
    }

    private func item(depth: Int) -> SequenceSpec.Item? {
        if depth == 0, draw(5) == 0 {
            var group = SequenceSpec((0..<2).compactMap { _ in item(depth: 1) })
            group.concurrency = 1 + draw(2)
            return group.items.isEmpty ? nil : .group(group)
        }
        guard let order = load.submission(inventory: ledger.inventory(), unfinished: []) else {
            return nil
        }
        var child = ChildSpec(order.kind, order.target, parameters: order.parameters)
        child.weight = 1 + draw(3)
        return .job(child)
    }

    /// Writes several orders in one transaction, each after one before it or after none: all of
    /// them are accepted, or none is.
    private func submitMany() throws {
        let orders = (0..<(2 + draw(3))).compactMap { _ in order() }
        let links = orders.indices.map { _ in draw(2) }
        var seeded = SeededChance(seed: chance.next())
        let before = try bench.store.read { try $0.newestJob() }
        var sent: [Submission] = []
        let outcomes = try gate(for: .admin).submit(
            orders.count,
            chance: &seeded,
            at: now,
            rules: setup.rules
        ) { place, made in
            var order = orders[place]
            if links[place] == 0, case .accepted(let id)? = made.last { order.after = [id] }
            sent.append(order)
            return order
        }
        if case .refused? = outcomes.last {
            guard try bench.store.read({ try $0.newestJob() }) == before else {
                throw Violation("one of many orders was refused, and others were accepted")
            }
            return
        }
        for (order, outcome) in zip(sent, outcomes) { try promise(order, outcome) }
        try turnForOthers()
    }
}
