import GRDB
import Model
import Testing

@testable import Store

@Suite("Plans of the statements that matter")
struct PlanTests {
    private let store: SQLiteStore

    init() throws { store = try SQLiteStore() }

    /// The lines of SQLite's plan for a statement.
    private func plan(_ sql: String) throws -> [String] {
        try store.onDatabase { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            var query = Query(statement.sqliteStatement, TextShelf())
            var lines: [String] = []
            while try query.step() {
                for _ in 0..<3 { _ = query.readInt() }
                lines.append(query.readText())
            }
            query.reset()
            return lines
        }
    }

    @Test(
        "the engine's questions are answered from an index, without sorting",
        arguments: [
            EngineSQL.queued, EngineSQL.due, EngineSQL.nextWake, EngineSQL.children,
            EngineSQL.unfinishedChildren, SQLiteReader.openRequestsSQL, SQLiteReader.contendedSQL,
            SQLiteTransaction.updateSQL(JobColumnGroup.all), SQLiteTransaction.updateStepSQL,
            EngineSQL.queues,
            SQLiteReader.heldLanesSQL,
        ]
    )
    func engine(_ sql: String) throws {
        for line in try plan(sql) {
            // A partial index that is read wholly holds only what was asked for.
            let isRead = line.hasPrefix("SEARCH") || line.contains(" INDEX ")
            #expect(isRead, "\(line)")
        }
    }

    @Test(
        "a list in its usual orders is merged from the index of states, without sorting",
        arguments: [JobQuery.Order.activity, .newest, .oldest, .state],
        [
            Filter.all, .states([.failed, .lost]), .word("web"),
            .and([.states([.queued]), .not(.field(.kind, pattern: "vm.*"))]),
        ]
    )
    func lists(_ order: JobQuery.Order, _ filter: Filter) throws {
        for rootsOnly in [false, true] {
            let query = JobQuery(filter: filter, order: order)
            for part in ListSQL(query, at: start, rootsOnly: rootsOnly, longest: 100).parts {
                let lines = try plan(part.sql)
                #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(lines)")
                if part.sql.contains("state =") {
                    #expect(!lines.contains("SCAN job"), "\(lines)")
                }
            }
        }
    }

    @Test("a branch of a tree is found through its parents")
    func branch() throws {
        let lines = try plan(SQLiteReader.branchSQL(in: .hot))

        #expect(lines.filter { $0.contains("job_parent") }.count == 2)
        #expect(!lines.contains("SCAN job"))
    }

    @Test("tickets are found by their resource, not by looking at all")
    func tickets() throws {
        let lines = try plan(SQLiteReader.ticketsSQL(keys: 2))

        #expect(lines.contains { $0.contains("ticket_resource (resource=? AND scope=?)") })
        #expect(!lines.contains("SCAN ticket"))
    }
}
