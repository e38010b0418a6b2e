package import Model

/// The time of a store: it goes on by the monotonic clock, and never jumps.
///
/// The clock on the wall is only followed slowly, at most a fiftieth faster or slower, so that the
/// times people see become right again after it was set, and no pause or limit changes by more.
package struct SteadyTime: Sendable {
    private var uptime: Int64
    private var present: Timestamp
    private var credit: Int64 = 0

    /// The share by which it may go faster or slower to come near the wall: one in so many.
    package static let share: Int64 = 50

    /// A time that shows `start` when the monotonic clock shows `uptime` milliseconds.
    package init(start: Timestamp, uptime: Int64) {
        present = start
        self.uptime = uptime
    }

    /// The present moment, given the monotonic clock and the clock on the wall.
    package mutating func now(uptime moment: Int64, wall: Timestamp) -> Timestamp {
        let passed = max(0, moment - uptime)
        uptime = max(uptime, moment)
        present = present + passed
        credit = min(credit + passed, 1_000_000_000)
        let gap = wall - present
        let most = credit / Self.share
        // Never back: at the worst it stands still for as long as has passed.
        let change = gap > 0 ? min(most, gap) : -min(most, -gap, passed)
        credit = change == gap ? 0 : credit - abs(change) * Self.share
        present = present + change
        return present
    }
}
