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

    @Test("asks for a verdict only about what waits for one, and for a pin only where it changes")
    func verdictsAndPins() {
        var job = Samples.job(.pending)
        #expect(BulkChoice.over(.approve, job) == "it waits for nobody's approval")
        job.waiting = Waiting(.lock, since: job.createdAt)
        #expect(BulkChoice.over(.reject, job) == "it waits for nobody's approval")
        job.waiting = Waiting(.approval, since: job.createdAt)
        #expect(BulkChoice.over(.approve, job) == nil)
        #expect(BulkChoice.over(.reject, job) == nil)

        #expect(BulkChoice.over(.unpin, job) == "it is not pinned")
        job.pin = Pin(by: "ann", at: job.createdAt, reason: "")
        #expect(BulkChoice.over(.unpin, job) == nil)
        #expect(BulkChoice.over(.pin, job) == "it is pinned")
    }

    @Test("tries no child again, decides about what was left behind, and acknowledges once")
    func leftOut() {
        var job = Samples.job(.aborted)
        #expect(BulkChoice.over(.settle(.ask), job) == "nothing about it is to be decided")
        job.backend = .unknown
        #expect(BulkChoice.over(.settle(.ask), job) == nil)
        job.parentID = JobID(3)
        #expect(BulkChoice.over(.retry, job) == "it is a child of job-3")
        #expect(BulkChoice.over(.retryFrom("2"), job) == "it is a child of job-3")
        job.attention = .acked
        #expect(BulkChoice.over(.acknowledge, job) == "it calls for nobody")
        job = Samples.job(.queued)
        job.priority = 4
        #expect(BulkChoice.over(.prioritize(5), job) == nil)
    }

    @Test(
        "goes with the parent where the action goes down the tree, and only there",
        arguments: [
            (.stop(.cancel), true), (.prioritize(5), true), (.acknowledge, true), (.pin, true),
            (.resolve(.retry), false), (.settle(.ask), false), (.unpin, false),
        ] as [(OperatorAction, Bool)]
    )
    func covers(_ action: OperatorAction, _ isCovered: Bool) {
        var choice = BulkChoice(action, most: 10)
        for number in 1...3 as ClosedRange<Int64> {
            var job = Samples.job(.lost)
            job.id = JobID(number)
            job.parentID = number == 1 ? nil : JobID(number - 1)
            job.attention = .open
            if action == .unpin { job.pin = Pin(by: "ann", at: job.createdAt, reason: "") }
            choice.take(job)
        }
        #expect(choice.jobs.map(\.id.number) == (isCovered ? [1] : [1, 2, 3]))
        #expect(choice.skipped.count == (isCovered ? 2 : 0))
    }

    @Test("counts what is left out by its reason, the most frequent first")
    func reasons() {
        var choice = BulkChoice(.prioritize(5), most: 10)
        for (number, state) in [JobState.queued, .failed, .aborted, .queued].enumerated() {
            var job = Samples.job(state)
            job.id = JobID(Int64(number + 1))
            job.priority = number == 3 ? 0 : 5
            choice.take(job)
        }
        #expect(choice.skippedText == "2: it has ended; 1: it has that priority")
        #expect(choice.jobs.map(\.id.number) == [4])
        choice.take(Samples.job(.completed))
        #expect(choice.beyond == 0)
    }
}
