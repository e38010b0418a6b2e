import Model

/// The columns of a ticket, in the order in which they are bound and read.
enum TicketColumns {
    static let list = "number, resource, job, scope, is_exclusive, is_granted, since"

    static let qualified = list.split(separator: ", ").map { "ticket.\($0)" }
        .joined(separator: ", ")

    static func bind(_ ticket: Ticket, to query: inout Query) {
        query.bind(ticket.number)
        query.bind(ticket.resource)
        query.bind(ticket.job)
        query.bind(ticket.scope)
        query.bind(ticket.mode == .exclusive)
        query.bind(ticket.isGranted)
        query.bind(ticket.since)
    }

    static func decode(_ query: inout Query) -> Ticket {
        Ticket(
            number: query.readInt64(),
            resource: query.readText(),
            job: query.readJob(),
            scope: query.readInt64(),
            mode: query.readBool() ? .exclusive : .shared,
            isGranted: query.readBool(),
            since: query.readTime()
        )
    }
}

extension SQLiteReader {
    func tickets(for keys: [TicketKey]) throws -> [Ticket] {
        var found: [Ticket] = []
        for part in Batch.parts(of: keys.count, sizes: [64, 8, 1]) {
            let list = keys[part.rows]
            let sql = Self.ticketsSQL(keys: part.size)
            try query(sql) { query in
                for index in 0..<part.size {
                    let key = list[list.startIndex + min(index, list.count - 1)]
                    query.bind(key.resource)
                    query.bind(key.scope)
                }
                while try query.step() { found.append(TicketColumns.decode(&query)) }
            }
        }
        return inOrder(found)
    }

    /// The tickets of so many queues.
    ///
    /// The cross join makes SQLite take the queues first and look each up.
    static func ticketsSQL(keys count: Int) -> String {
        let marks = Array(repeating: "(?,?)", count: count).joined(separator: ",")
        return """
            WITH wanted (resource, scope) AS (VALUES \(marks))
            SELECT \(TicketColumns.qualified) FROM wanted CROSS JOIN ticket
                INDEXED BY ticket_resource
                ON ticket.resource = wanted.resource AND ticket.scope = wanted.scope
            """
    }

    func tickets(of ids: [JobID]) throws -> [Ticket] {
        var found: [Ticket] = []
        let sql = "SELECT \(TicketColumns.list) FROM ticket WHERE job IN (?)"
        try rows(sql, in: ids.map(\.number)) { found.append(TicketColumns.decode(&$0)) }
        return inOrder(found)
    }

    func contended() throws -> [TicketKey] {
        try query(Self.contendedSQL) { query in
            var found: [TicketKey] = []
            while try query.step() {
                found.append(TicketKey(resource: query.readText(), scope: query.readInt64()))
            }
            return found
        }
    }

    static let contendedSQL = """
        SELECT DISTINCT resource, scope FROM ticket INDEXED BY ticket_waiting
        WHERE is_granted = 0 ORDER BY resource, scope
        """

    /// By number, each once.
    private func inOrder(_ tickets: [Ticket]) -> [Ticket] {
        var last: Int64?
        return tickets.sorted { $0.number < $1.number }.filter { ticket in
            defer { last = ticket.number }
            return ticket.number != last
        }
    }
}
