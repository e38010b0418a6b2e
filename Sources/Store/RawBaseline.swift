import Foundation
import GRDB
import Model

/// The same rows that the life of a job leaves, written by plain SQL and nothing else.
///
/// It decides nothing and checks nothing: what SQLite takes for these rows on this disk, with the
/// same durability, is what the engine's speed is measured against.
package final class RawBaseline {
    private let writer: any DatabaseWriter
    private var next: Int64 = 1
    private var journal: Int64 = 1
    private var log: Int64 = 1
    private let shelf = TextShelf()

    /// Makes an empty store at a path where there is none.
    ///
    /// - Throws: ``StoreError`` if the file cannot be made.
    package init(path: String) throws {
        writer = try StoreFailure.wrapped("make \(path)", path: path) {
            try StoreFile(path: path, patience: 5).open(readOnly: false).writer
        }
    }

    /// Closes the file.
    package func close() throws { try writer.close() }

    /// Writes the lives of `count` jobs: a transaction for the beginnings of a batch, and one for
    /// their ends.
    ///
    /// - Throws: ``StoreError`` if the file cannot be written.
    package func lives(_ count: Int, batch: Int) throws {
        var left = count
        while left > 0 {
            let jobs = next..<next + Int64(min(left, max(1, batch)))
            try transaction { database in
                for job in jobs { try begin(job, database) }
                try tally(jobs.count, from: nil, to: .running, database)
            }
            try transaction { database in
                for job in jobs { try end(job, database) }
                try tally(jobs.count, from: .running, to: .completed, database)
            }
            next = jobs.upperBound
            left -= jobs.count
        }
    }

    /// Writes the beginning of one job and commits.
    ///
    /// - Throws: ``StoreError`` if the file cannot be written.
    package func commitOne() throws {
        try transaction { database in
            try begin(next, database)
            try tally(1, from: nil, to: .running, database)
        }
        next += 1
    }

    private func transaction(_ body: (Database) throws -> Void) throws {
        try StoreFailure.wrapped("write to the baseline", path: nil) {
            try writer.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try body(database)
                    return .commit
                }
            }
        }
    }

    private func run(
        _ sql: String,
        _ database: Database,
        _ bind: (inout Query) -> Void
    ) throws {
        var query = Query(try database.cachedStatement(sql: sql).sqliteStatement, shelf)
        query.reset()
        bind(&query)
        try query.run()
    }

    // MARK: Rows

    private func begin(_ job: Int64, _ database: Database) throws {
        try run(Self.insertJob, database) { query in
            query.bind(job)
            query.bind(Self.uuid(job))
            query.bind(job)
            query.bind("{\"lock\":\"vm/bench-\(job)\"}")
        }
        try run(Self.insertStep, database) { query in
            query.bind(job)
            query.bind("\(job)/0/1")
            query.bind(job)
        }
        try run(Self.insertTicket, database) { query in
            query.bind(job)
            query.bind("vm/bench-\(job)")
            query.bind(job)
        }
        try move(job, nil, .pending, "accepted", database)
        try move(job, .pending, .queued, "its locks are granted", database)
        try move(job, .queued, .running, "a slot is free in its lane", database)
    }

    private func end(_ job: Int64, _ database: Database) throws {
        try run(Self.updateJob, database) { $0.bind(job) }
        try run(Self.updateStep, database) { $0.bind(job) }
        try run("DELETE FROM ticket WHERE job = ?", database) { $0.bind(job) }
        try move(job, .running, .finishing, "all done", database)
        try move(job, .finishing, .completed, "all done", database)
        for text in ["done: Do nothing", "job-\(job) completed: Do nothing"] {
            try run("INSERT INTO log VALUES (?, ?, 1000, 1, ?)", database) { query in
                query.bind(job)
                query.bind(log)
                query.bind(text)
            }
            log += 1
        }
        try run("INSERT INTO log_size VALUES (?, 2, 0)", database) { $0.bind(job) }
    }

    private func move(
        _ job: Int64,
        _ from: JobState?,
        _ to: JobState,
        _ cause: String,
        _ database: Database
    ) throws {
        try run("INSERT INTO journal VALUES (?, ?, 1000, ?, ?, 'engine', ?)", database) { query in
            query.bind(journal)
            query.bind(job)
            query.bind(from?.code)
            query.bind(to.code)
            query.bind(cause)
        }
        journal += 1
    }

    private func tally(
        _ jobs: Int,
        from: JobState?,
        to: JobState,
        _ database: Database
    ) throws {
        let sql = "UPDATE counter SET jobs = jobs + ? WHERE state = ?"
        for (state, change) in [(from, -jobs), (to, jobs)] {
            guard let state else { continue }
            try run(sql, database) { query in
                query.bind(change)
                query.bind(state.code)
            }
        }
        try run("UPDATE sequence SET value = ? WHERE name = 'version'", database) { query in
            query.bind(journal)
        }
    }

    private static func uuid(_ job: Int64) -> String {
        let digits = String(job)
        return "01a20441-4026-72a8-91e0-" + String(repeating: "0", count: 12 - digits.count)
            + digits
    }

    private static let insertJob = """
        INSERT INTO job (id, uuid, root_id, kind, target_type, target_name, user, account, attempt,
            created_at, weight, state, progress, backend, message, priority, lane,
            fence, started_at, updated_at, child_count, parameters, is_planned, current_step,
            children_made, children_unfinished, children_active, children_failed, children_progress,
            prerequisites, has_warning, probes, undo_failures)
        VALUES (?, ?, ?, 'noop', '', '', 'bench', '', 1, 1000, 1, \(JobState.running.code), 0,
            'running', 'Do nothing', 0, 'control', 1, 1000, 1000, 0, ?, 1, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0)
        """

    private static let insertStep = """
        INSERT INTO step (job, number, name, verb, planned_lane, weight, flags, state, undo,
            operation, lane, fence, attempts, undo_attempts, progress, message, started_at)
        VALUES (?, 0, 'Do nothing', 'noop', 'control', 1, 1, 1, 0, ?, 'control', ?, 1, 0, 0, '',
            1000)
        """

    private static let insertTicket = """
        INSERT INTO ticket (number, resource, scope, job, is_exclusive, is_granted, since)
        VALUES (?, ?, 0, ?, 1, 1, 1000)
        """

    private static let updateJob = """
        UPDATE job SET state = \(JobState.completed.code), progress = 100, backend = 'done',
            code_domain = 'signalbox', code_number = 0, code_name = 'OK', current_step = 1,
            finished_at = 1001, updated_at = 1001
        WHERE id = ?
        """

    private static let updateStep = """
        UPDATE step SET state = 3, progress = 100, finished_at = 1001 WHERE job = ? AND number = 0
        """
}
