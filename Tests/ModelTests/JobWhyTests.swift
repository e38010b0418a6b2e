import Model
import Testing

@Suite("Why a job is where it is")
struct JobWhyTests {
    /// 3 minutes and 12 seconds after the job was accepted.
    static let now = Samples.start + 192_000

    private static func why(_ job: Job, engineAlive: Bool = true) -> String {
        JobWhy.line(job, engineAlive: engineAlive, now: now)
    }

    @Test(
        "is said of each state",
        arguments: [
            (.pending, "is pending: the engine has not looked at it yet (for 3m)"),
            (.queued, "is queued: the engine has not looked at it yet (for 3m)"),
            (.running, "is running: 0 % is done; its step is at work (no news for 3m)"),
            (.childQueued, "is child queued: waits for its children (3); none is active"),
            (.childRunning, "is child running: waits for its children (3); 0 % is done"),
            (
                .finishing,
                "is finishing: 0 % is done; its end action is at work (no news for 3m)"
            ),
            (.cancelling, "is cancelling: a stop was asked (no news for 3m)"),
            (
                .rollingBack,
                "is rolling back: its steps are undone, newest first, because a step failed "
                    + "(no news for 3m)"
            ),
            (
                .needsOperator,
                "needs an operator: an undo failed; choose retry, skip or giveUp (for 3m)"
            ),
            (
                .lost,
                "is lost: what became of its step is not known; the backend is being asked "
                    + "(for 3m)"
            ),
            (.completed, "completed: done after 1m00s"),
            (.warning, "ended with a warning: something needs attention after 1m00s"),
            (.failed, "failed: a step failed; there was nothing to undo after 1m00s"),
            (.aborted, "was aborted: a step failed; there was nothing to undo after 1m00s"),
        ] as [(JobState, String)]
    )
    func states(state: JobState, line: String) {
        let job = Samples.job(state) { job in
            job.cause = .error
            job.childCount = 3
            if state.isTerminal { job.finishedAt = Samples.start + 60_000 }
        }
        #expect(Self.why(job) == "job-12 " + line)
    }

    @Test(
        "is said of each wait",
        arguments: [
            (.time, "16:00", "waits until 16:00"),
            (.dependency, "job-7", "waits for job-7 to complete"),
            (.lock, "vm/web-1 held by job-7", "waits for lock vm/web-1 held by job-7"),
            (.lane, "host/kvm-a01", "waits for a slot in lane host/kvm-a01"),
            (.pausedLane, "host/kvm-a01", "lane host/kvm-a01 is paused"),
            (.unreachable, "kvm-a01", "kvm-a01 is unreachable"),
            (.retry, "in 8s", "tries again in 8s"),
            (.children, "", "waits for its children"),
            (.operator, "host/a", "waits for an operator: host/a"),
            (.operator, "", "waits for an operator"),
            (.backend, "step 2", "asks the backend about step 2"),
            (.engine, "", "no engine is alive on this store"),
        ] as [(Waiting.Reason, String, String)]
    )
    func waits(reason: Waiting.Reason, on: String, text: String) {
        let waiting = Waiting(reason, on: on, since: Samples.start + 2000)
        for (state, head) in [
            (JobState.pending, "pending"), (.queued, "queued"), (.running, "running"),
        ] {
            let job = Samples.job(state) { $0.waiting = waiting }
            #expect(Self.why(job) == "job-12 is \(head): \(text) (for 3m)")
        }
    }

    @Test("is that no engine is alive, before anything else", arguments: JobState.allCases)
    func noEngine(state: JobState) {
        let line = Self.why(Samples.job(state), engineAlive: false)
        #expect(line.contains("no engine is alive on this store") != state.isTerminal)
        #expect(line.hasPrefix("job-12 "))
    }

    @Test(
        "names who asked for a stop, and when it takes effect",
        arguments: [
            (.cancel, "alice asked for cancel; it takes effect when the step at work has ended"),
            (.abort, "alice asked for abort; the step at work is being interrupted"),
            (.abandon, "alice asked for abandon; the backend is no longer waited for"),
        ] as [(StopLevel, String)]
    )
    func stops(level: StopLevel, text: String) {
        let stop = StopRequest(level: level, by: "alice", at: Self.now + -5000, reason: "typo")
        let cancelling = Samples.job(.cancelling) { $0.stop = stop }
        #expect(Self.why(cancelling) == "job-12 is cancelling: \(text)")
        let aborted = Samples.job(.aborted) { job in
            job.stop = stop
            job.rollback = .dirty
        }
        let end = "asked for \(level.rawValue), “typo”; not everything could be undone"
        #expect(Self.why(aborted) == "job-12 was aborted: alice \(end)")
    }

    @Test("uses the job's own words where it has them")
    func messages() {
        let running = Samples.job { job in
            job.progress = 40
            job.message = "Boot web-1"
            job.updatedAt = Self.now
        }
        #expect(Self.why(running) == "job-12 is running: 40 % is done; Boot web-1")
        let failed = Samples.job(.failed) { job in
            job.message = "no host has 64 GB free"
            job.rollback = .clean
        }
        #expect(Self.why(failed) == "job-12 failed: no host has 64 GB free; everything was undone")
    }

    @Test("says what is known of a lost step")
    func lost() {
        let job = Samples.job(.lost) {
            $0.waiting = Waiting(.backend, on: "host/kvm-a01", since: Self.now + -4000)
        }
        let text = "what became of its step is not known (host/kvm-a01); the backend is being asked"
        #expect(Self.why(job) == "job-12 is lost: \(text)")
    }

    @Test("gives every cause a reason of its own", arguments: Cause.allCases)
    func causes(cause: Cause) {
        let others = Cause.allCases.filter { $0 != cause }
        let line: (Cause) -> String = { cause in Self.why(Samples.job(.failed) { $0.cause = cause })
        }
        #expect(others.allSatisfy { line($0) != line(cause) })
    }
}
