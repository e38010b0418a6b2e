import Engine
import Hypervisor
package import Model
import Store

extension InvariantChecker {
    /// Looks at everything that has not ended: rows, tallies, tickets, slots, tasks and VMs; and at
    /// schedules and the archive.
    ///
    /// `wall` is what the wall's clock shows; the same as `now` if left out.
    package func checkAll(at now: Timestamp, wall: Timestamp? = nil) throws {
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
            try checkLanes(jobs, steps, reader, at: now)
            try checkTimeLimits(jobs, steps, at: now, lead: (wall ?? now) - now)
            try checkTasks(steps, at: now)
            try checkSchedules(reader, wall: wall ?? now)
            looks += 1
            if looks % 4 == 0, !archive.archived.isEmpty { try checkRemoved(reader, at: now) }
        }
        try checkMachines(at: now)
    }

    /// What must hold when all jobs have ended: nothing is left over.
    package func checkEnd(at now: Timestamp) throws {
        try store.read { reader in
            try checkRemoved(reader, at: now)
            let findings = try reader.verifyAudit(expecting: nil)
            if let problem = findings.problems.first { throw Violation("the audit: \(problem)") }
            let left: [(String, Bool)] = [
                ("a ticket", try reader.locks(limit: 1).isEmpty),
                ("a wait for some moment", try reader.nextWake() == nil),
                ("a limit of time", try reader.nextLimit() == nil),
                ("a job in a queue", try reader.queues().isEmpty),
                ("a count against a limit", try reader.limitLoads().isEmpty),
                ("an open root", try reader.openRoots() == 0),
                ("somebody who is waited for", try reader.dependedOn().isEmpty),
                ("a request", try reader.openRequests(limit: 1).isEmpty),
                ("a run that waits", try reader.waitingSchedules().isEmpty),
                ("a slot taken", try reader.laneLoads().allSatisfy { $0.used == 0 }),
            ]
            for (what, isGone) in left where !isGone {
                throw Violation("all jobs have ended, and there is still \(what)")
            }
        }
    }

    /// Compares all unfinished rows with what the journal says.
    private func checkRows(_ jobs: [StoredJob]) throws {
        guard jobs.count == unfinished.count else {
            throw Violation("a job has vanished from the store")
        }
        try meet(jobs)
        for stored in jobs { try checkTally(stored) }
    }

    /// What a parent counts of its children is what they are.
    private func checkTally(_ stored: StoredJob) throws {
        let states = (children[stored.job.id] ?? []).compactMap { known[$0]?.state }
        let unfinished = states.count { !$0.isTerminal }
        let active = states.count { $0.isActive }
        guard stored.tally.unfinished == unfinished, stored.tally.active == active else {
            throw Violation(
                "\(stored.job.id) counts \(stored.tally.unfinished) unfinished and "
                    + "\(stored.tally.active) active children; "
                    + "there are \(unfinished) and \(active)"
            )
        }
    }

    /// Exclusive locks exclude, nobody overtakes, nobody waits for nothing, and nobody who has
    /// begun loses a ticket.
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
        let byJob = Dictionary(grouping: tickets, by: \.job).mapValues { Set($0.map(\.number)) }
        for id in unfinished where known[id]?.state != .pending {
            let own = byJob[id] ?? []
            if let before = self.tickets[id], before != own {
                throw Violation("\(id) had tickets \(before.sorted()) and has \(own.sorted()) now")
            }
            self.tickets[id] = own
        }
    }

    /// Whatever is at work at the hypervisor is what its job waits for, and nobody else works on
    /// the same.
    private func checkTasks(_ steps: [JobID: [StepRecord]], at now: Timestamp) throws {
        var roots: [String: JobID] = [:]
        for task in ledger.running(at: now.milliseconds) {
            guard let name = OperationName(task.operation), let job = known[name.job] else {
                throw Violation("task \(task.id) belongs to no job")
            }
            if job.cause == .abandoned || declared.contains(name.job) { continue }
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
            guard task.subject.hasPrefix("vm/") else { continue }
            let root = root(of: name.job)
            if let other = roots[task.subject], other != root {
                throw Violation("\(other) and \(root) both work on \(task.subject)")
            }
            roots[task.subject] = root
        }
    }
}
