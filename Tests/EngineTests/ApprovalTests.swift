import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Jobs that somebody else must approve")
struct ApprovalTests {
    private func bench(_ patterns: [String] = []) throws -> EngineBench {
        let step = [Step.doing("a")]
        let locked = ScriptedKind("vm.stop", steps: step, locks: [.exclusive("vm/a")])
        return try EngineBench(
            ScriptedBackend(),
            kinds: [
                ScriptedKind("vm.remove", steps: step), locked,
                ScriptedKind("many", steps: [.children(["vm.remove"])]),
            ],
            rules: EngineRules(approval: patterns)
        )
    }

    @Test("A job that its submitter wants approved waits for somebody else, and then goes on")
    func asked() throws {
        let bench = try bench()
        let id = try bench.submit("vm.stop") { $0.needsApproval = true }
        let other = try bench.submit("vm.stop")
        try bench.run(for: 60_000)

        let waiting = try #require(try bench.job(id).waiting)
        #expect(try bench.job(id).state == .pending)
        #expect(waiting.reason == .approval)
        #expect(waiting.since == ManualClock.beginning)
        #expect(
            JobWhy.line(try bench.job(id), engineAlive: true, now: ManualClock.beginning)
                == "\(id) is pending: waits for approval by somebody other than ann (asked for "
                + "with the job)"
        )
        // It holds nobody up meanwhile.
        #expect(try bench.job(other).state == .completed)
        #expect(try bench.tickets(id).isEmpty)

        try bench.takeOver()
        try bench.request(.approve, id, by: "bob")
        let approval = try bench.stored(id).extra.approval
        #expect(approval?.by == "bob")
        #expect(approval?.at == bench.clock.now())
        try bench.run(for: 60_000)
        #expect(try bench.job(id).state == .completed)
        let line = try bench.journal(id).first { $0.actor == "bob" }
        #expect(line?.cause == "asked to approve")
        #expect(try bench.audit(.job(id)).map(\.action) == ["approve"])
    }

    @Test("Kinds of the configuration need it, children of what was approved do not")
    func configured() throws {
        let bench = try bench(["vm.rem*"])
        let id = try bench.submit("vm.remove")
        let parent = try bench.submit("many")
        try bench.run(for: 60_000)

        #expect(
            try bench.job(id).waiting?.text
                == "waits for approval by somebody other than ann (approval vm.rem* in the "
                + "configuration)"
        )
        #expect(try bench.job(parent).state == .completed)
        // Whoever writes a job into the store past the engine's configuration gets no further.
        var chance = SeededChance(seed: 3)
        let outcome = try bench.store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                Submission(kind: "vm.remove", user: "eve"),
                into: tx,
                chance: &chance,
                at: bench.clock.now()
            )
        }
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
        try bench.run(for: 60_000)
        guard case .accepted(let outside) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try bench.job(outside).waiting?.reason == .approval)
    }

    @Test("Nobody approves or rejects what he submitted himself, nor what needs no approval")
    func refused() throws {
        let bench = try bench()
        let id = try bench.submit("vm.stop") { $0.needsApproval = true }
        for action in [OperatorAction.approve, .reject] {
            guard case .refused(let why) = try bench.request(action, id, by: "ann") else {
                Issue.record("\(action) by its submitter")
                continue
            }
            #expect(why.contains("somebody else"), "\(why)")
        }
        #expect(try bench.job(id).state == .pending)
        let plain = try bench.submit("vm.stop") { $0.dueAt = ManualClock.beginning + 9_000_000 }
        guard case .refused = try bench.request(.approve, plain, by: "bob") else {
            Issue.record("it needs no approval")
            return
        }
        try bench.request(.approve, id, by: "bob")
        guard case .refused(let why) = try bench.request(.reject, id, by: "carl") else {
            Issue.record("it was approved")
            return
        }
        #expect(why == "\(id) was approved by bob")
    }

    @Test("What is rejected ends as aborted, with who and why; a retry needs approval again")
    func rejected() throws {
        let bench = try bench()
        let id = try bench.submit("vm.stop") { $0.needsApproval = true }
        try bench.ask(OperatorRequest(.reject, job: id, by: "bob", reason: "not tonight"))

        let job = try bench.job(id)
        #expect(job.state == .aborted)
        #expect(job.stop?.by == "bob")
        #expect(job.stop?.reason == "rejected: not tonight")
        #expect(job.rollback == .notNeeded)
        guard case .accepted(let again) = try bench.request(.retry, id) else {
            Issue.record("it can be tried again")
            return
        }
        #expect(try bench.job(again).waiting?.reason == .approval)
    }

    @Test("After approval the other gates count: its time, its locks")
    func gates() throws {
        let bench = try bench()
        let due = ManualClock.beginning + 120_000
        let id = try bench.submit("vm.stop") {
            $0.needsApproval = true
            $0.dueAt = due
        }
        try bench.run(for: 300_000)
        #expect(try bench.job(id).waiting?.reason == .approval)
        let other = try bench.submit("vm.stop") {
            $0.needsApproval = true
            $0.dueAt = bench.clock.now() + 60_000
        }
        try bench.request(.approve, other, by: "bob")
        #expect(try bench.job(other).waiting?.reason == .time)
        try bench.request(.approve, id, by: "bob")
        try bench.run(for: 120_000)
        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(other).state == .completed)
    }

    @Test("Who wants a job approved stays on record; a pattern without a star is one kind")
    func source() throws {
        let bench = try bench(["vm.remove", "vm.sto"])
        let asked = try bench.submit("vm.remove") { $0.needsApproval = true }
        #expect(try bench.stored(asked).extra.approval?.source == Approval.asked)
        let other = try bench.submit("vm.stop")
        try bench.run(for: 1000)
        #expect(try bench.job(other).state == .completed)

        try bench.ask(OperatorRequest(.reject, job: asked, by: "bob", reason: ""))
        #expect(
            try bench.request(.approve, asked, by: "eve")
                == .refused("\(asked) has ended (Aborted)")
        )
    }
}
