import Foundation
import Glibc
package import Model
import Synchronization

/// Makes one process at a time the owner of a store.
///
/// The lock is on a file beside the store, never on the store itself, and the kernel holds it: it
/// is gone when the owner closes it or dies. The file says who the owner is, for people and for
/// ``holder()``, which asks the kernel and so believes no left-over file.
package final class StoreLock: Sendable {
    /// Who holds the lock of a store.
    package struct Holder: Hashable, Codable, Sendable {
        /// Its process.
        package var process: Int32
        /// Its machine.
        package var machine: String
        /// The boot of the machine in which it runs.
        package var bootID: String
        /// Since when it holds the lock.
        package var since: Timestamp

        /// A holder with all its parts.
        package init(process: Int32, machine: String, bootID: String, since: Timestamp) {
            self.process = process
            self.machine = machine
            self.bootID = bootID
            self.since = since
        }
    }

    /// The lock file: the store's path with `.lock` at its end.
    package let path: String
    /// The lease beside it.
    package let lease: LeaseFile
    /// The open lock file while the lock is held; closing it gives the lock back.
    private let held = Mutex<Int32?>(nil)

    /// The lock of the store at `storePath`; nothing is taken yet.
    package init(storePath: String) {
        path = storePath + ".lock"
        lease = LeaseFile(storePath: storePath)
    }

    deinit { release() }

    /// Lets whoever may use the store look at its lock; where that is not possible, they cannot see
    /// whether an engine is alive.
    private func share(_ file: Int32) {
        var status = stat()
        guard stat(String(path.dropLast(".lock".count)), &status) == 0 else { return }
        _ = fchmod(file, status.st_mode & 0o666 | 0o600)
    }

    /// Takes the lock unless somebody holds it.
    ///
    /// - Returns: whether this object holds it now.
    /// - Throws: ``StoreError`` if the lock file cannot be written.
    package func tryTake(as holder: Holder) throws -> Bool {
        try held.withLock { held in
            guard held == nil else { return true }
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw failure("open") }
            share(file)
            guard Self.call(Self.setLock, on: file).code == 0 else {
                let isHeld = errno == EAGAIN || errno == EACCES
                let problem = failure("lock")
                close(file)
                if isHeld { return false }
                throw problem
            }
            guard Self.write(holder, to: file) else {
                let problem = failure("write")
                close(file)
                throw problem
            }
            held = file
            return true
        }
    }

    /// Takes the lock from an owner on this machine that is alive and does not move.
    ///
    /// A new lock file takes the place of the one it holds; it keeps a lock of nothing.
    ///
    /// - Returns: whether this object holds it now; not if somebody else is seizing it, too.
    /// - Throws: ``StoreError`` if the new file cannot be written.
    package func seize(as holder: Holder) throws -> Bool {
        try held.withLock { held in
            guard held == nil else { return true }
            let draft = path + ".new"
            let file = open(draft, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw failure("open") }
            guard Self.call(Self.setLock, on: file).code == 0 else {
                close(file)
                return false
            }
            guard Self.write(holder, to: file), rename(draft, path) == 0 else {
                let problem = failure("write")
                close(file)
                throw problem
            }
            held = file
            return true
        }
    }

    /// Who holds the lock now; nil if nobody does.
    package func holder() -> Holder? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let answer = Self.call(Self.getLock, on: file)
        guard answer.code == 0, answer.lock.l_type != Int16(F_UNLCK) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(Holder.self, from: Data(bytes[..<count]))
    }

    /// Gives the lock back; nothing happens if this object does not hold it.
    package func release() {
        held.withLock { held in
            if let file = held { close(file) }
            held = nil
        }
    }

    // MARK: The kernel

    /// Asks about a lock that belongs to an open file rather than to a process.
    ///
    /// Asking does not disturb such a lock, and closing another descriptor of the file does not
    /// drop it. Glibc's headers show the commands' names only to C with GNU extensions.
    private static let getLock: Int32 = 36
    /// Takes or refuses such a lock at once.
    private static let setLock: Int32 = 37

    private static func call(_ command: Int32, on file: Int32) -> (code: Int32, lock: flock) {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        let code = fcntl(file, command, &lock)
        return (code, lock)
    }

    private static func write(_ holder: Holder, to file: Int32) -> Bool {
        guard let text = try? JSONEncoder().encode(holder), ftruncate(file, 0) == 0 else {
            return false
        }
        return text.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == text.count
    }

    private func failure(_ action: String) -> StoreError {
        let code = errno
        let isForbidden = [EACCES, EPERM, EROFS].contains(code)
        return StoreError(
            code == ENOSPC ? .full : isForbidden ? .notWritable : .other,
            action: "\(action) \(path)",
            detail: String(cString: strerror(code))
        )
    }
}

extension StoreLock.Holder {
    /// This process, on this machine, in its present boot.
    ///
    /// For tests, `SIGNALBOX_MACHINE` makes it one of another machine, in a boot of that name.
    package static func current(since: Timestamp) -> StoreLock.Holder {
        if let machine = pretendedMachine {
            return StoreLock.Holder(
                process: getpid(),
                machine: machine,
                bootID: machine,
                since: since
            )
        }
        let boot = try? String(
            contentsOfFile: "/proc/sys/kernel/random/boot_id",
            encoding: .utf8
        )
        return StoreLock.Holder(
            process: getpid(),
            machine: ProcessInfo.processInfo.hostName,
            bootID: boot?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "",
            since: since
        )
    }

    /// The machine on which this process is said to run; nil for the real one.
    static var pretendedMachine: String? {
        ProcessInfo.processInfo.environment["SIGNALBOX_MACHINE"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
