import Model

/// The columns of a schedule, in the order in which they are bound and read.
enum ScheduleColumns {
    static let all = [
        "number", "name", "kind", "target_type", "target_name", "parameters", "priority", "user",
        "account", "cron", "every", "anchor", "zone", "dst", "overlap", "missed", "is_enabled",
        "starts_at", "ends_at", "note", "revision", "next_at", "last_due", "run_count",
        "made_count", "skipped_count", "missed_count", "refused_count", "created_at", "updated_at",
    ]
    static let list = all.joined(separator: ", ")

    static func bind(_ stored: StoredSchedule, to query: inout Query) {
        let (schedule, state) = (stored.schedule, stored.state)
        query.bind(state.number)
        query.bind(schedule.name)
        query.bind(schedule.kind)
        query.bind(schedule.target.type)
        query.bind(schedule.target.name)
        query.bind(FlatJSON.encode(schedule.parameters))
        query.bind(schedule.priority)
        query.bind(schedule.user)
        query.bind(schedule.account)
        bind(schedule.rule, to: &query)
        query.bind(schedule.zone)
        query.bind(schedule.dst.rawValue)
        query.bind(schedule.overlap.rawValue)
        query.bind(schedule.missed.text)
        query.bind(schedule.isEnabled)
        query.bind(schedule.startsAt)
        query.bind(schedule.endsAt)
        query.bind(schedule.note)
        query.bind(state.revision)
        query.bind(state.nextAt)
        query.bind(state.lastDue)
        for count in [state.runs, state.made, state.skipped, state.missed, state.refused] {
            query.bind(count)
        }
        query.bind(state.createdAt)
        query.bind(state.updatedAt)
    }

    private static func bind(_ rule: ScheduleRule, to query: inout Query) {
        switch rule {
        case .cron(let cron):
            query.bind(cron.text)
            query.bindNull()
            query.bindNull()
        case .every(let milliseconds, let anchor):
            query.bindNull()
            query.bind(milliseconds)
            query.bind(anchor)
        }
    }

    static func decode(_ query: inout Query) throws -> StoredSchedule {
        let number = query.readInt64()
        let (name, kind) = (query.readText(), query.readText())
        let target = Target(type: query.readText(), name: query.readText())
        let parameters = query.readParameters()
        let priority = query.readInt()
        let (user, account) = (query.readText(), query.readText())
        let rule = decodeRule(&query)
        var schedule = Schedule(name: name, kind: kind, user: user, rule: rule)
        schedule.target = target
        schedule.parameters = parameters
        schedule.priority = priority
        schedule.account = account
        schedule.zone = query.readText()
        schedule.dst = query.readWord(or: .once)
        schedule.overlap = query.readWord(or: .skip)
        let missed = query.readText()
        if let policy = MissedPolicy(missed) {
            schedule.missed = policy
        } else {
            query.note(damage: "“\(missed.prefix(40))” is no policy for missed runs")
        }
        schedule.isEnabled = query.readBool()
        schedule.startsAt = query.readOptionalTime()
        schedule.endsAt = query.readOptionalTime()
        schedule.note = query.readText()
        var state = decodeState(number, &query)
        state.damage = query.takeDamage()
        return StoredSchedule(schedule, state)
    }

    /// The rule; one that nobody can read is noted, and is far away.
    private static func decodeRule(_ query: inout Query) -> ScheduleRule {
        let cron = query.readOptionalText()
        let (every, anchor) = (query.readInt64(), query.readTime())
        guard let cron else { return .every(milliseconds: every, anchor: anchor) }
        if let rule = try? CronRule(cron) { return .cron(rule) }
        query.note(damage: "“\(cron.prefix(40))” is no cron rule")
        return .every(milliseconds: ScheduleRule.longest, anchor: anchor)
    }

