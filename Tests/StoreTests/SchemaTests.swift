import GRDB
import Model
import Testing

@testable import Store

@Suite("The schema")
struct SchemaTests {
    @Test("the newest version is this text; a release never changes an older one")
    func newest() throws {
        let store = try SQLiteStore()

        let text = try store.onDatabase(Self.text)

        #expect(text == SchemaText.newest)
    }

    @Test("versions grow, and none is there twice")
    func versions() {
        let versions = Migration.all.map(\.version)
        #expect(versions == Set(versions).sorted())
        #expect(versions.first == 1)
    }

    @Test("running the migrations again changes nothing")
    func again() throws {
        let store = try SQLiteStore()
        try store.insert([stored(1)])
        let (before, after) = try store.onDatabase { database in
            let before = try Self.text(database)
            try Migration.run(database)
            try CloudStackViews.refresh(database)
            return (before, try Self.text(database))
        }

        #expect(before == after)
        #expect(try store.read { try $0.recount().total } == 1)
    }

    @Test("each version leads to the next", arguments: Migration.all.map(\.version))
    func stepByStep(_ version: Int) throws {
        let queue = try DatabaseQueue()
        let text = try queue.write { database in
            try Migration.run(database, upTo: version)
            let reached = try Int.fetchOne(database, sql: "PRAGMA user_version")
            #expect(reached == version)
            try Migration.run(database)
            return try Self.text(database)
        }

        #expect(text == SchemaText.newest)
    }

    @Test("a migration that fails leaves the store as it was")
    func failing() throws {
        let queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: "CREATE TABLE ticket (x)") }

        #expect(throws: DatabaseError.self) { try queue.write { try Migration.run($0) } }

        let (version, tables) = try queue.read { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA user_version"),
                try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
            )
        }
        #expect(version == 0)
        #expect(tables == 1)
    }

    /// Everything but the views, which are made anew when the program changes.
    private static func text(_ database: Database) throws -> String {
        try String.fetchAll(
            database,
            sql: """
                SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'view'
                ORDER BY rowid
                """
        ).joined(separator: "\n")
    }
}
