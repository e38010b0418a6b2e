import Model

/// The columns of a run of a schedule.
enum RunColumns {
    static let list = "schedule, number, due, at, is_manual, outcome, job, ended, count, text"

    static func bind(_ schedule: Int64, _ run: ScheduleRun, to query: inout Query) {
        query.bind(schedule)
        query.bind(run.number)
        query.bind(run.due)
        query.bind(run.at)
        query.bind(run.isManual)
        query.bind(run.outcome.rawValue)
        query.bind(run.job)
        query.bind(run.ended?.code)
        query.bind(run.count)
        query.bind(run.text)
    }

    static func decode(_ query: inout Query) throws -> (schedule: Int64, run: ScheduleRun) {
        let (schedule, number) = (query.readInt64(), query.readInt64())
        let (due, at) = (query.readTime(), query.readTime())
        let isManual = query.readBool()
        let outcome: ScheduleRun.Outcome = query.readWord(or: .skipped)
        var run = ScheduleRun(number: number, due: due, at: at, outcome: outcome)
        run.isManual = isManual
        run.job = query.readOptionalJob()
        if let code = query.readOptionalInt() {
            guard let state = JobState(code: code) else { throw Query.unknown("state \(code)") }
            run.ended = state
        }
        run.count = query.readInt()
        run.text = query.readText()
        return (schedule, run)
    }
}

extension SQLiteReader {
    func runs(ofSchedule number: Int64, limit: Int) throws -> [ScheduleRun] {
        let sql = """
            SELECT \(RunColumns.list) FROM schedule_run WHERE schedule = ?
            ORDER BY number DESC LIMIT ?
            """
        return try query(sql) { query in
            query.bind(number)
            query.bind(max(0, limit))
            var found: [ScheduleRun] = []
            while try query.step() { found.append(try RunColumns.decode(&query).run) }
            return found
        }
    }

    func unfinishedRuns(ofSchedules numbers: [Int64]) throws -> [Int64: [ScheduleRun]] {
        let sql = """
            SELECT \(RunColumns.list) FROM schedule_run INDEXED BY schedule_run_unfinished
            WHERE schedule IN (?)
                AND (outcome = 'waiting' OR (outcome = 'made' AND ended IS NULL))
            ORDER BY schedule, number
            """
        var found: [Int64: [ScheduleRun]] = [:]
        try rows(sql, in: numbers) { query in
            let (schedule, run) = try RunColumns.decode(&query)
            found[schedule, default: []].append(run)
        }
        return found
    }

    func waitingSchedules() throws -> [Int64] {
        let sql = """
            SELECT DISTINCT schedule FROM schedule_run INDEXED BY schedule_run_unfinished
            WHERE (outcome = 'waiting' OR (outcome = 'made' AND ended IS NULL))
                AND outcome = 'waiting'
            ORDER BY schedule
            """
        return try query(sql) { query in
            var found: [Int64] = []
            while try query.step() { found.append(query.readInt64()) }
            return found
        }
    }

    func schedules(ofOpenJobs jobs: [JobID]) throws -> [JobID: Int64] {
        let sql = """
            SELECT job, schedule FROM schedule_run INDEXED BY schedule_run_open
            WHERE job IN (?) AND job IS NOT NULL AND ended IS NULL
            """
        var found: [JobID: Int64] = [:]
        try rows(sql, in: jobs.map(\.number)) { query in
            let job = query.readJob()
            found[job] = query.readInt64()
        }
        return found
    }
}

extension SQLiteTransaction {
    func save(_ runs: [(schedule: Int64, run: ScheduleRun)]) throws {
        let marks = Array(repeating: "?", count: 10).joined(separator: ", ")
        let sql = """
            INSERT INTO schedule_run (\(RunColumns.list)) VALUES (\(marks))
            ON CONFLICT (schedule, number) DO UPDATE SET due = excluded.due, at = excluded.at,
                is_manual = excluded.is_manual, outcome = excluded.outcome, job = excluded.job,
                ended = excluded.ended, count = excluded.count, text = excluded.text
            """
        try query(sql) { query in
            for (schedule, run) in runs {
                RunColumns.bind(schedule, run, to: &query)
                try query.run()
            }
        }
        for schedule in Set(runs.map(\.schedule)).sorted() { try trimRuns(of: schedule) }
    }

    private func trimRuns(of schedule: Int64) throws {
        let sql = """
            DELETE FROM schedule_run WHERE schedule = ?1 AND number <=
                (SELECT max(number) FROM schedule_run WHERE schedule = ?1) - ?2
                AND outcome <> 'waiting' AND (outcome <> 'made' OR ended IS NOT NULL)
            """
        try query(sql) { query in
            query.bind(schedule)
            query.bind(StoreLimits.runsPerSchedule)
            try query.run()
        }
    }
}
