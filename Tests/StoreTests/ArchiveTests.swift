import GRDB
import Model
import Testing

@testable import Store

@Suite("The archive")
struct ArchiveTests {
    private static let now = start + 1_000_000

    /// A tree of three that was completed, with a row in every table.
    private static func tree(_ root: Int64) -> [StoredJob] {
        (root..<root + 3).map { number in
            stored(number) {
                $0.job.rootID = JobID(root)
                $0.job.parentID = number == root ? nil : JobID(number - 1)
                $0.job.state = .completed
                $0.job.finishedAt = start + number
                $0.job.result = "{\"n\":\"\(number)\"}"
                $0.extra.parameters = ["image": "debian"]
            }
        }
    }

    private static func fill(_ store: some JobStore, _ jobs: [StoredJob]) throws {
        try store.write { tx in
            try tx.insert(jobs, ofStep: nil)
            for stored in jobs {
                let step = StepRecord(
                    index: 0,
                    step: Step("boot", .operation(Operation("x", on: "y")))
                )
                try tx.save([(stored.job.id, step)])
                try tx.append([
                    JournalEntry(
                        job: stored.job.id,
                        at: start + stored.job.id.number,
                        from: .finishing,
                        to: .completed,
                        actor: "engine",
                        cause: "done"
                    )
                ])
                try tx.append([
                    LogLine(job: stored.job.id, at: start, level: .info, text: "booted")
                ])
                try tx.insertDependencies(of: stored.job.id, on: [JobID(900)])
                let late = LateResult(
                    job: stored.job.id,
                    at: start,
                    operation: "\(stored.job.id.number)/1/1",
                    outcome: "done",
                    text: "it was done after all"
                )
                try tx.append([late])
            }
        }
    }

    private static func move(_ store: some JobStore, _ roots: [Int64]) throws {
        try store.write { tx in
            let trees = try tx.endedTrees(of: roots.map { JobID($0) })
            #expect(trees.map(\.root.number) == roots)
            try tx.archive(trees, at: now)
        }
    }

    @Test(
        "a finished tree moves as a whole, and everything about it is found as before",
        arguments: [StoreKind.memory, .file]
    )
    func moves(_ kind: StoreKind) throws {
        let store = try kind.make()
        try Self.fill(store, Self.tree(1) + Self.tree(11))
        let before = try store.read { try $0.detail(JobID(2), logLimit: 10) }
        let logs = try store.read { try $0.log(of: JobID(3), tree: true, after: 0, limit: 10) }
        let journal = try store.read { try $0.journal(of: JobID(2), after: 0, limit: 10) }

        try Self.move(store, [1])

        var after = try #require(try store.read { try $0.detail(JobID(2), logLimit: 10) })
        #expect(after.job.archivedAt == Self.now)
        #expect(after.tree.allSatisfy { $0.job.archivedAt == Self.now } && after.tree.count == 3)
        after.job.archivedAt = nil
        for place in after.tree.indices { after.tree[place].job.archivedAt = nil }
        #expect(after == before)
        try store.read { (reader) throws in
            #expect(try reader.log(of: JobID(3), tree: true, after: 0, limit: 10) == logs)
            #expect(try reader.journal(of: JobID(2), after: 0, limit: 10) == journal)
            #expect(try reader.resolve(.uuid(job(3).uuid)) == JobID(3))
            #expect(try reader.jobs([JobID(1), JobID(11)]).count == 2)
            #expect(try reader.counts().total == 3)
            #expect(try reader.recount().total == 3)
            #expect(try reader.archive().counts[.completed] == 3)
            #expect(try reader.latest() == start + 13)
        }
    }

    @Test("each row is in exactly one place, whatever table it is in")
    func onePlace() throws {
        let store = try SQLiteStore()
        try Self.fill(store, Self.tree(1) + Self.tree(11))

        try Self.move(store, [11])

        try store.onDatabase { (database) throws in
            for (name, key) in ArchiveTables.all where name != "log_size" {
                let hot = "SELECT DISTINCT \(key) FROM \(name) ORDER BY 1"
                #expect(try Int64.fetchAll(database, sql: hot) == [1, 2, 3], "\(name)")
                let moved = "SELECT DISTINCT \(key) FROM archived_\(name) ORDER BY 1"
                #expect(try Int64.fetchAll(database, sql: moved) == [11, 12, 13], "\(name)")
            }
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM maintenance") == 0)
        }
    }

    @Test("a move that is not committed leaves the tree where it was")
    func crash() throws {
        struct Crash: Error {}
        let store = try SQLiteStore()
        try Self.fill(store, Self.tree(1))

        #expect(throws: Crash.self) {
            try store.write { tx in
                try tx.archive(try tx.endedTrees(of: [JobID(1)]), at: Self.now)
                #expect(try tx.counts().total == 0)
                throw Crash()
            }
        }

