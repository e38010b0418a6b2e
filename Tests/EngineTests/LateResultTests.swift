import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Results that come too late")
struct LateResultTests {
    private let backend = ScriptedBackend()

    private func abandoned() throws -> (EngineBench, JobID) {
        backend.script("a", .hangs)
        let bench = try EngineBench(backend, kinds: [ScriptedKind("job", steps: [.doing("a")])])
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        try bench.request(.stop(.abandon), id)
        return (bench, id)
    }

    @Test("A result after the end is stored and flagged late; the first terminal write wins")
    func afterEnd() throws {
        let (bench, id) = try abandoned()
        let ended = try bench.job(id)
        #expect(ended.state == .aborted)

        try bench.run(for: 5000)
        backend.say("\(id.number)/0/1", .done(["password": "x", "vm": "web-1"]))
        try bench.turn()

        let detail = try #require(try bench.store.read { try $0.detail(id, logLimit: 9) })
        var expected = ended
        expected.backend = .done
        #expect(detail.job == expected)
        #expect(detail.late.map(\.outcome) == ["done"])
        #expect(detail.late.map(\.operation) == ["\(id.number)/0/1"])
        #expect(detail.late.map(\.at) == [bench.clock.now()])
        #expect(detail.late.first?.text.contains("vm=web-1") ?? false)
        #expect(!(detail.late.first?.text.contains("password=x") ?? true))
        #expect(detail.log.last?.text.hasPrefix("late result of operation") ?? false)
        #expect(JobJSON.detail(detail).text.contains(#""flag":"late""#))
    }

    @Test("The same late result is kept once, others beside it; it survives a crash")
    func once() throws {
        let (bench, id) = try abandoned()
        for _ in 0..<3 {
            backend.say("\(id.number)/0/1", .failed(.scripted("broken")))
            try bench.turn()
        }
        backend.say("\(id.number)/0/1", .interrupted)
        try bench.takeOver()

        let late = try bench.store.read { try $0.late(of: id) }
        #expect(late.map(\.outcome).sorted() == ["failed", "interrupted"])
    }

    @Test("Delete the backend record mid-run: the job does not become succeeded")
    func deletedRecord() throws {
        backend.script("a", .isForgotten)
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("job", steps: [.doing("a", undo: "undo a"), .doing("b")])]
        )
        let id = try bench.submit("job")
        try bench.run(for: 900_000)

        let job = try bench.job(id)
        #expect(job.state == .failed)
        #expect(job.cause == .backendLost)
        #expect(job.rollback == .clean)
        #expect(try bench.states(id).contains(.lost))
        #expect(!backend.verbs.contains("b"))
    }

    @Test("A lost answer makes a job lost, never succeeded or failed by assumption")
    func lostAnswer() throws {
        backend.script("a", .done(after: 600_000))
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("job", steps: [.doing("a", lane: "host/a")])]
        )
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        backend.cutOff(lane: "host/a")
        try bench.run(for: 130_000)

        #expect(try bench.job(id).state == .lost)
        #expect(try bench.job(id).backend == .unknown)
        try bench.run(for: 3_600_000)
        #expect(try bench.job(id).state == .lost)
    }

    @Test(
        "Drop the answer: the job ends with the true outcome of the backend",
        arguments: [true, false]
    )
    func droppedAnswer(succeeds: Bool) throws {
        let failure = Failure.scripted("broken")
        backend.script("a", .dropsAnswer(doneAfter: 100))
        let bench = try EngineBench(backend, kinds: [ScriptedKind("job", steps: [.doing("a")])])
        let id = try bench.submit("job")
        if !succeeds { backend.say("\(id.number)/0/1", .failed(failure)) }
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == (succeeds ? .completed : .failed))
    }
}
