import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Retention")
struct RetentionTests {
    private static let day: Int64 = 86_400_000
    private static let kinds: [any JobKind] = [
        ScriptedKind("one", steps: [.doing("a")]),
        ScriptedKind("bad", steps: [.doing("b")]),
        ScriptedKind("slow", steps: [.doing("hang")]),
        ScriptedKind("parent", steps: [.children(["one", "one"])]),
        ScriptedKind("long", steps: [.children(["one", "slow"])]),
    ]
    private static let rules = Retention(
        ages: [.completed: day, .failed: 3 * day, .aborted: 0],
        archiveAge: 10 * day,
        maxJobs: 1000,
        maxArchived: 1000
    )

    private static func bench(
        _ rules: Retention = rules,
        spoil: (any JobStore) -> any JobStore = { $0 }
    ) throws -> EngineBench {
        let backend = ScriptedBackend()
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("hang", .hangs)
        return try EngineBench(kinds: kinds, retention: rules, spoil: spoil) { backend }
    }

    /// The numbers of the jobs among the others, and of those in the archive.
    private static func places(_ bench: EngineBench) throws -> (hot: [Int64], archived: [Int64]) {
        var query = JobQuery(order: .oldest, limit: 10_000)
        query.includesArchive = true
        let rows = try bench.store.read { try $0.page(query, at: bench.clock.now()).rows }
        let hot = rows.filter { $0.job.archivedAt == nil }.map(\.job.id.number)
        return (hot, rows.filter { $0.job.archivedAt != nil }.map(\.job.id.number))
    }

    @Test("each outcome has an age of its own, and one that has none stays")
    func ages() throws {
        let bench = try Self.bench()
        let done = try bench.submit("one").number
        let failed = try bench.submit("bad").number
        let stopped = try bench.submit("slow")
        try bench.run(for: 1000)
        try bench.request(.stop(.abort), stopped)
        try bench.run(for: 60_000)

        #expect(try Self.places(bench) == ([done, failed], [stopped.number]))
        try bench.run(for: Self.day - 120_000)
        #expect(try Self.places(bench) == ([done, failed], [stopped.number]))
        try bench.run(for: 120_000)
        #expect(try Self.places(bench) == ([failed], [done, stopped.number]))
        try bench.run(for: 2 * Self.day)
        #expect(try Self.places(bench) == ([], [done, failed, stopped.number]))
    }

    @Test("a job that runs for days is never touched, nor what ended below it")
    func longJob() throws {
        let bench = try Self.bench()
        let root = try bench.submit("long")
        try bench.run(for: 5 * Self.day)

        #expect(try bench.job(root).state == .childRunning)
        #expect(try Self.places(bench).archived.isEmpty)

        try bench.request(.stop(.abandon), root)
        try bench.run(for: 60_000)
        #expect(try bench.job(root).state.isTerminal)
        #expect(try Self.places(bench).hot.isEmpty)
        #expect(try Self.places(bench).archived.count == 3)
    }

    @Test("archived jobs are removed after their time, and their numbers never come again")
    func removal() throws {
        let bench = try Self.bench()
        let last = try (0..<4).map { _ in try bench.submit("parent").number }.max() ?? 0
        try bench.run(for: Self.day + 60_000)
        #expect(try Self.places(bench).archived.count == 12)

        try bench.run(for: 11 * Self.day)
        #expect(try Self.places(bench) == ([], []))

        try bench.takeOver()
        #expect(try bench.submit("one").number > last)
    }

    @Test("a pinned job outlives retention until its pin is taken back")
    func pins() throws {
        let bench = try Self.bench()
        let kept = try bench.submit("parent")
        try bench.submit("one")
        try bench.run(for: 1000)
        let child = JobID(kept.number + 1)
        try bench.ask(OperatorRequest(.pin, job: child, by: "ann", reason: "evidence"))
        try bench.run(for: 30 * Self.day)

        #expect(try Self.places(bench).hot.count == 3)
        #expect(try Self.places(bench).archived == [])
        let audit = try bench.audit()
        #expect(audit.map(\.action) == ["pin"])
        #expect(audit.map(\.reason) == ["evidence"])

        try bench.request(.unpin, child)
        try bench.run(for: 1000)
        #expect(try Self.places(bench).hot.isEmpty)
        try bench.request(.pin, child)
        try bench.run(for: 30 * Self.day)
        #expect(try Self.places(bench).archived.count == 3)
    }

    @Test("beyond their number the oldest go first, however young they are")
    func bounds() throws {
        var rules = Self.rules
        rules.maxJobs = 3
        rules.maxArchived = 4
        let bench = try Self.bench(rules)
        for _ in 0..<10 {
            try bench.submit("one")
            try bench.run(for: 1000)
        }

        #expect(try Self.places(bench) == ([8, 9, 10], [4, 5, 6, 7]))
    }

    @Test("what goes for its age makes room for the others, which stay")
    func ageFirst() throws {
        var rules = Self.rules
        rules.maxJobs = 3
        let bench = try Self.bench(rules)
        let stopped = try bench.submit("slow")
        for _ in 0..<3 { try bench.submit("one") }
        try bench.run(for: 90)
        try bench.request(.stop(.abandon), stopped)
        try bench.run(for: 60_000)

        #expect(try Self.places(bench) == ([2, 3, 4], [1]))
    }

