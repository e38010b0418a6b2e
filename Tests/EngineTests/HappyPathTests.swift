import Engine
import Model
import Store
import TestKit
import Testing

@Suite("A job on its good path")
struct HappyPathTests {
    @Test("goes through exactly the states that the design names")
    func journal() throws {
        let backend = ScriptedBackend()
        let kind = ScriptedKind("two", steps: [.doing("a"), .doing("b")])
        let bench = try EngineBench(backend, kinds: [kind])

        let id = try bench.submit("two")
        try bench.run(for: 1000)

        #expect(
            try bench.states(id) == [.pending, .queued, .running, .finishing, .completed]
        )
        #expect(backend.verbs == ["a", "b"])
        let job = try bench.job(id)
        #expect(job.progress == 100)
        #expect(job.code == .ok)
        #expect(job.rollback == .notNeeded)
        #expect(job.startedAt == ManualClock.beginning)
        #expect(job.finishedAt == ManualClock.beginning + 200)
        #expect(try bench.tickets(id).isEmpty)
    }

    @Test("names who caused each move and when")
    func actors() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: [ScriptedKind("one", steps: [.doing("a")])]
        )

        let id = try bench.submit("one")
        try bench.run(for: 1000)

        let journal = try bench.journal(id)
        #expect(journal.first?.actor == "ann")
        #expect(journal.dropFirst().allSatisfy { $0.actor == "engine" })
        #expect(journal.map(\.at) == journal.map(\.at).sorted())
        #expect(journal.map(\.sequence) == journal.map(\.sequence).sorted())
    }

    @Test("gives back what its steps gave back")
    func results() throws {
        let backend = ScriptedBackend()
        backend.script("a", .yields(["host": "kvm-1"], after: 10))
        backend.script("b", .yields(["disk": "d\"1"], after: 10))
        let kind = ScriptedKind("two", steps: [.doing("a"), .doing("b")])
        let bench = try EngineBench(backend, kinds: [kind])

        let id = try bench.submit("two")
        try bench.run(for: 1000)

        let detail = try bench.store.read { try $0.detail(id, logLimit: 0) }
        #expect(detail?.job.result == #"{"disk":"d\"1","host":"kvm-1"}"#)
    }

    @Test("runs its end action in finishing")
    func endAction() throws {
        let backend = ScriptedBackend()
        let end = Step.doing("end").with { $0.isEndAction = true }
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("ended", steps: [.doing("a"), end])]
        )

        let id = try bench.submit("ended")
        try bench.run(for: 150)

        #expect(try bench.job(id).state == .finishing)
        try bench.run(for: 1000)
        #expect(try bench.states(id).suffix(2) == [.finishing, .completed])
        #expect(backend.verbs == ["a", "end"])
    }

    @Test("ends at once if its plan has no steps")
    func empty() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: [ScriptedKind("none", steps: [])])

        let id = try bench.submit("none")

        #expect(try bench.job(id).state == .completed)
    }

    @Test("has each operation written down before it is called, under a fence that grows")
    func fences() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("two", steps: [.doing("a"), .doing("b")])]
        )

        let id = try bench.submit("two")
        try bench.run(for: 1000)

        let fences = backend.executed.map(\.fence)
        #expect(fences == fences.sorted())
        #expect(Set(fences).count == 2)
        #expect(backend.executed.map(\.name) == ["\(id.number)/0/1", "\(id.number)/1/1"])
        #expect(try bench.steps(id).map(\.fence) == fences)
    }

    @Test("has its ended operations cleared at the backend")
    func clears() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])

        let id = try bench.submit("one")
        try bench.run(for: 1000)

        #expect(backend.calls.contains(.clear(operation: "\(id.number)/0/1")))
    }

    @Test("is one job for one key, however often it is submitted")
    func key() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: [ScriptedKind("one", steps: [.doing("a")])]
        )
        var submission = Submission(kind: "one", user: "ann")
        submission.key = "nightly"

        let first = try bench.submit(submission)
        let second = try bench.submit(submission)
        try bench.run(for: 1000)
        let third = try bench.submit(submission)

        guard case .accepted(let id) = first else {
            Issue.record("not accepted: \(first)")
            return
        }
        #expect(second == .existing(id))
        #expect(third == .existing(id))
    }

    @Test("waits for its due time and says so")
    func dueTime() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])

        let id = try bench.submit("one") { $0.dueAt = ManualClock.beginning + 60_000 }
        try bench.run(for: 59_999)

        #expect(try bench.job(id).state == .pending)
        #expect(try bench.job(id).waiting?.reason == .time)
        #expect(backend.calls.isEmpty)
        try bench.run(for: 101)
        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(id).startedAt == ManualClock.beginning + 60_000)
    }

    @Test("is refused with a reason if it makes no sense", arguments: ["nothing", "strict"])
    func refused(kind: String) throws {
        let strict = ScriptedKind("strict") { _ throws(Failure) in
            throw .validation("there is no such thing")
        }
        let bench = try EngineBench(ScriptedBackend(), kinds: [strict])

        let outcome = try bench.submit(Submission(kind: kind, user: "ann"))

        guard case .refused(let why) = outcome else {
            Issue.record("not refused: \(outcome)")
            return
        }
        #expect(why.contains("there is no"))
        #expect(try bench.journal().isEmpty)
    }
}
