import Foundation
import GRDB
import GRDBSQLite
import Model

/// Answers questions from one consistent state of a database.
///
/// Lives only as long as the transaction it belongs to.
class SQLiteReader: StoreReader {
    let database: Database
    /// Tells who holds the lock of this store; nil for a store that no other process can see.
    let lock: StoreLock?
    /// Where the secrets of jobs are.
    let vault: SecretVault
    /// Shelves that no statement uses now.
    private var shelves: [TextShelf] = []

    init(_ database: Database, lock: StoreLock?, vault: SecretVault) {
        self.database = database
        self.lock = lock
        self.vault = vault
    }

    /// Runs a statement that is prepared once and kept.
    func query<R>(_ sql: String, _ body: (inout Query) throws -> R) throws -> R {
        try run(database.cachedStatement(sql: sql), body)
    }

    /// Runs a statement that is not likely to be needed again.
    func queryOnce<R>(_ sql: String, _ body: (inout Query) throws -> R) throws -> R {
        try run(database.makeStatement(sql: sql), body)
    }

    private func run<R>(_ statement: Statement, _ body: (inout Query) throws -> R) throws -> R {
        // One statement may be run while another one is read.
        let shelf = shelves.popLast() ?? TextShelf()
        var query = Query(statement.sqliteStatement, shelf)
        query.reset()
        // A statement left in the middle would keep the transaction from ending.
        defer {
            query.reset()
            shelves.append(shelf)
        }
        return try body(&query)
    }

    /// Runs a query with a list of numbers in place of `(?)`, a few hundred at a time.
    func rows(
        _ sql: String,
        in numbers: [Int64],
        _ body: (inout Query) throws -> Void
    ) throws {
        // Within one statement the same number twice changes nothing; over several it would.
        let numbers = numbers.count > 256 ? Set(numbers).sorted() : numbers
        for part in Batch.parts(of: numbers.count, sizes: [256, 16, 1]) {
            let list = numbers[part.rows]
            try query(Batch.filled(sql, Batch.marks(part.size))) { query in
                for number in list { query.bind(number) }
                for _ in list.count..<part.size { query.bind(list[list.startIndex]) }
                while try query.step() { try body(&query) }
            }
        }
    }
}

/// Cuts many rows into statements of few different sizes, so that each is prepared only once.
enum Batch {
    /// A part of the rows, and for how many its statement is made.
    struct Part {
        let rows: Range<Int>
        let size: Int
    }

    /// Parts in falling sizes; the last part may have fewer rows than its size.
    static func parts(of count: Int, sizes: [Int]) -> [Part] {
        var parts: [Part] = []
        var start = 0
        while start < count {
            let left = count - start
            let size = sizes.last { $0 >= left } ?? sizes.first ?? 1
            let end = min(count, start + size)
            parts.append(Part(rows: start..<end, size: size))
            start = end
        }
        return parts
    }

    /// So many marks for values, for every size that there is.
    static func marks(_ count: Int) -> String { made[count] ?? marks(making: count) }

    private static let made: [Int: String] = Dictionary(
        uniqueKeysWithValues: [1, 8, 16, 64, 256].map { ($0, marks(making: $0)) }
    )

    private static func marks(making count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ",")
    }

    /// The statement with marks in place of its first `(?)`.
    ///
    /// Searched for by the C library, because a general search takes longer than many of these
    /// statements, the more where nothing is optimised.
    static func filled(_ sql: String, _ marks: String) -> String {
        let place = sql.withCString { start in
            strstr(start, "(?)").map { UnsafePointer($0) - start }
        }
        guard let place else { return sql }
        let next = sql.utf8.index(sql.startIndex, offsetBy: place + 1)
        return sql[..<next] + marks + sql[sql.utf8.index(after: next)...]
    }
}
