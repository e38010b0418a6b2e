package import Model
import Synchronization

/// One engine's line to a backend: calls can be lost or delayed on it, as when the engine dies or
/// freezes between its commit and its calls.
///
/// Part of the engine, because not only tests try its promises, but `signalbox simulate` too.
package final class LossyBackend: Backend {
    /// What becomes of calls.
    package enum Fate: CaseIterable, Sendable {
        /// They arrive.
        case arrive
        /// None arrives.
        case areLost
        /// The first half arrives.
        case halfArrive
        /// They arrive when somebody has them delivered.
        case areDelayed
    }

    private struct State {
        var fate = Fate.arrive
        var isCut = false
        var delayed: [BackendCall] = []
    }

    private let inner: any Backend
    private let state = Mutex(State())

    /// A line to that backend, on which everything arrives until told otherwise.
    package init(_ inner: any Backend) { self.inner = inner }

    /// Says what becomes of calls from now on.
    package func set(_ fate: Fate) { state.withLock { $0.fate = fate } }

    /// Has no news come through any more, as for an engine that was replaced.
    package func cutNews() { state.withLock { $0.isCut = true } }

    /// Delivers the delayed calls, whoever owns the store by now.
    package func deliver(at now: Timestamp) {
        let calls = state.withLock { state in
            defer { state.delayed = [] }
            return state.delayed
        }
        if !calls.isEmpty { inner.perform(calls, at: now) }
    }

    /// Passes calls on as their fate says.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        let arriving = state.withLock { state -> [BackendCall] in
            switch state.fate {
            case .arrive: return calls
            case .areLost: return []
            case .halfArrive: return Array(calls.prefix(calls.count / 2))
            case .areDelayed:
                state.delayed += calls
                return []
            }
        }
        if !arriving.isEmpty { inner.perform(arriving, at: now) }
    }

    /// The news of the backend, unless they are cut off.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        state.withLock { $0.isCut } ? [] : inner.takeNews(at: now)
    }

    /// When there will be news.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.isCut } ? nil : inner.nextNews(after: now)
    }

    /// What the backend says.
    package func resolve(lane: String) -> String { inner.resolve(lane: lane) }

    /// What the backend says.
    package func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) }

    /// What the backend says.
    package func fields(_ names: [String], of entity: String) -> [String: String]? {
        inner.fields(names, of: entity)
    }

    /// What the backend says.
    package func knows(lane: String) -> Bool { inner.knows(lane: lane) }
}