        #expect(try store.read { try $0.counts().total } == 3)
        #expect(try store.read { try $0.archive().counts.total } == 0)
        #expect(try store.read { try $0.detail(JobID(3), logLimit: 1)?.job.archivedAt } == nil)
    }

    @Test("a tree with an unfinished job, a pin or somebody who waits for it may not be moved")
    func heldBack() throws {
        let store = try SQLiteStore()
        let running = stored(22) {
            $0.job.parentID = JobID(21)
            $0.job.rootID = JobID(21)
            $0.job.state = .running
        }
        let odd = stored(21) { $0.job.state = .failed }
        try Self.fill(store, Self.tree(1) + Self.tree(11) + [odd, running] + Self.tree(31))
        try store.insert([stored(40)])
        try store.write { tx in
            try tx.pin(JobID(3), root: JobID(1), Pin(by: "ann", at: start, reason: "evidence"))
            try tx.insertDependencies(of: JobID(40), on: [JobID(12)])
        }

        let trees = try store.read { reader in
            try reader.endedTrees(of: [1, 11, 21, 31, 32, 40].map { JobID($0) })
        }

        #expect(trees.map(\.root.number) == [31])
    }

    @Test("numbers are never used twice: expunge all, open again, and the next is higher")
    func numbers() throws {
        let folder = try Folder()
        let path = folder.file("a.sqlite")
        var store = try SQLiteStore(path: path)
        let last = try store.write { try $0.take(3, from: .job) } + 2
        try Self.fill(store, Self.tree(last - 2))
        try Self.move(store, [last - 2])
        let latest = try store.read { try $0.latest() }

        let removed = try store.write { tx in
            try tx.expunge(try tx.archivedRoots(before: Self.now, limit: 10))
        }
        try store.close()
        store = try SQLiteStore(path: path)

        #expect(removed == 3)
        #expect(try store.read { try $0.resolve(.id(JobID(last))) } == nil)
        #expect(try store.read { try $0.archive().counts.total } == 0)
        #expect(try store.write { try $0.take(1, from: .job) } > last)
        #expect(try store.read { try $0.latest() } == latest)
        try store.onDatabase { (database) throws in
            for (name, _) in ArchiveTables.all {
                for table in [name, "archived_" + name] {
                    let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
                    #expect(count == 0, "\(table)")
                }
            }
        }
    }

    @Test("pinned trees stay in the archive, and are found as pinned")
    func pinned() throws {
        let store = try SQLiteStore()
        try Self.fill(store, Self.tree(1) + Self.tree(11))
        try Self.move(store, [1, 11])
        let pin = Pin(by: "ann", at: start, reason: "evidence")
        try store.write { try $0.pin(JobID(2), root: JobID(1), pin) }

        let roots = try store.read { try $0.archivedRoots(before: nil, limit: 10) }
        let query = JobQuery(filter: try FilterParser.parse("is:pinned is:archived"))
        let page = try store.read { try $0.page(query, at: Self.now) }

        #expect(roots == [JobID(11)])
        #expect(page.rows.map(\.job.id) == [JobID(2)])
        #expect(page.rows.first?.job.pin == pin)
        #expect(try store.write { try $0.unpin(JobID(2)) })
        #expect(try !store.write { try $0.unpin(JobID(2)) })
        #expect(try store.read { try $0.archivedRoots(before: nil, limit: 10).count } == 2)
    }

    @Test("the same key is the same job for as long as the job is known, archived or not")
    func keys() throws {
        let store = try SQLiteStore()
        let keyed = stored(5) {
            $0.job.state = .completed
            $0.extra.key = "nightly"
        }
        try Self.fill(store, [keyed])
        try Self.move(store, [5])

        #expect(try store.read { try $0.job(withKey: "nightly") } == JobID(5))
        _ = try store.write { try $0.expunge([JobID(5)]) }
        #expect(try store.read { try $0.job(withKey: "nightly") } == nil)
    }

    @Test("CloudStack's view of the archive has the archived jobs, in the same words")
    func view() throws {
        let store = try SQLiteStore()
        try Self.fill(store, Self.tree(1))
        let sql = "SELECT * FROM async_job ORDER BY id"
        let before = try store.onDatabase { try Row.fetchAll($0, sql: sql) }

        try Self.move(store, [1])

        let archived = "SELECT * FROM async_job_arch ORDER BY id"
        #expect(try store.onDatabase { try Row.fetchAll($0, sql: archived) } == before)
        #expect(try store.onDatabase { try Row.fetchAll($0, sql: sql) }.isEmpty)
    }

    @Test("a column that a later version adds to a job is archived with it")
    func laterColumn() throws {
        let store = try SQLiteStore()
        try Self.fill(store, Self.tree(1))
        try store.onDatabase { database in
            try database.execute(sql: "ALTER TABLE job ADD COLUMN mood TEXT NOT NULL DEFAULT 'ok'")
            try ArchiveTables.mirror(database)
            try database.execute(sql: "UPDATE job SET mood = 'fine' WHERE id = 2")
        }

        try Self.move(store, [1])

        let moods = try store.onDatabase {
            try String.fetchAll($0, sql: "SELECT mood FROM archived_job ORDER BY id")
        }
        #expect(moods == ["ok", "fine", "ok"])
    }
}
