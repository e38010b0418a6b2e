import Model
import Testing

@Suite("Attention")
struct AttentionTests {
    private func job(
        _ state: JobState,
        _ cause: Cause = .none,
        _ rollback: RollbackOutcome = .notNeeded,
        isChild: Bool = false
    ) -> Job {
        var job = Job(
            id: JobID(7),
            uuid: "",
            parentID: isChild ? JobID(1) : nil,
            kind: "noop",
            target: .none,
            user: "ann",
            createdAt: Timestamp(milliseconds: 0)
        )
        (job.state, job.cause, job.rollback) = (state, cause, rollback)
        return job
    }

    /// The states in which a root that was stopped by nobody calls for attention.
    private static let calling: Set<JobState> = [
        .lost, .needsOperator, .failed, .warning, .aborted,
    ]

    @Test("is called for by what ended badly or stands still", arguments: JobState.allCases)
    func roots(_ state: JobState) {
        let isCalled = Self.calling.contains(state)
        #expect(Attention.called(by: job(state)) == (isCalled ? .open : .none))
        #expect(Attention.states.contains(state) == isCalled)
    }

    @Test("is not called for by an end that a person wanted", arguments: Cause.allCases)
    func aborted(_ cause: Cause) {
        let isWanted = cause == .stoppedByUser || cause == .abandoned
        #expect(Attention.called(by: job(.aborted, cause)) == (isWanted ? .none : .open))
    }

    @Test("is called for by whatever left something behind", arguments: [true, false])
    func dirty(_ isChild: Bool) {
        let left = job(.aborted, .stoppedByUser, .dirty, isChild: isChild)
        #expect(Attention.called(by: left) == .open)
    }

    @Test("is called for once: the end of a child shows in its root", arguments: JobState.allCases)
    func children(_ state: JobState) {
        let isStanding = state == .lost || state == .needsOperator
        let called = Attention.called(by: job(state, isChild: true))
        #expect(called == (isStanding ? .open : .none))
    }

    @Test("has codes that come back", arguments: Attention.allCases)
    func codes(_ attention: Attention) {
        #expect(Attention(code: attention.code ?? 0) == attention)
        #expect(Attention(code: 3) == nil)
    }
}
