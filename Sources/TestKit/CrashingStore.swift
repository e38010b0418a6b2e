package import Store
import Synchronization

/// A store that a test can have fail at a certain write: before its commit, or right after it.
///
/// After a commit the writer never learns that it happened, as when a process dies at that moment;
/// the engine that wrote is then thrown away.
package final class CrashingStore: JobStore {
    /// Where a write fails.
    package enum Moment: Hashable, Sendable {
        /// All was written, and all of it is undone.
        case beforeCommit
        /// The commit happened, and nobody is told.
        case afterCommit
    }

    /// What a failing write throws.
    package struct Crash: Error {
        /// Where it failed.
        package let moment: Moment

        /// A crash at that moment.
        package init(moment: Moment) { self.moment = moment }
    }

    private struct Trap {
        var moment: Moment
        var writesLeft: Int
        var error: (any Error)?
    }

    private let inner: any JobStore
    private let trap = Mutex<Trap?>(nil)

    /// A store that passes everything on to `inner` until it is armed.
    package init(_ inner: any JobStore) { self.inner = inner }

    /// Has a write fail once: the next one, or the one after so many others.
    ///
    /// What is thrown is `error`, or a ``Crash`` if that is left out.
    package func fail(_ moment: Moment, afterWrites count: Int = 0, with error: (any Error)? = nil)
    {
        trap.withLock { $0 = Trap(moment: moment, writesLeft: count, error: error) }
    }

    /// Takes back what ``fail(_:afterWrites:with:)`` has set up.
    package func disarm() { trap.withLock { $0 = nil } }

    private func sprung() -> (moment: Moment, error: any Error)? {
        trap.withLock { trap in
            guard var set = trap else { return nil }
            if set.writesLeft > 0 {
                set.writesLeft -= 1
                trap = set
                return nil
            }
            trap = nil
            return (set.moment, set.error ?? Crash(moment: set.moment))
        }
    }

    /// Runs a write, and fails where the trap says.
    package func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R {
        let sprung = sprung()
        let result = try inner.write(as: epoch) { tx in
            let result = try body(tx)
            if let sprung, sprung.moment == .beforeCommit { throw sprung.error }
            return result
        }
        if let sprung { throw sprung.error }
        return result
    }

    /// Reads; never fails by itself.
    package func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
        try inner.read(body)
    }
}
