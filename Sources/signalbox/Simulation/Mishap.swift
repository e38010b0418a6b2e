import Engine
import Model

/// Something that goes wrong in a simulation at some moment.
struct Mishap {
    /// What can go wrong beside the calls to the hypervisor.
    enum Sort: CaseIterable {
        /// A host cannot be reached for some time.
        case outage
        /// Much fails for some hours.
        case badSpell
        /// The engine dies or is stopped, and another one takes over.
        case crash
        /// The clock on the wall is set wrong, and right again later.
        case clockJump
    }

    let sort: Sort
    let at: Timestamp
    /// Draws its details.
    var chance: SeededChance

    /// What goes wrong within an hour, in order; the same for the same seed and hour.
    static func all(
        inHour hour: Int64,
        from start: Timestamp,
        _ profile: FaultProfile,
        seed: UInt64
    ) -> [Mishap] {
        guard profile != .none else { return [] }
        var chance = SeededChance(seed: seed ^ 0xBAD ^ (UInt64(hour) << 16))
        var found: [Mishap] = []
        for sort in Sort.allCases
        where Double.random(in: 0..<1, using: &chance) < profile.rate(of: sort) {
            let at = start + Int64.random(in: 0..<3_600_000, using: &chance)
            found.append(Mishap(sort: sort, at: at, chance: SeededChance(seed: chance.next())))
        }
        return found.sorted { $0.at < $1.at }
    }

    /// A length of time between two bounds, in milliseconds; short ones are more likely.
    mutating func span(_ least: Int64, _ most: Int64) -> Int64 {
        let share = Double.random(in: 0..<1, using: &chance)
        return least + Int64(Double(most - least) * share * share)
    }

    /// A number below a bound.
    mutating func draw(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &chance) }
}
