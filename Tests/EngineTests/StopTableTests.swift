import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Stopping a job in every state, on every rung")
struct StopTableTests {
    @Test("There is a row for every state, at both sorts of step, on both sides of the return")
    func complete() {
        for state in JobState.allCases {
            for isInterruptible in [true, false] {
                for isPastReturn in [true, false] {
                    let count = StopRow.all.count {
                        $0.state == state && $0.isInterruptible == isInterruptible
                            && $0.isPastReturn == isPastReturn
                    }
                    let isThere = !(isPastReturn && StopRow.neverPast.contains(state))
                    #expect(count == (isThere ? 1 : 0), "\(state)")
                }
            }
        }
        #expect(StopRow.all.allSatisfy { $0.effects.count == StopLevel.allCases.count })
    }

    @Test("has the effect that the table says", arguments: StopCase.table)
    func outcome(row: StopCase) throws {
        let stage = try Stage(row.row)
        let verbs = stage.backend.verbs.count
        let before = try stage.bench.job(stage.id)

        let outcome = try stage.bench.request(.stop(row.level), stage.id, by: "bob")
        let asked = try stage.bench.job(stage.id)
        try stage.bench.run(for: 100_000)

        let job = try stage.bench.job(stage.id)
        let undone = stage.backend.verbs.dropFirst(verbs).filter { $0.hasPrefix("undo") }
        switch row.effect {
        case .refused:
            try Self.expectRefusal(outcome, stage.id, row)
            #expect(asked.state == before.state)
            #expect(asked.stop == nil)
            #expect(undone.isEmpty)
        case .stays(let state):
            #expect(outcome == .accepted(stage.id))
            #expect(asked.stop?.level ?? .cancel >= row.level)
            #expect(job.state == state)
            #expect(undone.isEmpty)
        case .aborted(let rollback, let steps):
            #expect(outcome == .accepted(stage.id))
            #expect(asked.stop != nil, "the request is on record before it takes effect")
            #expect(job.state == .aborted)
            #expect(job.rollback == rollback)
            #expect(undone == steps)
            #expect(job.stop?.by == "bob")
            #expect(try stage.bench.tickets(stage.id).isEmpty)
        }
    }

    /// A refusal names the job; and past the point of no return it says that this is why.
    private static func expectRefusal(
        _ outcome: RequestOutcome,
        _ id: JobID,
        _ row: StopCase
    ) throws {
        guard case .refused(let why) = outcome else {
            Issue.record("not refused: \(outcome)")
            return
        }
        #expect(why.contains("\(id)"))
        if row.row.isPastReturn { #expect(why.contains("past its point of no return")) }
    }

    @Test(
        "interrupts a step that can be, and never one that cannot",
        arguments: StopCase.table.filter { $0.level == .abort && $0.state == .running }
    )
    func interrupts(row: StopCase) throws {
        let stage = try Stage(row.row)

        try stage.bench.request(.stop(.abort), stage.id)
        try stage.bench.run(for: 100_000)

        let isInterrupted = stage.backend.calls.contains {
            if case .interrupt = $0 { true } else { false }
        }
        #expect(isInterrupted == (row.row.isInterruptible && !row.row.isPastReturn))
    }

    @Test("is refused for a job that has ended, and changes nothing", arguments: StopCase.ended)
    func ended(row: StopCase) throws {
        let stage = try Stage(row.row)
        let before = try stage.bench.job(stage.id)

        let outcome = try stage.bench.request(.stop(row.level), stage.id)

        guard case .refused(let why) = outcome else {
            Issue.record("not refused: \(outcome)")
            return
        }
        #expect(why.contains("has ended"))
        #expect(try stage.bench.job(stage.id) == before)
    }

    @Test(
        "calls nothing at the backend for a job that has not begun",
        arguments: [JobState.pending, .queued],
        StopLevel.allCases
    )
    func noCalls(state: JobState, level: StopLevel) throws {
        let stage = try Stage(state)
        let calls = stage.backend.calls

        try stage.bench.request(.stop(level), stage.id)

        #expect(stage.backend.calls == calls)
    }

    @Test("stands in the journal, with who asked, also when it was refused")
    func journal() throws {
        let stage = try Stage(.rollingBack)

        try stage.bench.request(.stop(.cancel), stage.id, by: "bob")

        let line = try #require(try stage.bench.journal(stage.id).last)
        #expect(line.actor == "bob")
        #expect(line.cause.contains("cancel") && line.cause.contains("refused"))
    }
}
