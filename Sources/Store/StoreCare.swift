import Foundation
import GRDB
import Glibc

extension SQLiteStore {
    /// Copies the store to another file while it is in use.
    ///
    /// SQLite's own way of copying: the copy is one consistent state, and nobody waits for it. It
    /// is made under another name, looked through, and takes its name only then.
    ///
    /// - Throws: ``StoreError``; with code `refused` if that file is there already.
    package func backUp(to path: String) throws {
        let action = "make the backup \(path)"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.refused, action: action, detail: "that file is there already")
        }
        let partial = path + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        let file = Glibc.open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError(.notWritable, action: action, detail: reason)
        }
        defer {
            Glibc.close(file)
            try? FileManager.default.removeItem(atPath: partial)
        }
        try StoreFailure.wrapped(action, path: partial) {
            let copy = try DatabaseQueue(path: partial)
            try copyDatabase(to: copy)
            let finding = try copy.read {
                try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") ?? "ok"
            }
            guard finding == "ok" else {
                throw StoreError(.damaged, action: action, detail: finding)
            }
            // The copy is one file that needs no log beside it.
            try copy.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            try copy.close()
        }
        guard fsync(file) == 0, link(partial, path) == 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError(.notWritable, action: action, detail: reason)
        }
    }

    /// Writes the file anew without the room that removed rows left; everybody waits meanwhile.
    ///
    /// - Returns: its bytes before and after.
    /// - Throws: ``StoreError``; with code `full` if there is no room for the second copy that this
    ///   takes for a while.
    package func compact() throws -> (before: Int, after: Int) {
        let action = "compact \(path)"
        let before = try fileSize(action)
        var disk = statvfs()
        if statvfs(path, &disk) == 0 {
            let free = Int(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
            // A copy, and the log of writing it back.
            guard free / 2 > before else {
                throw StoreError(
                    .full,
                    action: action,
                    detail: "it takes twice its \(before) bytes for a while; \(free) are free"
                )
            }
        }
        try onDatabase { database in
            try database.execute(sql: "VACUUM")
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return (before, try fileSize(action))
    }

    private func fileSize(_ action: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw StoreError(.missing, action: action) }
        return Int(status.st_size)
    }
}
