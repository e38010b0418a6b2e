import Model
import Testing

@Suite("The fourteen states")
struct JobStateTests {
    /// What is in released stores: must never change.
    static let codes: [(JobState, Int)] = [
        (.pending, 0), (.queued, 1), (.running, 2), (.childQueued, 3), (.childRunning, 4),
        (.finishing, 5), (.cancelling, 6), (.rollingBack, 7), (.needsOperator, 8), (.lost, 9),
        (.completed, 10), (.warning, 11), (.failed, 12), (.aborted, 13),
    ]

    @Test("keep their numbers", arguments: codes)
    func code(state: JobState, code: Int) {
        #expect(state.code == code)
        #expect(JobState(code: code) == state)
    }

    @Test("are fourteen, and no other number stands for one", arguments: [-1, 14, Int.max])
    func noOtherCode(code: Int) {
        #expect(JobState.allCases.count == 14)
        #expect(Self.codes.count == 14)
        #expect(JobState(code: code) == nil)
    }

    @Test("end in four, are active in five, and need a person in four")
    func groups() {
        let all = JobState.allCases
        #expect(all.filter(\.isTerminal) == [.completed, .warning, .failed, .aborted])
        #expect(
            all.filter(\.isActive) == [
                .running, .childRunning, .finishing, .cancelling, .rollingBack,
            ]
        )
        #expect(all.filter(\.needsAttention) == [.needsOperator, .lost, .warning, .failed])
    }

    @Test("are read back from their own words", arguments: JobState.allCases)
    func wordReadsBack(state: JobState) {
        #expect(JobState(word: state.word) == state)
        #expect(JobState(word: state.rawValue) == state)
        #expect(JobState(word: state.rawValue.uppercased()) == state)
    }

    @Test(
        "are read in any spelling",
        arguments: [
            ("Child Queued", JobState.childQueued), ("child-running", .childRunning),
            ("ROLLING_BACK", .rollingBack), ("needs operator", .needsOperator),
        ]
    )
    func spelling(word: String, state: JobState) {
        #expect(JobState(word: word) == state)
    }

    @Test("are not guessed from other words", arguments: ["", "done", "runn", "running2x", "-"])
    func noGuess(word: String) {
        #expect(JobState(word: word) == nil)
    }

    @Test("are counted apart, and together")
    func counts() {
        var counts = Counts()
        counts[.running] = 3
        counts[.failed] = 2
        #expect(counts[.running] == 3)
        #expect(counts[.queued] == 0)
        #expect(counts.total == 5)
        #expect(counts.unfinished == 3)
    }
}
