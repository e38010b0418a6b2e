package import Hypervisor
import Synchronization

/// A hypervisor that keeps a book of what was really begun on it, and notes what must not happen.
///
/// It stands right before the hypervisor, behind everything that can lose or change a call.
package final class HypervisorLedger: Hypervisor {
    /// A task that the hypervisor began.
    package struct Execution: Hashable, Sendable {
        /// The task's id, without the mark that the bridge may put behind it.
        package let operation: String
        /// The id itself.
        package let id: String
        /// What was done.
        package let verb: String
        /// What it was done to.
        package let subject: String
        /// The fence it was begun under.
        package let fence: Int64
        /// The details, by name.
        package let parameters: [String: String]
    }

    /// What happened on the hypervisor.
    package enum Event: Hashable, Sendable {
        /// It began a task.
        case begun(Execution)
        /// A task was done, and its record was cleared.
        case done(operation: String)
    }

    private struct State {
        var events: [Event] = []
        var executions: [Execution] = []
        var executed: Set<String> = []
        /// Executed tasks that the hypervisor may still know.
        var open: [Execution] = []
        var cleared: Set<String> = []
        var newest: [String: Int64] = [:]
        var findings: [String] = []
    }

    private let inner: any Hypervisor
    private let state = Mutex(State())

    /// A book about that hypervisor.
    package init(_ inner: any Hypervisor) { self.inner = inner }

    /// Every task that was begun, in order.
    package var executions: [Execution] { state.withLock { $0.executions } }

    /// What happened since so many events.
    func events(after count: Int) -> ArraySlice<Event> {
        state.withLock { $0.events.dropFirst(count) }
    }

    /// What happened that must not, in words.
    package var findings: [String] { state.withLock { $0.findings } }

    /// Whether a task was ever begun under that operation's name.
    package func wasExecuted(_ operation: String) -> Bool {
        state.withLock { $0.executed.contains(operation) }
    }

    /// The subjects of tasks that had not ended when they were last looked at.
    var openSubjects: Set<String> { state.withLock { Set($0.open.map(\.subject)) } }

    /// The tasks that are at work now, hanging ones too.
    package func running(at now: Int64) -> [Execution] {
        let open = state.withLock { $0.open }
        var gone: Set<String> = []
        var running: [Execution] = []
        for execution in open {
            switch inner.probe(execution.id, at: now).status {
            case .running: running.append(execution)
            case .unreachable: break
            case .done, .failed, .interrupted, .unknown: gone.insert(execution.id)
            }
        }
        if !gone.isEmpty { state.withLock { $0.open.removeAll { gone.contains($0.id) } } }
        return running
    }

    /// Begins a task and books it.
    package func begin(_ call: TaskCall, at now: Int64) -> Reply {
        let isKnown = inner.probe(call.id, at: now).status != .unknown
        let reply = inner.begin(call, at: now)
        switch reply {
        case .accepted: book(call, isNew: !isKnown)
        case .noAnswer where !isKnown: book(call, isNew: true)
        case .noAnswer, .refused: break
        }
        return reply
    }

    private func book(_ call: TaskCall, isNew: Bool) {
        let operation = call.id.hasSuffix("~") ? String(call.id.dropLast()) : call.id
        state.withLock { state in
            if let newest = state.newest[call.subject], call.fence < newest {
                state.findings.append(
                    "\(call.verb) of \(call.subject) was taken under fence \(call.fence), "
                        + "after \(newest)"
                )
            }
            state.newest[call.subject] = max(call.fence, state.newest[call.subject] ?? 0)
            guard isNew else { return }
            // A record that the hypervisor lost by itself may be begun again; one that ended and
            // was cleared may not.
            if state.cleared.contains(operation) {
                state.findings.append("operation \(operation) (\(call.verb)) was done twice")
            }
            let execution = Execution(
                operation: operation,
                id: call.id,
                verb: call.verb,
                subject: call.subject,
                fence: call.fence,
                parameters: call.parameters
            )
            state.executions.append(execution)
            state.events.append(.begun(execution))
            state.executed.insert(operation)
            state.open.append(execution)
        }
    }

    /// How a task stands.
    package func probe(_ id: String, at now: Int64) -> TaskReport { inner.probe(id, at: now) }

    /// Interrupts a task.
    package func interrupt(_ id: String, fence: Int64, at now: Int64) -> Reply {
        inner.interrupt(id, fence: fence, at: now)
    }

    /// Has an ended task forgotten, and books it.
    package func clear(_ id: String, at now: Int64) {
        let status = inner.probe(id, at: now).status
        inner.clear(id, at: now)
        guard status.isEnded else { return }
        let operation = id.hasSuffix("~") ? String(id.dropLast()) : id
        state.withLock { state in
            if case .done = status, state.executed.contains(operation) {
                state.events.append(.done(operation: operation))
            }
            state.cleared.insert(operation)
            state.open.removeAll { $0.id == id }
        }
    }

    /// What changed.
    package func news(at now: Int64) -> [TaskReport] { inner.news(at: now) }

    /// When something will change.
    package func nextNews(after now: Int64) -> Int64? { inner.nextNews(after: now) }

    /// What there is.
    package func inventory() -> Inventory { inner.inventory() }

    /// Where a VM is.
    package func hostOf(vm: String) -> String? { inner.hostOf(vm: vm) }

    /// A number that grows with every change of the inventory.
    package var revision: Int { inner.revision }
}