    private static func decodeState(_ number: Int64, _ query: inout Query) -> ScheduleState {
        let revision = query.readInt64()
        let next = query.readOptionalTime()
        var state = ScheduleState(number: number, nextAt: next, at: Timestamp(milliseconds: 0))
        state.revision = revision
        state.lastDue = query.readOptionalTime()
        state.runs = query.readInt64()
        state.made = query.readInt64()
        state.skipped = query.readInt64()
        state.missed = query.readInt64()
        state.refused = query.readInt64()
        state.createdAt = query.readTime()
        state.updatedAt = query.readTime()
        return state
    }
}

extension SQLiteReader {
    func schedules() throws -> [StoredSchedule] {
        try readSchedules("SELECT \(ScheduleColumns.list) FROM schedule ORDER BY name") { _ in }
    }

    func schedule(named name: String) throws -> StoredSchedule? {
        try readSchedules("SELECT \(ScheduleColumns.list) FROM schedule WHERE name = ?") {
            $0.bind(name)
        }.first
    }

    func schedules(_ numbers: [Int64]) throws -> [StoredSchedule] {
        var found: [StoredSchedule] = []
        let sql = "SELECT \(ScheduleColumns.list) FROM schedule WHERE number IN (?) ORDER BY number"
        try rows(sql, in: numbers) { found.append(try ScheduleColumns.decode(&$0)) }
        return try withLastRuns(found)
    }

    func dueSchedules(at now: Timestamp, limit: Int) throws -> [StoredSchedule] {
        let sql = """
            SELECT \(ScheduleColumns.list) FROM schedule INDEXED BY schedule_next
            WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, number LIMIT ?
            """
        return try readSchedules(sql) { query in
            query.bind(now)
            query.bind(max(0, limit))
        }
    }

    func nextSchedule() throws -> Timestamp? {
        let sql = """
            SELECT min(next_at) FROM schedule INDEXED BY schedule_next WHERE next_at IS NOT NULL
            """
        return try query(sql) { try $0.step() ? $0.readOptionalTime() : nil }
    }

    private func readSchedules(
        _ sql: String,
        _ bind: (inout Query) -> Void
    ) throws -> [StoredSchedule] {
        let found = try query(sql) { query in
            bind(&query)
            var found: [StoredSchedule] = []
            while try query.step() { found.append(try ScheduleColumns.decode(&query)) }
            return found
        }
        return try withLastRuns(found)
    }

    private func withLastRuns(_ schedules: [StoredSchedule]) throws -> [StoredSchedule] {
        var last: [Int64: ScheduleRun] = [:]
        let sql = """
            SELECT \(RunColumns.list) FROM schedule_run AS run WHERE schedule IN (?) AND number =
                (SELECT max(number) FROM schedule_run WHERE schedule = run.schedule)
            """
        try rows(sql, in: schedules.map(\.state.number)) { query in
            let (schedule, run) = try RunColumns.decode(&query)
            last[schedule] = run
        }
        return schedules.map { stored in
            var stored = stored
            stored.state.lastRun = last[stored.state.number]
            return stored
        }
    }
}

extension SQLiteTransaction {
    func takeScheduleNumber() throws -> Int64 { try take(1, from: "schedule") }

    func save(_ schedules: [StoredSchedule]) throws {
        let changes = ScheduleColumns.all.dropFirst().map { "\($0) = excluded.\($0)" }
        let marks = ScheduleColumns.all.map { _ in "?" }.joined(separator: ", ")
        let sql = """
            INSERT INTO schedule (\(ScheduleColumns.list)) VALUES (\(marks))
            ON CONFLICT (number) DO UPDATE SET \(changes.joined(separator: ", "))
            """
        try query(sql) { query in
            for stored in schedules {
                ScheduleColumns.bind(stored, to: &query)
                try query.run()
            }
        }
    }

    func haltSchedules(_ numbers: [Int64]) throws {
        try change("UPDATE schedule SET next_at = NULL WHERE number IN (?)", in: numbers)
    }

    func removeSchedules(_ numbers: [Int64]) throws {
        try change("DELETE FROM schedule_run WHERE schedule IN (?)", in: numbers)
        try change("DELETE FROM schedule WHERE number IN (?)", in: numbers)
    }
}
