import Foundation
import Glibc
import Model
import Synchronization

/// The secret parameters of jobs that have not ended: outside of the database, so that neither its
/// pages, nor its log, nor a backup of it ever have them.
///
/// One small file a tree of jobs, readable by its owner only, in a folder beside the store; in
/// memory for a store in memory. What a crash leaves behind is cleared by the next engine.
final class SecretVault: Sendable {
    private let folder: String?
    private let memory = Mutex<[String: [String: String]]>([:])

    /// The vault of the store in that file; nil for a store in memory.
    init(storePath: String?) { folder = storePath.map { $0 + ".secrets" } }

    /// Keeps secrets under a name; they are durable when this returns.
    func keep(_ secrets: [String: String], of name: String) throws {
        guard let folder else { return memory.withLock { $0[name] = secrets } }
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("make \(folder)") }
        let path = folder + "/" + name
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("write \(path)") }
        defer { close(file) }
        let bytes = Array((FlatJSON.encode(secrets) ?? "{}").utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw failure("write \(path)")
        }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }

    /// The secrets under a name; none if they were forgotten, or lie on another machine.
    func secrets(of name: String) -> [String: String] {
        guard let folder else { return memory.withLock { $0[name] ?? [:] } }
        let text = try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        return FlatJSON.decode(text) ?? [:]
    }

    /// Removes secrets, after writing over them.
    func forget(_ name: String) {
        guard let folder else { return memory.withLock { $0[name] = nil } }
        let path = folder + "/" + name
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        if file >= 0 {
            let size = Int(lseek(file, 0, SEEK_END))
            let zeros = [UInt8](repeating: 0, count: max(0, min(size, 1 << 20)))
            _ = pwrite(file, zeros, zeros.count, 0)
            fsync(file)
            close(file)
        }
        unlink(path)
    }

    /// The names under which secrets are kept.
    func names() -> [String] {
        guard let folder else { return memory.withLock { $0.keys.sorted() } }
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private func failure(_ action: String) -> StoreError {
        let code = errno
        return StoreError(
            code == ENOSPC ? .full : .notWritable,
            action: action,
            detail: String(cString: strerror(code))
        )
    }
}

extension SQLiteReader {
    func secrets(of uuid: String) throws -> [String: String] { vault.secrets(of: uuid) }
}

extension SQLiteTransaction {
    func keep(_ secrets: [String: String], of uuid: String) throws {
        try vault.keep(secrets, of: uuid)
    }

    func forgetSecrets(of uuid: String) { forgotten.append(uuid) }

    func forgetEndedSecrets() throws {
        let ended = JobState.completed.code
        for uuid in vault.names() {
            let isNeeded = try query("SELECT 1 FROM job WHERE uuid = ? AND state < \(ended)") {
                query in
                query.bind(uuid)
                return try query.step()
            }
            if !isNeeded { forgotten.append(uuid) }
        }
    }
}
