import GRDB

/// The tables of the archive: each has the columns of the table whose rows it takes over.
///
/// They are not written down a second time but made from those tables after each migration, so
/// that a column which a later version adds to a job is archived with it.
enum ArchiveTables {
    /// The version from which on there is an archive.
    static let since = 9

    /// The tables whose rows belong to one job, with the column that says to which.
    static let all: [(name: String, job: String)] = [
        ("job", "id"), ("step", "job"), ("result", "job"), ("dependency", "job"),
        ("journal", "job"), ("log", "job"), ("log_size", "job"),
        ("late", "job"),
    ]

    /// Makes the tables, or adds columns that they do not have yet.
    static func mirror(_ database: Database) throws {
        for (name, _) in all {
            let columns = try database.columns(in: name)
            guard try database.tableExists("archived_" + name) else {
                try make(name, columns, in: database)
                continue
            }
            let known = Set(try database.columns(in: "archived_" + name).map(\.name))
            for column in columns where !known.contains(column.name) {
                try database.execute(
                    sql: "ALTER TABLE archived_\(name) ADD COLUMN \(definition(column))"
                )
            }
        }
    }

    /// The columns of a table of jobs that its twin in the archive has, too, as a list.
    ///
    /// The database remembers them until its schema changes.
    static func columns(of name: String, in database: Database) throws -> String {
        try database.columns(in: name).map(\.name).joined(separator: ", ")
    }

    private static func make(
        _ name: String,
        _ columns: [ColumnInfo],
        in database: Database
    ) throws {
        let keys = try database.primaryKey(name).columns
        var lines = columns.map(definition)
        if name == "job" { lines.append("archived_at INTEGER NOT NULL") }
        lines.append("PRIMARY KEY (\(keys.joined(separator: ", ")))")
        let list = lines.map { "    " + $0 }.joined(separator: ",\n")
        let options = keys.count > 1 ? "STRICT, WITHOUT ROWID" : "STRICT"
        try database.execute(sql: "CREATE TABLE archived_\(name) (\n\(list)\n) \(options)")
    }

    private static func definition(_ column: ColumnInfo) -> String {
        // A key of one whole number is the row's own number and cannot be NULL anyway.
        let needed = column.isNotNull && column.primaryKeyIndex == 0 ? " NOT NULL" : ""
        let usual = column.defaultValueSQL.map { " DEFAULT \($0)" } ?? ""
        return "\(column.name) \(column.type)\(needed)\(usual)"
    }
}
