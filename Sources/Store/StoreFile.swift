import Foundation
import GRDB
import Glibc

/// The file of a store: how it is made, checked and opened.
struct StoreFile {
    let path: String
    /// Seconds to wait while another process writes.
    let patience: Double

    /// A file larger than this is not read through before it is used.
    private static let quickCheckBytes = 4 << 20
    /// No database is smaller: the smallest page of SQLite.
    private static let smallestBytes = 512

    private var action: String { "open \(path)" }
    private var directory: String {
        let parent = (path as NSString).deletingLastPathComponent
        return parent.isEmpty ? "." : parent
    }

    /// Opens the file; for writing if that is wanted and possible.
    func open(readOnly: Bool) throws -> (writer: any DatabaseWriter, isReadOnly: Bool) {
        let exists = FileManager.default.fileExists(atPath: path)
        if readOnly || (exists && !isWritable) { return (try openForReading(), true) }
        if !exists { try create() }
        try check()
        let pool = try DatabasePool(path: path, configuration: configuration(readOnly: false))
        try pool.writeWithoutTransaction { database in
            // GRDB chooses NORMAL for write-ahead logs; here nothing acknowledged may be lost.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            try database.inTransaction(.immediate) {
                try Migration.run(database)
                try CloudStackViews.refresh(database)
                return .commit
            }
        }
        return (pool, false)
    }

    private func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -8000")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    // MARK: Making

    private var isWritable: Bool {
        access(path, W_OK) == 0 && access(directory, W_OK) == 0
    }

    /// Makes an empty file that only its owner may read, and its directory if there is none.
    private func create() throws {
        let files = FileManager.default
        if !files.fileExists(atPath: directory) {
            do {
                try files.createDirectory(
                    atPath: directory,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw StoreError(
                    .notWritable,
                    action: "make the directory \(directory)",
                    detail: error.localizedDescription
                )
            }
        }
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 {
            close(file)
        } else if errno != EEXIST {
            let code = errno
            throw StoreError(
                code == ENOSPC ? .full : .notWritable,
                action: action,
                detail: String(cString: strerror(code))
            )
        }
    }

    // MARK: Reading only

    private func openForReading() throws -> (any DatabaseWriter) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.missing, action: action)
        }
        let queue = try openQueue()
        try queue.read { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version > 0 else { throw StoreError(.empty, action: action) }
            guard version == Migration.newest else {
                throw StoreError(
                    .notWritable,
                    action: action,
                    detail: "it is of an older version and must be brought up to date first"
                )
            }
        }
        return queue
    }

    /// Opens without the right to change anything.
    ///
    /// Reading a write-ahead log needs files beside the store. Where they are missing and cannot be
    /// made, nobody is writing either, and the file can be read as one that does not change.
    private func openQueue() throws -> DatabaseQueue {
        try checkSize()
        let readOnly = configuration(readOnly: true)
        do {
            let queue = try DatabaseQueue(path: path, configuration: readOnly)
            try queue.read(examine)
            return queue
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && hasNoLog
        {
            let url = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
            let queue = try DatabaseQueue(path: url, configuration: readOnly)
            try queue.read(examine)
            return queue
        }
    }

    private var hasNoLog: Bool {
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (log?[.size] as? Int ?? 0) == 0
    }

    // MARK: Checking

    /// Refuses a file that is damaged, newer than this program, or something else, unchanged.
    private func check() throws {
        if try size() == 0 { return }
        try openQueue().close()
    }

    /// Its bytes, wherever a link may lead.
    private func size() throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw StoreError(.missing, action: action) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.refused, action: action, detail: "it is not a plain file")
        }
        return Int(status.st_size)
    }

    private func checkSize() throws {
        let size = try size()
        guard size == 0 || size >= Self.smallestBytes else {
            throw StoreError(
                .damaged,
                action: action,
                detail: "it has only \(size) bytes"
            )
        }
    }

    private func examine(_ database: Database) throws {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard tables > 0 || application != 0 || version != 0 else { return }
        guard application == Migration.applicationID else {
            throw StoreError(
                .refused,
                action: action,
                detail: "it is the database of another program"
            )
        }
        guard version <= Migration.newest else {
            throw StoreError(
                .newer,
                action: action,
                detail: "its version is \(version), this program knows up to \(Migration.newest)"
            )
        }
        guard try size() <= Self.quickCheckBytes else { return }
        let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        guard finding == "ok" else {
            let lines = finding.split(separator: "\n").filter { !$0.hasPrefix("***") }
            let detail = lines.joined(separator: "; ")
            throw StoreError(.damaged, action: action, detail: detail)
        }
    }
}
