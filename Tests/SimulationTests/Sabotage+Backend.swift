import Engine
import Hypervisor
import Model
import Synchronization

/// A hypervisor that refuses no fence, because all look newer than the last.
final class FencelessHypervisor: Hypervisor {
    private let inner: any Hypervisor
    private let next = Mutex<Int64>(1 << 40)

    init(_ inner: any Hypervisor) { self.inner = inner }

    private func fence() -> Int64 {
        next.withLock { next in
            next += 1
            return next
        }
    }

    func begin(_ call: TaskCall, at now: Int64) -> Reply {
        var call = call
        call.fence = fence()
        return inner.begin(call, at: now)
    }

    func interrupt(_ id: String, fence _: Int64, at now: Int64) -> Reply {
        inner.interrupt(id, fence: fence(), at: now)
    }

    func probe(_ id: String, at now: Int64) -> TaskReport { inner.probe(id, at: now) }
    func clear(_ id: String, at now: Int64) { inner.clear(id, at: now) }
    func news(at now: Int64) -> [TaskReport] { inner.news(at: now) }
    func nextNews(after now: Int64) -> Int64? { inner.nextNews(after: now) }
    func inventory() -> Inventory { inner.inventory() }
    func hostOf(vm: String) -> String? { inner.hostOf(vm: vm) }
    var revision: Int { inner.revision }
}

/// A backend that only says that an undo was done.
final class UndoSkippingBackend: Backend {
    private let inner: any Backend
    private let news = Mutex<[BackendNews]>([])

    init(_ inner: any Backend) { self.inner = inner }

    func perform(_ calls: [BackendCall], at now: Timestamp) {
        for call in calls {
            if case .begin(let operation) = call, OperationName(operation.name)?.isUndo == true {
                news.withLock { $0.append(BackendNews(operation: operation.name, .done([:]))) }
            } else {
                inner.perform([call], at: now)
            }
        }
    }

    func takeNews(at now: Timestamp) -> [BackendNews] {
        let own = news.withLock { news in
            defer { news = [] }
            return news
        }
        return own + inner.takeNews(at: now)
    }

    func nextNews(after now: Timestamp) -> Timestamp? {
        news.withLock { $0.isEmpty } ? inner.nextNews(after: now) : now
    }

    func resolve(lane: String) -> String { inner.resolve(lane: lane) }
    func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) }
}

/// A backend that holds an undo back until the next one of the same job has been begun.
final class UndoReversingBackend: Backend {
    private struct State {
        var held: [JobID: BackendCall] = [:]
        var news: [BackendNews] = []
    }

    private let inner: any Backend
    private let state = Mutex(State())

    init(_ inner: any Backend) { self.inner = inner }

    func perform(_ calls: [BackendCall], at now: Timestamp) {
        for call in calls {
            guard case .begin(let operation) = call, let name = OperationName(operation.name),
                name.isUndo
            else {
                inner.perform([call], at: now)
                continue
            }
            let earlier = state.withLock { state in
                if state.held[name.job] == nil {
                    state.held[name.job] = call
                    state.news.append(BackendNews(operation: operation.name, .done([:])))
                    return nil as [BackendCall]?
                }
                return state.held.removeValue(forKey: name.job).map { [$0] } ?? []
            }
            if let earlier { inner.perform([call] + earlier, at: now) }
        }
    }

    func takeNews(at now: Timestamp) -> [BackendNews] {
        let own = state.withLock { state in
            defer { state.news = [] }
            return state.news
        }
        return own + inner.takeNews(at: now)
    }

    func nextNews(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.news.isEmpty } ? inner.nextNews(after: now) : now
    }

    func resolve(lane: String) -> String { inner.resolve(lane: lane) }
    func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) }
    func knows(lane: String) -> Bool { inner.knows(lane: lane) }
}

/// A backend whose lanes seem to have more slots than they have.
final class GenerousBackend: Backend {
    private let inner: any Backend

    init(_ inner: any Backend) { self.inner = inner }

    func perform(_ calls: [BackendCall], at now: Timestamp) { inner.perform(calls, at: now) }
    func takeNews(at now: Timestamp) -> [BackendNews] { inner.takeNews(at: now) }
    func nextNews(after now: Timestamp) -> Timestamp? { inner.nextNews(after: now) }
    func resolve(lane: String) -> String { inner.resolve(lane: lane) }
    func slots(inLane lane: String) -> Int { inner.slots(inLane: lane) + 2 }
    func knows(lane: String) -> Bool { inner.knows(lane: lane) }
}
