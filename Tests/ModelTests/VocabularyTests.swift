import Model
import Testing

@Suite("The words of the four systems")
struct VocabularyTests {
    /// Each state with the words of CloudStack, CloudBolt, Oracle VM (two), oVirt (three layers)
    /// and VDSM (three words).
    ///
    /// They are those of a job that waits for nothing, was not stopped and needed no undo.
    static let table: [(JobState, String)] = [
        (.pending, "0 PENDING Pending CREATED Initializing NOT_STARTED STARTED init init -"),
        (.queued, "0 QUEUED Pending CREATED Polling ACTIVE STARTED queued running -"),
        (.running, "0 RUNNING In_Progress RUNNING Polling ACTIVE STARTED running running -"),
        (
            .childQueued,
            "0 RUNNING Child_Queued CHILD_QUEUED Polling ACTIVE STARTED running running -"
        ),
        (
            .childRunning,
            "0 RUNNING Child_Running CHILD_RUNNING Polling ACTIVE STARTED running running -"
        ),
        (
            .finishing,
            "0 RUNNING In_Progress RUNNING AttemptingEndAction SUCCEEDED STARTED "
                + "finished finished success"
        ),
        (.cancelling, "0 TO_CANCEL In_Progress RUNNING Polling ACTIVE STARTED aborting aborting -"),
        (
            .rollingBack,
            "0 RUNNING In_Progress RUNNING Polling FAILED STARTED recovering cleaning -"
        ),
        (
            .needsOperator,
            "0 RUNNING In_Progress RUNNING Polling FAILED STARTED waitrecover cleaning -"
        ),
        (.lost, "0 RUNNING In_Progress RUNNING Polling UNKNOWN UNKNOWN unknown unknown -"),
        (
            .completed,
            "1 SUCCESS Completed SUCCESS Cleared ENDED_SUCCESSFULLY FINISHED "
                + "finished finished success"
        ),
        (
            .warning,
            "1 WARNING Completed SUCCESS Cleared ENDED_SUCCESSFULLY FINISHED "
                + "finished finished success"
        ),
        (
            .failed,
            "2 FAILURE Failed FAILURE Cleared ENDED_WITH_FAILURE FAILED "
                + "failed finished cleanFailure"
        ),
        (
            .aborted,
            "2 CANCELED Aborted ABORTED Cleared ENDED_WITH_FAILURE ABORTED "
                + "failed finished cleanFailure"
        ),
    ]

    /// Everything but the codes, in the order of the table.
    private static func line(_ words: Vocabulary) -> String {
        [
            String(words.cloudstack.status), words.cloudbolt, words.oracle.state,
            words.oracle.runState, words.ovirt.taskState, words.ovirt.commandStatus,
            words.ovirt.jobStatus, words.ovirt.vdsmState, words.ovirt.vdsmStatus,
            words.ovirt.vdsmResult.isEmpty ? "-" : words.ovirt.vdsmResult,
        ].map { $0.replacing(" ", with: "_") }.joined(separator: " ")
    }

    static func begun(_ state: JobState, _ change: (inout Job) -> Void = { _ in }) -> Job {
        Samples.job(state) { job in
            job.startedAt = Samples.start
            change(&job)
        }
    }

    @Test("say each state", arguments: table)
    func states(state: JobState, line: String) {
        #expect(Self.line(Vocabulary(of: Self.begun(state))) == line)
        #expect(Self.table.count == JobState.allCases.count)
    }

    @Test("let an undo change only VDSM's words of an end", arguments: JobState.allCases)
    func rollback(state: JobState) {
        for rollback in RollbackOutcome.allCases {
            let words = Vocabulary(of: Self.begun(state) { $0.rollback = rollback })
            var plain = Vocabulary(of: Self.begun(state))
            if rollback == .clean, state == .failed || state == .aborted {
                plain.ovirt.vdsmState = "recovered"
                plain.ovirt.vdsmResult = "cleanSuccess"
            }
            #expect(words == plain, "\(rollback)")
        }
    }

    @Test("say that a job is blocked, waits for its end action, or was stopped")
    func conditions() {
        let blocked = Samples.job(.pending) { $0.waiting = Waiting(.lock, since: Samples.start) }
        #expect(Vocabulary(of: blocked).ovirt.vdsmState == "blocked")
        let early = Samples.job(.pending) { $0.waiting = Waiting(.time, since: Samples.start) }
        #expect(Vocabulary(of: early).ovirt.vdsmState == "init")
        let ended = Self.begun(.finishing) { $0.waiting = Waiting(.retry, since: Samples.start) }
        #expect(Vocabulary(of: ended).ovirt.taskState == "Ended")
        let stopped = Self.begun(.rollingBack) { job in
            job.stop = StopRequest(level: .abort, by: "alice", at: Samples.start, reason: "")
        }
        #expect(Vocabulary(of: stopped).cloudbolt == "TO_CANCEL")
        let refused = Self.begun(.failed) { $0.cause = .validation }
        #expect(Vocabulary(of: refused).ovirt.commandStatus == "EXECUTION_FAILED")
        let unborn = Vocabulary(of: Samples.job(.aborted))
        #expect(unborn.ovirt.commandStatus == "NOT_STARTED")
        #expect(unborn.oracle.isAbortedByUser)
        let orphan = Samples.job(.aborted) { $0.cause = .stoppedByParent }
        #expect(!Vocabulary(of: orphan).oracle.isAbortedByUser)
    }

    @Test("number an aborted job by the profile, and nothing else", arguments: JobState.allCases)
    func profiles(state: JobState) {
        let strict = Vocabulary(of: Self.begun(state)).cloudstack
        let listed = Vocabulary(of: Self.begun(state), profile: .csEnum).cloudstack
        if state == .aborted {
            #expect(strict.status == 2 && strict.name == "FAILED")
            #expect(listed.status == 3 && listed.name == "CANCELLED")
        } else {
            #expect(strict == listed)
        }
    }

    @Test("carry the codes of a CloudStack operator", arguments: Cause.allCases)
    func cloudStackCodes(cause: Cause) {
        let general: [Cause: Int] = [
            .abandoned: 0, .validation: 431, .locked: 536, .backendLost: 534,
        ]
        let failed = Self.begun(.failed) { $0.cause = cause }
        #expect(Vocabulary(of: failed).cloudstack.resultCode == general[cause] ?? 530)
        let coded = Self.begun(.failed) { job in
            job.cause = cause
            job.code = ResultCode(
                domain: "cloudstack",
                number: 533,
                name: "INSUFFICIENT_CAPACITY_ERROR"
            )
        }
        #expect(Vocabulary(of: coded).cloudstack.resultCode == 533)
        #expect(Vocabulary(of: coded).ovirt.vdsmCode == 100)
        #expect(Vocabulary(of: Self.begun(.completed)).cloudstack.resultCode == 0)
    }

    @Test("carry VDSM's codes")
    func vdsmCodes() {
        let coded = Self.begun(.failed) {
            $0.code = ResultCode(domain: "vdsm", number: 261, name: "VolumeCreationError")
        }
        #expect(Vocabulary(of: coded).ovirt.vdsmCode == 261)
        #expect(Vocabulary(of: coded).cloudstack.resultCode == 530)
        #expect(Vocabulary(of: Self.begun(.aborted)).ovirt.vdsmCode == 411)
        #expect(Vocabulary(of: Self.begun(.completed)).ovirt.vdsmCode == 0)
    }
}
