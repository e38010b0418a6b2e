import Model
import Store

/// What releasing a lock would change.
struct LockPreview {
    private let resource: String
    private let holder: Job
    private let evidence: Evidence
    private let queue: [LockLine]
    /// Who would hold the lock next.
    private let next: [JobID]
    /// Whether an operation of the holder, or of a job below it, may be at work at the backend.
    let isAtWork: Bool

    /// Looks at the queue of the lock.
    init(
        _ store: SQLiteStore,
        _ resource: String,
        _ holder: Job,
        _ evidence: Evidence
    ) throws {
        self.resource = resource
        self.holder = holder
        self.evidence = evidence
        let (tickets, tree) = try store.read { reader in
            let scope = try reader.tickets(of: [holder.id]).first { $0.resource == resource }?.scope
            let key = TicketKey(resource: resource, scope: scope ?? 0)
            let below = try reader.detail(holder.id, logLimit: 0)?.tree ?? []
            return (try reader.tickets(for: [key]), below)
        }
        guard tickets.contains(where: { $0.job == holder.id }) else {
            throw Complaint(.notFound, "\(holder.id) (\(holder.state.word)) holds no \(resource)")
        }
        let kinds = try store.read { try $0.jobs(tickets.prefix(100).map(\.job)) }
            .map { ($0.job.id, $0.job.kind) }
        let byID = Dictionary(kinds) { first, _ in first }
        queue = tickets.map { LockLine(ticket: $0, kind: byID[$0.job] ?? "") }
        var granted: [Ticket] = []
        for ticket in tickets where ticket.job != holder.id {
            guard granted.allSatisfy({ $0.mode.isCompatible(with: ticket.mode) }) else { break }
            granted.append(ticket)
        }
        next = granted.map(\.job).filter { id in
            !tickets.contains { $0.job == id && $0.isGranted }
        }
        let place = tree.firstIndex { $0.job.id == holder.id }
        let below = place.map { at in tree[(at + 1)...].prefix { $0.depth > tree[at].depth } } ?? []
        isAtWork =
            evidence.operation?.isInFlight ?? false
            || below.contains { !$0.job.state.isTerminal && $0.job.backend == .running }
    }

    private var hasBegun: Bool { holder.startedAt != nil }

    private var change: String {
        guard hasBegun else {
            return "\(holder.id) is stopped; it has not begun, so nothing is lost"
        }
        let left = isAtWork ? "; what may be at work at the backend stays on record" : ""
        return "\(holder.id) is abandoned: it ends, and nothing more of it is undone\(left)"
    }

    private var successors: String {
        next.isEmpty
            ? "nobody waits for it: \(resource) is free"
            : next.prefix(5).map(\.description).joined(separator: ", ") + " would hold it next"
    }

    /// Prints the evidence and the preview.
    func show(_ paper: Paper, now: Timestamp) {
        LockTable.table(queue, now: now).print(on: paper)
        if let operation = evidence.operation {
            EvidencePrinter(paper: paper, now: now).show(operation, evidence.backend)
        }
        StandardOutput.line("")
        StandardOutput.line(paper.tinted("what would change", .heading))
        for line in [change, successors] { StandardOutput.line("  " + paper.safe(line)) }
    }

    /// The same as JSON; `text` is what the engine answered.
    func json(isApplied: Bool, _ text: String) -> JSONValue {
        let head = JSONValue.object(of: [
            "resource": JSONValue(resource),
            "holder": JSONValue(holder.id),
            "state": JSONValue(holder.state.rawValue),
            "atWork": .bool(isAtWork),
            "queue": .array(queue.map(RecordJSON.object)),
            "change": JSONValue(change),
            "next": .array(next.map(JSONValue.init)),
            "applied": .bool(isApplied),
            "text": JSONValue(text.isEmpty ? nil : text),
        ])
        return .object(head.members + evidence.members.filter { $0.key != "remedies" })
    }
}
