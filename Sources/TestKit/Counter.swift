import Synchronization

/// Counts from 1, from any thread.
package final class Counter: Sendable {
    private let count = Mutex(0)

    /// A count that stands at 0.
    package init() {}

    /// Counts on; returns the new count.
    package func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }

    /// Where it stands.
    package var value: Int { count.withLock { $0 } }
}
