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

    /// An empty store in a file called `name`, in a directory of its own.
    package init(file name: String) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("signalbox-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let path = directory.appendingPathComponent(name).path
        self.directory = directory
        self.path = path
        store = try SQLiteStore(path: path)
    }

    deinit {
        guard let directory else { return }
        try? store.close()
        try? FileManager.default.removeItem(at: directory)
    }
}
