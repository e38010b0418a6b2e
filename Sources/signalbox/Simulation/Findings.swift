import Hypervisor
import Model
import Store

/// What must hold after everything has come to rest, and whether it does.
struct Findings {
    /// One rule with those who break it.
    struct Finding {
        let rule: String
        let offenders: [String]
        var holds: Bool { offenders.isEmpty }
    }

    private(set) var findings: [Finding] = []
    /// How many jobs there are in each state.
    let counts: Counts
    private let jobs: [JobID: Job]

    /// Looks at the outcome of a simulation.
    init(_ outcome: Simulation.Outcome) throws {
        let store = outcome.store
        counts = try store.read { try $0.counts() }
        jobs = try Self.allJobs(store)
        let recount = try store.read { try $0.recount() }
        note("every job has ended", jobs.values.filter { !$0.state.isTerminal }.map(Self.name))
        note(
            "the counters are what counting gives",
            recount == counts ? [] : ["\(counts) instead of \(recount)"]
        )
        let locks = try store.read { try $0.locks(limit: 10_000) }
        note(
            "no lock is left of a job that ended",
            locks.filter { jobs[$0.ticket.job]?.state.isTerminal ?? true }.map {
                "\($0.ticket.resource) of \($0.ticket.job)"
            }
        )
        note("no VM is left in a transitional state", transitional(outcome.hypervisor.inventory()))
        note("no parent ended before its children", early())
        let ends = try Self.ends(store)
        note(
            "every job moved into exactly one terminal state, and out of none",
            jobs.keys.sorted().filter { ends[$0, default: 0] != 1 }.map { "\($0)" }
        )
    }

    var holds: Bool { findings.allSatisfy(\.holds) }

    private mutating func note(_ rule: String, _ offenders: [String]) {
        findings.append(Finding(rule: rule, offenders: offenders.sorted()))
    }

    private static func name(_ job: Job) -> String { "\(job.id) (\(job.kind), \(job.state.word))" }

    private static func allJobs(_ store: SQLiteStore) throws -> [JobID: Job] {
        var jobs: [JobID: Job] = [:]
        var query = JobQuery(order: .oldest, limit: 1000)
        while true {
            let rows = try store.read { try $0.page(query, at: Timestamp(milliseconds: 0)).rows }
            for row in rows { jobs[row.job.id] = row.job }
            guard rows.count == query.limit else { return jobs }
            query.offset += rows.count
        }
    }

    /// VMs between two states, but those whose job said that something is left behind.
    private func transitional(_ inventory: Inventory) -> [String] {
        let excused = Set(
            jobs.values.filter { $0.rollback != .clean && $0.rollback != .notNeeded }
                .map(\.target.name)
        )
        return inventory.vms.all.filter { $0.state.isTransitional && !excused.contains($0.name) }
            .map { "\($0.name) (\($0.state.rawValue))" }
    }

    private func early() -> [String] {
        jobs.values.compactMap { job in
            guard let parent = job.parentID.flatMap({ jobs[$0] }), let end = parent.finishedAt,
                job.finishedAt.map({ $0 > end }) ?? true
            else { return nil }
            return "\(parent.id) before \(job.id)"
        }
    }

    /// How often each job moved into a terminal state; a move out of one counts, too.
    private static func ends(_ store: SQLiteStore) throws -> [JobID: Int] {
        var ends: [JobID: Int] = [:]
        var after: Int64 = 0
        while true {
            let entries = try store.read { try $0.journal(of: nil, after: after, limit: 5000) }
            guard let last = entries.last else { return ends }
            after = last.sequence
            for entry in entries where entry.from != entry.to {
                if entry.to.isTerminal { ends[entry.job, default: 0] += 1 }
                if entry.from?.isTerminal ?? false { ends[entry.job, default: 0] += 1 }
            }
        }
    }
}
