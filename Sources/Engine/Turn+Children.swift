import Model
import Store

/// Parents and children: making children, hearing from them, going on after them.
extension Turn {
    /// Makes the children of a step and waits for them.
    ///
    /// All are made at once, so that an operator sees what is to come; those beyond the step's
    /// limit are held back until others have ended.
    func makeChildren(_ entry: Entry, index: Int, _ children: Children) throws {
        entry.change(index) { step in
            step.state = .running
            step.attempts += 1
            if step.startedAt == nil { step.startedAt = now }
        }
        entry.stored.tally = ChildTally()
        var held = 0
        expectedJobs += children.jobs.count
        for (place, spec) in children.jobs.enumerated() {
            var submission = Submission(
                kind: spec.kind,
                target: spec.target,
                parameters: spec.parameters,
                user: entry.job.user,
                account: entry.job.account,
                priority: entry.job.priority
            )
            submission.lockPolicy = .wait
            submission.rollbackPolicy = entry.stored.extra.rollbackPolicy
            let child = try insertRow(submission, parent: entry)
            child.ofStep = index
            child.stored.weight = max(1, spec.weight)
            if place >= children.concurrency {
                child.stored.prerequisites = 1
                held += 1
            }
            schedule(child)
        }
        entry.stored.tally.made = children.jobs.count
        entry.stored.tally.unfinished = children.jobs.count
        entry.job.childCount += children.jobs.count
        log(
            entry,
            .info,
            "\(entry.steps[index].step.name): \(children.jobs.count) children made"
                + (held > 0 ? ", \(held) held back" : "")
        )
        try move(entry, to: .childQueued, "its children are made")
        wait(entry, .children)
        if children.jobs.isEmpty { schedule(entry) }
    }

    /// Tells a parent of a child's move.
    ///
    /// Called in every move, so that a parent's tally and state
    /// change in the transaction of the child's.
    func tellParent(of child: Entry, from: JobState) throws {
        guard let parentID = child.job.parentID, let parent = try self.entry(parentID),
            !parent.state.isTerminal
        else { return }
        let state = child.state
        let change = (state.isActive ? 1 : 0) - (from.isActive ? 1 : 0)
        parent.stored.tally.active += change
        if state.isTerminal {
            parent.stored.tally.unfinished -= 1
            if state == .failed || state == .aborted { parent.stored.tally.failed += 1 }
            if state == .warning { parent.stored.hasWarning = true }
        }
        guard change != 0 || state.isTerminal else { return }
        parent.isDirty = true
        schedule(parent)
    }

    /// Brings a parent's state in line with its children, and goes on when all have ended.
    func followChildren(_ entry: Entry) throws {
        guard let current = entry.current, case .children(let children) = current.step.work,
            current.state == .running
        else { return }
        let tally = entry.stored.tally
        if tally.unfinished == 0 { return try childrenEnded(entry, children) }
        if tally.failed > 0, children.onFailure == .stop, entry.job.stop == nil {
            try stopUnbegun(of: entry)
        }
        try releaseHeld(of: entry, children)
        if entry.state == .childQueued, entry.stored.tally.active > 0 {
            try move(entry, to: .childRunning, "a child became active")
            wait(entry, .children)
        } else if entry.state == .childRunning, entry.stored.tally.active == 0 {
            try move(entry, to: .childQueued, "no child is active any more")
            wait(entry, .children)
        }
    }

    /// Lets held children go on as far as the step's limit allows.
    private func releaseHeld(of entry: Entry, _ children: Children) throws {
        guard children.concurrency < children.jobs.count else { return }
        // Only their numbers at first: all rows of many children, read for each child that ends,
        // would cost more than everything else.
        let stored = entry.before == nil ? [] : try tx.heldChildren(of: entry.id)
        let inHand = order.filter { child in
            child.job.parentID == entry.id && child.stored.prerequisites > 0
                && !child.state.isTerminal
        }
        let held = stored.filter { entries[$0] == nil } + inHand.map(\.id)
        let free = children.concurrency - (entry.stored.tally.unfinished - held.count)
        guard free > 0, !held.isEmpty else { return }
        let next = held.sorted().prefix(free)
        try load(Array(next))
        for child in next.compactMap({ entries[$0] }) {
            child.stored.prerequisites = 0
            child.isDirty = true
            schedule(child)
        }
    }

    /// Stops the children that have not begun, because another one failed.
    private func stopUnbegun(of entry: Entry) throws {
        for child in try unfinishedChildren(of: entry) where child.job.startedAt == nil {
            _ = try stop(
                child,
                .cancel,
                by: "engine",
                reason: "a sibling failed",
                cause: .stoppedByParent
            )
        }
    }

    /// All children of the current step have ended.
    private func childrenEnded(_ entry: Entry, _ children: Children) throws {
        let tally = entry.stored.tally
        let index = entry.stored.currentStep
        let isFailure: Bool
        switch children.onFailure {
        case _ where entry.job.stop != nil: isFailure = tally.failed > 0
        case .fail, .stop: isFailure = tally.failed > 0
        case .warn: isFailure = tally.made > 0 && tally.failed == tally.made
        }
        entry.change(index) { step in
            step.finishedAt = now
            step.state = isFailure ? (entry.job.stop == nil ? .failed : .interrupted) : .done
            if !isFailure { step.progress = 100 }
        }
        if !isFailure {
            if tally.failed > 0 {
                entry.stored.hasWarning = true
                entry.stored.extra.warning = try childFailure(of: entry, index: index, tally).text
            }
            commitIfPoint(entry, index)
            try setProgress(entry, min(99, entry.weightedProgress))
            return try proceed(entry)
        }
        if entry.job.stop != nil { return try takeStop(entry) }
        try fail(entry, try childFailure(of: entry, index: index, tally), cause: .childFailed)
    }

    /// The failure a parent ends with: its first failed child's, with that child's name.
    private func childFailure(
        of entry: Entry,
        index: Int,
        _ tally: ChildTally
    ) throws -> Failure {
        let ids = try childIDs(of: entry, step: index)
        try load(ids)
        let failed = ids.lazy.compactMap { self.entries[$0] }.first {
            $0.state == .failed || $0.state == .aborted
        }
        let code =
            failed?.job.code
            ?? ResultCode(
                domain: "cloudstack",
                number: 530,
                name: "INTERNAL_ERROR"
            )
        let which = failed.map { "\($0.id) (\($0.job.kind)): \($0.job.message)" } ?? "a child"
        return Failure(code, "\(tally.failed) of \(tally.made) children failed; \(which)")
    }

    // MARK: Finding children

    /// The children that have not ended, oldest first, those of this turn included.
    func unfinishedChildren(of entry: Entry) throws -> [Entry] {
        var ids = entry.before == nil ? [] : try tx.unfinishedChildren(of: entry.id)
        ids += inTurnChildren(of: entry.id)
        try load(ids)
        return ids.compactMap { entries[$0] }.filter { !$0.state.isTerminal }
    }

    /// The children that a step made, oldest first: in the order of its plan.
    func childIDs(of entry: Entry, step: Int) throws -> [JobID] {
        let stored = entry.before == nil ? [] : try tx.children(of: entry.id, step: step)
        let new = inTurnChildren(of: entry.id).filter { entries[$0]?.ofStep == step }
        return stored + new
    }

    private func inTurnChildren(of id: JobID) -> [JobID] {
        order.filter { $0.before == nil && $0.job.parentID == id }.map(\.id)
    }
}
