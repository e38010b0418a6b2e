package import Model
import Store

/// What a checker knows of jobs that ended and of the archive.
struct ArchiveBook {
    /// A job as it was when it ended.
    struct Final {
        var stored: StoredJob
        var steps: [StepRecord]
    }

    var finals: [JobID: Final] = [:]
    /// When each job was archived that is.
    var archived: [JobID: Timestamp] = [:]
    /// Those that were removed from the archive since.
    var removed: Set<JobID> = []
    /// Jobs that somebody was told are pinned.
    var pinned: Set<JobID> = []
}

/// Retention: only trees that have ended are taken, and they stay as they were.
extension InvariantChecker {
    /// Whether a job that ended is not in the store any more.
    package func isRemoved(_ id: JobID) throws -> Bool {
        try store.read { try $0.jobs([id]) }.isEmpty
    }

    /// Looks for jobs that were archived since the last time.
    func noteArchived(_ reader: any StoreReader) throws {
        let ended = known.filter { $0.value.state.isTerminal && archive.archived[$0.key] == nil }
        // Those that are where they were need not be read.
        let hot = Set(try reader.jobs(in: JobState.allCases.filter(\.isTerminal)))
        let ids = ended.keys.filter { !hot.contains($0) }.sorted()
        let rows = Dictionary(try reader.jobs(ids).map { ($0.job.id, $0) }) { first, _ in first }
        let steps = try reader.archivedSteps(of: ids)
        var taken: [JobID] = []
        for id in ids {
            guard let row = rows[id] else { throw Violation("\(id) is gone, but was not archived") }
            guard let moment = row.job.archivedAt else { continue }
            try checkContent(row, steps[id] ?? [])
            try checkMayGo(row, at: moment)
            archive.archived[id] = moment
            counted[row.job.state] -= 1
            taken.append(id)
        }
        for id in taken {
            let kin = (children[id] ?? []) + (known[id]?.parent.map { [$0] } ?? [])
            guard kin.allSatisfy({ archive.archived[$0] != nil }) else {
                throw Violation("\(id) was archived without the rest of its tree")
            }
        }
    }

    /// An archived job says what it said when it ended.
    private func checkContent(_ row: StoredJob, _ steps: [StepRecord]) throws {
        guard let final = archive.finals[row.job.id] else {
            throw Violation("\(row.job.id) was archived, and nobody saw its end")
        }
        var (then, since) = (final.stored.job, row.job)
        // People go on acknowledging, pinning, and settling what was left behind.
        since.attention = then.attention
        since.backend = then.backend
        since.pin = then.pin
        since.archivedAt = nil
        then.archivedAt = nil
        guard then == since, final.stored.extra.parameters == row.extra.parameters,
            final.stored.extra.key == row.extra.key, final.steps.count == steps.count
        else {
            let changes = Self.changes(from: then, to: since)
            throw Violation("\(row.job.id) changed in the archive: \(changes)")
        }
        let isSettled = row.job.cause == .abandoned || declared.contains(row.job.id)
        let hasOpen = final.steps.contains { $0.isUnsettled(final.stored.job.backend) }
        guard isSettled || hasOpen || final.steps == steps else {
            throw Violation("the steps of \(row.job.id) changed in the archive")
        }
    }

    /// Which fields differ, in words.
    private static func changes(from then: Job, to since: Job) -> String {
        zip(Mirror(reflecting: then).children, Mirror(reflecting: since).children)
            .filter { "\($0.value)" != "\($1.value)" }
            .map { "\($0.label ?? "") \($0.value) is \($1.value)" }.joined(separator: ", ")
    }

    /// Whether a job may be archived at that moment.
    private func checkMayGo(_ row: StoredJob, at moment: Timestamp) throws {
        let id = row.job.id
        guard let rules = retention else { throw Violation("\(id) was archived without retention") }
        guard !archive.pinned.contains(id) else {
            throw Violation("\(id) is pinned, and was archived")
        }
        for (other, links) in after where links.ids.contains(id) {
            guard known[other]?.state.isTerminal ?? true else {
                throw Violation("\(id) was archived, and \(other) still waits for it")
            }
        }
        guard row.job.parentID == nil, let end = row.job.finishedAt else { return }
        let hasSurplus = archive.finals.count - archive.archived.count > rules.maxJobs
        let isOld = rules.ages[row.job.state].map { end + $0 <= moment } ?? false
        guard isOld || hasSurplus else {
            throw Violation("\(id) was archived at \(moment), too early; it ended at \(end)")
        }
    }

    /// What is archived is found, unless its time there is over.
    func checkRemoved(_ reader: any StoreReader, at now: Timestamp) throws {
        let ids = archive.archived.keys.filter { !archive.removed.contains($0) }.sorted()
        let there = Set(try reader.jobs(ids).map(\.job.id))
        for id in ids where !there.contains(id) {
            guard let age = retention?.archiveAge, let moment = archive.archived[id],
                moment + age <= now, !archive.pinned.contains(id)
            else { throw Violation("\(id) is gone from the archive") }
            archive.removed.insert(id)
        }
        let counts = try reader.archive().counts
        guard counts.total == there.count else {
            throw Violation("the archive counts \(counts.total) jobs and has \(there.count)")
        }
    }
}
