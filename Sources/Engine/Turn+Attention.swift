import Model
import Store

/// Jobs that call for attention: who has seen it, and what makes it good.
extension Turn {
    /// Notes that a person knows of a job and of all below it.
    func acknowledge(_ entry: Entry, by user: String) throws -> RequestOutcome {
        var found: [Entry] = entry.job.attention == .open ? [entry] : []
        for id in try tx.unacknowledged(below: entry.id) {
            if let child = try self.entry(id), child.job.attention == .open { found.append(child) }
        }
        if found.isEmpty, entry.job.attention == .none {
            return .refused(
                "\(entry.id) (\(entry.state.word)) calls for nobody's attention; "
                    + "“jobs is:unacked” lists those that do"
            )
        }
        for open in found { settle(open) }
        for child in found where child !== entry {
            let cause = "acknowledged with \(entry.id)"
            note(child, from: child.state, to: child.state, cause, by: user)
        }
        return .accepted(entry.id)
    }

    /// A job that did at last what others before it had failed to do: nobody has to look at those.
    func settlePredecessors(of entry: Entry) throws {
        guard entry.state == .completed else { return }
        var next = entry.job.retryOf
        for _ in 0..<Self.attemptsLookedAt {
            // An earlier attempt may have been archived; what is older is archived then, too.
            guard let id = next, let old = try self.entry(id), !old.isArchived else { return }
            if old.job.attention == .open {
                settle(old)
                let cause = "acknowledged: \(entry.id) did it again and completed"
                note(old, from: old.state, to: old.state, cause, by: "engine")
            }
            next = old.job.retryOf
        }
    }

    /// How many attempts before the one that completed are looked at.
    private static let attemptsLookedAt = 100

    private func settle(_ entry: Entry) {
        entry.job.attention = .acked
        entry.isDirty = true
    }
}
