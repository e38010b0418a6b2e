import Engine
import Foundation
import Synchronization

/// What goes to and fro between the engine's thread and that of the scripts.
final class ScriptTraffic: Sendable {
    /// Something new, and how far into the run's output it goes; 0 if it is not from there.
    typealias Item = (news: BackendNews, reach: Int64)

    /// What waits to be taken, on either side.
    struct State: Sendable {
        /// Calls that were not carried out yet.
        var calls: [BackendCall] = []
        /// News that were not taken yet.
        var news: [Item] = []
        /// Lines of log among the news.
        var lines = 0
        /// How far the news go that were taken last, by operation.
        var reach: [String: Int64] = [:]
        /// How far the news go that were taken before those: the engine has committed them.
        var committed: [String: Int64] = [:]
        /// The operations of which there is a record.
        var known: Set<String> = []
        /// Runs whose guard has ended, and why it could not be started if it could not.
        var guardsGone: [(operation: String, problem: String?)] = []
        /// Whether the thread is to end.
        var isStopping = false

        /// Whoever asks again, or when to ask again, has written down what was handed out before.
        mutating func commit() {
            guard !reach.isEmpty else { return }
            committed.merge(reach) { $1 }
            reach = [:]
        }
    }

    /// How many lines may wait for the engine; beyond, they wait in the folders of the runs.
    static let lineLimit = 2000

    /// Wakes the thread of the scripts.
    let inbox: WakePipe
    /// Is signalled when that thread has ended.
    let finished = DispatchSemaphore(value: 0)
    private let state = Mutex(State())
    private let wake: @Sendable () -> Void

    /// Nothing to and fro yet; `wake` wakes the engine.
    init(wake: @escaping @Sendable () -> Void) throws {
        self.wake = wake
        inbox = try WakePipe()
    }

    /// Looks at or changes what waits.
    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    /// Has the engine take news.
    func say(_ items: [Item]) {
        guard !items.isEmpty else { return }
        state.withLock { state in
            state.news += items
            for item in items {
                if case .said(let lines, _) = item.news.event { state.lines += lines.count }
            }
        }
        wake()
    }

    /// Whether more lines may be read for the engine.
    var hasRoom: Bool { state.withLock { $0.lines < Self.lineLimit } }
}
