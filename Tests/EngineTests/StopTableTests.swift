import Engine
import Model
import Store
import TestKit
import Testing

/// What a stop on a rung does to a job in a state.
struct StopCase: CustomTestStringConvertible, Sendable {
    let state: JobState
    let level: StopLevel
    /// Where the job is two minutes later; nil if the stop is refused.
    let end: JobState?
    let rollback: RollbackOutcome
    /// What was undone because of the stop.
    let undone: [String]

    var testDescription: String { "\(level.rawValue) of a job that is \(state.rawValue)" }

    init(
        _ state: JobState,
        _ level: StopLevel,
        _ end: JobState?,
        _ rollback: RollbackOutcome = .notNeeded,
        undone: [String] = []
    ) {
        self.state = state
        self.level = level
        self.end = end
        self.rollback = rollback
        self.undone = undone
    }

    static let table: [StopCase] = [
        StopCase(.pending, .cancel, .aborted),
        StopCase(.pending, .abort, .aborted),
        StopCase(.pending, .abandon, .aborted),
        StopCase(.queued, .cancel, .aborted),
        StopCase(.queued, .abort, .aborted),
        StopCase(.queued, .abandon, .aborted),
        StopCase(.running, .cancel, .cancelling),
        StopCase(.running, .abort, .aborted, .clean, undone: ["undo second", "undo first"]),
        StopCase(.running, .abandon, .aborted, .skipped),
        StopCase(.childQueued, .cancel, .aborted, .clean, undone: ["undo first"]),
        StopCase(.childQueued, .abort, .aborted, .clean, undone: ["undo first"]),
        StopCase(.childQueued, .abandon, .aborted, .skipped),
        StopCase(.childRunning, .cancel, .cancelling),
        StopCase(.childRunning, .abort, .aborted, .clean, undone: ["undo first"]),
        StopCase(.childRunning, .abandon, .aborted, .skipped),
        StopCase(.finishing, .cancel, nil),
        StopCase(.finishing, .abort, .aborted, .clean, undone: ["undo first"]),
        StopCase(.finishing, .abandon, .aborted, .skipped),
        StopCase(.cancelling, .cancel, .cancelling),
        StopCase(.cancelling, .abort, .aborted, .clean, undone: ["undo second", "undo first"]),
        StopCase(.cancelling, .abandon, .aborted, .skipped),
        StopCase(.rollingBack, .cancel, nil),
        StopCase(.rollingBack, .abort, .needsOperator),
        StopCase(.rollingBack, .abandon, .aborted, .skipped),
        StopCase(.needsOperator, .cancel, nil),
        StopCase(.needsOperator, .abort, nil),
        StopCase(.needsOperator, .abandon, .aborted, .dirty),
        StopCase(.lost, .cancel, .lost),
        StopCase(.lost, .abort, .lost),
        StopCase(.lost, .abandon, .aborted, .skipped),
    ]

    static let ended: [StopCase] = JobState.allCases.filter(\.isTerminal).flatMap { state in
        StopLevel.allCases.map { StopCase(state, $0, nil) }
    }
}

@Suite("Stopping a job in every state, on every rung")
struct StopTableTests {
    @Test("There is a case for every state and every rung")
    func complete() {
        let cases = StopCase.table + StopCase.ended
        #expect(cases.count == JobState.allCases.count * StopLevel.allCases.count)
        for state in JobState.allCases {
            for level in StopLevel.allCases {
                #expect(cases.count { $0.state == state && $0.level == level } == 1)
            }
        }
    }

    @Test("ends as the table says", arguments: StopCase.table)
    func outcome(row: StopCase) throws {
        let stage = try Stage(row.state)
        let verbs = stage.backend.verbs
        let before = try stage.bench.job(stage.id)

        let outcome = try stage.bench.request(.stop(row.level), stage.id, by: "bob")
        let asked = try stage.bench.job(stage.id)
        try stage.bench.run(for: 100_000)

        let job = try stage.bench.job(stage.id)
        guard let end = row.end else {
            guard case .refused(let why) = outcome else {
                Issue.record("not refused: \(outcome)")
                return
            }
            #expect(why.contains("\(stage.id)"))
            #expect(asked.state == before.state)
            #expect(asked.stop == nil)
            return
        }
        #expect(outcome == .accepted(stage.id))
        #expect(job.state == end)
        #expect(asked.stop != nil, "the request is on record before it takes effect")
        #expect(
            stage.backend.verbs.dropFirst(verbs.count).filter { $0.hasPrefix("undo") }
                == row.undone[...].map { $0 }
        )
        if end == .aborted {
            #expect(job.rollback == row.rollback)
            #expect(job.stop?.by == "bob")
            #expect(try stage.bench.tickets(stage.id).isEmpty)
        }
    }

    @Test("is refused for a job that has ended, and changes nothing", arguments: StopCase.ended)
    func ended(row: StopCase) throws {
        let stage = try Stage(row.state)
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
