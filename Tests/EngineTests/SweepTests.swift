import Engine
import Model
import Store
import TestKit
import Testing

@Suite("What a sweep would do, and what it does")
struct SweepTests {
    private static let day: Int64 = 86_400_000

    private static func rules(
        _ ages: [JobState: Int64] = [.completed: 2 * day, .failed: 3 * day],
        archiveAge: Int64? = nil,
        maxJobs: Int = 1000,
        maxArchived: Int = 1000
    ) -> Retention {
        Retention(
            ages: ages,
            archiveAge: archiveAge,
            maxJobs: maxJobs,
            maxArchived: maxArchived
        )
    }

    /// Ended jobs and trees of five days, of which a sweep has moved some to the archive.
    private static func bench(pins: [Int64] = []) throws -> EngineBench {
        let backend = ScriptedBackend()
        backend.script("b", .fails(.scripted("broken"), after: 100))
        let kinds: [any JobKind] = [
            ScriptedKind("one", steps: [.doing("a")]),
            ScriptedKind("bad", steps: [.doing("b")]),
            ScriptedKind("parent", steps: [.children(["one", "one"])]),
        ]
        let bench = try EngineBench(backend, kinds: kinds)
        for round in 0..<5 {
            for kind in ["one", "bad", "parent", "one"] { try bench.submit(kind) }
            try bench.run(for: 1000)
            if round == 3 { _ = try sweep(bench, rules()) }
            bench.clock.advance(by: day)
        }
        for pin in pins { try bench.request(.pin, JobID(pin)) }
        // To the millisecond as old as its kind has to be.
        let end = try bench.job(try bench.submit("one")).createdAt + 100 + 2 * day
        try bench.run(for: 1000)
        bench.clock.advance(to: end)
        return bench
    }

    /// Works in small parts until nothing is left to do now.
    private static func sweep(_ bench: EngineBench, _ rules: Retention) throws -> SweepCount {
        let now = bench.clock.now()
        var memory = SweepMemory(from: now)
        var total = SweepCount()
        for _ in 0..<100 {
            guard let next = memory.nextAt, next <= now else { return total }
            let part = try bench.store.write(as: nil) { tx in
                try Sweep(rules, at: now, limit: 5).run(&memory, in: tx)
            }
            for state in JobState.allCases { total.moved[state] += part.moved[state] }
            total.removed += part.removed
        }
        Issue.record("it never ends")
        return total
    }

    private static let table: [Retention] = [
        rules(), rules([:]), rules([.failed: 0]), rules([.completed: day]),
        rules(maxJobs: 0), rules(maxJobs: 1), rules(maxJobs: 5), rules(maxJobs: 8),
        rules(maxJobs: 12), rules([:], maxJobs: 17), rules(archiveAge: day),
        rules(archiveAge: 4 * day), rules(archiveAge: 5 * day), rules(maxArchived: 0),
        rules(archiveAge: 3 * day, maxArchived: 0), rules([.completed: 0], maxJobs: 2),
    ]

    @Test("A preview says what the sweep does, by any rules", arguments: table, [[], [3, 8]])
    func preview(rules: Retention, pins: [Int64]) throws {
        let bench = try Self.bench(pins: pins)
        let now = bench.clock.now()
        let before = try bench.store.read { try $0.preview(rules, at: now) }
        let hot = try bench.store.read { try $0.counts().total }
        let archived = try bench.store.read { try $0.archive().counts.total }

        let done = try Self.sweep(bench, rules)

        if pins.isEmpty || rules.maxArchived > 0 { #expect(done == before) }
        let counts = try bench.store.read { (try $0.counts(), try $0.recount()) }
        #expect(counts.0 == counts.1)
        #expect(counts.0.total == hot - done.moved.total)
        let left = try bench.store.read { try $0.archive().counts.total }
        #expect(left == archived + done.moved.total - done.removed)
        #expect(try bench.store.read { try $0.preview(rules, at: now).moved.total } == 0)
        for pin in pins { #expect(try bench.job(JobID(pin)).id == JobID(pin)) }
    }

    @Test("Beyond the archive's number whole trees go, the oldest first, and no more than needed")
    func trees() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("one", steps: [.doing("a")]),
                ScriptedKind("parent", steps: [.children(["one", "one"])]),
            ]
        )
        for _ in 0..<4 { try bench.submit("parent") }
        try bench.run(for: 1000)
        let done = try Self.sweep(bench, Self.rules([.completed: 0], maxArchived: 10))

        #expect(done.moved.total == 12)
        #expect(done.removed == 3)
        let roots = try bench.store.read { try $0.archivedRoots(before: nil, limit: 10) }
        #expect(roots.map(\.number) == [4, 7, 10])
    }
}
