import GRDB
import Model
import Testing

@testable import Store

@Suite("Rules that the store enforces by itself")
struct ConstraintTests {
    private let store: SQLiteStore

    init() throws { store = try SQLiteStore() }

    @Test(
        "the journal takes a line exactly if its move is legal, or is none",
        arguments: [nil] + JobState.allCases.map(Optional.some)
    )
    func journal(_ from: JobState?) throws {
        for to in JobState.allCases {
            let entry = JournalEntry(
                job: JobID(1),
                at: start,
                from: from,
                to: to,
                actor: "engine",
                cause: "test"
            )
            let isTaken = (try? store.write { try $0.append([entry]) }) != nil

            #expect(isTaken == (from == to || Move.isLegal(from: from, to: to)), "\(to)")
        }
    }

    @Test(
        "a job goes exactly where legal moves lead, however many",
        arguments: JobState.allCases
    )
    func states(_ from: JobState) throws {
        var reachable: Set<JobState> = [from]
        for _ in JobState.allCases {
            for move in Move.all {
                if let before = move.from, reachable.contains(before) { reachable.insert(move.to) }
            }
        }
        for (index, to) in JobState.allCases.enumerated() {
            let before = stored(Int64(index + 1)) { $0.job.state = from }
            var after = before
            after.job.state = to
            try store.insert([before])
            let isTaken =
                (try? store.write { try $0.update([(JobStamp(before.job), after)]) }) != nil

            #expect(isTaken == reachable.contains(to), "\(to)")
        }
    }

    @Test("terminal states have no exits", arguments: JobState.allCases.filter(\.isTerminal))
    func terminal(_ state: JobState) throws {
        let ended = stored(1) { $0.job.state = state }
        try store.insert([ended])

        for other in JobState.allCases where other != state {
            var after = ended
            after.job.state = other
            let error = #expect(throws: StoreError.self) {
                try store.write { try $0.update([(JobStamp(ended.job), after)]) }
            }
            #expect(error?.code == .refused)
        }
    }

    @Test("a parent does not end before its children")
    func parent() throws {
        let before = stored(1) { $0.job.state = .finishing }
        var after = before
        after.job.state = .completed
        after.tally.unfinished = 1
        try store.insert([before])

        let error = #expect(throws: StoreError.self) {
            try store.write { try $0.update([(JobStamp(before.job), after)]) }
        }

        #expect(error?.code == .refused)
    }

    @Test(
        "numbers, UUIDs and keys are used once",
        arguments: [
            stored(1) { $0.job.uuid = "other" },
            stored(2) { $0.job.uuid = job(1).uuid },
            stored(2) { $0.extra.key = "nightly" },
        ]
    )
    func unique(_ second: StoredJob) throws {
        try store.insert([stored(1) { $0.extra.key = "nightly" }])

        let error = #expect(throws: StoreError.self) { try store.insert([second]) }

        #expect(error?.code == .refused)
        #expect(try store.read { try $0.counts().total } == 1)
    }

    @Test(
        "nobody changes the past with plain SQL",
        arguments: [
            "UPDATE journal SET actor = 'nobody'", "DELETE FROM journal",
            "UPDATE sequence SET value = value - 1",
            "UPDATE counter SET jobs = -1", "UPDATE job SET progress = 101",
            "UPDATE job SET state = 14", "UPDATE job SET state = 10",
            "UPDATE job SET created_at = 'today'",
        ]
    )
    func plainSQL(_ sql: String) throws {
        try store.write { tx in
            try tx.insert([stored(1) { $0.job.state = .aborted }], ofStep: nil)
            _ = try tx.take(1, from: .job)
            try tx.append([
                JournalEntry(
                    job: JobID(1),
                    at: start,
                    from: nil,
                    to: .pending,
                    actor: "alice",
                    cause: ""
                )
            ])
        }

        let error = #expect(throws: StoreError.self) {
            try store.onDatabase { try $0.execute(sql: sql) }
        }

        #expect(error?.code == .refused)
    }

    @Test("whole jobs can be removed by whoever says so first")
    func maintenance() throws {
        try store.write { tx in
            try tx.append([
                JournalEntry(
                    job: JobID(1),
                    at: start,
                    from: nil,
                    to: .pending,
                    actor: "alice",
                    cause: ""
                )
            ])
        }

        try store.onDatabase { database in
            try database.execute(
                sql: """
                    INSERT INTO maintenance VALUES ('retention');
                    DELETE FROM journal WHERE job = 1;
                    DELETE FROM maintenance;
                    """
            )
        }

        #expect(try store.read { try $0.journal(of: nil, after: 0, limit: 9) }.isEmpty)
    }
}
