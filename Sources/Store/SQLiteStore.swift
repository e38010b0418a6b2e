import Foundation
import GRDB
import Synchronization

/// A store in one SQLite file, or in memory.
package final class SQLiteStore: JobStore {
    /// Where the file is; `:memory:` if there is none.
    package let path: String
    /// Whether nothing can be written: the file, or its directory, belongs to somebody else.
    package let isReadOnly: Bool
    /// The lock by which one engine at a time owns this store; nil in memory.
    package let lock: StoreLock?
    private let writer: any DatabaseWriter
    private let vault: SecretVault
    /// SQLite's number for what others wrote, as it was when last asked.
    private let seenVersion = Mutex<Int64?>(nil)

    /// Opens the store at `path`; makes it, and its directory, if there is none.
    ///
    /// A store that may not be written is opened for reading; ``isReadOnly`` tells.
    ///
    /// - Parameters:
    ///   - path: the file, absolute or relative.
    ///   - readOnly: open for reading only, and make nothing.
    ///   - patience: for how many seconds to wait while another process writes.
    /// - Throws: ``StoreError``; the file is then as it was.
    package init(path: String, readOnly: Bool = false, patience: Double = 5) throws {
        self.path = path
        let file = StoreFile(path: path, patience: patience)
        let opened = try StoreFailure.wrapped("open \(path)", path: path) {
            try file.open(readOnly: readOnly)
        }
        writer = opened.writer
        isReadOnly = opened.isReadOnly
        lock = StoreLock(storePath: path)
        vault = SecretVault(storePath: path)
    }

    /// Makes an empty store in memory, gone with this object.
    ///
    /// Readers wait for the writer there.
    package init() throws {
        path = ":memory:"
        isReadOnly = false
        lock = nil
        vault = SecretVault(storePath: nil)
        writer = try StoreFailure.wrapped("make a store in memory", path: nil) {
            let queue = try DatabaseQueue()
            try Self.empty.get().backup(to: queue)
            return queue
        }
    }

    /// An empty store of which those in memory begin as copies: to make one takes a hundred times
    /// as long as to copy it.
    private static let empty = Result {
        let queue = try DatabaseQueue()
        try queue.write { database in
            try Migration.run(database)
            try CloudStackViews.refresh(database)
        }
        return queue
    }

    /// Runs `body` in one durable transaction; see ``JobStore/write(as:_:)``.
    package func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R {
        let action = "write to \(path)"
        guard !isReadOnly else { throw StoreError(.notWritable, action: action) }
        let (result, forgotten) = try StoreFailure.wrapped(action, path: path) {
            try writer.write { database in
                let transaction = SQLiteTransaction(database, lock: lock, vault: vault)
                try transaction.check(epoch)
                let result = try body(transaction)
                try transaction.finish()
                return (result, transaction.forgotten)
            }
        }
        for name in forgotten { vault.forget(name) }
        return result
    }

    /// Runs `body` on one consistent state; see ``JobStore/read(_:)``.
    package func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
        try StoreFailure.wrapped("read \(path)", path: path) {
            // In memory there is one connection, and nobody else: readers wait for each other
            // anyway. Guarding it against writes for each read would throw its compiled
            // statements away.
            if lock == nil {
                return try writer.unsafeRead { try body(SQLiteReader($0, lock: nil, vault: vault)) }
            }
            return try writer.read { try body(SQLiteReader($0, lock: lock, vault: vault)) }
        }
    }

    /// Whether somebody else has written to the file since this was asked last.
    ///
    /// Writes through this object do not count. The first answer is always true.
    package func changedByOthers() throws -> Bool {
        try StoreFailure.wrapped("read \(path)", path: path) {
            try writer.writeWithoutTransaction { database in
                let version = try Int64.fetchOne(database, sql: "PRAGMA data_version") ?? 0
                return seenVersion.withLock { seen in
                    defer { seen = version }
                    return seen != version
                }
            }
        }
    }

    /// Runs `body` on the database itself, for tests and for maintenance.
    func onDatabase<R>(_ body: (Database) throws -> R) throws -> R {
        try StoreFailure.wrapped("use \(path)", path: path) {
            try writer.writeWithoutTransaction(body)
        }
    }

    /// Copies the database, in one consistent state, into another.
    func copyDatabase(to other: DatabaseQueue) throws { try writer.backup(to: other) }

    /// Closes the file; later calls throw.
    ///
    /// What is in the write-ahead log goes into the file itself, as far as no reader is in the way.
    package func close() throws {
        try StoreFailure.wrapped("close \(path)", path: path) {
            if !isReadOnly {
                // GRDB closes its writer before its readers, which cannot do this for it. When it
                // does not work nothing is lost: the next opening reads the log.
                try? writer.writeWithoutTransaction { database in
                    try database.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
                }
            }
            try writer.close()
        }
    }
}
