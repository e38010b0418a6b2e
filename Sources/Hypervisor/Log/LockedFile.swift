import Foundation

/// An open file that no other process has open through here.
final class LockedFile {
    private let path: String
    private let descriptor: Int32

    /// Opens or makes the file at a path and locks it.
    ///
    /// With `seizing`, one that another process has locked is opened all the same, to be replaced:
    /// that process can write no more from then on.
    init(openingOrMaking path: String, seizing: Bool = false) throws(HypervisorLogError) {
        self.path = path
        // Whoever held the lock may have replaced the file between open and lock: look again.
        for _ in 0..<10 {
            let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Self.error(path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || seizing else {
                close(descriptor)
                throw .inUse(path: path)
            }
            guard Self.isRegular(descriptor) else {
                close(descriptor)
                throw .cannotUse(path: path, reason: "It is not a plain file")
            }
            if Self.isSame(descriptor, path) {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
        throw .inUse(path: path)
    }

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var held = stat()
        return fstat(descriptor, &held) == 0 && held.st_mode & S_IFMT == S_IFREG
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var held = stat()
        var there = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &there) == 0
            && held.st_ino == there.st_ino && held.st_dev == there.st_dev
    }

    private static func error(_ path: String) -> HypervisorLogError {
        .cannotUse(path: path, reason: String(cString: strerror(errno)))
    }

    /// Everything in the file.
    func contents() throws(HypervisorLogError) -> Data {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.error(path) }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return data }
            if count > 0 {
                data.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                throw Self.error(path)
            }
        }
    }

    /// Appends data with one write, unless the system takes it in parts.
    ///
    /// Refused if another process has put a file of its own in the place of this one.
    func write(_ data: Data) throws(HypervisorLogError) {
        guard Self.isSame(descriptor, path) else { throw .inUse(path: path) }
        try append(data)
    }

    private func append(_ data: Data) throws(HypervisorLogError) {
        var left = data[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { bytes in
                Foundation.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count > 0 {
                left = left.dropFirst(count)
            } else if errno != EINTR {
                throw Self.error(path)
            }
        }
    }

    /// Cuts the file off; false when that does not work.
    func cut(to length: Int) -> Bool { ftruncate(descriptor, off_t(length)) == 0 }

    /// Puts a new file with this content in the place of this one: all of it, or nothing.
    func replaced(by data: Data) throws(HypervisorLogError) -> LockedFile {
        guard Self.isSame(descriptor, path) else { throw .inUse(path: path) }
        let draft = path + ".new"
        let descriptor = open(draft, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(draft) }
        let file = LockedFile(path, descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fchmod(descriptor, 0o600) == 0 else {
            throw Self.error(draft)
        }
        try file.append(data)
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Self.error(draft) }
        syncDirectory()
        return file
    }

    /// Makes the new name of the file last; where that is not possible the file is good anyway.
    private func syncDirectory() {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let directory = parts.isEmpty ? "." : parts.joined(separator: "/") + "/"
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
