import Engine
import Foundation
import Model
import Store
import Synchronization

/// The time on the wall, or what lies between it and the time of a store.
///
/// For processes that only look, or write one request; an engine lives in a ``SteadyClock``.
struct WallClock: EngineClock {
    private let lead: Int64

    /// The time on the wall.
    init() { lead = 0 }

    /// A clock under which a store never goes back in time.
    ///
    /// A store lies ahead of the wall if its demo ran faster, or if the wall's clock was set back;
    /// behind it, if the clock was set forward while its engine was at work.
    init(on store: SQLiteStore) {
        let wall = Timestamp(Date())
        lead = StoreTime.now(of: store, wall: wall) - wall
    }

    func now() -> Timestamp { Timestamp(Date()) + lead }

    func wall() -> Timestamp { Timestamp(Date()) }

    func milliseconds(until moment: Timestamp) -> Int32 {
        Int32(clamping: max(0, moment - now()))
    }
}

/// What time it is in a store.
enum StoreTime {
    /// The store's time, which never lies behind its newest line of the journal.
    ///
    /// In the boot in which its engine lived, the monotonic clock tells how long ago that was;
    /// after a reboot, and on other machines, the wall's clock is all there is.
    static func now(of store: SQLiteStore, wall: Timestamp) -> Timestamp {
        let latest = (try? store.read { try $0.latest() }) ?? nil
        let known = latest ?? Timestamp(milliseconds: 0)
        guard let record = store.lock?.lease.read(),
            record.isSameBoot(as: .current(since: known))
        else { return max(known, wall) }
        return max(known, record.now + max(0, ProcessClock.uptime() - record.uptime))
    }
}

/// The time an engine lives in: monotonic, and slowly brought in line with the clock on the wall.
final class SteadyClock: EngineClock {
    private let time: Mutex<SteadyTime>

    /// A clock that goes on where the store's time stands.
    init(on store: SQLiteStore) {
        let start = StoreTime.now(of: store, wall: Timestamp(Date()))
        time = Mutex(SteadyTime(start: start, uptime: ProcessClock.sinceBoot()))
    }

    func now() -> Timestamp {
        time.withLock { $0.now(uptime: ProcessClock.sinceBoot(), wall: Timestamp(Date())) }
    }

    func wall() -> Timestamp { Timestamp(Date()) }

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
