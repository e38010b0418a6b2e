import Model

extension SQLiteReader {
    func detail(_ id: JobID, logLimit: Int) throws -> JobDetail? {
        guard let stored = try jobs([id]).first else { return nil }
        var detail = JobDetail(job: stored.job)
        let place: Place = stored.job.archivedAt == nil ? .hot : .archive
        detail.job = try jobRows([(id, 0)]).first?.job ?? stored.job
        detail.parameters = SecretMask.masked(stored.extra.parameters)
        detail.rollbackPolicy = stored.rollbackPolicy
        detail.steps = try steps(of: [id], in: place)[id] ?? []
        detail.journal = try newestEntries(of: id, in: place, limit: StoreLimits.detailRows)
        detail.log = try newestLines(of: id, in: place, limit: logLimit)
        detail.logCount = try logCount(of: id, in: place)
        detail.tree = try tree(
            ofRoot: stored.job.rootID,
            in: place,
            limit: StoreLimits.detailRows
        )
        detail.tickets = try lockLines(tickets(of: [id]))
        let links = try links(of: [id])[id] ?? JobLinks()
        detail.prerequisites = links.prerequisites
        detail.dependents = links.dependents
        detail.afterFailure = stored.extra.afterFailure
        detail.onCrash = stored.extra.onCrash
        detail.limits = TimeLimit.all(stored.extra.limits, of: stored.job, steps: detail.steps)
        detail.late = try late(of: id)
        return detail
    }

    // MARK: Locks

    func locks(limit: Int) throws -> [LockLine] {
        var tickets: [Ticket] = []
        for key in try contended() where tickets.count < limit {
            tickets += try firstTickets(of: key, limit: limit - tickets.count)
        }
        tickets += try uncontended(limit: limit - tickets.count)
        return try lockLines(tickets)
    }

    private func firstTickets(of key: TicketKey, limit: Int) throws -> [Ticket] {
        let sql = """
            SELECT \(TicketColumns.list) FROM ticket INDEXED BY ticket_resource
            WHERE resource = ? AND scope = ? ORDER BY number LIMIT ?
            """
        return try query(sql) { query in
            query.bind(key.resource)
            query.bind(key.scope)
            query.bind(limit)
            var found: [Ticket] = []
            while try query.step() { found.append(TicketColumns.decode(&query)) }
            return found
        }
    }

    private func uncontended(limit: Int) throws -> [Ticket] {
        guard limit > 0 else { return [] }
        let sql = """
            SELECT \(TicketColumns.list) FROM ticket INDEXED BY ticket_resource
            WHERE NOT EXISTS (
                SELECT 1 FROM ticket AS other INDEXED BY ticket_waiting
                WHERE other.resource = ticket.resource AND other.scope = ticket.scope
                    AND other.is_granted = 0)
            ORDER BY resource, scope, number LIMIT ?
            """
        return try query(sql) { query in
            query.bind(limit)
            var found: [Ticket] = []
            while try query.step() { found.append(TicketColumns.decode(&query)) }
            return found
        }
    }

    /// Tickets with the kinds of their jobs and who stands before them.
    private func lockLines(_ tickets: [Ticket]) throws -> [LockLine] {
        var kinds: [JobID: String] = [:]
        let numbers = Set(tickets.map(\.job.number)).sorted()
        try rows("SELECT id, kind FROM job WHERE id IN (?)", in: numbers) { query in
            let id = query.readJob()
            kinds[id] = query.readText()
        }
        let ahead = """
            SELECT job FROM ticket INDEXED BY ticket_resource
            WHERE resource = ? AND scope = ? AND number < ? ORDER BY number
            """
        return try tickets.map { ticket in
            let behind =
                ticket.isGranted
                ? []
                : try ids(ahead) { query in
                    query.bind(ticket.resource)
                    query.bind(ticket.scope)
                    query.bind(ticket.number)
                }
            return LockLine(ticket: ticket, kind: kinds[ticket.job] ?? "", behind: behind)
        }
    }
}
