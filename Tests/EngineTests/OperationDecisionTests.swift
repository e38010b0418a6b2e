import Engine
import Model
import Store
import TestKit
import Testing

/// What a decision about an operation does to a job in a state.
struct DecisionCase: CustomTestStringConvertible, Sendable {
    let state: JobState
    let decision: OperationDecision
    /// The state in the turn of the request; nil if it is refused.
    let then: JobState?

    var testDescription: String { "\(decision.rawValue) of a job that is \(state.rawValue)" }

    static let table: [DecisionCase] = JobState.allCases.flatMap { state in
        OperationDecision.allCases.map { decision in
            DecisionCase(state: state, decision: decision, then: outcome(state, decision))
        }
    }

    private static func outcome(_ state: JobState, _ decision: OperationDecision) -> JobState? {
        switch (state, decision) {
        case (.running, .ask), (.finishing, .ask), (.cancelling, .ask), (.rollingBack, .ask):
            state
        case (.lost, .ask): .lost
        case (.lost, .settleDone): .completed
        case (.lost, .settleNotDone): .rollingBack
        default: nil
        }
    }
}

@Suite("Deciding about an operation whose outcome nobody knows")
struct OperationDecisionTests {
    @Test("does what the table says in every state", arguments: DecisionCase.table)
    func table(row: DecisionCase) throws {
        let stage = try Stage(row.state)
        let before = try stage.bench.job(stage.id)

        let outcome = try stage.decide(row.decision)

        guard let then = row.then else {
            guard case .refused(let why) = outcome else {
                Issue.record("not refused: \(outcome)")
                return
            }
            #expect(why.contains("\(stage.id)"))
            #expect(try stage.bench.job(stage.id) == before)
            return
        }
        guard case .done = outcome else {
            Issue.record("not done: \(outcome)")
            return
        }
        #expect(try stage.bench.job(stage.id).state == then)
        if row.decision == .ask {
            #expect(stage.backend.calls.last == .probe(operation: "\(stage.id.number)/\(row.at)"))
        }
    }

    // MARK: What was left behind

    @Test("An abandoned operation stays on record until it is resolved")
    func staysOnRecord() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        try stage.bench.run(for: 10_000_000)

