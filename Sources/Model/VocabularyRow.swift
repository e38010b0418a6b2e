/// One row of the table that translates a job's state.
struct VocabularyRow: Sendable {
    /// What else must be so, beside the state; the first row that fits is taken.
    enum Condition: Sendable {
        case always
        /// It waits for something other than its time.
        case blocked
        /// It waits between two attempts.
        case waits
        /// A stop was asked.
        case stopped
        /// It was refused before anything began.
        case refused
        /// It never began.
        case neverBegan
        /// Everything was undone.
        case clean

        func holds(_ job: Job) -> Bool {
            switch self {
            case .always: true
            case .blocked: job.waiting.map { $0.reason != .time } ?? false
            case .waits: job.waiting != nil
            case .stopped: job.stop != nil
            case .refused: job.cause == .validation
            case .neverBegan: job.startedAt == nil
            case .clean: job.rollback == .clean
            }
        }
    }

    let state: JobState
    let condition: Condition
    let cloudbolt: String
    let oracleState: String
    let oracleRunState: String
    let taskState: String
    let commandStatus: String
    let jobStatus: String
    let vdsmState: String
    let vdsmStatus: String
    let vdsmResult: String

    /// A row; the words of Oracle VM, oVirt and VDSM stand in one text each, with slashes between.
    private init(
        _ state: JobState,
        if condition: Condition = .always,
        _ cloudbolt: String,
        oracle: String,
        ovirt: String,
        vdsm: String
    ) {
        func words(_ text: String, _ count: Int) -> [String] {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            return (0..<count).map { $0 < parts.count ? String(parts[$0]) : "" }
        }
        let oracle = words(oracle, 2)
        let ovirt = words(ovirt, 3)
        let vdsm = words(vdsm, 3)
        self.state = state
        self.condition = condition
        self.cloudbolt = cloudbolt
        (oracleState, oracleRunState) = (oracle[0], oracle[1])
        (taskState, commandStatus, jobStatus) = (ovirt[0], ovirt[1], ovirt[2])
        (vdsmState, vdsmStatus, vdsmResult) = (vdsm[0], vdsm[1], vdsm[2])
    }

    /// The whole table; the last row of each state fits always.
    static let all: [VocabularyRow] = [
        VocabularyRow(
            .pending,
            if: .blocked,
            "PENDING",
            oracle: "Pending/CREATED",
            ovirt: "Initializing/NOT_STARTED/STARTED",
            vdsm: "blocked/running/"
        ),
        VocabularyRow(
            .pending,
            "PENDING",
            oracle: "Pending/CREATED",
            ovirt: "Initializing/NOT_STARTED/STARTED",
            vdsm: "init/init/"
        ),
        VocabularyRow(
            .queued,
            "QUEUED",
            oracle: "Pending/CREATED",
            ovirt: "Polling/ACTIVE/STARTED",
            vdsm: "queued/running/"
        ),
        VocabularyRow(
            .running,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/ACTIVE/STARTED",
            vdsm: "running/running/"
        ),
        VocabularyRow(
            .childQueued,
            "RUNNING",
            oracle: "Child Queued/CHILD_QUEUED",
            ovirt: "Polling/ACTIVE/STARTED",
            vdsm: "running/running/"
        ),
        VocabularyRow(
            .childRunning,
            "RUNNING",
            oracle: "Child Running/CHILD_RUNNING",
            ovirt: "Polling/ACTIVE/STARTED",
            vdsm: "running/running/"
        ),
        VocabularyRow(
            .finishing,
            if: .waits,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "Ended/SUCCEEDED/STARTED",
            vdsm: "finished/finished/success"
        ),
        VocabularyRow(
            .finishing,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "AttemptingEndAction/SUCCEEDED/STARTED",
            vdsm: "finished/finished/success"
        ),
        VocabularyRow(
            .cancelling,
            "TO_CANCEL",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/ACTIVE/STARTED",
            vdsm: "aborting/aborting/"
        ),
        VocabularyRow(
            .rollingBack,
            if: .stopped,
            "TO_CANCEL",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/FAILED/STARTED",
            vdsm: "recovering/cleaning/"
        ),
        VocabularyRow(
            .rollingBack,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/FAILED/STARTED",
            vdsm: "recovering/cleaning/"
        ),
        VocabularyRow(
            .needsOperator,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/FAILED/STARTED",
            vdsm: "waitrecover/cleaning/"
        ),
        VocabularyRow(
            .lost,
            "RUNNING",
            oracle: "In Progress/RUNNING",
            ovirt: "Polling/UNKNOWN/UNKNOWN",
            vdsm: "unknown/unknown/"
        ),
        VocabularyRow(
            .completed,
            "SUCCESS",
            oracle: "Completed/SUCCESS",
            ovirt: "Cleared/ENDED_SUCCESSFULLY/FINISHED",
            vdsm: "finished/finished/success"
        ),
        VocabularyRow(
            .warning,
            "WARNING",
            oracle: "Completed/SUCCESS",
            ovirt: "Cleared/ENDED_SUCCESSFULLY/FINISHED",
            vdsm: "finished/finished/success"
        ),
        VocabularyRow(
            .failed,
            if: .refused,
            "FAILURE",
            oracle: "Failed/FAILURE",
            ovirt: "Cleared/EXECUTION_FAILED/FAILED",
            vdsm: "recovered/finished/cleanSuccess"
        ),
        VocabularyRow(
            .failed,
            if: .clean,
            "FAILURE",
            oracle: "Failed/FAILURE",
            ovirt: "Cleared/ENDED_WITH_FAILURE/FAILED",
            vdsm: "recovered/finished/cleanSuccess"
        ),
        VocabularyRow(
            .failed,
            "FAILURE",
            oracle: "Failed/FAILURE",
            ovirt: "Cleared/ENDED_WITH_FAILURE/FAILED",
            vdsm: "failed/finished/cleanFailure"
        ),
        VocabularyRow(
            .aborted,
            if: .neverBegan,
            "CANCELED",
            oracle: "Aborted/ABORTED",
            ovirt: "Cleared/NOT_STARTED/ABORTED",
            vdsm: "recovered/finished/cleanSuccess"
        ),
        VocabularyRow(
            .aborted,
            if: .clean,
            "CANCELED",
            oracle: "Aborted/ABORTED",
            ovirt: "Cleared/ENDED_WITH_FAILURE/ABORTED",
            vdsm: "recovered/finished/cleanSuccess"
        ),
        VocabularyRow(
            .aborted,
            "CANCELED",
            oracle: "Aborted/ABORTED",
            ovirt: "Cleared/ENDED_WITH_FAILURE/ABORTED",
            vdsm: "failed/finished/cleanFailure"
        ),
    ]

    private static let byState = Dictionary(grouping: all, by: \.state)

    /// The row for a job: the first of its state whose condition holds.
    static func row(for job: Job) -> VocabularyRow {
        byState[job.state]?.first { $0.condition.holds(job) } ?? all[0]
    }
}
