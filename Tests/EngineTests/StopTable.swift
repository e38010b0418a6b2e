import Model
import Testing

/// What comes of a stop.
enum StopEffect: Hashable, Sendable {
    /// It is refused, and nothing changes.
    case refused
    /// It is on record, and the job still stands in this state.
    case stays(JobState)
    /// The job has ended as aborted, with that rollback; and these undo steps were done for it.
    case aborted(RollbackOutcome, [String] = [])
}

/// A state in which a job can be stopped, and what then comes of each rung, two minutes later.
struct StopRow: Sendable {
    /// Where the job stands.
    let state: JobState
    /// Whether the step at work can be interrupted.
    let isInterruptible: Bool
    /// Whether a step has begun that is a point of no return.
    let isPastReturn: Bool
    let effects: [StopLevel: StopEffect]

    private init(
        _ state: JobState,
        _ isInterruptible: Bool,
        _ isPastReturn: Bool,
        _ cancel: StopEffect,
        _ abort: StopEffect,
        _ abandon: StopEffect
    ) {
        self.state = state
        self.isInterruptible = isInterruptible
        self.isPastReturn = isPastReturn
        effects = [.cancel: cancel, .abort: abort, .abandon: abandon]
    }

    private static let notBegun = StopEffect.aborted(.notNeeded)
    private static let first = StopEffect.aborted(.clean, ["undo first"])
    private static let both = StopEffect.aborted(.clean, ["undo second", "undo first"])
    private static let left = StopEffect.aborted(.skipped)
    /// Past the point of no return there is nothing that could be undone.
    private static let beyond = StopEffect.aborted(.none)

    // swift-format-ignore
    static let all: [StopRow] = [
        //      state     interruptible past    cancel               abort                abandon
        StopRow(.pending,       true,  false, notBegun,            notBegun,             notBegun),
        StopRow(.pending,       false, false, notBegun,            notBegun,             notBegun),
        StopRow(.queued,        true,  false, notBegun,            notBegun,             notBegun),
        StopRow(.queued,        false, false, notBegun,            notBegun,             notBegun),
        StopRow(.queued,        true,  true,  .refused,            .refused,             beyond),
        StopRow(.queued,        false, true,  .refused,            .refused,             beyond),
        StopRow(.running,       true,  false, .stays(.cancelling), both,                 left),
        StopRow(.running,       false, false, .stays(.cancelling), .stays(.cancelling),  left),
        StopRow(.running,       true,  true,  .refused,            .refused,             beyond),
        StopRow(.running,       false, true,  .refused,            .refused,             beyond),
        StopRow(.childQueued,   true,  false, first,               first,                left),
        StopRow(.childQueued,   false, false, first,               first,                left),
        StopRow(.childQueued,   true,  true,  .refused,            .refused,             beyond),
        StopRow(.childQueued,   false, true,  .refused,            .refused,             beyond),
        StopRow(.childRunning,  true,  false, .stays(.cancelling), first,                left),
        StopRow(.childRunning,  false, false, .stays(.cancelling), .stays(.cancelling),  left),
        StopRow(.childRunning,  true,  true,  .refused,            .refused,             beyond),
        StopRow(.childRunning,  false, true,  .refused,            .refused,             beyond),
        StopRow(.finishing,     true,  false, .refused,            first,                left),
        StopRow(.finishing,     false, false, .refused,            .stays(.cancelling),  left),
        StopRow(.finishing,     true,  true,  .refused,            .refused,             beyond),
        StopRow(.finishing,     false, true,  .refused,            .refused,             beyond),
        StopRow(.cancelling,    true,  false, .stays(.cancelling), both,                 left),
        StopRow(.cancelling,    false, false, .stays(.cancelling), .stays(.cancelling),  left),
        StopRow(.rollingBack,   true,  false, .refused,            .stays(.needsOperator), left),
        StopRow(.rollingBack,   false, false, .refused,            .stays(.needsOperator), left),
        StopRow(.needsOperator, true,  false, .refused,            .refused,     .aborted(.dirty)),
        StopRow(.needsOperator, false, false, .refused,            .refused,     .aborted(.dirty)),
        StopRow(.needsOperator, true,  true,  .refused,            .refused,             beyond),
        StopRow(.needsOperator, false, true,  .refused,            .refused,             beyond),
        StopRow(.lost,          true,  false, .stays(.lost),       .stays(.lost),        left),
        StopRow(.lost,          false, false, .stays(.lost),       .stays(.lost),        left),
        StopRow(.lost,          true,  true,  .refused,            .refused,             beyond),
        StopRow(.lost,          false, true,  .refused,            .refused,             beyond),
        StopRow(.completed,     true,  false, .refused,            .refused,             .refused),
        StopRow(.completed,     false, false, .refused,            .refused,             .refused),
        StopRow(.completed,     true,  true,  .refused,            .refused,             .refused),
        StopRow(.completed,     false, true,  .refused,            .refused,             .refused),
        StopRow(.warning,       true,  false, .refused,            .refused,             .refused),
        StopRow(.warning,       false, false, .refused,            .refused,             .refused),
        StopRow(.warning,       true,  true,  .refused,            .refused,             .refused),
        StopRow(.warning,       false, true,  .refused,            .refused,             .refused),
        StopRow(.failed,        true,  false, .refused,            .refused,             .refused),
        StopRow(.failed,        false, false, .refused,            .refused,             .refused),
        StopRow(.failed,        true,  true,  .refused,            .refused,             .refused),
        StopRow(.failed,        false, true,  .refused,            .refused,             .refused),
        StopRow(.aborted,       true,  false, .refused,            .refused,             .refused),
        StopRow(.aborted,       false, false, .refused,            .refused,             .refused),
        StopRow(.aborted,       true,  true,  .refused,            .refused,             .refused),
        StopRow(.aborted,       false, true,  .refused,            .refused,             .refused),
    ]

    /// States that nothing reaches past the point of no return: before it nothing has begun, and
    /// behind it nothing is stopped or undone.
    static let neverPast: Set<JobState> = [.pending, .cancelling, .rollingBack]
}

/// One rung for a job in one row of the table.
struct StopCase: CustomTestStringConvertible, Sendable {
    let row: StopRow
    let level: StopLevel
    let effect: StopEffect

    var state: JobState { row.state }

    var testDescription: String {
        let step = row.isInterruptible ? "a step that can be interrupted" : "one that cannot"
        let side = row.isPastReturn ? "past" : "before"
        return "\(level.rawValue) of a job that is \(state.rawValue), at \(step), \(side) the "
            + "point of no return"
    }

    private static let all: [StopCase] = StopRow.all.flatMap { row in
        StopLevel.allCases.compactMap { level in
            row.effects[level].map { StopCase(row: row, level: level, effect: $0) }
        }
    }

    /// Those of jobs that have not ended.
    static let table = all.filter { !$0.state.isTerminal }
    /// Those of jobs that have.
    static let ended = all.filter(\.state.isTerminal)
}
