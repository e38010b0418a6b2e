import Foundation
import GRDB

/// Turns what SQLite reports into what people can act on.
enum StoreFailure {
    /// Runs `body`; errors of the database become ``StoreError``, all others pass unchanged.
    static func wrapped<R>(
        _ action: @autoclosure () -> String,
        path: String?,
        _ body: () throws -> R
    ) throws -> R {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw translated(error, action: action(), path: path)
        }
    }

    static func translated(_ error: DatabaseError, action: String, path: String?) -> StoreError {
        StoreError(code(of: error, path: path), action: action, detail: error.message ?? "")
    }

    private static func code(of error: DatabaseError, path: String?) -> StoreError.Code {
        switch error.extendedResultCode {
        case .SQLITE_IOERR_SHMSIZE: return .full
        case .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS: return .damaged
        default: break
        }
        switch error.resultCode {
        case .SQLITE_FULL: return .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .damaged
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: return .notWritable
        case .SQLITE_CONSTRAINT: return .refused
        case .SQLITE_CANTOPEN:
            let exists = path.map { FileManager.default.fileExists(atPath: $0) } ?? false
            return exists ? .notWritable : .missing
        default: return .other
        }
    }
}
