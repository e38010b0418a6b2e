package import Model
package import Store

/// Changes schedules in the store, whether an engine is alive or not; every change is in the audit.
///
/// The next instant is worked out here, so that the store is right by itself; an engine that is
/// alive notices the commit.
package struct ScheduleDesk {
    private let tx: any StoreTransaction
    private let zones: ZoneSource
    private let user: String
    private let identity: Identity?
    private let reason: String
    private let rules: EngineRules
    private let now: Timestamp
    private let wall: Timestamp

    /// A desk that writes in one transaction, for one person.
    ///
    /// `now` is the store's time; `wall` is what the clock on the wall shows, by which instants are
    /// meant, and the same if left out. `rules` are those by which a job of a schedule is accepted.
    package init(
        _ tx: any StoreTransaction,
        zones: ZoneSource = .system,
        by user: String,
        as identity: Identity? = nil,
        reason: String = "",
        rules: EngineRules = EngineRules(),
        at now: Timestamp,
        wall: Timestamp? = nil
    ) {
        self.wall = wall ?? now
        self.rules = rules
        self.identity = identity
        self.tx = tx
        self.zones = zones
        self.user = user
        self.reason = reason
        self.now = now
    }

    /// Writes a new schedule.
    ///
    /// - Throws: ``StoreError``.
    package func add(_ schedule: Schedule) throws -> RequestOutcome {
        var outcome = RequestOutcome.done("added")
        if let why = Self.refusal(of: schedule) {
            outcome = .refused(why)
        } else if try tx.schedule(named: schedule.name) != nil {
            outcome = .refused("there is a schedule \(schedule.name) already; edit it")
        } else if try tx.schedules().count >= StoreLimits.schedules {
            outcome = .refused("there are \(StoreLimits.schedules) schedules; remove some first")
        } else {
            var state = ScheduleState(number: try tx.takeScheduleNumber(), nextAt: nil, at: now)
            state.nextAt = try next(schedule, state)
            try tx.save([StoredSchedule(schedule, state)])
        }
        return try noted("add", schedule.name, before: "", after: schedule.summary, outcome)
    }

    /// Changes a schedule; instants that passed unseen are forgotten if its times change.
    ///
    /// - Throws: ``StoreError``.
    package func edit(
        _ name: String,
        _ word: String = "edit",
        _ change: (inout Schedule) -> Void
    ) throws -> RequestOutcome {
        guard var stored = try tx.schedule(named: name) else { return try unknown(word, name) }
        let old = stored.schedule
        change(&stored.schedule)
        stored.schedule.name = name
        let new = stored.schedule
        if let why = Self.refusal(of: new) {
            return try noted(word, name, before: old.summary, after: old.summary, .refused(why))
        }
        if !new.hasSameTimes(as: old) { stored.state.nextAt = try next(new, stored.state) }
        stored.state.revision += 1
        stored.state.updatedAt = now
        if !new.isEnabled { try dropWaiting(&stored) }
        try tx.save([stored])
        return try noted(
            word,
            name,
            before: old.summary,
            after: new.summary,
            .done(word + (word.hasSuffix("e") ? "d" : "ed"))
        )
    }

    /// Switches a schedule on or off; runs that wait are left out when it is switched off.
    ///
    /// - Throws: ``StoreError``.
    package func setEnabled(_ name: String, _ isEnabled: Bool) throws -> RequestOutcome {
        try edit(name, isEnabled ? "enable" : "disable") { $0.isEnabled = isEnabled }
    }

    /// Removes a schedule with its history; jobs it made stay and go on.
    ///
    /// - Throws: ``StoreError``.
    package func remove(_ name: String) throws -> RequestOutcome {
        guard let stored = try tx.schedule(named: name) else { return try unknown("remove", name) }
        try tx.removeSchedules([stored.state.number])
        let before = stored.schedule.summary
        return try noted("remove", name, before: before, after: "", .done("removed"))
    }

    /// Makes one of its jobs now, whatever else of it runs, and whether it is enabled or not.
    ///
    /// - Throws: ``StoreError``.
    package func run(_ name: String, chance: inout SeededChance) throws -> RequestOutcome {
        guard var stored = try tx.schedule(named: name) else { return try unknown("run", name) }
        var submission = stored.schedule.submission
        submission.user = user
        let outcome = try OutsideSubmission.insert(
            submission,
            into: tx,
            chance: &chance,
            at: now,
            rules: rules
        )
        if case .accepted(let id) = outcome {
            let number = stored.state.runs + 1
            var run = ScheduleRun(number: number, due: wall, at: now, outcome: .made)
            run.isManual = true
            run.job = id
            run.text = "asked for by \(user)"
            stored.state.runs = number
            stored.state.made += 1
            try tx.save([stored])
            try tx.save([(stored.state.number, run)])
        }
        return try noted("run", name, before: "", after: "", outcome)
    }

    // MARK: Parts

    private static func refusal(of schedule: Schedule) -> String? {
        do {
            try schedule.check()
            return nil
        } catch {
            return error.text
        }
    }

    /// The next instant on the wall's clock from now on; none that was run before, even if that
    /// clock was set back.
    private func next(_ schedule: Schedule, _ state: ScheduleState) throws -> Timestamp? {
        guard schedule.isEnabled else { return nil }
        let moment = max(wall, state.lastDue ?? wall)
        return schedule.next(after: moment, in: try zones(schedule.zone))
    }

    private func dropWaiting(_ stored: inout StoredSchedule) throws {
        let number = stored.state.number
        let runs = try tx.unfinishedRuns(ofSchedules: [number])[number] ?? []
        let dropped = runs.filter { $0.outcome == .waiting }.map { run in
            var run = run
            run.outcome = .skipped
            run.text = "the schedule was disabled"
            return run
        }
        stored.state.skipped += Int64(dropped.count)
        try tx.save(dropped.map { (number, $0) })
    }

    private func unknown(_ word: String, _ name: String) throws -> RequestOutcome {
        let near = try tx.schedules().map(\.schedule.name)
        let known = near.isEmpty ? "there are none" : "there are " + Self.list(near)
        let outcome = RequestOutcome.notFound("there is no schedule “\(name)”; \(known)")
        return try noted(word, name, before: "", after: "", outcome)
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
    }

    private func noted(
        _ action: String,
        _ name: String,
        before: String,
        after: String,
        _ outcome: RequestOutcome
    ) throws -> RequestOutcome {
        let subject = Subject.schedule(name).description
        var entry = AuditEntry(at: now, user: user, action: action, subject: subject)
        entry.account = identity?.account ?? ""
        entry.origin = identity?.origin ?? ""
        entry.reason = reason
        entry.before = before
        entry.after = after
        entry.outcome = outcome.words
        try tx.append([entry])
        return outcome
    }
}

extension Schedule {
    /// The schedule in one line, for the audit.
    var summary: String {
        let what = target == .none ? kind : "\(kind) on \(target)"
        let words = [
            what, rule.text, zone, "dst \(dst.rawValue)", "overlap \(overlap.rawValue)",
            "missed \(missed.text)", isEnabled ? "enabled" : "disabled",
        ]
        let values = SecretMask.masked(parameters).sorted { $0.key < $1.key }
        return (words + values.map { "\($0.key)=\($0.value)" }).joined(separator: ", ")
    }
}
