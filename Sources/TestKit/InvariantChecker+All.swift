import Engine
import Hypervisor
package import Model
import Store

extension InvariantChecker {
    /// Looks at everything that has not ended: rows, tallies, tickets, slots, tasks and VMs.
    package func checkAll(at now: Timestamp) throws {
        try store.read { reader in
            let ids = unfinished
            let jobs = try reader.jobs(ids)
            try checkRows(jobs)
            try checkStops(jobs)
            guard try reader.counts() == reader.recount() else {
                throw Violation("the counters differ from a recount")
            }
            try checkTickets(try reader.tickets(of: ids))
            let steps = try reader.steps(of: jobs.filter { $0.job.state != .pending }.map(\.job.id))
            try checkSlots(jobs, steps)
            try checkTasks(steps, at: now)
        }
        try checkUndoOrder()
        try checkMachines(at: now)
    }

    /// Exclusive locks exclude, nobody overtakes, and nobody waits for nothing.
    private func checkTickets(_ tickets: [Ticket]) throws {
        let queues = Dictionary(grouping: tickets) {
            TicketKey(resource: $0.resource, scope: $0.scope)
        }
        for (key, queue) in queues {
            let queue = queue.sorted { $0.number < $1.number }
            for (index, ticket) in queue.enumerated() {
                let isFree = queue[..<index].allSatisfy { $0.mode.isCompatible(with: ticket.mode) }
                guard ticket.isGranted == isFree else {
                    throw Violation(
                        "\(ticket.job) \(ticket.isGranted ? "holds" : "waits for") "
                            + "\(key.resource), "
                            + (isFree ? "which is free" : "past an older ticket")
                    )
                }
                if !ticket.isGranted, known[ticket.job]?.state != .pending {
                    throw Violation("\(ticket.job) works without its lock on \(key.resource)")
                }
            }
        }
    }

    /// No lane is used beyond its slots, undo steps and end actions left out.
    private func checkSlots(_ jobs: [StoredJob], _ steps: [JobID: [StepRecord]]) throws {
        var used: [String: Int] = [:]
        for step in jobs.flatMap({ steps[$0.job.id] ?? [] }) where !step.step.isEndAction {
            guard case .operation = step.step.work,
                step.state == .issued || step.state == .running
            else { continue }
            used[step.lane, default: 0] += 1
        }
        for (lane, count) in used where count > slots(lane) {
            throw Violation("lane \(lane) has \(slots(lane)) slots, and \(count) are used")
        }
    }

    /// Whatever is at work at the hypervisor is what its job waits for.
    private func checkTasks(_ steps: [JobID: [StepRecord]], at now: Timestamp) throws {
        for task in ledger.running(at: now.milliseconds) {
            guard let name = OperationName(task.operation), let job = known[name.job] else {
                throw Violation("task \(task.id) belongs to no job")
            }
            if job.cause == .abandoned { continue }
            guard !job.state.isTerminal else {
                throw Violation(
                    "\(name.job) is \(job.state.rawValue), and its task \(task.id) (\(task.verb)) "
                        + "is at work"
                )
            }
            guard let step = steps[name.job]?.first(where: { $0.index == name.step }),
                step.operation == task.operation
            else {
                throw Violation("task \(task.id) is at work, and \(name.job) does not wait for it")
            }
        }
    }

    /// Undo steps of one job were begun newest first.
    private func checkUndoOrder() throws {
        var last: [JobID: Int] = [:]
        for execution in ledger.executions {
            guard let name = OperationName(execution.operation) else { continue }
            guard name.isUndo else {
                last[name.job] = nil
                continue
            }
            if let before = last[name.job], name.step > before {
                throw Violation("\(name.job) undid step \(before) before step \(name.step)")
            }
            last[name.job] = name.step
        }
    }

    /// No VM stands between two states unless a task works on it.
    private func checkMachines(at now: Timestamp) throws {
        let names = Set(
            ledger.inventory().vms.all.filter { $0.state.isTransitional }.map(\.name)
        )
        guard !names.isEmpty else { return }
        let open = ledger.busySubjects(at: now.milliseconds)
        for name in names.sorted() where !open.contains("vm/" + name) {
            throw Violation("VM \(name) is left between two states, and nothing works on it")
        }
    }
}

extension HypervisorLedger {
    /// The subjects of tasks that have not ended, those on hosts that do not answer too.
    func busySubjects(at now: Int64) -> Set<String> {
        _ = running(at: now)
        return openSubjects
    }
}
