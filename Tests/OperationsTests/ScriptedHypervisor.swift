import Hypervisor
import Synchronization

/// A hypervisor that says what a test told it to say, and remembers what it was asked.
final class ScriptedHypervisor: Hypervisor {
    struct State {
        var begun: [TaskCall] = []
        var cleared: [String] = []
        var interrupted: [String] = []
        var probed: [String] = []
        var replies: [Reply] = []
        var interruptReply = Reply.accepted
        var statuses: [String: TaskStatus] = [:]
        var reports: [TaskReport] = []
        var next: Int64?
        var inventory = Inventory()
    }

    let state = Mutex(State())

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func get<Value: Sendable>(_ part: (State) -> Value) -> Value { state.withLock { part($0) } }

    func begin(_ call: TaskCall, at now: Int64) -> Reply {
        state.withLock { state in
            state.begun.append(call)
            return state.replies.isEmpty ? .accepted : state.replies.removeFirst()
        }
    }

    func probe(_ id: String, at now: Int64) -> TaskReport {
        state.withLock { state in
            state.probed.append(id)
            return TaskReport(
                id: id,
                status: state.statuses[id] ?? .unknown,
                progress: 40,
                message: "m",
                at: now
            )
        }
    }

    func interrupt(_ id: String, fence: Int64, at now: Int64) -> Reply {
        state.withLock { state in
            state.interrupted.append("\(id) \(fence)")
            return state.interruptReply
        }
    }

    func clear(_ id: String, at now: Int64) { set { $0.cleared.append(id) } }

    func news(at now: Int64) -> [TaskReport] {
        state.withLock { state in
            defer { state.reports = [] }
            return state.reports
        }
    }

    func nextNews(after now: Int64) -> Int64? { get(\.next) }
    func inventory() -> Inventory { get(\.inventory) }
    func hostOf(vm: String) -> String? { get(\.inventory).vms[vm]?.host }
    var revision: Int { 0 }
}
