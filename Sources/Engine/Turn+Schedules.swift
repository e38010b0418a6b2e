import Model
import Store

/// Schedules: a due instant becomes a job, or the record of why it did not.
///
/// The next instant, the record and the job's row are one transaction, so that whatever crashes, an
/// instant makes its job exactly once. Instants are of the clock on the wall, as due times are.
extension Turn {
    /// Runs what is due; reads anew when something is if another process may have changed it.
    func runSchedules(isChecking: Bool) throws {
        if isChecking { memory.nextSchedule = try tx.nextSchedule() }
        guard let next = memory.nextSchedule, next <= wall else { return }
        let due = try tx.dueSchedules(at: wall, limit: Self.scheduleLimit)
        try takeInHand(due)
        for stored in due {
            if let item = schedules[stored.state.number] { try runDue(item) }
        }
    }

    /// How many schedules are looked at in one turn; the others are in the next.
    static let scheduleLimit = 100

    /// Decides until nothing is left to decide, including runs that waited for jobs to end.
    func settleAll(isFirst: Bool) throws {
        if isFirst { try takeInHand(tx.schedules(tx.waitingSchedules())) }
        var isNew = isFirst
        repeat {
            try settle()
            guard isNew || !endedOfSchedules.isEmpty else { return }
            isNew = false
            try followEnded()
            for number in schedules.keys.sorted() {
                if let item = schedules[number] { try release(item) }
            }
        } while !agenda.isEmpty || !dirtyLanes.isEmpty || !endedOfSchedules.isEmpty
    }

    // MARK: Taking in hand

    private func takeInHand(_ found: [StoredSchedule]) throws {
        let new = found.filter { schedules[$0.state.number] == nil }
        guard !new.isEmpty else { return }
        let runs = try tx.unfinishedRuns(ofSchedules: new.map(\.state.number))
        for stored in new {
            let number = stored.state.number
            schedules[number] = ScheduleInHand(stored, runs: runs[number] ?? [])
        }
    }

    /// Tells schedules of their jobs that ended in this turn.
    private func followEnded() throws {
        let ended = endedOfSchedules
        endedOfSchedules = []
        let known = try tx.schedules(ofOpenJobs: ended)
        try takeInHand(tx.schedules(Set(known.values).sorted()))
        for item in schedules.values {
            for job in ended {
                if let state = entries[job]?.state { item.end(job, as: state) }
            }
        }
    }

    // MARK: Due instants

    private func runDue(_ item: ScheduleInHand) throws {
        guard let first = item.state.nextAt, first <= wall else { return }
        if let damage = item.state.damage {
            item.refuse(due: first, at: now, "its row is damaged: \(damage); add it anew")
            item.state.nextAt = nil
            return
        }
        let zone: any ZoneRules
        do {
            zone = try zones(item.schedule.zone)
        } catch {
            item.refuse(due: first, at: now, error.text)
            item.state.nextAt = nil
            return
        }
        let due = item.schedule.due(from: first, upTo: wall, limit: item.limit, in: zone)
        item.state.nextAt = item.schedule.next(after: wall, in: zone)
        item.state.lastDue = due.newest.last ?? first
        item.isDirty = true
        var isRun = true
        if case .skip = item.schedule.missed, let newest = due.newest.last {
            isRun = wall - newest <= MissedPolicy.grace
        }
        item.miss(due.others + (isRun ? 0 : due.newest.count), from: first, due.isExact, at: now)
        for instant in due.newest where isRun { try run(item, due: instant) }
    }

    /// Applies the policy for overlapping runs to one instant.
    private func run(_ item: ScheduleInHand, due: Timestamp) throws {
        var run = item.newRun(due: due, at: now, .waiting)
        let open = try openJobs(of: item)
        let waiting = item.waiting
        let policy = item.schedule.overlap
        if policy == .parallel || (open.isEmpty && waiting.isEmpty) {
            return try make(&run, of: item)
        }
        let holder = open.first.map { "\($0.id) has not ended" } ?? "an earlier run waits"
        switch policy {
        case .skip: item.skip(&run, holder)
        case .queue where waiting.count >= OverlapPolicy.waitingLimit:
            item.skip(&run, "\(waiting.count) runs wait already")
        case .bufferOne where !waiting.isEmpty: item.skip(&run, "a run waits already")
        case .queue, .bufferOne, .parallel: item.keep(run, saying: holder)
        case .replace, .cancelOther:
            for older in waiting { item.replace(older) }
            let level: StopLevel = policy == .replace ? .abort : .cancel
            let obstacle = try stopAll(open, level, for: item.schedule)
            item.keep(run, saying: obstacle ?? "\(holder); it is being stopped")
        }
    }

    /// Stops the open jobs of a schedule; returns why one of them cannot be stopped.
    private func stopAll(
        _ open: [Entry],
        _ level: StopLevel,
        for schedule: Schedule
    ) throws -> String? {
        var obstacle: String?
        for entry in open {
            let reason = "schedule \(schedule.name) is due again"
            let outcome = try stop(entry, level, by: "engine", reason: reason)
            if case .refused(let why) = outcome { obstacle = obstacle ?? why }
        }
        return obstacle
    }

    /// The jobs of a schedule that have not ended.
    private func openJobs(of item: ScheduleInHand) throws -> [Entry] {
        try item.openJobs.compactMap { try entry($0) }.filter { !$0.state.isTerminal }
    }

    /// Makes the job of a run, or records why there can be none.
    private func make(_ run: inout ScheduleRun, of item: ScheduleInHand) throws {
        switch try submit(item.schedule.submission) {
        case .accepted(let id), .existing(let id), .joined(let id): item.made(&run, id)
        case .refused(let why), .notFound(let why), .done(let why): item.refuse(&run, why)
        }
    }

    /// Lets the oldest run that waits go on if nothing is before it any more.
    private func release(_ item: ScheduleInHand) throws {
        while !item.isDamaged, var run = item.waiting.first, try openJobs(of: item).isEmpty {
            run.at = now
            run.text = ""
            try make(&run, of: item)
        }
    }

    // MARK: Others

    /// Counts the second attempt at a scheduled job among the runs of its schedule.
    func noteRetry(of old: Entry, by new: JobID) throws {
        guard let name = old.job.schedule, let stored = try tx.schedule(named: name) else { return }
        try takeInHand([stored])
        guard let item = schedules[stored.state.number] else { return }
        var run = item.newRun(due: wall, at: now, .made)
        run.isManual = true
        run.text = "\(old.id) again"
        item.made(&run, new)
    }

    /// Writes changed schedules and runs.
    func flushSchedules() throws {
        let changed = schedules.keys.sorted().compactMap { schedules[$0] }.filter(\.isDirty)
        guard !changed.isEmpty else { return }
        let (damaged, whole) = (changed.filter(\.isDamaged), changed.filter { !$0.isDamaged })
        try tx.save(whole.map(\.stored))
        try tx.haltSchedules(damaged.map(\.state.number))
        try tx.save(changed.flatMap { item in item.changed.map { (item.state.number, $0) } })
        memory.nextSchedule = try tx.nextSchedule()
    }
}
