import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Jobs that wait for jobs")
struct DependencyTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("good", steps: [.doing("good")]),
        ScriptedKind("bad", steps: [.doing("bad")]),
    ]

    private func bench() throws -> (EngineBench, ScriptedBackend) {
        let backend = ScriptedBackend()
        backend.script("bad", .fails(.scripted("broken"), after: 100))
        return (try EngineBench(backend, kinds: kinds), backend)
    }

    @Test("begin when all of those have completed, not before")
    func success() throws {
        let (bench, backend) = try bench()
        backend.script("good", .done(after: 100), .done(after: 500), .done(after: 100))

        let first = try bench.submit("good")
        let second = try bench.submit("good")
        let last = try bench.submit("good") { $0.after = [first, second] }
        try bench.run(for: 300)
        #expect(try bench.job(first).state == .completed)
        #expect(try bench.job(last).state == .pending)
        #expect(try bench.job(last).waiting?.reason == .dependency)
        try bench.run(for: 1000)

        #expect(try bench.job(last).state == .completed)
        #expect(try bench.job(last).startedAt == ManualClock.beginning + 500)
    }

    @Test("fail when one of those fails, and so do those that wait for them")
    func failure() throws {
        let (bench, backend) = try bench()

        let first = try bench.submit("bad")
        let second = try bench.submit("good") { $0.after = [first] }
        let third = try bench.submit("good") { $0.after = [second] }
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .failed)
        #expect(try bench.job(second).cause == .dependencyFailed)
        #expect(try bench.job(second).message.contains("\(first)"))
        #expect(try bench.job(third).state == .failed)
        #expect(backend.verbs == ["bad"])
    }

    @Test("begin at once if those have completed already")
    func already() throws {
        let (bench, _) = try bench()
        let first = try bench.submit("good")
        try bench.run(for: 1000)

        let second = try bench.submit("good") { $0.after = [first] }

        #expect(try bench.job(second).state == .running)
    }

    @Test("fail at once if one of those has failed already")
    func alreadyFailed() throws {
        let (bench, _) = try bench()
        let first = try bench.submit("bad")
        try bench.run(for: 1000)

        let second = try bench.submit("good") { $0.after = [first] }

        #expect(try bench.job(second).state == .failed)
    }

    @Test("count a job that is named twice once")
    func twice() throws {
        let (bench, _) = try bench()

        let first = try bench.submit("good")
        let second = try bench.submit("good") { $0.after = [first, first] }
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .completed)
    }

    @Test("are refused if there is no such job")
    func unknown() throws {
        let (bench, _) = try bench()
        var submission = Submission(kind: "good", user: "ann")
        submission.after = [JobID(99)]

        let outcome = try bench.submit(submission)

        #expect(outcome == .refused("there is no job-99 to wait for"))
    }

    @Test("still wait for them after a crash")
    func crash() throws {
        let (bench, _) = try bench()
        let first = try bench.submit("good")
        let second = try bench.submit("good") { $0.after = [first] }

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .completed)
    }

    @Test(
        "can be submitted by another process, before or after those end",
        arguments: [false, true]
    )
    func outside(ended: Bool) throws {
        let (bench, _) = try bench()
        let first = try bench.submit("good")
        if ended { try bench.run(for: 1000) }
        var chance = SeededChance(seed: 3)
        var submission = Submission(kind: "good", user: "bob")
        submission.after = [first]
        let outcome = try bench.store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                submission,
                into: tx,
                chance: &chance,
                at: bench.clock.now()
            )
        }
        guard case .accepted(let second) = outcome else {
            Issue.record("not accepted: \(outcome)")
            return
        }

        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
        #expect(try bench.job(second).state == (ended ? .running : .pending))
        try bench.run(for: 1000)

        #expect(try bench.job(second).state == .completed)
        #expect(try bench.states(second).prefix(2) == [.pending, .queued])
    }
}
