import Glibc

/// Notices that somebody wrote to a store, without asking again and again.
///
/// The kernel reports writes to the store's files, by whatever process; a file descriptor becomes
/// readable. This process's own writes are reported, too:
/// ``SQLiteStore/changedByOthers()`` tells them apart.
package final class StoreWatcher: Sendable {
    /// Becomes readable, for poll(2), when something may have changed.
    package let descriptor: Int32
    private let names: Set<String>

    /// Watches the store at `storePath`, which must exist.
    ///
    /// - Throws: ``StoreError`` if its directory cannot be watched.
    package init(storePath: String) throws {
        // The log lies beside the file itself, wherever a link to it may be.
        guard let real = realpath(storePath, nil) else {
            throw StoreError(
                .missing,
                action: "watch \(storePath)",
                detail: String(cString: strerror(errno))
            )
        }
        defer { free(real) }
        let path = String(cString: real)
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let name = String(path[path.index(after: slash)...])
        names = [name, name + "-wal"]
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw Self.failure(storePath) }
        let wanted = UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        guard inotify_add_watch(descriptor, directory, wanted) >= 0 else {
            let problem = Self.failure(storePath)
            Glibc.close(descriptor)
            throw problem
        }
    }

    deinit { Glibc.close(descriptor) }

    private static func failure(_ path: String) -> StoreError {
        let code = errno
        return StoreError(
            code == ENOSPC || code == EMFILE ? .busy : .other,
            action: "watch \(path)",
            detail: String(cString: strerror(code))
        )
    }

    /// Takes what was reported so far.
    ///
    /// - Returns: whether something of the store may have changed.
    package func drain() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        var isChanged = false
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return isChanged }
            if concernsStore(buffer[..<count]) { isChanged = true }
        }
    }

    /// Whether one of the reports is about the store's files, or says that reports were lost.
    private func concernsStore(_ reports: ArraySlice<UInt8>) -> Bool {
        let headSize = MemoryLayout<inotify_event>.size
        var rest = reports
        while rest.count >= headSize {
            let head = rest.withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
            let body = rest.dropFirst(headSize).prefix(Int(head.len))
            let isLoss = head.mask & UInt32(IN_Q_OVERFLOW) != 0
            let name = String(decoding: body.prefix { $0 != 0 }, as: UTF8.self)
            if isLoss || names.contains(name) { return true }
            rest = rest.dropFirst(headSize + Int(head.len))
        }
        return false
    }
}
