import Engine
package import Model
import Synchronization

/// A clock that stands still until a test moves it, and never goes back.
package final class ManualClock: EngineClock {
    private let present: Mutex<Timestamp>
    private let lead = Mutex<Int64>(0)

    /// A moment in autumn, at which every clock begins unless told otherwise.
    package static let beginning = Timestamp(milliseconds: 1_800_000_000_000)

    /// A clock that stands at that moment.
    package init(at moment: Timestamp = ManualClock.beginning) { present = Mutex(moment) }

    /// The moment at which it stands.
    package func now() -> Timestamp { present.withLock { $0 } }

    /// What the clock on the wall shows.
    package func wall() -> Timestamp { now() + lead.withLock { $0 } }

    /// Sets the clock on the wall by that many milliseconds, forward or back; time itself does not
    /// notice.
    package func jumpWall(by milliseconds: Int64) { lead.withLock { $0 += milliseconds } }

    /// Milliseconds from where it stands to that moment; 0 if it has passed.
    package func milliseconds(until moment: Timestamp) -> Int32 {
        Int32(clamping: max(0, moment - now()))
    }

    /// Moves it to that moment, unless it has passed.
    package func advance(to moment: Timestamp) {
        present.withLock { $0 = max($0, moment) }
    }

    /// Moves it on by that many milliseconds.
    package func advance(by milliseconds: Int64) {
        present.withLock { $0 = $0 + max(0, milliseconds) }
    }
}
