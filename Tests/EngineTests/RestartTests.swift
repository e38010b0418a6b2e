import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Restarts and second engines")
struct RestartTests {
    private let backend = ScriptedBackend()

    private func bench() throws -> EngineBench {
        try EngineBench(
            backend,
            kinds: [
                ScriptedKind(
                    "job",
                    steps: [.doing("a", undo: "undo a")],
                    locks: [.exclusive("vm/web-1")]
                )
            ]
        )
    }

    @Test("Restart during a job: the same conflicts are refused until it resolves")
    func locks() throws {
        backend.script("a", .hangs, .done(after: 10))
        let bench = try bench()
        let first = try bench.submit("job")
        try bench.run(for: 1000)
        for _ in 0..<3 {
            let other = try bench.submit("job") { $0.lockPolicy = .failFast }
            #expect(try bench.job(other).cause == .locked)
            #expect(try bench.job(other).message.contains("\(first)"))
            try bench.takeOver()
        }

        try bench.request(.stop(.abort), first)
        try bench.run(for: 60_000)
        let last = try bench.submit("job") { $0.lockPolicy = .failFast }
        try bench.run(for: 1000)

        #expect(try bench.job(last).state == .completed)
    }

    @Test(
        "Two engines and an injected write failure: what is done at the backend is done once",
        arguments: 0..<8,
        [CrashingStore.Moment.beforeCommit, .afterCommit]
    )
    func once(_ write: Int, _ moment: CrashingStore.Moment) throws {
        let bench = try bench()
        let old = bench.engine
        bench.store.fail(moment, afterWrites: write)
        let submission = Submission(kind: "job", user: "ann").with { $0.key = "once" }
        for _ in 0..<4 {
            // Whoever asks tries again under the same key until it is told something.
            _ = try? bench.submit(submission)
            try? bench.run(for: 20)
        }
        bench.store.disarm()
        try bench.takeOver()
        _ = try bench.submit(submission)
        #expect(throws: StoreError.self) { try old.turn(Inbox(), at: bench.clock.now()) }
        try bench.run(for: 60_000)

        #expect(try bench.store.read { try $0.counts() }[.completed] == 1)
        #expect(backend.verbs == ["a"])
        #expect(Set(backend.executed.map(\.fence)).count == 1)
    }

    @Test("The same seed gives an identical log of moves, restarts included")
    func deterministic() throws {
        func run() throws -> [JournalEntry] {
            let backend = ScriptedBackend(slotsPerLane: 1)
            let busy = Failure.scripted("busy", kind: .transient)
            backend.script("a", .fails(busy, after: 10), .done(after: 300), .hangs)
            let bench = try EngineBench(
                backend,
                kinds: [ScriptedKind("job", steps: [.doing("a", retry: .standard)])],
                seed: 7
            )
            for round in 0..<5 {
                try bench.submit("job") { $0.limits = TimeLimits(total: 90_000) }
                try bench.run(for: 700)
                if round.isMultiple(of: 2) { try bench.takeOver() }
            }
            try bench.run(for: 600_000)
            return try bench.journal()
        }
        let first = try run()

        #expect(first.count > 20)
        #expect(try run() == first)
    }
}

extension Submission {
    /// The submission, changed.
    fileprivate func with(_ change: (inout Submission) -> Void) -> Submission {
        var copy = self
        change(&copy)
        return copy
    }
}
