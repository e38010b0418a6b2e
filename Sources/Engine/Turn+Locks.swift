import Model
import Store

/// Tickets: drawing them, and passing locks on.
extension Turn {
    /// The queues a job stands in.
    func ticketKeys(of entry: Entry) throws -> [TicketKey] {
        if let known = entry.ticketKeys { return known }
        guard entry.before != nil else { return [] }
        let keys = try tx.tickets(of: [entry.id]).map {
            TicketKey(resource: $0.resource, scope: $0.scope)
        }
        entry.ticketKeys = keys
        try loadQueues(keys)
        return keys
    }

    /// Gets to know queues, those that are not known in one read.
    func loadQueues(_ keys: [TicketKey]) throws {
        if keys.isEmpty { return }
        let unknown = locks.unknown(keys)
        guard !unknown.isEmpty else { return }
        locks.load(try tx.tickets(for: unknown), for: unknown)
    }

    /// The queues in which a job that was planned in this turn will stand.
    func newTicketKeys(_ entry: Entry) -> [TicketKey] {
        let scope = entry.job.parentID?.number ?? 0
        return (entry.requestedLocks ?? []).map {
            TicketKey(resource: $0.resource, scope: scope)
        }
    }

    /// Draws all of a job's tickets at once.
    ///
    /// - Returns: whether they could be drawn; if not, the job has failed.
    func drawTickets(_ entry: Entry) throws -> Bool {
        let requests = Self.merged(entry.requestedLocks ?? [])
        if let bare = try uncovered(requests, of: entry) {
            try refuse(
                entry,
                .validation(
                    "its parent holds no \(bare.mode.rawValue) lock on \(bare.resource), "
                        + "under which it could work"
                )
            )
            return false
        }
        let scope = entry.job.parentID?.number ?? 0
        let keys = requests.map { TicketKey(resource: $0.resource, scope: scope) }
        try loadQueues(keys)
        for request in requests {
            _ = locks.draw(
                Ticket(
                    number: try next(.ticket),
                    resource: request.resource,
                    job: entry.id,
                    scope: scope,
                    mode: request.mode,
                    isGranted: false,
                    since: now
                )
            )
        }
        entry.ticketKeys = keys
        return true
    }

    /// One request per resource, exclusive if any is, in the order of the resources.
    private static func merged(_ requests: [LockRequest]) -> [LockRequest] {
        guard requests.count > 1 else { return requests }
        var modes: [String: LockMode] = [:]
        for request in requests where modes[request.resource] != .exclusive {
            modes[request.resource] = request.mode
        }
        return modes.sorted { $0.key < $1.key }.map { LockRequest($0.key, $0.value) }
    }

    /// The first lock that a child wants and its parent does not hold strongly enough.
    ///
    /// A child that locked on its own could wait for a job that waits for its parent.
    private func uncovered(_ requests: [LockRequest], of entry: Entry) throws -> LockRequest? {
        guard let parentID = entry.job.parentID, let parent = try self.entry(parentID) else {
            return nil
        }
        let keys = try ticketKeys(of: parent)
        try loadQueues(keys)
        return requests.first { request in
            !keys.contains { key in
                key.resource == request.resource
                    && locks.queues[key, default: []].contains {
                        $0.job == parentID && $0.mode.covers(request.mode)
                    }
            }
        }
    }

    /// Gives a job's locks up and tells those who gain by it.
    func releaseLocks(of entry: Entry) throws {
        let keys = try ticketKeys(of: entry)
        guard !keys.isEmpty else { return }
        if !memory.contended.isEmpty {
            try loadQueues(keys.filter { memory.contended.contains($0) })
        }
        entry.ticketKeys = []
        for id in locks.release(entry.id, keys: keys, at: now) {
            guard let other = try self.entry(id) else { continue }
            try loadQueues(try ticketKeys(of: other))
            schedule(other)
        }
        try refreshWaiters(of: keys)
    }

    /// Renews the names of the holders for those who go on waiting, up to a bound.
    private func refreshWaiters(of keys: [TicketKey]) throws {
        for key in keys {
            guard let queue = locks.queues[key] else { continue }
            let waiting = queue.lazy.filter { !$0.isGranted }
            for ticket in waiting.prefix(20) {
                if let other = try self.entry(ticket.job) { schedule(other) }
            }
        }
    }
}
