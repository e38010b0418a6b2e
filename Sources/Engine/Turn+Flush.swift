import HeapModule
import Model
import Store

/// Writing a turn down, and what is remembered of it.
extension Turn {
    /// Writes everything the turn decided.
    func flush() throws {
        try flushJobs()
        if !dependencies.isEmpty {
            for (job, prerequisites) in dependencies {
                try tx.insertDependencies(of: job, on: prerequisites)
            }
        }
        if !joinable.isEmpty { try tx.insertJoinable(joinable) }
        if !unjoinable.isEmpty { try tx.deleteJoinable(unjoinable) }
        if !locks.released.isEmpty { try tx.deleteTickets(of: locks.released.sorted()) }
        if !locks.drawn.isEmpty { try tx.insert(locks.drawn) }
        if !locks.granted.isEmpty { try tx.grant(locks.granted, at: now) }
        if !archived.isEmpty { try flushArchived() }
        if !journal.isEmpty { try tx.append(journal) }
        if !audit.isEmpty { try tx.append(audit) }
        if !logs.isEmpty { try tx.append(logs) }
        if !late.isEmpty { try tx.append(late) }
        for (job, text) in results { try tx.setResult(text, of: job) }
        if !finishedRequests.isEmpty { try tx.finish(finishedRequests) }
        try flushLanes()
        try flushRates()
        if changesDrain { try tx.save(drain: memory.drain) }
        if !schedules.isEmpty { try flushSchedules() }
    }

    /// What was asked of archived jobs stands in their journal there.
    private func flushArchived() throws {
        let lines = journal.filter { archived.contains($0.job) }
        journal.removeAll { archived.contains($0.job) }
        try tx.appendToArchive(lines)
    }

    private func flushJobs() throws {
        var roots: [SavedJob] = []
        var children: [(step: Int, jobs: [SavedJob])] = []
        var updates: [(before: JobStamp, after: SavedJob)] = []
        var planned: [(job: JobID, step: StepRecord)] = []
        var changed: [(job: JobID, step: StepRecord)] = []
        updates.reserveCapacity(order.count)
        for entry in order where entry.isDirty && !entry.isArchived {
            followJoinable(entry)
            let row = SavedJob(entry.stored)
            entry.row = row
            if let before = entry.before {
                updates.append((before, row))
            } else if let step = entry.ofStep {
                if children.last?.step == step {
                    children[children.count - 1].jobs.append(row)
                } else {
                    children.append((step, [row]))
                }
            } else {
                roots.append(row)
            }
            if entry.hasFewerSteps { try tx.trimSteps(of: entry.id, to: entry.steps.count) }
            for index in entry.changedSteps where entry.steps.indices.contains(index) {
                let step = entry.steps[index]
                let isNew = entry.hasNewPlan || index >= entry.firstAdded ?? .max
                if isNew || step.damage != nil {
                    planned.append((entry.id, step))
                } else {
                    changed.append((entry.id, step))
                }
            }
        }
        if !roots.isEmpty { try tx.insert(roots, ofStep: nil) }
        for group in children { try tx.insert(group.jobs, ofStep: group.step) }
        if !updates.isEmpty { try tx.update(updates) }
        if !planned.isEmpty { try tx.save(planned) }
        if !changed.isEmpty { try tx.update(changed) }
        for entry in order where entry.isDirty && entry.hasLimits {
            try flushLimit(of: entry)
        }
    }

    private func flushLanes() throws {
        guard !changedLanes.isEmpty else { return }
        try tx.save(
            changedLanes.sorted().compactMap { name in
                memory.lanes[name].map { LaneLine(name, $0) }
            }
        )
    }

    /// What the engine remembers after the turn's commit.
    func remembered() -> Memory {
        for entry in order {
            let isAtWork = !entry.state.isTerminal && entry.inFlight != nil
            let isParent = entry.state == .childRunning
            memory.entries[entry.id] = isAtWork ? entry : nil
            if isParent || !memory.parents.isEmpty {
                memory.parents[entry.id] = isParent ? entry : nil
            }
            // All else is forgotten with the turn.
            guard isAtWork || isParent else { continue }
            if let row = entry.row { entry.before = JobStamp(row) }
            entry.row = nil
            entry.changedSteps = []
            entry.hasNewPlan = false
            entry.hasFewerSteps = false
            entry.firstAdded = nil
            entry.isDirty = false
            entry.requestedLocks = nil
            entry.ofStep = nil
        }
        // Nobody has to wake up for operations that have ended meanwhile.
        while let first = memory.deadlines.min, !memory.isAtWork(first) {
            _ = memory.deadlines.popMin()
        }
        memory.openRoots = memory.openRoots.map { $0 + rootChange }
        rememberAccounts()
        let (contended, quiet) = locks.contention
        memory.contended.formUnion(contended)
        memory.contended.subtract(quiet)
        return memory
    }
}
