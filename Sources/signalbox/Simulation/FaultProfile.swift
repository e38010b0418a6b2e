import Hypervisor

/// How much goes wrong in a simulation.
enum FaultProfile: String, CaseIterable {
    case none, light, heavy

    /// The rules of trouble; all of them end at `end`, in milliseconds since 1970.
    func rules(until end: Int64, seed: UInt64) -> [FaultRule] {
        let actions: [(verb: String, action: FaultAction, probability: Double)] =
            switch self {
            case .none: []
            case .light: Self.everyday
            case .heavy: Self.everyday + Self.severe
            }
        return actions.enumerated().map { place, item in
            var rule = FaultRule(id: "rule-\(place)", action: item.action, verb: item.verb)
            rule.probability = item.probability
            rule.seed = seed &+ UInt64(place)
            rule.until = end
            return rule
        }
    }

    private static let everyday: [(verb: String, action: FaultAction, probability: Double)] = [
        ("vm.boot", .fail(.startFailed), 0.04),
        ("migrate.copy", .failMidway(.migrationFailed, atPercent: 60), 0.05),
        ("disk.create", .failMidway(.volumeCreation, atPercent: 40), 0.04),
        ("vm.attach", .fail(.lockTimeout), 0.03),
        ("vm.shutdown", .dropAnswer, 0.02),
        ("snapshot.delete", .slow(factor: 4), 0.1),
    ]

    private static let severe: [(verb: String, action: FaultAction, probability: Double)] = [
        ("*", .dropAnswer, 0.02),
        ("*", .loseTask(atPercent: 50), 0.01),
        ("*", .hang(atPercent: 30), 0.01),
        ("*", .fail(.storageIO), 0.02),
        ("vm.*", .delay(milliseconds: 30_000), 0.05),
    ]

    /// When hosts are out of reach, in milliseconds from the beginning: from and until.
    func outages(of hosts: [String], hours: Double) -> [(host: String, from: Int64, until: Int64)] {
        guard self == .heavy, !hosts.isEmpty else { return [] }
        return (0..<max(1, Int(hours))).map { hour in
            let from = Int64(hour) * 3_600_000 + 600_000
            return (hosts[hour * 7 % hosts.count], from, from + 900_000)
        }
    }
}
