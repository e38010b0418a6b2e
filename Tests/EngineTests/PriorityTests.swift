import Engine
import Model
import Store
import TestKit
import Testing

@Suite("The priority of a job that exists")
struct PriorityTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("work", steps: [.doing("work")]),
        ScriptedKind("late", steps: [.doing("work"), .doing("work")]),
        ScriptedKind("child", steps: [.doing("work")]),
        ScriptedKind("parent", steps: [.children(["child", "child"])]),
        ScriptedKind("locked", steps: [.doing("work")], locks: [.exclusive("x")]),
        ScriptedKind(
            "ending",
            steps: [
                .doing("work", undo: "undo"), Step.doing("end").with { $0.isEndAction = true },
            ]
        ),
    ]

    private func bench() throws -> (EngineBench, ScriptedBackend) {
        let backend = ScriptedBackend(slotsPerLane: 1)
        return (try EngineBench(backend, kinds: kinds), backend)
    }

    /// The jobs that began, in the order in which they did.
    private func begun(_ bench: EngineBench, _ jobs: [JobID]) throws -> [JobID] {
        try jobs.map { try bench.job($0) }
            .sorted { ($0.startedAt ?? .distant, $0.id) < ($1.startedAt ?? .distant, $1.id) }
            .map(\.id)
    }

    @Test("Reprioritising a waiting job changes the order of its lane at once, up or down")
    func reorders() throws {
        let (bench, _) = try bench()
        let jobs = try (0..<5).map { _ in try bench.submit("work") }

        #expect(try bench.request(.prioritize(9), jobs[4]) == .accepted(jobs[4]))
        try bench.request(.prioritize(-1), jobs[1])
        try bench.run(for: 5000)

        #expect(try begun(bench, jobs) == [jobs[0], jobs[4], jobs[2], jobs[3], jobs[1]])
    }

    @Test("It counts in the turn in which a slot is free")
    func sameTurn() throws {
        let (bench, _) = try bench()
        let jobs = try (0..<3).map { _ in try bench.submit("work") }
        bench.clock.advance(to: bench.clock.now() + 100)
        // The news that the first is done, and the request, are of one turn.
        try bench.request(.prioritize(1), jobs[2])

        #expect(try bench.job(jobs[2]).state == .running)
        #expect(try bench.job(jobs[1]).state == .queued)
    }

    @Test("It stands in the journal and the audit, with the reason and what was before")
    func audit() throws {
        let (bench, _) = try bench()
        try bench.submit("work")
        let job = try bench.submit("work") { $0.priority = 2 }
        try bench.ask(
            OperatorRequest(.prioritize(7), on: .job(job), by: "eve", reason: "the board waits")
        )

        let line = try #require(try bench.audit(.job(job)).last)
        #expect(line.user == "eve")
        #expect(line.action == "priority 7")
        #expect(line.reason == "the board waits")
        #expect(line.before == "queued, priority 2")
        #expect(line.after == "queued, priority 7")
        #expect(line.outcome == "accepted")
        #expect(try bench.journal(job).contains { $0.cause.contains("priority 7: the board") })
    }

    @Test("A parent's priority is that of all below it that have not ended")
    func parent() throws {
        let (bench, _) = try bench()
        try bench.submit("work")
        let parent = try bench.submit("parent")
        let other = try bench.submit("work") { $0.priority = 1 }
        let children = try bench.children(parent)

        try bench.request(.prioritize(5), parent)

        for child in children { #expect(try bench.job(child).priority == 5) }
        try bench.run(for: 5000)
        #expect(try begun(bench, children + [other]) == children + [other])
    }

    @Test("It is kept over a crash, and makes nobody pass in the queue of a lock")
    func locks() throws {
        let (bench, _) = try bench()
        let jobs = try (0..<3).map { _ in try bench.submit("locked") }
        try bench.request(.prioritize(100), jobs[2])

        try bench.takeOver()
        #expect(try bench.job(jobs[2]).priority == 100)
        try bench.run(for: 5000)

        #expect(try begun(bench, jobs) == jobs)
    }

    @Test("A job that waits for no slot any more is refused, and so is a number without sense")
    func refused() throws {
        let (bench, backend) = try bench()
        backend.script("end", .hangs)
        let ended = try bench.submit("work")
        try bench.run(for: 1000)
        let finishing = try bench.submit("ending")
        try bench.run(for: 1000)
        let waiting = try bench.submit("work") { $0.dueAt = ManualClock.beginning + 9_000_000 }

        for (job, priority, word) in [
            (ended, 1, "has ended"), (finishing, 1, "no slot"), (waiting, 1001, "-1000 to 1000"),
        ] {
            guard case .refused(let why) = try bench.request(.prioritize(priority), job) else {
                Issue.record("accepted: \(job)")
                continue
            }
            #expect(why.contains(word), "\(why)")
            #expect(try bench.job(job).priority == 0)
        }
        var submission = Submission(kind: "work", user: "ann", priority: -1001)
        guard case .refused = try bench.submit(submission) else {
            Issue.record("accepted")
            return
        }
        submission.priority = -1000
        guard case .accepted = try bench.submit(submission) else {
            Issue.record("refused")
            return
        }
    }
}

extension Timestamp {
    fileprivate static let distant = Timestamp(milliseconds: .max)
}
