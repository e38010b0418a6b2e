import Foundation
import GRDB
import Model
import TestKit
import Testing

@testable import Store

@Suite("Rows that hold garbage")
struct DamageTests {
    /// What is written over a good row.
    static let jobGarbage = [
        "parameters = 'nonsense'", "parameters = '{\"a\":1}'", "results = '[]'", "extra = '{'",
        "extra = '{\"onCrash\":\"explode\"}'", "cause = 'sunspots'", "rollback = '?'",
        "backend = 'gone'", "waiting_reason = 'godot'", "stop_level = 'nuke', stop_by = 'x'",
        "rollback_policy = 'maybe'", "probes = -9223372036854775808",
        "weight = 9223372036854775807",
        "current_step = -1", "undo_failures = 9223372036854775807", "children_made = -5",
        "due_at = 9223372036854775807", "updated_at = -9223372036854775808",
        "created_at = 9223372036854775807",
    ]
    static let stepGarbage = [
        "parameters = '\u{1}'", "verb = NULL", "children = '{}'", "verb = NULL, children = '[[['",
        "undo_parameters = 'x'", "state = 99", "undo = -1", "attempts = 9223372036854775807",
        "weight = -9223372036854775808", "stall_after = 9223372036854775807", "progress = -1",
        "started_at = 9223372036854775807",
    ]

    private static func spoil(_ store: SQLiteStore, _ sql: String) throws {
        try store.onDatabase { try $0.execute(sql: sql) }
    }

    @Test("a job whose row cannot be read says so, and others are read", arguments: jobGarbage)
    func job(_ change: String) throws {
        let store = try SQLiteStore()
        try store.insert([stored(1), stored(2)])
        try Self.spoil(store, "UPDATE job SET \(change) WHERE id = 1")

        let found = try store.read { try $0.jobs([JobID(1), JobID(2)]) }

        #expect(found.first { $0.job.id == JobID(1) }?.extra.damage != nil)
        #expect(found.first { $0.job.id == JobID(2) } == stored(2))
        let page = try store.read { try $0.page(JobQuery(), at: start) }
        #expect(page.rows.count == 2)
        #expect(try store.read { try $0.detail(JobID(1), logLimit: 1) } != nil)
        let text = JobJSON.list(page.rows.map(\.job)) + JobWhyTexts.of(page.rows.map(\.job))
        #expect(!text.isEmpty)
    }

    @Test("garbage in one job fails that job and no other", arguments: jobGarbage + stepGarbage)
    func engine(_ change: String) throws {
        let temporary = try TemporaryStore(file: "a.sqlite")
        let backend = ScriptedBackend()
        backend.script("b", .hangs, .done(after: 10))
        let plan = [Step.doing("a", undo: "undo a"), .doing("b", lane: "host/b")]
        let bench = try EngineBench(
            kinds: [ScriptedKind("job", steps: plan)],
            store: temporary
        ) { backend }
        let bad = try bench.submit("job")
        try bench.run(for: 1000)
        let table = Self.jobGarbage.contains(change) ? "job" : "step"
        let place = table == "job" ? "id = \(bad.number)" : "job = \(bad.number) AND number = 1"
        try Self.spoil(temporary.store, "UPDATE \(table) SET \(change) WHERE \(place)")

        try bench.takeOver()
        let good = try bench.submit("job")
        try bench.run(for: 60_000)

        #expect(try bench.job(good).state == .completed)
        let job = try bench.job(bad)
        #expect(job.state == .failed)
        #expect(job.code?.name == "DAMAGED")
        #expect(try bench.store.read { try $0.counts() == $0.recount() })
    }

    @Test("requests that cannot be read are refused; the others are served")
    func requests() throws {
        let temporary = try TemporaryStore(file: "a.sqlite")
        let backend = ScriptedBackend()
        backend.script("a", .hangs)
        let bench = try EngineBench(
            kinds: [ScriptedKind("job", steps: [.doing("a")])],
            store: temporary
        ) { backend }
        let id = try bench.submit("job")
        let texts = ["", "{", "null", "[1,2]", "{\"action\":{\"explode\":{}}}", "\u{0}\u{7f}"]
        let stop = OperatorRequest(.stop(.abort), job: id, by: "bob")
        let last = try bench.store.write(as: nil) { try $0.insert(stop, at: start) }
        for (place, text) in texts.enumerated() {
            try temporary.store.onDatabase { database in
                try database.execute(
                    sql: "INSERT INTO request (number, at, request) VALUES (?, 0, ?)",
                    arguments: [-1 - place, text]
                )
            }
        }

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.store.read { try $0.outcome(ofRequest: last) } == .accepted(id))
        for place in texts.indices {
            let outcome = try bench.store.read { try $0.outcome(ofRequest: Int64(-1 - place)) }
            guard case .refused = outcome else {
                Issue.record("\(texts[place]): \(String(describing: outcome))")
                continue
            }
        }
    }

    @Test("any bytes in any column fail one job at most", arguments: 0..<40)
    func anything(_ seed: UInt64) throws {
        var chance = Seeded(seed &+ 11)
        let temporary = try TemporaryStore(file: "a.sqlite")
        let backend = ScriptedBackend()
        let bench = try EngineBench(
            kinds: [ScriptedKind("job", steps: [.doing("a", undo: "u"), .doing("b")])],
            store: temporary
        ) { backend }
        backend.script("b", .hangs, .done(after: 10))
        let bad = try bench.submit("job")
        try bench.run(for: 1000)
        let columns = try temporary.store.onDatabase { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_info('step') WHERE name NOT IN ('job', 'number')
                    """
            )
        }
        let values = [
            "-9223372036854775808", "9223372036854775807", "-1", "0", "1000000001", "'{'", "''",
            "'\u{1b}[31m'", "NULL", "x'00ff'",
        ]
        for _ in 0..<3 {
            // What the table itself refuses cannot have been stored.
            try? Self.spoil(
                temporary.store,
                "UPDATE step SET \(chance.pick(columns)) = \(chance.pick(values))"
            )
        }

        try bench.takeOver()
        let good = try bench.submit("job")
        try bench.run(for: 900_000)

        #expect(try bench.job(good).state == .completed)
        _ = try bench.job(bad)
        #expect(try bench.store.read { try $0.counts() == $0.recount() })
    }

    @Test("a file without tables is said to hold nothing yet")
    func empty() throws {
        let folder = try Folder()
        let path = folder.file("a.sqlite")
        try "".write(toFile: path, atomically: true, encoding: .utf8)

        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path, readOnly: true) }

        #expect(error?.code == .empty)
        #expect(error.map { $0.description.contains("older version") } == false)
    }
}

/// What is said of jobs in one line each.
private enum JobWhyTexts {
    static func of(_ jobs: [Job]) -> String {
        jobs.map { JobWhy.line($0, engineAlive: true, now: start) }.joined()
    }
}
