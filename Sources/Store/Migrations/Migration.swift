import GRDB

/// One version of the schema: how to get there from the version before.
struct Migration: Sendable {
    /// The version that the store has afterwards.
    let version: Int
    /// What to do, in order.
    ///
    /// Never edited once released.
    let statements: [String]
    /// What to do when the archive's tables have been brought up to date, too.
    var indices: [String] = []

    /// Every version, oldest first.
    static let all: [Migration] = [
        .jobs, .audit, .schedules, .joinable, .lanes, .stops, .recovery, .archive, .attention,
        .rates, .housekeeping,
    ]

    /// The version that this program reads and writes.
    static var newest: Int { all.last?.version ?? 0 }

    /// Marks a database file as a store of this program.
    static let applicationID = 0x5349_4742

    /// Brings a store up to the newest version, or leaves it as it is.
    static func run(_ database: Database, upTo newest: Int = newest) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let missing = all.filter { $0.version > version && $0.version <= newest }
        guard let last = missing.last else { return }
        for migration in missing {
            for statement in migration.statements { try database.execute(sql: statement) }
            if migration.version >= ArchiveTables.since { try ArchiveTables.mirror(database) }
            for statement in migration.indices { try database.execute(sql: statement) }
        }
        try database.execute(sql: "PRAGMA user_version = \(last.version)")
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
}
