import Model
import Testing

@Suite("Which of many jobs an action is asked for")
struct BulkChoiceTests {
    private static let actions: [OperatorAction] = [
        .stop(.cancel), .stop(.abort), .stop(.abandon), .retry, .resolve(.skip), .settle(.ask),
        .acknowledge, .pin, .unpin, .prioritize(5),
    ]

    /// The states in which an action would change something, written once more by hand.
    private static func needed(_ action: OperatorAction) -> Set<JobState> {
        let ended: Set<JobState> = [.completed, .warning, .failed, .aborted]
        return switch action {
        case .stop, .prioritize: Set(JobState.allCases).subtracting(ended)
        case .retry: ended
        case .resolve, .settle: [.needsOperator, .lost]
        case .pin: Set(JobState.allCases)
        default: []
        }
    }

    @Test("is a table: what would change nothing any more is left out", arguments: actions)
    func table(_ action: OperatorAction) {
        for state in JobState.allCases {
            var job = Samples.job(state)
            (job.parentID, job.stop, job.backend, job.pin, job.attention) =
                (nil, nil, .none, nil, .none)
            let why = BulkChoice.over(action, job)
            #expect((why == nil) == Self.needed(action).contains(state), "\(state)")
        }
    }

    @Test("leaves out what was done already, so that asking again goes on")
    func again() {
        var job = Samples.job(.running)
        job.stop = StopRequest(level: .abort, by: "ann", at: job.createdAt, reason: "")
        #expect(BulkChoice.over(.stop(.cancel), job) != nil)
        #expect(BulkChoice.over(.stop(.abort), job) != nil)
        #expect(BulkChoice.over(.stop(.abandon), job) == nil)
        job = Samples.job(.failed)
        job.parentID = nil
        #expect(BulkChoice.over(.retry, job, retriedBy: JobID(9)) == "job-9 tries it again")
        job.attention = .open
        #expect(BulkChoice.over(.acknowledge, job) == nil)
        job.priority = 5
        #expect(BulkChoice.over(.prioritize(5), job) != nil)
    }

    @Test("leaves children to their parents, and stops at its bound")
    func bound() {
        var choice = BulkChoice(.stop(.abort), most: 2)
        for number in 1...6 as ClosedRange<Int64> {
            var job = Samples.job(.running)
            job.id = JobID(number)
            job.stop = nil
            job.parentID = number == 2 || number == 3 ? JobID(number - 1) : nil
            choice.take(job)
        }
        #expect(choice.jobs.map(\.id.number) == [1, 4])
        #expect(choice.skipped.map(\.job.id.number) == [2, 3])
        #expect(choice.beyond == 2)
        #expect(choice.skippedText == "2: it goes with its parent")
    }
}
