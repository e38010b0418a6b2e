import Model
import Store
import Testing

@Suite("Rows of jobs and steps")
struct JobRowTests {
    @Test("a new job comes back as it was inserted", arguments: StoreKind.allCases)
    func plain(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([stored(1), stored(2)])

        let found = try store.read { try $0.jobs([JobID(2), JobID(7), JobID(1)]) }

        #expect(found.sorted { $0.job.id < $1.job.id } == [stored(1), stored(2)])
    }

    @Test("a job with everything set comes back unchanged", arguments: StoreKind.allCases)
    func full(_ kind: StoreKind) throws {
        let store = try kind.make()
        let full = Self.full
        try store.insert([full])

        var found = try store.read { try $0.jobs([full.job.id]).first }
        #expect(found?.job.result == nil)
        found?.job.result = full.job.result
        let page = try store.read { try $0.page(JobQuery(), at: start).rows.first }

        #expect(found == full)
        #expect(page?.job == full.job)
    }

    @Test("an update changes everything but what the job is", arguments: StoreKind.allCases)
    func update(_ kind: StoreKind) throws {
        let store = try kind.make()
        var after = Self.full
        let before = RowChangeTests.bare(after)
        try store.insert([before])

        try store.write { try $0.update([(JobStamp(before.job), after)]) }
        let found = try store.read { try $0.jobs([JobID(5)]) }

        after.job.result = nil
        #expect(found == [after])
    }

    @Test("a lock policy comes back", arguments: [LockPolicy.wait, .failFast, .waitAtMost(0)])
    func lockPolicy(_ policy: LockPolicy) throws {
        let store = try SQLiteStore()
        try store.insert([stored(1) { $0.lockPolicy = policy }])

        #expect(try store.read { try $0.jobs([JobID(1)]).first?.lockPolicy } == policy)
    }

    @Test("steps come back in order, as they were saved last", arguments: StoreKind.allCases)
    func steps(_ kind: StoreKind) throws {
        let store = try kind.make()
        let records = Self.steps
        try store.insert([stored(1), stored(2)])
        try store.write { tx in
            try tx.save(records.reversed().map { (JobID(1), $0) })
            try tx.save([(JobID(2), records[0])])
        }
        var changed = records[0]
        changed.state = .done
        changed.step.undo = nil
        try store.write { try $0.save([(JobID(2), changed)]) }

        let found = try store.read { try $0.steps(of: [JobID(1), JobID(2), JobID(3)]) }

        #expect(found == [JobID(1): records, JobID(2): [changed]])
    }

    @Test("a plan that became shorter leaves no steps behind", arguments: StoreKind.allCases)
    func trimSteps(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.write { tx in
            try tx.save(Self.steps.map { (JobID(1), $0) } + [(JobID(2), Self.steps[1])])
            try tx.trimSteps(of: JobID(1), to: 1)
        }

        let found = try store.read { try $0.steps(of: [JobID(1), JobID(2)]) }

        #expect(found[JobID(1)] == [Self.steps[0]])
        #expect(found[JobID(2)] == [Self.steps[1]])
    }

    @Test("more jobs than fit one statement come back once each", arguments: StoreKind.allCases)
    func many(_ kind: StoreKind) throws {
        let store = try kind.make()
        let jobs = (1...1000).map { stored(Int64($0)) }
        try store.insert(jobs)
        let wanted = jobs.map(\.job.id) + jobs.map(\.job.id)

        let found = try store.read { try $0.jobs(wanted) }

        #expect(found.sorted { $0.job.id < $1.job.id } == jobs)
        #expect(try store.read { try $0.steps(of: []) }.isEmpty)
    }

    // MARK: Values with every field set

    static let full: StoredJob = {
        var stored = StoredJob(
            job: job(5) { job in
                job.parentID = JobID(3)
                job.rootID = JobID(2)
                job.kind = "repository.present"
                job.target = Target(type: "repository", name: "ISO \"é\"")
                job.state = .lost
                job.progress = 42
                job.waiting = Waiting(.lock, on: "vm/web-1 held by job-4", since: start + 7)
                job.cause = .backendLost
                job.rollback = .dirty
                job.backend = .unknown
                job.code = ResultCode(domain: "vdsm", number: 411, name: "abort")
                job.message = "line one\nline two \u{0}\u{1b}[31m"
                job.result = "{\"ok\":true}"
                job.account = "ops"
                job.priority = -3
                job.lane = "host/kvm-a01"
                job.attempt = 2
                job.retryOf = JobID(1)
                job.fence = 91
                job.dueAt = start + 1
                job.startedAt = start + 2
                job.finishedAt = start + 3
                job.updatedAt = start + 4
                job.stop = StopRequest(level: .abort, by: "bob", at: start + 5, reason: "stuck")
                job.childCount = 4
            }
        )
        stored.isPlanned = true
        stored.currentStep = 2
        stored.wakeAt = start + 6
        stored.weight = 9
        stored.tally.made = 5
        stored.tally.unfinished = 4
        stored.tally.active = 3
        stored.tally.failed = 1
        stored.tally.progress = 250
        stored.prerequisites = 2
        stored.lockPolicy = .waitAtMost(60_000)
        stored.rollbackPolicy = .manual
        stored.hasWarning = true
        stored.probes = 8
        stored.resumeAt = 1
        stored.extra.parameters = ["name": "a \"b\" \\ \t", "größe": "∞", "": ""]
        stored.extra.key = "nightly"
        stored.extra.excluded = ["kvm-a01", "kvm-a02"]
        stored.extra.failure = Failure(
            ResultCode(domain: "cloudstack", number: 533, name: "INSUFFICIENT_CAPACITY_ERROR"),
            "no host has room",
            kind: .placement
        )
        stored.extra.results = ["host": "kvm-a03"]
        stored.extra.undoFailures = 2
        return stored
    }()

    static let steps: [StepRecord] = {
        var boot = Step("Boot", .operation(Operation("vm.boot", on: "vm/a", lane: "host/h1")))
        boot.undo = Operation("vm.kill", on: "vm/a", lane: "vm/a", parameters: ["force": "yes"])
        boot.isInterruptible = false
        boot.isPointOfNoReturn = true
        boot.isEndAction = true
        boot.retry = RetryPolicy(attempts: 2, base: 10, limit: 20)
        boot.retryFrom = 0
        boot.stallAfter = 5
        boot.weight = 7
        var first = StepRecord(index: 0, step: boot)
        first.state = .unknown
        first.undo = .skipped
        first.operation = "job-1.0.1"
        first.lane = "host/h1"
        first.fence = 77
        first.attempts = 3
        first.undoAttempts = 1
        first.progress = 60
        first.message = "half way"
        first.code = ResultCode(domain: "oracle", number: 0, name: "OVMRU")
        first.startedAt = start
        first.finishedAt = start + 9
        let spec = ChildSpec(
            "vm.stop",
            Target(type: "vm", name: "b"),
            parameters: ["force": "1"],
            weight: 2
        )
        let children = Children([spec, spec], concurrency: 3, onFailure: .warn)
        let second = StepRecord(index: 1, step: Step("Stop all", .children(children)))
        let plain = Step("Note", .operation(Operation("noop", on: "")))
        return [first, second, StepRecord(index: 2, step: plain)]
    }()
}
