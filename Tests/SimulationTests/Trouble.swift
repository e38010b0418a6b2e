import Engine
import Hypervisor

/// Draws fault rules of every shape.
struct Trouble {
    private static let verbs = [
        "*", "vm.*", "migrate.*", "snapshot.*", "vm.boot", "vm.reserve", "disk.*",
        // What undo steps do.
        "vm.release", "vm.poweroff", "vm.undefine", "migrate.cancel", "snapshot.delete",
        "disk.delete",
    ]
    private static let faults = [
        "capacity.memory", "capacity.cpu", "storage.io", "undo.fails", "start.failed",
        "concurrent.op", "lock.timeout", "op.timeout", "migrate.failed", "agent.maintenance",
    ]

    /// A rule that begins now and, most often, ends by itself.
    static func rule(
        _ number: Int,
        _ inventory: Inventory,
        at now: Int64,
        _ chance: inout SeededChance
    ) -> FaultRule {
        var rule = FaultRule(
            id: "rule-\(number)",
            action: action(&chance),
            scope: scope(inventory, &chance),
            verb: verbs.randomElement(using: &chance) ?? "*"
        )
        rule.seed = chance.next()
        rule.probability = Double.random(in: 0.1...1, using: &chance)
        if Int.random(in: 0..<3, using: &chance) == 0 {
            rule.count = Int.random(in: 1...6, using: &chance)
        }
        if rule.action == .hostUnreachable {
            rule.verb = "*"
            rule.count = nil
        }
        if Int.random(in: 0..<4, using: &chance) > 0 {
            rule.until = now + Int64.random(in: 1000...900_000, using: &chance)
        }
        return rule
    }

    private static func action(_ chance: inout SeededChance) -> FaultAction {
        let percent = Int.random(in: 0...100, using: &chance)
        let key = faults.randomElement(using: &chance) ?? "storage.io"
        let fault = Fault.catalogue[key] ?? .storageIO
        return switch Int.random(in: 0..<13, using: &chance) {
        case 0, 1: .fail(fault)
        case 2: .failMidway(fault, atPercent: percent)
        case 3: .slow(factor: Double.random(in: 0.1...4, using: &chance))
        case 4: .delay(milliseconds: Int64.random(in: 0...60_000, using: &chance))
        case 5: .hang(atPercent: percent)
        case 6: .dropAnswer
        case 7: .refuseStale
        case 8, 9: .loseTask(atPercent: percent)
        default: .hostUnreachable
        }
    }

    private static func scope(
        _ inventory: Inventory,
        _ chance: inout SeededChance
    ) -> FaultScope {
        switch Int.random(in: 0..<5, using: &chance) {
        case 0: .any
        case 1: .cluster(inventory.clusters.names.randomElement(using: &chance) ?? "a")
        case 2: .vm(inventory.vms.names.randomElement(using: &chance) ?? "web-1")
        default: .host(inventory.hosts.names.randomElement(using: &chance) ?? "kvm-a01")
        }
    }
}