    @Test("a job that another one waits for is archived when that has ended")
    func waitedFor() throws {
        let bench = try Self.bench()
        let first = try bench.submit("one")
        let other = try bench.submit("one") {
            $0.after = [first]
            $0.dueAt = ManualClock.beginning + Self.day + Self.day / 2
        }
        try bench.run(for: Self.day + 7_200_000)
        #expect(try Self.places(bench).archived == [])
        try bench.run(for: Self.day / 2)
        #expect(try bench.job(other).state == .completed)
        #expect(try Self.places(bench) == ([other.number], [first.number]))
    }

    @Test("what comes in goes before: a busy engine puts it off, but not for ever")
    func busy() throws {
        let bench = try Self.bench()
        let first = try bench.submit("one")
        try bench.run(for: 1000)
        let end = try #require(try bench.job(first).finishedAt)
        bench.clock.advance(to: end + Self.day)
        try bench.submit("slow")
        #expect(try Self.places(bench).archived == [])
        bench.clock.advance(by: 1000)
        try bench.submit("slow")
        #expect(try Self.places(bench).archived == [first.number])
    }

    @Test("nothing but a pin and another try is done to an archived job")
    func refusals() throws {
        let bench = try Self.bench()
        let bad = try bench.submit("bad")
        try bench.run(for: 4 * Self.day)
        #expect(
            try bench.request(.acknowledge, bad)
                == .refused("\(bad) has ended (Failed) and is archived")
        )
        #expect(try bench.request(.unpin, bad) == .refused("\(bad) is not pinned"))
        #expect(try bench.request(.pin, bad) == .accepted(bad))
        #expect(try bench.request(.unpin, bad) == .accepted(bad))
    }

    @Test("an idle engine sleeps until the oldest job is old enough", arguments: ["one", "parent"])
    func sleeps(kind: String) throws {
        let bench = try Self.bench()
        try bench.submit(kind)
        try bench.run(for: 1000)
        let end = try #require(try bench.job(JobID(1)).finishedAt)
        #expect(bench.engine.nextTurn(after: bench.clock.now()) == end + Self.day)

        var turns = 0
        bench.afterTurn = { _ in turns += 1 }
        try bench.run(for: Self.day + 10_000)
        #expect(turns <= 2)
        let removal = try #require(bench.engine.nextTurn(after: bench.clock.now()))
        #expect(removal - end >= 11 * Self.day)
        turns = 0
        try bench.run(for: 20 * Self.day)
        #expect(turns <= 2)
        #expect(bench.engine.nextTurn(after: bench.clock.now()) == nil)
    }

    @Test("many jobs go in small parts, and another engine goes on where one died")
    func parts() throws {
        let bench = try Self.bench()
        for _ in 0..<150 { try bench.submit("parent") }
        try bench.run(for: 60_000)
        let total = try Self.places(bench).hot.count
        #expect(total == 450)
        try bench.run(for: Self.day - 60_000)

        var sizes: [Int] = []
        var before = try Self.places(bench).archived.count
        bench.afterTurn = { bench in
            let (hot, archived) = try Self.places(bench)
            #expect(hot.count + archived.count == total)
            #expect(Set(hot).isDisjoint(with: archived))
            sizes.append(archived.count - before)
            before = archived.count
        }
        bench.store.fail(.afterCommit, afterWrites: 2)
        #expect(throws: CrashingStore.Crash.self) { try bench.run(for: 30_000) }
        bench.store.fail(.beforeCommit, afterWrites: 2)
        #expect(throws: CrashingStore.Crash.self) {
            try bench.takeOver()
            try bench.run(for: 30_000)
        }
        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try Self.places(bench).hot.isEmpty)
        #expect(sizes.allSatisfy { $0 <= 200 && $0 % 3 == 0 })
    }

    @Test("an archived job can be tried again, and nothing else is done to it")
    func actions() throws {
        let bench = try Self.bench()
        let old = try bench.submit("one")
        try bench.run(for: 2 * Self.day)
        let refusal = try bench.request(.stop(.abort), old)
        #expect(refusal == .refused("\(old) has ended (Completed) and is archived"))

        let outcome = try bench.request(.retry, old)

        guard case .accepted(let new) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        try bench.run(for: 1000)
        #expect(try bench.job(new).attempt == 2)
        #expect(try bench.job(new).retryOf == old)
        let causes = try bench.journal(old).map(\.cause)
        #expect(causes.last == "asked to retry (made \(new))")
        try bench.store.read { reader in
            let (counted, kept) = (try reader.recount(), try reader.counts())
            #expect(counted == kept)
        }
    }

    @Test("a job may come after one that is archived")
    func afterArchived() throws {
        let bench = try Self.bench()
        let good = try bench.submit("one")
        let bad = try bench.submit("bad")
        try bench.run(for: 4 * Self.day)
        #expect(try Self.places(bench).archived.count == 2)

        let one = try bench.submit("one") { $0.after = [good] }
        let other = try bench.submit("one") { $0.after = [bad] }
        try bench.run(for: 1000)

        #expect(try bench.job(one).state == .completed)
        #expect(try bench.job(other).state == .failed)
        #expect(try bench.job(other).cause == .dependencyFailed)
    }
}
