import Engine
import Model
import Store
import TestKit
import Testing

@Suite("If a job that others come after does not complete")
struct AfterFailureTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("good", steps: [.doing("good")]),
        ScriptedKind("bad", steps: [.doing("bad")]),
    ]

    private func bench() throws -> EngineBench {
        let backend = ScriptedBackend()
        backend.script("bad", .fails(.scripted("broken"), after: 100))
        return try EngineBench(backend, kinds: kinds)
    }

    private static let ends: [(AfterFailure, JobState)] = [
        (.fail, .failed), (.skip, .aborted), (.run, .completed),
    ]

    @Test(
        "each of them fails, is skipped or runs, as it was submitted to",
        arguments: Self.ends,
        ["while it waits", "when it comes", "from outside", "from outside, too late"]
    )
    func policies(_ end: (AfterFailure, JobState), _ way: String) throws {
        let bench = try bench()
        let first = try bench.submit("bad")
        if way == "when it comes" || way == "from outside, too late" { try bench.run(for: 1000) }
        let second: JobID
        if way.hasPrefix("from outside") {
            second = try bench.submitOutside("good") {
                $0.after = [first]
                $0.afterFailure = end.0
            }
        } else {
            second = try bench.submit("good") {
                $0.after = [first]
                $0.afterFailure = end.0
            }
        }
        try bench.run(for: 1000)

        let job = try bench.job(second)
        #expect(job.state == end.1)
        #expect(job.cause == (end.0 == .run ? .none : .dependencyFailed))
        #expect(job.rollback == .notNeeded)
        if end.0 != .run {
            #expect(job.startedAt == nil)
            #expect(job.message.contains("\(first) (bad), which it comes after, ended as failed"))
        }
        if end.0 == .skip {
            #expect(job.code?.name == "SKIPPED")
            #expect(job.message.hasPrefix("skipped: "))
            #expect(job.stop == nil)
        }
    }

    @Test("a skipped job counts as one that did not complete, for those that come after it")
    func chain() throws {
        let bench = try bench()
        let first = try bench.submit("bad")
        let skipped = try bench.submit("good") {
            $0.after = [first]
            $0.afterFailure = .skip
        }
        let failing = try bench.submit("good") { $0.after = [skipped] }
        let running = try bench.submit("good") {
            $0.after = [skipped, failing]
            $0.afterFailure = .run
        }
        try bench.run(for: 1000)

        #expect(try bench.job(skipped).state == .aborted)
        #expect(try bench.job(failing).state == .failed)
        #expect(try bench.job(running).state == .completed)
    }

    @Test("one that runs all the same waits until all of them have ended")
    func waitsForAll() throws {
        let bench = try bench()
        let bad = try bench.submit("bad")
        let late = try bench.submit("good") { $0.dueAt = ManualClock.beginning + 5000 }
        let last = try bench.submit("good") {
            $0.after = [bad, late]
            $0.afterFailure = .run
        }
        try bench.run(for: 2000)
        #expect(try bench.job(last).state == .pending)
        #expect(try bench.job(last).waiting?.on == "\(late) (good)")

        try bench.run(for: 5000)

        #expect(try bench.job(last).state == .completed)
        #expect(try bench.log(last).contains { $0.contains("goes on all the same") })
    }

    @Test("an aborted one counts as one that did not complete")
    func aborted() throws {
        let bench = try bench()
        let first = try bench.submit("good")
        let second = try bench.submit("good") { $0.after = [first] }

        try bench.request(.stop(.abort), first)
        try bench.run(for: 1000)

        #expect(try bench.job(first).state == .aborted)
        #expect(try bench.job(second).cause == .dependencyFailed)
    }

    @Test("the wait names up to three of those that are open, and how many more there are")
    func names() throws {
        let bench = try bench()
        let due = ManualClock.beginning + 5000
        let done = try bench.submit("good")
        let open = try (0..<5).map { _ in try bench.submit("good") { $0.dueAt = due } }
        let last = try bench.submit("good") { $0.after = [done] + open }
        let first = try bench.job(last).waiting
        #expect(first?.on == "\(done) (good), \(open[0]) (good), \(open[1]) (good) and 3 more")

        try bench.run(for: 1000)

        let waiting = try bench.job(last).waiting
        #expect(
            waiting?.on == "\(open[0]) (good), \(open[1]) (good), \(open[2]) (good) and 2 more"
        )
        #expect(waiting?.since == first?.since)
    }

    @Test(
        "one that was removed before the engine looked is not taken for a success",
        arguments: [(AfterFailure.fail, JobState.failed), (.skip, .aborted), (.run, .completed)]
    )
    func removed(_ policy: AfterFailure, _ end: JobState) throws {
        let bench = try bench()
        let first = try bench.submit("good")
        try bench.run(for: 1000)
        var submission = Submission(kind: "good", user: "bob")
        submission.after = [first]
        submission.afterFailure = policy
        guard case .accepted(let second) = try bench.writeOutside(submission) else {
            Issue.record("not accepted")
            return
        }
        try bench.store.write(as: nil) { tx in
            try tx.insertDependencies(of: second, on: [JobID(999)])
        }

        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == end)
        if policy != .run { #expect(try bench.job(second).message.contains("no longer here")) }
    }

    @Test("the policy is kept over a crash")
    func crash() throws {
        let bench = try bench()
        let first = try bench.submit("bad")
        let second = try bench.submit("good") {
            $0.after = [first]
            $0.afterFailure = .run
        }

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .completed)
    }

    @Test("what nobody can wait for is refused, and so are more jobs than can be waited for")
    func refused() throws {
        let bench = try bench()
        let first = try bench.submit("good")
        var submission = Submission(kind: "good", user: "ann")
        // A number that was given and is not there: the job was removed, or never accepted.
        _ = try bench.store.write(as: nil) { try $0.take(1, from: .job) }
        submission.after = [JobID(first.number + 1)]

        let gone = try bench.submit(submission)
        submission.after = (1...1001).map { JobID(Int64($0)) }
        let many = try bench.submit(submission)

        guard case .refused(let gone) = gone, case .refused(let many) = many else {
            Issue.record("accepted: \(gone), \(many)")
            return
        }
        #expect(gone.contains("is no longer here"))
        #expect(many.contains("at most 1000"))
    }

    @Test("who comes after whom is on view from both sides")
    func links() throws {
        let bench = try bench()
        let first = try bench.submit("good")
        let second = try bench.submit("good") {
            $0.after = [first]
            $0.afterFailure = .skip
        }

        let details = try bench.store.read { reader in
            try [first, second].compactMap { try reader.detail($0, logLimit: 0) }
        }

        #expect(details[0].dependents.map(\.id) == [second])
        #expect(details[0].dependents.map(\.state) == [.pending])
        #expect(details[0].prerequisites.isEmpty)
        #expect(details[1].prerequisites.map(\.name) == ["\(first) (good)"])
        #expect(details[1].afterFailure == .skip)
    }
}
