import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Attention and its acknowledgement")
struct AttentionTests {
    private let backend = ScriptedBackend()

    private func bench() throws -> EngineBench {
        try EngineBench(
            backend,
            kinds: [
                ScriptedKind("work", steps: [.doing("a", undo: "undo a"), .doing("b")]),
                ScriptedKind("parent", steps: [.children(["work", "work"])]),
            ]
        )
    }

    private func unacked(_ bench: EngineBench) throws -> [JobID] {
        let query = JobQuery(filter: try FilterParser.parse("is:unacked"), order: .oldest)
        let rows = try bench.store.read { try $0.page(query, at: bench.clock.now()).rows }
        #expect(try bench.store.read { try $0.unacknowledged(limit: 1000) } == rows.count)
        return rows.map(\.job.id)
    }

    @Test("A failure raises an event; ack clears its flag; a filter finds the un-acked")
    func failure() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10), .done(after: 10))
        let bench = try bench()
        let bad = try bench.submit("work")
        try bench.run(for: 60_000)
        let good = try bench.submit("work")
        try bench.run(for: 60_000)
        #expect(try bench.job(good).state == .completed)
        #expect(try unacked(bench) == [bad])

        #expect(try bench.request(.acknowledge, bad, by: "bob") == .accepted(bad))

        #expect(try unacked(bench).isEmpty)
        #expect(try bench.job(bad).attention == .acked)
        #expect(try bench.journal(bad).last?.cause == "asked to acknowledge")
        #expect(try bench.journal(bad).last?.actor == "bob")
        #expect(try bench.request(.acknowledge, bad) == .accepted(bad), "twice is once")
        guard case .refused = try bench.request(.acknowledge, good) else {
            Issue.record("nothing is to be acknowledged there")
            return
        }
    }

    @Test("What a person stopped calls for nobody")
    func stopped() throws {
        backend.script("b", .hangs)
        let bench = try bench()
        let id = try bench.submit("work")
        try bench.run(for: 150)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try unacked(bench).isEmpty)
    }

    @Test("A job that stands still calls, and calls no more when it goes on")
    func lost() throws {
        backend.script("b", .hangs)
        let bench = try bench()
        let id = try bench.submit("work")
        try bench.run(for: 150)
        backend.cutOff(lane: Operation.controlLane)
        backend.say("\(id.number)/1/1", .unreachable)
        try bench.turn()
        #expect(try bench.job(id).state == .lost)
        #expect(try unacked(bench) == [id])

        backend.say("\(id.number)/1/1", .progress(50, "goes on"))
        try bench.turn()

        #expect(try bench.job(id).state == .running)
        #expect(try unacked(bench).isEmpty)
    }

    @Test("A retry that completes acknowledges all attempts before it")
    func retried() throws {
        let broken = Failure.scripted("broken")
        let fails = ScriptedBackend.Answer.fails(broken, after: 10)
        backend.script("b", fails, fails, .done(after: 10))
        let bench = try bench()
        let first = try bench.submit("work")
        try bench.run(for: 60_000)
        let second = JobID(first.number + 1)
        #expect(try bench.request(.retry, first) == .accepted(second))
        try bench.run(for: 60_000)
        #expect(try unacked(bench) == [first, second])

        try bench.request(.retry, second)
        try bench.run(for: 60_000)

        #expect(try unacked(bench).isEmpty)
        #expect(try bench.job(first).attention == .acked)
        #expect(try bench.journal(first).last?.actor == "engine")
        let said = try bench.journal(first).last?.cause ?? ""
        #expect(said.contains("did it again and completed"))
    }

    @Test("A tree calls once, with its root")
    func tree() throws {
        let broken = Failure.scripted("broken")
        backend.script("b", .fails(broken, after: 10))
        let bench = try bench()
        let root = try bench.submit("parent")
        try bench.run(for: 60_000)

        #expect(try bench.job(root).state == .failed)
        #expect(try unacked(bench) == [root])
    }

    @Test("The acknowledgement of a root covers what calls below it")
    func below() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo a", .fails(.scripted("stuck"), after: 10))
        let bench = try bench()
        let root = try bench.submit("parent")
        try bench.run(for: 600_000)
        let child = try #require(try unacked(bench).first)
        #expect(try bench.job(child).state == .needsOperator)
        #expect(try bench.job(child).parentID == root)

        try bench.request(.acknowledge, root, by: "bob")

        #expect(try unacked(bench).isEmpty)
        let last = try bench.journal(child).last
        #expect(last?.actor == "bob")
        #expect(last?.cause == "acknowledged with \(root)")
    }
}