        #expect(try stage.bench.job(stage.id).backend == .unknown)
        #expect(try stage.unsettled == "\(stage.id.number)/1/1")
        #expect(stage.backend.running == ["\(stage.id.number)/1/1"])
    }

    @Test("Asking about what was left behind writes the backend's answer down as evidence")
    func asksWhatWasLeft() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        let name = "\(stage.id.number)/1/1"

        try stage.decide(.ask)
        try stage.bench.settle()

        let log = try stage.bench.log(stage.id)
        #expect(log.contains("evidence: operation \(name) is at work, 0 % done"), "\(log)")
        let job = try stage.bench.job(stage.id)
        #expect(job.backend == .running)
        #expect(job.state == .aborted)
        #expect(try stage.unsettled == name)
        let entry = try #require(try stage.bench.audit(.job(stage.id)).last)
        #expect(entry.action == "resolve ask")
    }

    @Test("Interrupting what was left behind uses a newer fence and closes the record")
    func interrupts() throws {
        let stage = try Stage(.running)
        let fence = try stage.bench.job(stage.id).fence
        try stage.bench.request(.stop(.abandon), stage.id)
        let name = "\(stage.id.number)/1/1"

        try stage.decide(.interrupt)
        try stage.bench.settle()

        let sent = stage.backend.calls.compactMap { call -> Int64? in
            if case .interrupt(name, let fence) = call { fence } else { nil }
        }
        #expect(sent.count == 1)
        #expect(try #require(sent.first) > fence)
        #expect(stage.backend.running.isEmpty)
        let job = try stage.bench.job(stage.id)
        #expect(job.state == .aborted)
        #expect(job.backend == .failed)
        #expect(try stage.bench.steps(stage.id)[1].state == .interrupted)
        #expect(try stage.unsettled == nil)
    }

    @Test("What the backend will not interrupt stays open, and the reason is kept")
    func stubborn() throws {
        let stage = try Stage(.rollingBack)
        try stage.bench.request(.stop(.abandon), stage.id)

        try stage.decide(.interrupt)
        try stage.bench.settle()

        let log = try stage.bench.log(stage.id)
        #expect(log.contains { $0.hasPrefix("evidence: ") && $0.contains("it is stubborn") })
        #expect(try stage.unsettled == "\(stage.id.number)/1/u1")
    }

    @Test("A late result closes the record by itself, and changes no state")
    func lateResult() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        stage.backend.finish("\(stage.id.number)/1/1", at: stage.bench.clock.now())
        try stage.bench.run(for: 1000)

        let job = try stage.bench.job(stage.id)
        #expect(job.state == .aborted)
        #expect(job.backend == .done)
        #expect(try stage.bench.steps(stage.id)[1].state == .done)
        #expect(try stage.bench.store.read { try $0.late(of: stage.id) }.map(\.outcome) == ["done"])
        guard case .refused = try stage.decide(.ask) else {
            Issue.record("nothing is open any more")
            return
        }
    }

    @Test("An operation that the backend does not know is over; the job says so")
    func forgotten() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        stage.backend.say("\(stage.id.number)/1/1", .unknown)
        try stage.bench.turn()

        #expect(try stage.bench.job(stage.id).backend == BackendStatus.none)
        #expect(try stage.unsettled == nil)
    }

    @Test(
        "A person's word closes the record, with the reason",
        arguments: [OperationDecision.settleDone, .settleNotDone]
    )
    func settles(decision: OperationDecision) throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)

        guard case .refused(let why) = try stage.decide(decision, reason: " ") else {
            Issue.record("a reason is needed")
            return
        }
        #expect(why.contains("reason"))
        try stage.decide(decision, reason: "looked at the host")

        let isDone = decision == .settleDone
        let job = try stage.bench.job(stage.id)
        #expect(job.state == .aborted)
        #expect(job.backend == (isDone ? .done : BackendStatus.none))
        #expect(try stage.bench.steps(stage.id)[1].state == (isDone ? .done : .failed))
        let entry = try #require(try stage.bench.audit(.job(stage.id)).last)
        #expect(entry.reason == "looked at the host")
        #expect(try stage.bench.journal(stage.id).last?.cause.contains("looked") == true)
    }

    @Test("What the backend says is at work cannot be declared to be over")
    func evidenceCounts() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        try stage.decide(.ask)
        try stage.bench.settle()

        guard case .refused(let why) = try stage.decide(.settleNotDone) else {
            Issue.record("not refused")
            return
        }
        #expect(why.contains("at work"))
        #expect(try stage.unsettled != nil)
    }

    @Test("A lost job that is settled as not done is undone, and begins nothing again")
    func settledNotDone() throws {
        let stage = try Stage(.lost)
        let begun = stage.backend.verbs

        try stage.decide(.settleNotDone)
        stage.backend.restore(lane: Operation.controlLane)
        try stage.bench.run(for: 100_000)

        let job = try stage.bench.job(stage.id)
        #expect(job.state == .failed)
        #expect(job.rollback == .clean)
        #expect(stage.backend.verbs.dropFirst(begun.count) == ["undo second", "undo first"])
    }

    @Test("An engine that dies keeps the record; the next one can resolve it")
    func crash() throws {
        let stage = try Stage(.running)
        try stage.bench.request(.stop(.abandon), stage.id)
        try stage.bench.takeOver()

        try stage.decide(.interrupt)
        try stage.bench.settle()

        #expect(stage.backend.running.isEmpty)
        #expect(try stage.bench.job(stage.id).backend == .failed)
    }
}

extension DecisionCase {
    /// Where the operation of the job stands: step and attempt.
    fileprivate var at: String { state == .rollingBack ? "1/u1" : "1/1" }
}

extension Stage {
    @discardableResult
    fileprivate func decide(
        _ decision: OperationDecision,
        reason: String = "looked"
    ) throws -> RequestOutcome {
        try bench.ask(
            OperatorRequest(.settle(decision), job: id, by: "bob", reason: reason)
        )
    }

    /// The name of the operation that the job left behind.
    fileprivate var unsettled: String? {
        get throws {
            let job = try bench.job(id)
            return try bench.steps(id).last { $0.isUnsettled(job.backend) }?.operation
        }
    }
}
