/// What Signalbox asks of a hypervisor.
///
/// Every time is in milliseconds since 1970 and comes from the caller; a time older than one
/// already seen counts as the newest one seen. Calls come from any thread and return at once:
/// work goes on behind them as tasks, each under the id that the caller chose.
package protocol Hypervisor: Sendable {
    /// Starts a task, once per id.
    ///
    /// The same call again is accepted again and changes nothing. The same id with other content
    /// is refused as a conflict, and a fence older than the newest seen for the subject as stale.
    func begin(_ call: TaskCall, at now: Int64) -> Reply

    /// Starts several tasks in order, with one write where the hypervisor keeps a log.
    func begin(all calls: [TaskCall], at now: Int64) -> [Reply]

    /// How a task stands now.
    func probe(_ id: String, at now: Int64) -> TaskReport

    /// Stops a task's work now and puts its subject into a stable state.
    ///
    /// An ended task stays as it ended, and that is accepted. A verb that cannot be interrupted
    /// is refused as a conflict.
    func interrupt(_ id: String, fence: Int64, at now: Int64) -> Reply

    /// Forgets an ended task. Running and unknown tasks are left alone.
    func clear(_ id: String, at now: Int64)

    /// Forgets several ended tasks, with one write where the hypervisor keeps a log.
    func clear(all ids: [String], at now: Int64)

    /// Each task whose status or shown progress changed since the last call, oldest change first.
    func news(at now: Int64) -> [TaskReport]

    /// When there will be news next; nil when none is to come without another call.
    ///
    /// Never too late. It may be too early while a host is unreachable.
    func nextNews(after now: Int64) -> Int64?

    /// What there is, as of the newest time seen: a value, cheap to take and to keep.
    func inventory() -> Inventory

    /// The host that a VM runs on or is reserved on.
    func hostOf(vm: String) -> String?

    /// A number that grows with every change of the inventory.
    var revision: Int { get }
}

extension Hypervisor {
    /// Starts several tasks, one after the other.
    package func begin(all calls: [TaskCall], at now: Int64) -> [Reply] {
        calls.map { begin($0, at: now) }
    }

    /// Forgets several ended tasks, one after the other.
    package func clear(all ids: [String], at now: Int64) {
        for id in ids { clear(id, at: now) }
    }
}
