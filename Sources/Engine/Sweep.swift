package import Model
package import Store

/// What a sweep remembers until the next: how far the journal was read, and when to go on.
///
/// None of it is truth; a sweep that begins anew finds the same jobs.
package struct SweepMemory: Sendable {
    /// The line of the journal up to which nothing is left to do, by outcome.
    var cursors: [JobState: Int64] = [:]
    /// When the first job behind the cursor is due, by outcome: nothing is read before.
    var dueAt: [JobState: Timestamp] = [:]
    /// The same for the bound on the number of jobs.
    var boundCursor: Int64 = 0
    /// How many ended jobs are not archived.
    var ended = 0
    /// When there is something to do again; nil for not before another job ends.
    package var nextAt: Timestamp?
    /// When jobs that were passed over are looked at again, nil if there were none.
    var recheckAt: Timestamp?

    /// A sweep that begins at `moment`.
    package init(from moment: Timestamp?) { nextAt = moment }

    /// Takes note of a job that ended.
    mutating func note(
        _ state: JobState,
        isRoot: Bool,
        at now: Timestamp,
        under retention: Retention
    ) {
        ended += 1
        guard isRoot else { return }
        let age = ended > retention.maxJobs ? 0 : retention.ages[state]
        if let moment = age.map({ now + $0 }) { nextAt = min(nextAt ?? moment, moment) }
    }
}

