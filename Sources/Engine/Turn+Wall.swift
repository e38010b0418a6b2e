import Model
import Store

/// Due times, which are of the clock on the wall and follow it when it is set.
extension Turn {
    /// By how many milliseconds the wall's clock may move before due times are looked at anew.
    private static let tolerance: Int64 = 500

    /// Has jobs that wait for their time look at the wall again after its clock was set.
    ///
    /// Nothing else follows it: pauses, limits and questions are in the store's own time.
    func followWall() throws {
        let lead = wall - now
        // When schedules are due next is reckoned exactly, or the engine would turn in vain.
        memory.lead = lead
        guard let known = memory.reckonedLead else {
            memory.reckonedLead = lead
            // A new engine does not know by what the times that are stored were reckoned.
            return lead == 0 ? () : try reckonDueTimes(before: lead)
        }
        guard abs(lead - known) > Self.tolerance else { return }
        memory.reckonedLead = lead
        try reckonDueTimes(before: known)
    }

    private func reckonDueTimes(before known: Int64) throws {
        let ids = try tx.awaitingTime()
        try load(ids)
        for id in ids {
            if let entry = entries[id] { schedule(entry) }
        }
        // Those that wait for others meanwhile may have limits that run from their due times.
        let limited = memory.nextLimit == nil ? [] : try tx.limitsDue(at: .end, limit: 10_000)
        try load(limited)
        for id in ids + limited {
            guard let entry = entries[id], entry.state == .pending else { continue }
            noteDue(entry, lead: known)
        }
    }

    /// Writes down since when a job with a due time is due, if it is: from then on its limits run
    /// by the store's time.
    ///
    /// `lead` is what the wall's clock was ahead while the job waited. What becomes due by a leap
    /// of that clock is due from now on.
    func noteDue(_ entry: Entry, lead: Int64) {
        guard let due = entry.job.dueAt, entry.stored.extra.limits.since == nil else { return }
        if entry.hasLimits {
            entry.isDirty = true
            entry.hasNewLimits = true
        }
        guard due <= wall else { return }
        entry.stored.extra.limits.since = min(now, max(entry.job.createdAt, due + -lead))
    }
}

extension Timestamp {
    /// The last moment there is.
    fileprivate static let end = Timestamp(milliseconds: .max)
}
