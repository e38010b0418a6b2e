import Foundation
import GRDB
import Glibc
import Model
import Testing

@testable import Store

@Suite("The file of a store")
struct StoreFileTests {
    private let folder: Folder
    private var path: String { folder.file("a.sqlite") }

    init() throws { folder = try Folder() }

    @Test("only its owner may read it, and its new directory")
    func permissions() throws {
        let path = folder.file("new/deep/a.sqlite")
        let store = try SQLiteStore(path: path)
        try store.insert([stored(1)])

        #expect(try mode(of: path) == 0o600)
        #expect(try mode(of: path + "-wal") == 0o600)
        #expect(try mode(of: folder.file("new/deep")) == 0o700)
    }

    private func mode(of path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("what was written is there when it is opened again")
    func reopen() throws {
        try autoreleased { try SQLiteStore(path: path).insert([stored(1)]) }

        let again = try SQLiteStore(path: path)
        let reader = try SQLiteStore(path: path, readOnly: true)

        #expect(try again.read { try $0.jobs([JobID(1)]) } == [stored(1)])
        #expect(try reader.read { try $0.jobs([JobID(1)]) } == [stored(1)])
        #expect(!again.isReadOnly)
        #expect(reader.isReadOnly)
    }

    private func autoreleased(_ body: () throws -> Void) rethrows { try body() }

    @Test("it is durable: a log written ahead, and every commit on the disk")
    func durable() throws {
        let store = try SQLiteStore(path: path)
        let settings = try store.onDatabase { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA synchronous")
            )
        }

        #expect(settings.0 == "wal")
        #expect(settings.1 == 2)
    }

    // MARK: Refusals

    @Test("a store that is only read is not written, and says so")
    func readOnly() throws {
        _ = try SQLiteStore(path: path)
        let reader = try SQLiteStore(path: path, readOnly: true)

        let error = #expect(throws: StoreError.self) { try reader.insert([stored(1)]) }

        #expect(error?.code == .notWritable)
    }

    @Test("reading makes no file")
    func missing() throws {
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(path: path, readOnly: true)
        }

        #expect(error?.code == .missing)
        #expect(error?.description == "cannot open \(path): there is no such file")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a file that is no database is left alone", arguments: [10, 600, 100_000])
    func garbage(_ size: Int) throws {
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + 3) })
        try expectUntouched(bytes, code: .damaged)
    }

    @Test("a store that was cut off is left alone", arguments: [50, 100, 511, 512, 4096, 50_000])
    func torn(_ size: Int) throws {
        try expectUntouched(try bytesOfStore().prefix(size), code: .damaged)
    }

    @Test("a store with a torn page is left alone")
    func tornPage() throws {
        var bytes = try bytesOfStore()
        for index in 8192..<8400 { bytes[index] = 0xff }
        try expectUntouched(bytes, code: .damaged)
    }

    @Test("a store of a newer version is left alone")
    func newer() throws {
        try change("PRAGMA user_version = 999")
        let error = try expectUntouched(try Data(contentsOf: url), code: .newer)

        #expect(error?.description.contains("use that version") == true)
    }

    @Test("the database of another program is left alone")
    func foreign() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE treasure (x)") }
        try queue.close()

        try expectUntouched(try Data(contentsOf: url), code: .refused)
    }

    private var url: URL { URL(fileURLWithPath: path) }

    /// The bytes of a store with some jobs, all of them in the main file.
    private func bytesOfStore() throws -> Data {
        let store = try SQLiteStore(path: path)
        try store.insert((1...200).map { stored(Int64($0)) })
        try store.close()
        return try Data(contentsOf: url)
    }

    private func change(_ sql: String) throws {
        let store = try SQLiteStore(path: path)
        try store.onDatabase { try $0.execute(sql: sql) }
        try store.close()
    }

    @discardableResult
    private func expectUntouched(_ bytes: Data, code: StoreError.Code) throws -> StoreError? {
        try bytes.write(to: url)

        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        let reading = #expect(throws: StoreError.self) {
            try SQLiteStore(path: path, readOnly: true)
        }

        #expect(error?.code == code)
        #expect(reading?.code == code)
        #expect(try Data(contentsOf: url) == bytes)
        return error
    }

    @Test("a directory that cannot be made is named")
    func noDirectory() throws {
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))

        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(path: folder.file("file/below/a.sqlite"))
        }

        #expect(error?.code == .notWritable)
        #expect(error?.action.contains("file/below") == true)
    }

    @Test(
        "a store in a directory of somebody else is opened for reading",
        .enabled(if: geteuid() != 0, "root may write everywhere")
    )
    func otherDirectory() throws {
        try SQLiteStore(path: path).close()
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }

        let store = try SQLiteStore(path: path)

        #expect(store.isReadOnly)
        #expect(try store.read { try $0.counts() } == Counts())
    }

    // MARK: Trouble while it is used

    @Test("a full disk undoes the transaction, and the next one works once there is room")
    func full() throws {
        let store = try SQLiteStore(path: path)
        try store.insert([stored(1)])
        let pages = try store.onDatabase { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
        try limit(store, pages + 2)
        let many = (2...2000).map { stored(Int64($0)) }

        let error = #expect(throws: StoreError.self) { try store.insert(many) }

        #expect(error?.code == .full)
        #expect(try store.read { try $0.counts() == $0.recount() })
        #expect(try store.read { try $0.counts().total } == 1)
        try limit(store, 1 << 30)
        try store.insert(many)
        #expect(try store.read { try $0.recount().total } == 2000)
    }

    private func limit(_ store: SQLiteStore, _ pages: Int) throws {
        try store.onDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }

    @Test("a writer that waits for too long says so; a reader does not wait")
    func busy() throws {
        let first = try SQLiteStore(path: path)
        let second = try SQLiteStore(path: path, patience: 0.01)

        let error = try first.write { tx in
            try tx.insert([stored(1)], ofStep: nil)
            let seen = try second.read { try $0.counts().total }
            #expect(seen == 0)
            return #expect(throws: StoreError.self) { try second.insert([stored(2)]) }
        }

        #expect(error?.code == .busy)
        #expect(try second.read { try $0.counts().total } == 1)
    }
}
