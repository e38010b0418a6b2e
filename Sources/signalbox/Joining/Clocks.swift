import Engine
import Foundation
import Model

/// The time on the wall.
struct WallClock: EngineClock {
    func now() -> Timestamp { Timestamp(Date()) }

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