/// Moves jobs that have ended long enough ago to the archive, and removes archived ones.
///
/// Works in small parts, each in a transaction that is somebody else's: the engine's turn, or one
/// of a command.
package struct Sweep {
    let retention: Retention
    let now: Timestamp
    /// How many jobs are moved or removed at most; a larger tree goes alone.
    let limit: Int

    /// Lines of the journal that are read at once.
    private static let window = 1000
    /// How long jobs that are pinned or waited for are left alone before they are looked at again.
    private static let recheck: Int64 = 3_600_000

    /// A part of the work under these rules, at that moment.
    package init(_ retention: Retention, at now: Timestamp, limit: Int = 100) {
        self.retention = retention
        self.now = now
        self.limit = limit
    }

    /// Does one part; `memory` then says when there is more to do.
    package func run(_ memory: inout SweepMemory, in tx: any StoreTransaction) throws -> SweepCount
    {
        var part = Part(left: limit)
        if let recheck = memory.recheckAt, recheck <= now { memory = SweepMemory(from: now) }
        let counts = try tx.counts()
        memory.ended = counts.total - counts.unfinished
        for (state, age) in retention.ages.sorted(by: { $0.key.code < $1.key.code }) {
            if let due = memory.dueAt[state], due > now {
                part.wake(at: due)
                continue
            }
            var cursor = memory.cursors[state] ?? 0
            memory.dueAt[state] = try move([state], after: age, &cursor, &part, tx)
            memory.cursors[state] = cursor
        }
        try enforceBound(&memory, &part, tx)
        try remove(&part, tx)
        memory.ended -= part.count.moved.total
        if part.hasPassedOver { memory.recheckAt = memory.recheckAt ?? now + Self.recheck }
        memory.nextAt = [part.nextAt, memory.recheckAt, part.hasMore ? now : nil]
            .compactMap { $0 }.min()
        return part.count
    }

    /// What one part of the work has done so far.
    private struct Part {
        var left: Int
        var count = SweepCount()
        var hasMore = false
        var hasPassedOver = false
        var nextAt: Timestamp?

        mutating func wake(at moment: Timestamp) { nextAt = min(nextAt ?? moment, moment) }
    }

    // MARK: Into the archive

    /// Moves what is due; returns when the first job is that is not, if all before it was moved.
    @discardableResult
    private func move(
        _ states: Set<JobState>,
        after age: Int64,
        atMost bound: Int = .max,
        _ cursor: inout Int64,
        _ part: inout Part,
        _ tx: any StoreTransaction
    ) throws -> Timestamp? {
        guard part.left > 0 else {
            part.hasMore = true
            return nil
        }
        let found = try tx.ended(
            after: cursor,
            in: states,
            until: now + -age,
            window: Self.window
        )
        var due: [EndedLines.Line] = []
        for line in found.lines {
            guard line.at + age <= now else {
                part.wake(at: line.at + age)
                let end = line.sequence - 1
                try move(due, upTo: end, atMost: bound, &cursor, &part, tx)
                return cursor == end ? line.at + age : nil
            }
            due.append(line)
        }
        try move(due, upTo: found.last, atMost: bound, &cursor, &part, tx)
        if !found.isEnd { part.hasMore = true }
        return nil
    }

    private func move(
        _ due: [EndedLines.Line],
        upTo end: Int64,
        atMost bound: Int,
        _ cursor: inout Int64,
        _ part: inout Part,
        _ tx: any StoreTransaction
    ) throws {
        let trees = try tx.endedTrees(of: due.map(\.job))
        let byRoot = Dictionary(trees.map { ($0.root, $0) }) { first, _ in first }
        let room = min(part.left, bound)
        var taken: [EndedTree] = []
        var size = 0
        cursor = end
        for line in due {
            guard let tree = byRoot[line.job] else { continue }
            if size > 0 && size + tree.members.count > room || size >= room {
                cursor = line.sequence - 1
                part.hasMore = true
                break
            }
            taken.append(tree)
            size += tree.members.count
        }
        try tx.archive(taken, at: now)
        part.left -= size
        for state in taken.flatMap(\.members.values) { part.count.moved[state] += 1 }
        if try hasPassedOver(due, byRoot, tx) { part.hasPassedOver = true }
    }

    /// Whether some root was due and may not be moved.
    private func hasPassedOver(
        _ due: [EndedLines.Line],
        _ trees: [JobID: EndedTree],
        _ tx: any StoreTransaction
    ) throws -> Bool {
        let others = due.map(\.job).filter { trees[$0] == nil }
        guard !others.isEmpty else { return false }
        return try tx.jobs(others).contains {
            $0.job.parentID == nil && $0.job.archivedAt == nil
        }
    }

    private func enforceBound(
        _ memory: inout SweepMemory,
        _ part: inout Part,
        _ tx: any StoreTransaction
    ) throws {
        let surplus = memory.ended - part.count.moved.total - retention.maxJobs
        guard surplus > 0 else { return }
        let terminal = Set(JobState.allCases.filter(\.isTerminal))
        try move(terminal, after: 0, atMost: surplus, &memory.boundCursor, &part, tx)
    }

    // MARK: Out of the archive

    private func remove(_ part: inout Part, _ tx: any StoreTransaction) throws {
        let surplus = try tx.archive().counts.total - retention.maxArchived
        try removeOld(&part, tx)
        let open = surplus - part.count.removed
        if open > 0, part.left > 0 {
            let room = min(part.left, open)
            try remove(try tx.archivedRoots(before: nil, limit: room), surplus, &part, tx)
        } else if open > 0 {
            part.hasMore = true
        }
        guard let age = retention.archiveAge, let oldest = try tx.archive().oldest else { return }
        part.wake(at: oldest + age)
    }

    private func removeOld(_ part: inout Part, _ tx: any StoreTransaction) throws {
        guard let age = retention.archiveAge else { return }
        guard part.left > 0 else {
            part.hasMore = true
            return
        }
        let end = Timestamp(milliseconds: now.milliseconds - age)
        let roots = try tx.archivedRoots(before: end, limit: part.left)
        try remove(roots, .max, &part, tx)
        if part.left <= 0 { part.hasMore = true }
    }

    /// Removes trees one after the other until enough is done.
    private func remove(
        _ roots: [JobID],
        _ bound: Int,
        _ part: inout Part,
        _ tx: any StoreTransaction
    ) throws {
        for root in roots where part.left > 0 && part.count.removed < bound {
            let size = try tx.expunge([root])
            part.left -= size
            part.count.removed += size
        }
        if part.left <= 0 { part.hasMore = true }
    }
}
