package import Engine
package import Hypervisor
package import Model
import Synchronization

/// The bridge from the engine to a hypervisor: operations become tasks, reports become news.
///
/// An operation's name is its task's id, so that nothing needs to be remembered here to find a task
/// again after a crash. The one exception is marked in the id itself: see ``TaskID``.
package final class HypervisorBackend: Backend {
    private let hypervisor: any Hypervisor
    private let slots: [String: Int]
    private let state = Mutex(State())

    private struct State {
        var answers: [BackendNews] = []
        /// Operations whose ids carry the mark; as many as are at work or not yet cleared.
        var marked: Set<String> = []
    }

    /// How many operations a host's lane takes at once, unless told otherwise.
    package static let slotsPerHost = 4
    /// How many operations the lane of work on no host takes at once, unless told otherwise.
    package static let slotsForControl = 16

    /// A bridge to that hypervisor; `slots` overrides how many operations a lane takes, by name.
    package init(_ hypervisor: any Hypervisor, slots: [String: Int] = [:]) {
        self.hypervisor = hypervisor
        self.slots = slots
    }

    /// Carries out calls in order; runs of begins and of clears go to the hypervisor as one.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        var begins: [OperationCall] = []
        var clears: [String] = []
        for call in calls {
            if case .begin(let operation) = call, operation.operation.verb == Noop.verb {
                say([BackendNews(operation: operation.name, .done([:]))])
            } else if case .begin(let operation) = call {
                flush(clears: &clears, at: now)
                begins.append(operation)
            } else if case .clear(let operation) = call {
                flush(begins: &begins, at: now)
                clears.append(operation)
            } else {
                flush(begins: &begins, at: now)
                flush(clears: &clears, at: now)
                single(call, at: now)
            }
        }
        flush(begins: &begins, at: now)
        flush(clears: &clears, at: now)
    }

    /// The answers to calls, then what the hypervisor reports by itself.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        let reports = hypervisor.news(at: now.milliseconds)
        let marked = reports.map(\.id).filter(TaskID.isMarked).map(TaskID.operation)
        var news = state.withLock { state in
            defer { state.answers = [] }
            state.marked.formUnion(marked)
            return state.answers
        }
        for report in reports { news += TaskID.news(of: report) }
        return news
    }

    /// At once while answers wait to be taken, otherwise when the hypervisor has something to say.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        if state.withLock({ !$0.answers.isEmpty }) { return now }
        return hypervisor.nextNews(after: now.milliseconds).map(Timestamp.init(milliseconds:))
    }

    /// The host of a VM's lane; work on a VM that is nowhere belongs to no host.
    package func resolve(lane: String) -> String {
        guard lane.hasPrefix("vm/") else { return lane }
        guard let host = hypervisor.hostOf(vm: String(lane.dropFirst(3))) else {
            return Operation.controlLane
        }
        return "host/" + host
    }

    /// What was configured for the lane, or what is usual for its sort.
    package func slots(inLane lane: String) -> Int {
        Self.slots(inLane: lane, slots)
    }

    /// What is configured for a lane, or what is usual for its sort.
    package static func slots(inLane lane: String, _ configured: [String: Int]) -> Int {
        configured[lane] ?? (lane.hasPrefix("host/") ? slotsPerHost : slotsForControl)
    }

    /// The lanes of hosts, and that of work on no host.
    package func knows(lane: String) -> Bool {
        if lane == Operation.controlLane { return true }
        guard lane.hasPrefix("host/") else { return false }
        return hypervisor.inventory().hosts[String(lane.dropFirst(5))] != nil
    }

    /// The fields of a VM, or of one of its cards (`vm/web-1/nic0`).
    package func fields(_ names: [String], of entity: String) -> [String: String]? {
        let parts = entity.split(separator: "/").map(String.init)
        guard parts.count >= 2, parts[0] == "vm", let vm = hypervisor.inventory().vms[parts[1]]
        else { return nil }
        var known: [String: String] = [:]
        if parts.count == 3 {
            guard let card = vm.nics.first(where: { $0.name == parts[2] }) else { return nil }
            known = ["name": card.name, "network": card.network, "mac": card.mac]
        } else {
            known = [
                "name": vm.name, "cpus": String(vm.cpus), "memory": String(vm.memory),
                "boot": vm.boot.rawValue, "account": vm.account,
            ]
            known["bootURL"] = vm.bootURL
        }
        return known.filter { names.contains($0.key) }
    }

    private func say(_ news: [BackendNews]) {
        guard !news.isEmpty else { return }
        state.withLock { $0.answers += news }
    }

    private func flush(begins: inout [OperationCall], at now: Timestamp) {
        guard !begins.isEmpty else { return }
        let tasks = begins.map(TaskID.call)
        let marked = tasks.map(\.id).filter(TaskID.isMarked).map(TaskID.operation)
        if !marked.isEmpty { state.withLock { $0.marked.formUnion(marked) } }
        let replies = hypervisor.begin(all: tasks, at: now.milliseconds)
        say(zip(begins, replies).compactMap(Self.news))
        begins = []
    }

    private func flush(clears: inout [String], at now: Timestamp) {
        guard !clears.isEmpty else { return }
        let ids = state.withLock { state in
            clears.map { state.marked.remove($0) == nil ? $0 : TaskID.marked($0) }
        }
        hypervisor.clear(all: ids, at: now.milliseconds)
        clears = []
    }

    /// What the reply to a begin means; no answer is no news, and the engine asks later.
    private static func news(_ call: OperationCall, _ reply: Reply) -> BackendNews? {
        switch reply {
        case .accepted: BackendNews(operation: call.name, .accepted)
        case .refused(let fault): BackendNews(operation: call.name, .refused(Failure(fault)))
        case .noAnswer: nil
        }
    }

    private func single(_ call: BackendCall, at now: Timestamp) {
        switch call {
        case .probe(let operation): say(TaskID.news(of: report(on: operation, at: now)))
        case .interrupt(let operation, let fence):
            let id = report(on: operation, at: now).id
            let reply = hypervisor.interrupt(id, fence: fence, at: now.milliseconds)
            if case .refused(let fault) = reply {
                say([BackendNews(operation: operation, Self.refusedInterrupt(fault))])
            }
        case .begin, .clear: break
        }
    }

    /// How an operation's task stands, under whichever id it has.
    private func report(on operation: String, at now: Timestamp) -> TaskReport {
        // After a restart only the hypervisor knows whether the id was marked.
        for id in [operation, TaskID.marked(operation)] {
            let report = hypervisor.probe(id, at: now.milliseconds)
            if report.status != .unknown { return report }
        }
        return TaskReport(id: operation, status: .unknown, at: now.milliseconds)
    }

    private static func refusedInterrupt(_ fault: Fault) -> BackendNews.Event {
        if fault.name == Fault.unknownTask.name { return .unknown }
        return fault.kind == .unreachable ? .unreachable : .notInterruptible(fault.text)
    }
}
