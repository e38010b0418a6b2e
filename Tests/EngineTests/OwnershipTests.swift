import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Two engines on one store")
struct OwnershipTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("two", steps: [.doing("a", undo: "undo a"), .doing("b")])
    ]

    private func isRefused(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch {
            return (error as? StoreError)?.code == .notOwner
        }
    }

    @Test("The first one's writes are refused from the moment the second owns the store")
    func refused() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)
        let id = try bench.submit("two")
        let old = bench.engine
        bench.line.cutNews()

        try bench.takeOver()
        let before = try bench.journal()
        let calls = backend.calls.count
        #expect(bench.engine.epoch > old.epoch)
        #expect(isRefused { try old.turn(Inbox(), at: bench.clock.now() + 1000) })

        #expect(try bench.journal() == before)
        #expect(backend.calls.count == calls, "and nothing is called for a turn that was refused")
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .completed)
    }

    @Test("Callers of the first one are told that it was refused")
    func callersAreTold() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let old = bench.engine
        try bench.takeOver()
        let told = Counter()
        var inbox = Inbox()
        let reply: RequestReply = { if case .failure = $0 { _ = told.next() } }
        inbox.submissions = [(Submission(kind: "two", user: "ann"), reply)]

        #expect(isRefused { try old.turn(inbox, at: bench.clock.now()) })

        #expect(told.value == 1)
        #expect(try bench.journal().isEmpty)
    }

    @Test("Interrupts of the first one that come late are refused by their fence")
    func lateInterrupt() throws {
        let backend = ScriptedBackend()
        backend.script("a", .done(after: 5000))
        let bench = try EngineBench(backend, kinds: kinds)
        let id = try bench.submit("two")
        bench.line.set(.areDelayed)
        try bench.request(.stop(.abort), id)
        let frozen = bench.line

        try bench.takeOver()
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
        frozen.deliver(at: bench.clock.now())
        try bench.run(for: 1000)

        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A call that froze on its way is refused also when the one before it was adopted")
    func lateRepetition() throws {
        let backend = ScriptedBackend()
        backend.script("a", .done(after: 5000))
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("two", steps: [.doing("a"), .doing("b", on: "thing/2")])]
        )
        bench.line.set(.areDelayed)
        let id = try bench.submit("two")
        let first = bench.line
        first.cutNews()
        try bench.takeOver()
        bench.line.set(.areDelayed)
        try bench.settle()
        let second = bench.line
        second.cutNews()
        first.deliver(at: bench.clock.now())

        try bench.takeOver()
        try bench.run(for: 10_000)
        #expect(try bench.job(id).state == .completed)
        second.deliver(at: bench.clock.now())
        try bench.run(for: 10_000)

        #expect(backend.verbs == ["a", "b"])
    }

    @Test("Whatever the first one wrote last is where the second begins", arguments: 0..<8)
    func anywhere(writes: Int) throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)
        let id = try bench.submit("two")
        for _ in 0..<writes where try bench.job(id).state.isTerminal == false {
            if let next = bench.engine.nextTurn(after: bench.clock.now()) {
                bench.clock.advance(to: next)
            }
            try bench.turn()
        }

        try bench.takeOver()
        try bench.run(for: 10_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b"])
    }
}

@Suite("A store in trouble")
struct StoreTroubleTests {
    private let kinds: [any JobKind] = [ScriptedKind("one", steps: [.doing("a")])]
    private let full = StoreError(.full, action: "write")

    @Test("has callers told, nothing called, and the next turn recover")
    func commitFails() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)
        bench.store.fail(.beforeCommit, with: full)

        #expect(throws: StoreError.self) { try bench.submit(Submission(kind: "one", user: "ann")) }
        #expect(backend.calls.isEmpty)
        #expect(try bench.journal().isEmpty)
        let id = try bench.submit("one")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
    }

    @Test("keeps the news that could not be written down")
    func newsAreKept() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)
        let id = try bench.submit("one")
        try bench.settle()
        bench.clock.advance(by: 100)
        for _ in 0..<3 {
            bench.store.fail(.beforeCommit, with: full)
            #expect(throws: StoreError.self) { try bench.turn() }
        }

        try bench.turn()

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a"])
    }

    @Test("A crash at any write, before or after its commit, loses nothing", arguments: 0..<6)
    func crashes(write: Int) throws {
        for moment in [CrashingStore.Moment.beforeCommit, .afterCommit] {
            let backend = ScriptedBackend()
            let kinds: [any JobKind] = [
                ScriptedKind("two", steps: [.doing("a"), .doing("b")], locks: [.exclusive("x")])
            ]
            let bench = try EngineBench(backend, kinds: kinds)
            let id = try bench.submit("two")
            let waiter = try bench.submit("two")
            bench.store.fail(moment, afterWrites: write)
            do {
                try bench.run(for: 10_000)
            } catch is CrashingStore.Crash {
                try bench.takeOver()
                try bench.run(for: 10_000)
            }

            #expect(try bench.job(id).state == .completed)
            #expect(try bench.job(waiter).state == .completed)
            #expect(backend.verbs == ["a", "b", "a", "b"])
        }
    }
}
