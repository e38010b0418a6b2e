/// How a job is called in the four systems whose operators Signalbox serves.
package struct Vocabulary: Hashable, Sendable {
    /// Which of CloudStack's numbers stands for a job that was aborted.
    package enum Profile: String, CaseIterable, Sendable {
        /// 2: what real installations hold, where nothing ever writes 3.
        case csStrict = "cs-strict"
        /// 3: what CloudStack's list of states has for it.
        case csEnum = "cs-enum"
    }

    /// The job as a row of CloudStack's `async_job`.
    package struct CloudStack: Hashable, Sendable {
        /// The column `job_status`.
        package var status: Int
        /// The name of that number.
        package var name: String
        /// The column `job_result_code`.
        package var resultCode: Int
    }

    /// The job as Oracle VM Manager shows it.
    package struct Oracle: Hashable, Sendable {
        /// The word on its screen.
        package var state: String
        /// The value of `jobRunState`.
        package var runState: String
        /// The value of `abortedByUser`.
        package var isAbortedByUser: Bool
    }

    /// The job as oVirt Engine and VDSM have it, layer by layer.
    package struct OVirt: Hashable, Sendable {
        /// The engine's tracking of the task (`AsyncTaskState`).
        package var taskState: String
        /// The command's state (`CommandStatus`).
        package var commandStatus: String
        /// The state that users see (`JobExecutionStatus`).
        package var jobStatus: String
        /// VDSM's own state of the task.
        package var vdsmState: String
        /// The status that VDSM reports.
        package var vdsmStatus: String
        /// The result that VDSM reports; empty while there is none.
        package var vdsmResult: String
        /// The code that VDSM reports.
        package var vdsmCode: Int
    }

    /// In CloudStack.
    package var cloudstack: CloudStack
    /// In CloudBolt: the job's status.
    package var cloudbolt: String
    /// In Oracle VM.
    package var oracle: Oracle
    /// In oVirt and VDSM.
    package var ovirt: OVirt

    /// The job in everybody's words.
    package init(of job: Job, profile: Profile = .csStrict) {
        let row = VocabularyRow.row(for: job)
        cloudstack = Self.cloudStack(job, profile)
        cloudbolt = row.cloudbolt
        oracle = Oracle(
            state: row.oracleState,
            runState: row.oracleRunState,
            isAbortedByUser: job.state == .aborted && job.cause != .stoppedByParent
        )
        ovirt = OVirt(
            taskState: row.taskState,
            commandStatus: row.commandStatus,
            jobStatus: row.jobStatus,
            vdsmState: row.vdsmState,
            vdsmStatus: row.vdsmStatus,
            vdsmResult: row.vdsmResult,
            vdsmCode: Self.vdsmCode(job)
        )
    }

    /// The states of CloudStack's list, by their numbers.
    private static let cloudStackNames = ["IN_PROGRESS", "SUCCEEDED", "FAILED", "CANCELLED"]

    private static func cloudStack(_ job: Job, _ profile: Profile) -> CloudStack {
        let status =
            switch job.state {
            case .completed, .warning: 1
            case .failed: 2
            case .aborted: profile == .csEnum ? 3 : 2
            default: 0
            }
        return CloudStack(
            status: status,
            name: cloudStackNames[status],
            resultCode: cloudStackCode(job)
        )
    }

    private static func cloudStackCode(_ job: Job) -> Int {
        guard job.state == .failed || job.state == .aborted else { return 0 }
        if let code = job.code, code.domain == "cloudstack" { return code.number }
        return switch job.cause {
        // What CloudStack's own killing of jobs that ran too long leaves behind.
        case .abandoned: 0
        case .validation: 431
        case .locked: 536
        case .backendLost: 534
        default: 530
        }
    }

    private static func vdsmCode(_ job: Job) -> Int {
        switch job.state {
        case .aborted: 411
        case .failed:
            if let code = job.code, code.domain == "vdsm" { code.number } else { 100 }
        default: 0
        }
    }

    /// What cannot be said in the words of the four systems.
    ///
    /// Whoever exports jobs should know these; the tests show that each is so.
    package static let lossyPoints = [
        "CloudStack's 0 and oVirt's STARTED fold nine or more states into one.",
        "CloudStack's 3 is in its list but no installation holds it: an aborted job is 2 "
            + "(cs-strict) unless the profile cs-enum is chosen.",
        "A warning survives only in CloudBolt; elsewhere it is a success.",
        "Whether an undo was clean survives only in VDSM's result, and there dirty, skipped and "
            + "none are the same.",
        "Child Queued and Child Running survive only in Oracle VM.",
        "Finishing survives only in oVirt; elsewhere the job still runs.",
        "A requested stop survives only in CloudBolt (TO_CANCEL) and in VDSM (aborting).",
        "Lost is UNKNOWN in oVirt, where it is an end, and an endless running elsewhere.",
        "Codes keep their own numbers: CloudStack's and VDSM's columns are filled with a general "
            + "number unless the code is of their domain; CloudBolt and Oracle VM have none.",
        "The time spent in a queue cannot be told in CloudStack and oVirt, which have one time for "
            + "accepted and begun.",
        "That an operation may still be running at the backend is said by none of them.",
        "Oracle VM's jobRunState for an aborted job is not known for sure; ABORTED is written.",
        "A job that needs an operator is a running one everywhere but in VDSM (waitrecover).",
    ]
}
