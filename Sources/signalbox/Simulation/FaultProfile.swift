import Hypervisor

/// How much goes wrong in a simulation.
enum FaultProfile: String, CaseIterable {
    case none, light, heavy

    /// The rules of trouble that are there from the beginning to the end.
    func usualRules(seed: UInt64) -> [FaultRule] {
        switch self {
        case .none: []
        case .light: Self.rules(Self.everyday, "usual", seed: seed)
        case .heavy: Self.rules(Self.everyday + Self.severe, "usual", seed: seed)
        }
    }

    /// The rules of a bad spell.
    static func severeRules(seed: UInt64) -> [FaultRule] {
        rules(severe, "spell", seed: seed)
    }

    private typealias Trouble = (verb: String, action: FaultAction, probability: Double)

    private static func rules(_ list: [Trouble], _ name: String, seed: UInt64) -> [FaultRule] {
        list.enumerated().map { place, item in
            var rule = FaultRule(id: "\(name)-\(place)", action: item.action, verb: item.verb)
            rule.probability = item.probability
            rule.seed = seed &+ UInt64(place)
            return rule
        }
    }

    private static let everyday: [Trouble] = [
        ("vm.boot", .fail(.startFailed), 0.04),
        ("migrate.copy", .failMidway(.migrationFailed, atPercent: 60), 0.05),
        ("disk.create", .failMidway(.volumeCreation, atPercent: 40), 0.04),
        ("vm.attach", .fail(.lockTimeout), 0.03),
        ("vm.shutdown", .dropAnswer, 0.02),
        ("snapshot.delete", .slow(factor: 4), 0.1),
    ]

    private static let severe: [Trouble] = [
        ("*", .dropAnswer, 0.02),
        ("*", .loseTask(atPercent: 50), 0.01),
        ("*", .hang(atPercent: 30), 0.01),
        ("*", .fail(.storageIO), 0.02),
        ("vm.*", .delay(milliseconds: 30_000), 0.05),
    ]

    /// How often in an hour something of a sort happens, on the average.
    func rate(of sort: Mishap.Sort) -> Double {
        switch (self, sort) {
        case (.none, _): 0
        case (.light, .outage): 1 / 500
        case (.light, .badSpell): 1 / 1000
        case (.light, .crash): 1 / 200
        case (.light, .clockJump): 1 / 2000
        case (.heavy, .outage): 1
        // All of it is one bad spell.
        case (.heavy, .badSpell): 0
        case (.heavy, .crash): 0.4
        case (.heavy, .clockJump): 0.2
        }
    }
}
