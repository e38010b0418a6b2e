import Model
import Store

/// The queues of the resources that a turn touches.
///
/// Pure: it is given tickets and says who holds.
///
/// A ticket is held when it can be held together with every ticket before it in its queue. Queues
/// are in the order of the tickets' numbers, so a wait always points to an older ticket: tickets
/// of one job are drawn together, hence no two jobs can wait for each other, and none is overtaken.
struct LockTable {
    private(set) var queues: [TicketKey: [Ticket]] = [:]
    /// Tickets drawn in this turn, in order; those of jobs that end in it are taken out again.
    private(set) var drawn: [Ticket] = []
    /// Numbers of stored tickets that became held in this turn, in order.
    private(set) var granted: [Int64] = []
    /// Jobs that drew tickets in this turn.
    private var drawers: Set<JobID> = []
    /// Jobs whose stored tickets go.
    private(set) var released: Set<JobID> = []

    /// Which of these queues are not known yet.
    func unknown(_ keys: [TicketKey]) -> [TicketKey] {
        if keys.count == 1 { return queues[keys[0]] == nil ? keys : [] }
        var seen = Set<TicketKey>()
        return keys.filter { queues[$0] == nil && seen.insert($0).inserted }
    }

    /// Takes over what the store knows of some queues.
    ///
    /// Tickets of jobs that have ended in this turn are still in the store, and are left out.
    mutating func load(_ tickets: [Ticket], for keys: [TicketKey]) {
        for key in keys where queues[key] == nil { queues[key] = [] }
        for ticket in tickets where !released.contains(ticket.job) {
            queues[TicketKey(resource: ticket.resource, scope: ticket.scope), default: []]
                .append(ticket)
        }
    }

    /// Draws one ticket at the end of its (known) queue; says whether it is held at once.
    mutating func draw(_ ticket: Ticket) -> Bool {
        let key = TicketKey(resource: ticket.resource, scope: ticket.scope)
        var ticket = ticket
        queues[key, default: []].append(granting: &ticket)
        drawn.append(ticket)
        drawers.insert(ticket.job)
        return ticket.isGranted
    }

    /// Takes a job out of its queues; returns the jobs that gained a lock by it, oldest first.
    ///
    /// Queues that are not known have nobody waiting in them and are left alone.
    mutating func release(_ job: JobID, keys: [TicketKey], at now: Timestamp) -> [JobID] {
        if drawers.remove(job) != nil {
            drawn.removeAll { $0.job == job }
        } else {
            released.insert(job)
        }
        var gained: [JobID] = []
        for key in keys {
            guard var queue = queues[key] else { continue }
            queue.removeAll { $0.job == job }
            gained += grant(in: &queue, at: now)
            queues[key] = queue
        }
        var seen = Set<JobID>()
        return gained.sorted().filter { seen.insert($0).inserted }
    }

    private mutating func grant(in queue: inout [Ticket], at now: Timestamp) -> [JobID] {
        var gained: [JobID] = []
        for index in queue.indices {
            let mode = queue[index].mode
            guard queue[..<index].allSatisfy({ $0.mode.isCompatible(with: mode) }) else { break }
            if queue[index].isGranted { continue }
            queue[index].isGranted = true
            queue[index].since = now
            gained.append(queue[index].job)
            if let place = drawn.firstIndex(where: { $0.number == queue[index].number }) {
                drawn[place] = queue[index]
            } else {
                granted.append(queue[index].number)
            }
        }
        return gained
    }

    /// Whether a job holds all of its tickets in these (known) queues.
    func holdsAll(_ job: JobID, keys: [TicketKey]) -> Bool {
        keys.allSatisfy { key in
            queues[key, default: []].allSatisfy { $0.job != job || $0.isGranted }
        }
    }

    /// The first ticket that stands in a job's way in these queues; nil if none does.
    func obstacle(of job: JobID, keys: [TicketKey]) -> Ticket? {
        for key in keys {
            let queue = queues[key, default: []]
            guard let own = queue.first(where: { $0.job == job }), !own.isGranted else { continue }
            let ahead = queue.prefix { $0.job != job }
            return ahead.last { !$0.mode.isCompatible(with: own.mode) } ?? ahead.first
        }
        return nil
    }

    /// Enters the known queues in which some ticket waits, and takes out those in which none does.
    func noteContention(in known: inout Set<TicketKey>) {
        for (key, queue) in queues {
            if queue.contains(where: { !$0.isGranted }) {
                known.insert(key)
            } else if !known.isEmpty {
                known.remove(key)
            }
        }
    }
}

extension [Ticket] {
    /// Adds a ticket at the end, held if it can be held together with all before it.
    fileprivate mutating func append(granting ticket: inout Ticket) {
        let mode = ticket.mode
        ticket.isGranted = allSatisfy { $0.mode.isCompatible(with: mode) }
        append(ticket)
    }
}
