import Engine
import Foundation
import Model
import Store
import Synchronization
import TestKit
import Testing

@Suite("The journal's bell")
struct JournalBellTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("two", steps: [.doing("a", undo: "undo a"), .doing("b")])
    ]

    /// What a subscriber has taken, on a thread of its own.
    private final class Taker: Sendable {
        private let taken = Mutex<[JournalEntry]>([])
        private let finished = DispatchSemaphore(value: 0)

        init(_ subscription: Subscription, page: Int) {
            Thread { [self] in
                while let part = try? subscription.next(limit: page), !part.isEmpty {
                    taken.withLock { $0 += part.map(\.entry) }
                }
                finished.signal()
            }.start()
        }

        var entries: [JournalEntry] { taken.withLock { $0 } }

        func wait() { finished.wait() }
    }

    @Test("A subscriber sees each transition once, in order, over crashes and a change of engines")
    func onceInOrder() throws {
        let backend = ScriptedBackend()
        backend.script("b", .fails(.scripted("broken"), after: 10))
        let bench = try EngineBench(backend, kinds: kinds)
        let bell = JournalBell()
        let subscription = bell.subscribe(to: bench.store, after: 0)
        bench.afterTurn = { _ in bell.ring() }
        let taker = Taker(subscription, page: 3)
        for round in 0..<30 {
            try bench.submit("two")
            if round % 5 == 1 { bench.store.fail(.beforeCommit) }
            if round % 5 == 3 { bench.store.fail(.afterCommit) }
            do {
                try bench.run(for: 150)
            } catch is CrashingStore.Crash {
                try bench.takeOver()
            }
        }
        try bench.run(for: 60_000)
        let all = try bench.journal()
        for _ in 0..<10_000_000 where taker.entries.count < all.count { bell.ring() }
        subscription.close()
        taker.wait()

        #expect(taker.entries == all)
        #expect(all.map(\.sequence) == Array(1...Int64(all.count)))
        #expect(subscription.sequence == all.last?.sequence)
    }

    @Test("A subscriber that does not read holds nobody up, keeps nothing, and misses nothing")
    func slow() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let bell = JournalBell()
        let subscription = bell.subscribe(to: bench.store, after: 0)
        bench.afterTurn = { _ in bell.ring() }
        for _ in 0..<40 { try bench.submit("two") }
        try bench.run(for: 60_000)

        var seen: [JournalEntry] = []
        while true {
            let part = try subscription.next(limit: 10).map(\.entry)
            seen += part
            #expect(part.count <= 10)
            if seen.last?.sequence == (try bench.journal().last?.sequence) { break }
        }

        #expect(seen == (try bench.journal()))
    }

    @Test("A subscriber goes on where another one stopped")
    func resumes() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let bell = JournalBell()
        try bench.submit("two")
        try bench.run(for: 1000)
        let first = bell.subscribe(to: bench.store, after: 0)
        let half = try first.read(limit: 2).map(\.entry)

        let second = bell.subscribe(to: bench.store, after: first.sequence)
        let rest = try second.read().map(\.entry)

        #expect(half + rest == (try bench.journal()))
        #expect(try second.read().isEmpty)
    }

    @Test("Reading that fails is done again; nothing is passed over")
    func failing() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        try bench.submit("two")
        let faulty = FaultyReads(bench.store)
        let subscription = JournalBell().subscribe(to: faulty, after: 0)

        #expect(throws: StoreError.self) { try subscription.read() }
        let seen = try subscription.read().map(\.entry)

        #expect(seen == (try bench.journal()))
    }
}

/// A store whose first reading fails when all of it is done.
private final class FaultyReads: JobStore {
    private let inner: any JobStore
    private let hasFailed = Mutex(false)

    init(_ inner: any JobStore) { self.inner = inner }

    func write<R>(as epoch: Int64?, _ body: (any StoreTransaction) throws -> R) throws -> R {
        try inner.write(as: epoch, body)
    }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
        let result = try inner.read(body)
        let isFirst = hasFailed.withLock { failed in
            defer { failed = true }
            return !failed
        }
        if isFirst { throw StoreError(.busy, action: "read") }
        return result
    }
}
