import Dispatch
package import Model
package import Store
import Synchronization

/// Tells whoever reads the journal that there may be more of it.
///
/// It carries no lines. A subscriber has a place in the journal, and reads on from there in the
/// store: so nothing is kept for it, however slow it is, nobody waits for it, and it gets each line
/// once, in the order of the commits. Rung too often it reads nothing; rung by an engine that then
/// died, or not at all, it finds everything the next time.
package final class JournalBell: Sendable {
    private let subscribers = Mutex<[ObjectIdentifier: Weak]>([:])

    private struct Weak: Sendable {
        weak let subscription: Subscription?
    }

    /// A bell that nobody listens to yet.
    package init() {}

    /// Tells everybody that something was committed; returns at once.
    package func ring() {
        let awake = subscribers.withLock { subscribers in
            subscribers = subscribers.filter { $0.value.subscription != nil }
            return subscribers.values.compactMap(\.subscription)
        }
        for subscription in awake { subscription.wake() }
    }

    /// A subscriber that gets every line of the journal behind `sequence`.
    package func subscribe(to store: any JobStore, after sequence: Int64) -> Subscription {
        let made = Subscription(store, after: sequence)
        subscribers.withLock { $0[ObjectIdentifier(made)] = Weak(subscription: made) }
        return made
    }
}

/// A place in the journal from which somebody reads on.
package final class Subscription: Sendable {
    private struct State {
        var sequence: Int64
        var isRung = true
        var isClosed = false
    }

    private let store: any JobStore
    private let state: Mutex<State>
    private let rung = DispatchSemaphore(value: 0)

    /// Lines handed out at once, at most.
    package static let pageSize = 500

    init(_ store: any JobStore, after sequence: Int64) {
        self.store = store
        state = Mutex(State(sequence: sequence))
    }

    /// The number of the newest line that was handed out; whoever keeps it can go on from there.
    package var sequence: Int64 { state.withLock { $0.sequence } }

    /// The next lines with their jobs; none if there are none by now.
    ///
    /// To be called by one thread at a time.
    ///
    /// - Throws: ``StoreError``; the same lines come again then.
    package func read(limit: Int = pageSize) throws -> [JobEvent] {
        let place = sequence
        let found = try store.read { try $0.events(after: place, limit: limit) }
        if let last = found.last { state.withLock { $0.sequence = last.entry.sequence } }
        return found
    }

    /// The next lines, waited for; empty if the subscription was closed.
    ///
    /// - Throws: ``StoreError``; the same lines come again then.
    package func next(limit: Int = pageSize) throws -> [JobEvent] {
        while true {
            let isClosed = state.withLock { state in
                state.isRung = false
                return state.isClosed
            }
            if isClosed { return [] }
            let found = try read(limit: limit)
            if !found.isEmpty { return found }
            // Rung since it was last looked at, there is a signal already.
            rung.wait()
        }
    }

    /// Ends the waiting of ``next(limit:)``.
    package func close() {
        state.withLock { $0.isClosed = true }
        rung.signal()
    }

    /// Something was committed; returns at once.
    func wake() {
        let isFirst = state.withLock { state in
            defer { state.isRung = true }
            return !state.isRung
        }
        if isFirst { rung.signal() }
    }
}
