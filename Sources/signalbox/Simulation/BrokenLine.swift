import Engine
import Model
import Synchronization

/// One engine's line to the backend, on which the calls of a dying engine are lost or come late.
final class BrokenLine: Backend {
    /// What becomes of calls.
    enum Fate: CaseIterable {
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

    /// A line on which everything arrives until told otherwise.
    init(_ inner: any Backend) { self.inner = inner }

    /// Says what becomes of calls from now on.
    func set(_ fate: Fate) { state.withLock { $0.fate = fate } }

    /// Has no news come through any more, as for an engine that was replaced.
    func cutNews() { state.withLock { $0.isCut = true } }

    /// Delivers the delayed calls, whoever owns the store by now.
    func deliver(at now: Timestamp) {
        let calls = state.withLock { state in
            defer { state.delayed = [] }
            return state.delayed
        }
        if !calls.isEmpty { inner.perform(calls, at: now) }
    }

    func perform(_ calls: [BackendCall], at now: Timestamp) {
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

    func takeNews(at now: Timestamp) -> [BackendNews] {
        state.withLock { $0.isCut } ? [] : inner.takeNews(at: now)
    }

    func nextNews(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.isCut } ? nil : inner.nextNews(after: now)
    }

    func resolve(lane: String) -> String { inner.resolve(lane: lane) }
    func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) }
    func knows(lane: String) -> Bool { inner.knows(lane: lane) }

    func fields(_ names: [String], of entity: String) -> [String: String]? {
        inner.fields(names, of: entity)
    }
}
