import Engine
import Foundation
import Model
import Store

/// The time on the wall, or ahead of it for a store that is.
struct WallClock: EngineClock {
    private let lead: Int64

    /// The time on the wall.
    init() { lead = 0 }

    /// A clock under which a store never goes back in time.
    ///
    /// A store lies ahead of the wall if its demo ran faster, or if the wall's clock was set back.
    init(on store: any JobStore) {
        let latest = (try? store.read { try $0.latest() }) ?? nil
        lead = max(0, (latest ?? Timestamp(milliseconds: 0)) - Timestamp(Date()))
    }

    func now() -> Timestamp { Timestamp(Date()) + lead }

    func milliseconds(until moment: Timestamp) -> Int32 {
        Int32(clamping: max(0, moment - now()))
    }
}

/// A time that began at some moment and runs faster, or slower, than the wall's.
struct ScaledClock: EngineClock {
    private let start: Timestamp
    private let began = ContinuousClock.now
    private let speed: Double

    /// A clock that shows `start` now; one real second is `speed` seconds to it.
    init(start: Timestamp, speed: Double) {
        self.start = start
        self.speed = speed
    }

    func now() -> Timestamp {
        let passed = (ContinuousClock.now - began) / .milliseconds(1)
        return start + Int64(passed * speed)
    }

    func milliseconds(until moment: Timestamp) -> Int32 {
        // Rounded up: waking a little early would only mean to look at the clock again.
        Int32(clamping: Int64((Double(max(0, moment - now())) / speed).rounded(.up)))
    }
}
