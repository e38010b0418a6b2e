import Model
import Testing

/// Each point that the list admits is shown to be so; a change of the table must change the list.
@Suite("What the four systems cannot say")
struct LossyPointsTests {
    private static func words(_ state: JobState, _ change: (inout Job) -> Void = { _ in })
        -> Vocabulary
    {
        Vocabulary(of: VocabularyTests.begun(state, change))
    }

    private static func admits(_ text: String) -> Bool {
        Vocabulary.lossyPoints.contains { $0.contains(text) }
    }

    @Test("is admitted in one sentence a point")
    func sentences() {
        #expect(Vocabulary.lossyPoints.count == 13)
        #expect(Vocabulary.lossyPoints.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("is the unfinished states in CloudStack and oVirt's jobs")
    func folding() {
        let all = JobState.allCases.map { Self.words($0) }
        #expect(all.count { $0.cloudstack.status == 0 } == 10)
        #expect(all.count { $0.ovirt.jobStatus == "STARTED" } == 9)
        #expect(Self.admits("nine or more states"))
    }

    @Test("is the difference of failed and aborted in cs-strict")
    func abortedIsFailed() {
        #expect(Self.words(.failed).cloudstack == Self.words(.aborted).cloudstack)
        #expect(Self.admits("cs-strict"))
    }

    @Test("is a warning, but in CloudBolt")
    func warning() {
        var warning = Self.words(.warning)
        #expect(warning.cloudbolt == "WARNING")
        warning.cloudbolt = "SUCCESS"
        #expect(warning == Self.words(.completed))
        #expect(Self.admits("only in CloudBolt"))
    }

    @Test("is the outcome of an undo, but for clean in VDSM", arguments: RollbackOutcome.allCases)
    func undo(rollback: RollbackOutcome) {
        let words = Self.words(.failed) { $0.rollback = rollback }
        #expect((words == Self.words(.failed)) == (rollback != .clean))
        #expect(Self.admits("only in VDSM's result"))
    }

    @Test("is waiting for children, but in Oracle VM")
    func children() {
        var queued = Self.words(.childQueued)
        queued.oracle = Self.words(.running).oracle
        #expect(queued == Self.words(.running))
        #expect(Self.words(.childQueued).oracle != Self.words(.childRunning).oracle)
        #expect(Self.admits("only in Oracle VM"))
    }

    @Test("is finishing, but in oVirt")
    func finishing() {
        var finishing = Self.words(.finishing)
        finishing.ovirt = Self.words(.running).ovirt
        #expect(finishing == Self.words(.running))
        #expect(Self.admits("only in oVirt"))
    }

    @Test("is a requested stop, but in CloudBolt and VDSM")
    func stop() {
        let cancelling = Self.words(.cancelling)
        let running = Self.words(.running)
        #expect(cancelling.cloudstack == running.cloudstack)
        #expect(cancelling.oracle == running.oracle)
        #expect(cancelling.ovirt.jobStatus == running.ovirt.jobStatus)
        #expect(cancelling.cloudbolt == "TO_CANCEL")
        #expect(cancelling.ovirt.vdsmState == "aborting")
        #expect(Self.admits("TO_CANCEL"))
    }

    @Test("is lost, but in oVirt; and a job that needs an operator, but in VDSM")
    func stuck() {
        for state in [JobState.lost, .needsOperator] {
            let words = Self.words(state)
            #expect(words.cloudstack == Self.words(.running).cloudstack)
            #expect(words.cloudbolt == Self.words(.running).cloudbolt)
            #expect(words.oracle == Self.words(.running).oracle)
        }
        #expect(Self.words(.lost).ovirt.jobStatus == "UNKNOWN")
        #expect(Self.words(.needsOperator).ovirt.vdsmState == "waitrecover")
        #expect(Self.admits("Lost is UNKNOWN"))
        #expect(Self.admits("waitrecover"))
    }

    @Test("is what the backend is at, and when a job left the queue")
    func backendAndTimes() {
        for backend in BackendStatus.allCases {
            #expect(Self.words(.failed) { $0.backend = backend } == Self.words(.failed))
        }
        let late = Self.words(.completed) { $0.startedAt = Samples.start + 99_000 }
        #expect(late == Self.words(.completed))
        #expect(Self.admits("still be running at the backend"))
        #expect(Self.admits("time spent in a queue"))
    }
}
