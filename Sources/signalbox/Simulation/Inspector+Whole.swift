import Hypervisor
import Model
import Store

/// What is known of a store's bounds from the last time they were looked at.
struct BoundsMemory {
    /// How many jobs retention had removed, by state.
    var removed = Counts()
    /// The newest line of the audit that was verified, and its digest.
    var audit: (sequence: Int64, digest: String)?
    /// The most jobs that were kept at once, in the archive or not.
    var mostKept = 0
}

extension Inspector {
    /// Compares all that has not ended, and the counters, with what the journal has told.
    func lookAtWhole(_ hypervisor: SimulatedHypervisor) throws {
        try look()
        try store.read { reader in
            let unfinished = JobState.allCases.filter { !$0.isTerminal }
            let stored = try reader.shownJobs(try reader.jobs(in: unfinished))
            findings.note(.rows, differences(stored))
            try lookAtCounters(reader)
            try lookAtLocks(reader)
            try lookAtMachines(reader, hypervisor.inventory())
        }
    }

    private func differences(_ stored: [Job]) -> [String] {
        var expected = open.mapValues(\.state)
        var wrong: [String] = []
        for job in stored {
            let state = expected.removeValue(forKey: job.id)
            if state != job.state {
                wrong.append("\(job.id) is \(job.state.word), and was \(state?.word ?? "ended")")
            }
        }
        return wrong + expected.keys.sorted().map { "\($0) has vanished" }
    }

    private func lookAtCounters(_ reader: any StoreReader) throws {
        let (counts, recount) = (try reader.counts(), try reader.recount())
        let archived = try reader.archive().counts
        var mine = totals
        for job in open.values { mine[job.state] += 1 }
        bounds.mostKept = max(bounds.mostKept, counts.total + archived.total)
        var wrong = counts == recount ? [] : ["\(counts) instead of \(recount)"]
        for state in JobState.allCases {
            // What is in neither place was removed by retention, and never comes back.
            let removed = mine[state] - counts[state] - archived[state]
            if removed < bounds.removed[state] || (removed > 0 && !state.isTerminal) {
                let kept = "\(counts[state]) and \(archived[state])"
                wrong.append("\(kept) are \(state.word), \(mine[state]) became so")
            }
            bounds.removed[state] = removed
        }
        findings.note(.counters, wrong)
    }

    private func lookAtLocks(_ reader: any StoreReader) throws {
        let locks = try reader.locks(limit: 10_000)
        findings.note(
            .locks,
            locks.filter { open[$0.ticket.job] == nil }.map {
                "\($0.ticket.resource) of \($0.ticket.job)"
            }
        )
    }

    /// VMs between two states on which no job works, but those whose job said that something is
    /// left behind.
    private func lookAtMachines(_ reader: any StoreReader, _ inventory: Inventory) throws {
        let moving = inventory.vms.all.filter { $0.state.isTransitional }
        excused.formIntersection(moving.map(\.name))
        let suspects = moving.filter { !excused.contains($0.name) }
        guard !suspects.isEmpty else { return findings.note(.machines) }
        let keys = suspects.map { TicketKey(resource: "vm/" + $0.name, scope: 0) }
        let locked = Set(try reader.tickets(for: keys).filter(\.isGranted).map(\.resource))
        findings.note(
            .machines,
            suspects.filter { !locked.contains("vm/" + $0.name) }
                .map { "\($0.name) (\($0.state.rawValue))" }
        )
    }

    // MARK: Seldom

    /// Has the store check itself, verifies the audit, and lets go of what is old in it.
    func lookAtStore(_ retention: Retention, at now: Timestamp) throws {
        findings.note(.store, try store.check())
        let audit = try store.read { try $0.verifyAudit(expecting: bounds.audit) }
        findings.note(.audit, audit.problems)
        let last = audit.last > 0 ? (audit.last, audit.digest) : nil
        // The line that is expected next time must still be there then.
        bounds.audit = last
        try SimulatedHousekeeping(store: store).trimAudit(before: now + -Self.auditAge)
        let overdue = try store.read { try $0.preview(retention, at: now + -Self.slack) }
        let (moves, removals) = (overdue.moved.total, overdue.removed)
        findings.note(
            .retention,
            moves + removals == 0 ? [] : ["\(now): \(moves) to archive, \(removals) to remove"]
        )
    }

    /// How long lines of the audit are kept, in milliseconds.
    private static let auditAge: Int64 = 90 * 86_400_000
    /// By how much retention may be late, in milliseconds.
    private static let slack: Int64 = 6 * 3_600_000
}
