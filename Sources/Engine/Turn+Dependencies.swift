import Model
import Store

/// Jobs that come after others: what they wait for, and what happens when those have ended.
extension Turn {
    /// Why jobs that are to be waited for cannot be; nil if all of them are here.
    func missingPrerequisite(_ ids: [JobID]) throws -> String? {
        guard !ids.isEmpty else { return nil }
        try load(ids)
        guard let id = ids.first(where: { entries[$0] == nil }) else { return nil }
        return SubmissionCheck.missing(id, newest: try tx.newestJob())
    }

    /// Has a job that another process wrote wait for what it named there.
    ///
    /// Its prerequisites may have ended since it was written, so they are counted anew.
    func countPrerequisites(of entry: Entry) throws {
        guard entry.state == .pending, entry.stored.prerequisites > 0 else { return }
        entry.stored.prerequisites = 0
        try awaitOpen(try tx.prerequisites(of: entry.id), of: entry)
    }

    /// Has a new job wait for others; those that have ended already are not waited for.
    func attachPrerequisites(_ ids: [JobID], to entry: Entry) throws {
        guard !ids.isEmpty else { return }
        dependencies.append((entry.id, ids))
        try awaitOpen(ids, of: entry)
    }

    private func awaitOpen(_ ids: [JobID], of entry: Entry) throws {
        try load(ids)
        var open: Set<JobID> = []
        for id in ids {
            guard let other = entries[id] else {
                // It ended and was removed since. How it ended is not known, so no success is
                // assumed.
                if try missed(entry, "\(id), which it comes after, is no longer here") { return }
                continue
            }
            guard other.state.isTerminal else {
                open.insert(id)
                continue
            }
            if try hear(of: other, entry) { return }
        }
        entry.stored.prerequisites += open.count
        entry.isDirty = true
        memory.dependedOn.formUnion(open)
    }

    /// Tells the jobs that come after one that has just ended.
    func tellDependents(of entry: Entry) throws {
        guard memory.dependedOn.remove(entry.id) != nil else { return }
        var ids = try tx.dependents(of: entry.id)
        ids += dependencies.filter { $0.on.contains(entry.id) }.map(\.job)
        try load(ids)
        for id in ids {
            guard let other = entries[id], other.state == .pending else { continue }
            if try hear(of: entry, other) { continue }
            other.stored.prerequisites -= 1
            other.isDirty = true
            schedule(other)
        }
    }

    /// Takes in that a prerequisite has ended; says whether the job has ended by it.
    private func hear(of prerequisite: Entry, _ entry: Entry) throws -> Bool {
        switch prerequisite.state {
        case .completed, .warning: false
        default:
            try missed(
                entry,
                "\(prerequisite.job.name), which it comes after, ended as "
                    + prerequisite.state.rawValue
            )
        }
    }

    /// Ends a job whose prerequisite did not complete, unless it is to run all the same.
    ///
    /// - Returns: whether it has ended.
    private func missed(_ entry: Entry, _ text: String) throws -> Bool {
        switch entry.stored.extra.afterFailure {
        case .run:
            log(entry, .warning, "\(text); it goes on all the same")
            return false
        case .fail:
            entry.job.cause = .dependencyFailed
            entry.job.code = .prerequisiteFailed
            entry.job.message = text
            try move(entry, to: .failed, text)
        case .skip:
            entry.job.cause = .dependencyFailed
            entry.job.code = .skipped
            entry.job.message = "skipped: \(text)"
            try move(entry, to: .aborted, entry.job.message)
        }
        return true
    }

    /// Says which jobs a job waits for, by name.
    func waitForPrerequisites(_ entry: Entry) throws {
        guard entry.job.parentID == nil else {
            return wait(entry, .lane, on: "its parent's limit of children at once")
        }
        var open = try entry.before == nil ? [] : openInStore(entry)
        if open.isEmpty {
            let ids = Set(dependencies.filter { $0.job == entry.id }.flatMap(\.on)).sorted()
            open = ids.lazy.compactMap { self.entries[$0] }.filter { !$0.state.isTerminal }
                .prefix(Self.namedPrerequisites).map(\.job.name)
        }
        let more = entry.stored.prerequisites - open.count
        let names = open.joined(separator: ", ")
        let text = more > 0 ? "\(names) and \(more) more" : names
        // Since when it waits does not change because one of them has ended.
        let since = entry.job.waiting?.reason == .dependency ? entry.job.waiting?.since : nil
        let waiting = Waiting(.dependency, on: text, since: since ?? now)
        guard entry.job.waiting != waiting else { return }
        entry.job.waiting = waiting
        entry.isDirty = true
    }

    /// The store's word on what is open, without what has ended in this turn.
    private func openInStore(_ entry: Entry) throws -> [String] {
        let limit = Self.namedPrerequisites
        let links = try tx.openPrerequisites(of: entry.id, limit: limit + entries.count)
        return links.lazy.filter { self.entries[$0.id]?.state.isTerminal != true }
            .prefix(limit).map(\.name)
    }

    /// How many of the jobs it waits for are named.
    private static let namedPrerequisites = 3
}

extension Job {
    /// The job in words: `job-12 (vm.start vm/web-1)`.
    var name: String { JobLink.name(id, kind, target) }
}

extension ResultCode {
    /// A job that it comes after did not complete.
    static let prerequisiteFailed = ResultCode(
        domain: "signalbox",
        number: 10,
        name: "PREREQUISITE_FAILED"
    )
    /// The same, and it was submitted to be left out then.
    static let skipped = ResultCode(domain: "signalbox", number: 11, name: "SKIPPED")
}
