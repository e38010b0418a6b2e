import Engine
import Hypervisor
import Model
import Store
import Synchronization
import TestKit

/// Something wrong between the parts, that the simulation has to notice.
enum Sabotage: String, CaseIterable, Sendable {
    case none
    /// The hypervisor takes every fence for a new one.
    case ignoredFences
    /// The store says that it has committed, and sometimes has not.
    case lyingCommits
    /// Some undo steps are reported as done and never carried out.
    case skippedUndo

    /// Stands in for the hypervisor.
    func spoil(_ hypervisor: any Hypervisor) -> any Hypervisor {
        self == .ignoredFences ? FencelessHypervisor(hypervisor) : hypervisor
    }

    /// Stands in for a backend.
    func spoil(_ backend: any Backend) -> any Backend {
        self == .skippedUndo ? UndoSkippingBackend(backend) : backend
    }

    /// Stands in for a store.
    func spoil(_ store: any JobStore) -> any JobStore {
        self == .lyingCommits ? LyingStore(store) : store
    }
}

/// A hypervisor that refuses no fence, because all look newer than the last.
private final class FencelessHypervisor: Hypervisor {
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
private final class UndoSkippingBackend: Backend {
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

/// A store that undoes every twentieth write and reports success; right after that the power fails.
private final class LyingStore: JobStore {
    private struct Undone: Error {}

    private let inner: any JobStore
    private let writes = Counter()
    private let isDead = Mutex(false)

    init(_ inner: any JobStore) { self.inner = inner }

    func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R {
        if epoch == nil {
            isDead.withLock { $0 = false }
        } else if isDead.withLock({ $0 }) {
            throw CrashingStore.Crash(moment: .beforeCommit)
        }
        guard epoch != nil, writes.next() % 20 == 0 else {
            return try inner.write(as: epoch, body)
        }
        isDead.withLock { $0 = true }
        var result: R?
        do {
            try inner.write(as: epoch) { tx in
                result = try body(tx)
                throw Undone()
            }
        } catch is Undone {}
        guard let result else { throw StoreError(.other, action: "write") }
        return result
    }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try inner.read(body) }
}
