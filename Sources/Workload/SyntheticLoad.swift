import Foundation
package import Hypervisor
package import Model
import Operations

/// Jobs as a busy data centre would see them, drawn from a seed.
///
/// The kind is drawn by weight; the target from what there is now and makes sense. The same seed,
/// inventories and questions give the same jobs.
package struct SyntheticLoad: Sendable {
    private let profile: LoadProfile
    private let seed: UInt64
    private let choices: [(kind: String, weight: Double)]
    private let reserved: Set<Target>
    private var arrivals = 0
    private var draws = 0
    /// How many VMs there were at first, which deploying and removing stay close to.
    private var usualVMs: Int?

    /// The kinds that the load can make.
    package static let kinds = [
        "disk.create", "host.activate", "host.maintenance", "nic.create", "repository.present",
        "snapshot.create", "snapshot.delete", "vm.deploy", "vm.migrate", "vm.reboot", "vm.remove",
        "vm.rename", "vm.resize", "vm.start", "vm.stop",
    ]

    /// A load with that profile; `reserved` targets are left alone.
    package init(_ profile: LoadProfile, seed: UInt64, reserved: Set<Target> = []) {
        self.profile = profile
        self.seed = seed
        self.reserved = reserved
        choices = profile.weights.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// When the job after that moment comes: arrivals are independent of each other.
    package mutating func next(after now: Timestamp) -> Timestamp {
        arrivals += 1
        let drawn = max(Chance.unit(seed, "arrival", "\(arrivals)"), 1e-9)
        let gap = -log(drawn) * 60_000 / max(profile.rate, 1e-6)
        return now + max(1, Int64(min(gap, 1e12)))
    }

    /// The next job; nil if there is enough to do, or nothing that makes sense.
    ///
    /// - Parameters:
    ///   - inventory: What there is now.
    ///   - unfinished: The targets of unfinished jobs; they are seldom chosen again.
    /// - Returns: A job for one of the profile's users.
    package mutating func submission(
        inventory: Inventory,
        unfinished: [Target]
    ) -> Submission? {
        guard unfinished.count < profile.outstanding else { return nil }
        if usualVMs == nil { usualVMs = inventory.vms.count }
        // Every now and then two people want the same VM: then one of them waits for a lock.
        let busy = unit("crowd") < 0.06 ? [] : Set(unfinished)
        let targets = LoadTargets(
            inventory: inventory,
            taken: busy.union(reserved),
            usualVMs: usualVMs ?? 0
        )
        for _ in 0..<8 {
            guard let kind = drawnKind() else { return nil }
            var pick = LoadPick(seed: seed, number: draws)
            guard let order = targets.order(kind, &pick) else { continue }
            var submission = Submission(
                kind: kind,
                target: order.target,
                parameters: order.parameters,
                user: name(of: profile.users, "user"),
                account: name(of: profile.accounts, "account")
            )
            if unit("priority") < 0.05 { submission.priority = 10 }
            return submission
        }
        return nil
    }

    private mutating func drawnKind() -> String? {
        draws += 1
        let total = choices.reduce(0) { $0 + $1.weight }
        var rest = unit("kind") * total
        for (kind, weight) in choices {
            rest -= weight
            if rest < 0 { return kind }
        }
        return choices.last?.kind
    }

    private func unit(_ purpose: String) -> Double { Chance.unit(seed, purpose, "\(draws)") }

    private func name(of names: [String], _ purpose: String) -> String {
        names.isEmpty ? "" : names[Chance.below(names.count, seed, purpose, "\(draws)")]
    }
}

/// Chance for one job's details: each question is drawn anew.
struct LoadPick {
    let seed: UInt64
    let number: Int
    private var asked = 0

    init(seed: UInt64, number: Int) {
        self.seed = seed
        self.number = number
    }

    mutating func below(_ bound: Int) -> Int {
        asked += 1
        return Chance.below(bound, seed, "pick", "\(number)", "\(asked)")
    }

    mutating func one<Value>(of values: [Value]) -> Value? {
        values.isEmpty ? nil : values[below(values.count)]
    }
}
