import GRDB
import GRDBSQLite
import Model

/// Reads and writes in one transaction, which ends when its owner says so.
final class SQLiteTransaction: SQLiteReader, StoreTransaction {
    private var changesBefore: Int64
    /// How the number of jobs in each state changed; written once, at the end.
    var countChanges = [Int](repeating: 0, count: JobState.allCases.count)
    /// The same of jobs without a parent.
    var rootChanges = [Int](repeating: 0, count: JobState.allCases.count)

    /// How many jobs without a parent are unfinished of the accounts that were asked about.
    var openOfAccounts: [String: Int] = [:]

    /// Whose secrets go once the transaction is durable.
    var forgotten: [String] = []

    override init(_ database: Database, lock: StoreLock?, vault: SecretVault) {
        changesBefore = sqlite3_total_changes64(database.sqliteConnection)
        super.init(database, lock: lock, vault: vault)
    }

    /// Refuses the transaction unless the engine with that epoch owns the store.
    func check(_ epoch: Int64?) throws {
        guard let epoch else { return }
        let owner = try query("SELECT max(epoch) FROM engine") { query in
            try query.step() ? query.readInt64() : 0
        }
        guard owner == epoch else {
            throw StoreError(
                .notOwner,
                action: "write to the store",
                detail: "this engine's number is \(epoch), the owner's is \(owner)"
            )
        }
    }

    /// Writes what was put off, and marks a changed store with a new version.
    func finish() throws {
        try saveCounts()
        guard sqlite3_total_changes64(database.sqliteConnection) != changesBefore else { return }
        try query("UPDATE sequence SET value = value + 1 WHERE name = 'version'") { query in
            guard try query.run() == 1 else { throw Query.unknown("sequence version") }
        }
    }

    func take(_ count: Int, from sequence: Sequence) throws -> Int64 {
        try take(count, from: sequence.rawValue)
    }

    /// Takes numbers from any of the sequences, also from those that only the store uses.
    func take(_ count: Int, from name: String) throws -> Int64 {
        // Two statements: for RETURNING SQLite makes a table of its own, which costs more.
        try query("UPDATE sequence SET value = value + ? WHERE name = ?") { query in
            query.bind(max(0, count))
            query.bind(name)
            guard try query.run() == 1 else { throw Query.unknown("sequence \(name)") }
        }
        return try query("SELECT value FROM sequence WHERE name = ?") { query in
            query.bind(name)
            guard try query.step() else { throw Query.unknown("sequence \(name)") }
            return query.readInt64() - Int64(max(0, count)) + 1
        }
    }

    func takeOwnership(
        process: Int32,
        machine: String,
        bootID: String,
        at now: Timestamp
    ) throws -> Int64 {
        let sql = """
            INSERT INTO engine (epoch, process, machine, boot_id, since)
            SELECT coalesce(max(epoch), 0) + 1, ?, ?, ?, ? FROM engine RETURNING epoch
            """
        return try query(sql) { query in
            query.bind(Int64(process))
            query.bind(machine)
            query.bind(bootID)
            query.bind(now)
            return try query.step() ? query.readInt64() : 0
        }
    }

    /// Inserts rows, many a statement; `read` gets each row that comes back.
    func insertRows<Row>(
        _ insert: RowInsert,
        _ rows: [Row],
        bind: (Row, inout Query) -> Void,
        read: (inout Query) throws -> Void = { _ in }
    ) throws {
        var start = 0
        for (size, sql) in insert.statements where rows.count - start >= size {
            // One statement for all batches of a size: even to look it up takes time.
            try query(sql) { query in
                while rows.count - start >= size {
                    for row in rows[start..<start + size] { bind(row, &query) }
                    while try query.step() { try read(&query) }
                    query.reset()
                    start += size
                }
            }
        }
    }

    /// Runs a change with a list of numbers in place of `(?)`, many at a time.
    func change(_ sql: String, in numbers: [Int64], _ bind: (inout Query) -> Void = { _ in }) throws
    {
        for part in Batch.parts(of: numbers.count, sizes: [64, 8, 1]) {
            let list = numbers[part.rows]
            try query(Batch.filled(sql, Batch.marks(part.size))) { query in
                bind(&query)
                for number in list { query.bind(number) }
                for _ in list.count..<part.size { query.bind(list[list.startIndex]) }
                try query.run()
            }
        }
    }
}

/// An insert of rows that have the same columns, written out for some numbers of rows.
///
/// Made once: to put such a text together takes longer than to run it.
struct RowInsert: Sendable {
    /// The statements, in falling sizes: each takes what the one before it left.
    let statements: [(size: Int, sql: String)]

    /// An insert up to its values; `returning` is a clause behind them.
    init(_ insert: String, columns: Int, returning: String = "") {
        let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
        statements = [32, 8, 1].map { size in
            let rows = Array(repeating: row, count: size).joined(separator: ",")
            return (size, insert + " VALUES " + rows + returning)
        }
    }
}
