import Foundation
import Glibc
import Model
import Store
import Testing

@Suite("Owning and watching a store")
struct StoreLockTests {
    private let folder: Folder
    private var path: String { folder.file("a.sqlite") }

    init() throws { folder = try Folder() }

    private let me = StoreLock.Holder(process: 7, machine: "m", bootID: "b", since: start)

    @Test("one takes it, and everybody knows who")
    func take() throws {
        let (first, second) = (StoreLock(storePath: path), StoreLock(storePath: path))
        #expect(second.holder() == nil)

        let isTaken = try first.tryTake(as: me)
        let isTakenAgain = try first.tryTake(as: me)
        let isTakenBySecond = try second.tryTake(as: .current(since: start))

        #expect(isTaken && isTakenAgain)
        #expect(!isTakenBySecond)
        #expect(second.holder() == me)
        #expect(first.holder() == me)
    }

    @Test("it is free when it is given back, or its owner is gone")
    func release() throws {
        let second = StoreLock(storePath: path)
        do {
            let first = StoreLock(storePath: path)
            _ = try first.tryTake(as: me)
            first.release()
            #expect(second.holder() == nil)
            _ = try first.tryTake(as: me)
        }

        #expect(second.holder() == nil)
        #expect(try second.tryTake(as: me))
    }

    @Test("a file that was left over is not believed")
    func leftOver() throws {
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path + ".lock"))
        let lock = StoreLock(storePath: path)

        #expect(lock.holder() == nil)
        #expect(try lock.tryTake(as: me))
        #expect(lock.holder() == me)
    }

    @Test("it needs a directory")
    func noDirectory() {
        let lock = StoreLock(storePath: folder.file("none/a.sqlite"))

        #expect(throws: StoreError.self) { try lock.tryTake(as: me) }
    }

    @Test("an engine is alive as long as it holds the lock")
    func alive() throws {
        let (store, viewer) = (try SQLiteStore(path: path), try SQLiteStore(path: path))
        let lock = try #require(store.lock)
        try store.write { tx in
            _ = try tx.takeOwnership(process: 7, machine: "m", bootID: "b", at: start)
        }
        func isAlive() throws -> Bool? { try viewer.read { try $0.engine()?.isAlive } }

        let before = try isAlive()
        _ = try lock.tryTake(as: me)
        let during = try isAlive()
        lock.release()
        let other = StoreLock.Holder(process: 8, machine: "m", bootID: "b", since: start)
        _ = try lock.tryTake(as: other)
        let after = try isAlive()

        #expect([before, during, after] == [false, true, false])
    }

    @Test("this process knows its own number and boot")
    func current() {
        let holder = StoreLock.Holder.current(since: start)

        #expect(holder.process == getpid())
        #expect(holder.bootID.count == 36)
    }

    // MARK: Watching

    @Test("a commit of somebody else is noticed, a file beside the store is not")
    func watch() throws {
        let (store, other) = (try SQLiteStore(path: path), try SQLiteStore(path: path))
        let watcher = try StoreWatcher(storePath: path)
        _ = try store.changedByOthers()
        #expect(!watcher.drain())

        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("b.sqlite-wal")))
        #expect(isReadable(watcher))
        #expect(!watcher.drain())

        try other.insert([stored(1)])
        #expect(isReadable(watcher))
        #expect(watcher.drain())
        #expect(!isReadable(watcher))
        #expect(try store.changedByOthers())
        #expect(try !store.changedByOthers())
    }

    @Test("its own commits are not somebody else's")
    func own() throws {
        let store = try SQLiteStore(path: path)
        let watcher = try StoreWatcher(storePath: path)
        _ = try store.changedByOthers()

        try store.insert([stored(1)])

        #expect(watcher.drain())
        #expect(try !store.changedByOthers())
    }

    @Test("reading is not reported")
    func reading() throws {
        let store = try SQLiteStore(path: path)
        let watcher = try StoreWatcher(storePath: path)

        _ = try store.read { try $0.page(JobQuery(), at: start) }
        try store.write { _ = try $0.counts() }

        #expect(!watcher.drain())
    }

    @Test("a link to the store is followed to where it is written")
    func link() throws {
        let store = try SQLiteStore(path: path)
        let elsewhere = try Folder()
        try FileManager.default.createSymbolicLink(
            atPath: elsewhere.file("link"),
            withDestinationPath: path
        )
        let watcher = try StoreWatcher(storePath: elsewhere.file("link"))

        try store.insert([stored(1)])

        #expect(watcher.drain())
    }

    @Test("what is not there cannot be watched")
    func missing() {
        let error = #expect(throws: StoreError.self) { try StoreWatcher(storePath: path) }

        #expect(error?.code == .missing)
    }

    private func isReadable(_ watcher: StoreWatcher) -> Bool {
        var entry = pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}
