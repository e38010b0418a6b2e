import Foundation
package import Store

/// A store of its own for one test: in memory, or in a fresh directory that goes with it.
package final class TemporaryStore {
    /// The store.
    package let store: SQLiteStore
    /// The file of the store; nil in memory.
    package let path: String?
    private let directory: URL?

    /// An empty store in memory.
    package init() throws {
        store = try SQLiteStore()
        path = nil
        directory = nil
    }

    /// An empty store in a file called `name`, in a directory of its own; it waits so many seconds
    /// for other writers, and lies in memory if there is a place for that and nobody minds.
    package init(file name: String, patience: Double = 5, isHasty: Bool = false) throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isThere = FileManager.default.fileExists(atPath: memory.path)
        let directory = (isHasty && isThere ? memory : FileManager.default.temporaryDirectory)
            .appendingPathComponent("signalbox-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let path = directory.appendingPathComponent(name).path
        self.directory = directory
        self.path = path
        store = try SQLiteStore(path: path, patience: patience)
    }

    /// The same file, opened again after `other` was closed; `other` must outlive it.
    package init(reopening other: TemporaryStore) throws {
        directory = nil
        path = other.path
        store = try SQLiteStore(path: other.path ?? "", patience: 5)
    }

    deinit {
        guard let directory else { return }
        try? store.close()
        try? FileManager.default.removeItem(at: directory)
    }
}
