import Foundation
import Testing

/// A disk of a test's own that can be filled, or made read-only: a small file system in memory.
final class SmallDisk {
    private let sandbox: Sandbox
    /// Where it is mounted.
    let folder: String

    /// Whether this user may mount one.
    static let isPossible: Bool = {
        guard let box = try? Sandbox(), (try? SmallDisk(box, megabytes: 1)) != nil else {
            return false
        }
        return true
    }()

    /// Mounts an empty one.
    init(_ sandbox: Sandbox, megabytes: Int) throws {
        self.sandbox = sandbox
        folder = sandbox.folder + "/disk"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        try mount("-t", "tmpfs", "-o", "size=\(megabytes)m", "none")
    }

    deinit {
        guard let umount = Tool.find("umount") else { return }
        _ = try? sandbox.startTool(umount, ["--lazy", folder]).wait()
    }

    /// Lets nobody write to it any more.
    func makeReadOnly() throws { try mount("-o", "remount,ro") }

    /// Writes until nothing more fits; returns the file that takes the room.
    func fill() throws -> String {
        let path = folder + "/filler"
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Trouble("no file on the small disk: \(errno)") }
        defer { close(file) }
        for size in [65_536, 4096, 512, 1] {
            let block = [UInt8](repeating: 7, count: size)
            while write(file, block, size) > 0 {}
        }
        return path
    }

    private func mount(_ arguments: String...) throws {
        guard let mount = Tool.find("mount") else { throw Trouble("there is no mount") }
        let outcome = try sandbox.startTool(mount, arguments + [folder]).wait()
        guard outcome.code == 0 else { throw Trouble("\(outcome)") }
    }
}
