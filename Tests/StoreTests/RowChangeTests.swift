import Model
import Testing

@testable import Store

@Suite("Changes of rows")
struct RowChangeTests {
    typealias Change = @Sendable (inout StoredJob) -> Void

    /// Every field that can change, by a name for the test's report.
    static let changes: [(String, Change)] = [
        ("state", { $0.job.state = .running }),
        ("progress", { $0.job.progress = 43 }),
        ("backend", { $0.job.backend = .failed }),
        ("fence", { $0.job.fence = 92 }),
        ("started", { $0.job.startedAt = nil }),
        ("finished", { $0.job.finishedAt = nil }),
        ("updated", { $0.job.updatedAt = start + 77 }),
        ("step", { $0.currentStep = 3 }),
        ("cause", { $0.job.cause = .none }),
        ("rollback", { $0.job.rollback = .clean }),
        ("code", { $0.job.code = nil }),
        ("message", { $0.job.message = "other" }),
        ("priority", { $0.job.priority = 4 }),
        ("lane", { $0.job.lane = "control" }),
        ("queue", { $0.queue = "control 1" }),
        ("rank", { $0.rank = 17 }),
        ("waiting", { $0.job.waiting = nil }),
        ("due", { $0.job.dueAt = nil }),
        ("wakes", { $0.wakeAt = start + 99 }),
        ("stop", { $0.job.stop = nil }),
        ("child count", { $0.job.childCount = 5 }),
        ("made", { $0.tally.made = 6 }),
        ("unfinished", { $0.tally.unfinished = 3 }),
        ("active", { $0.tally.active = 2 }),
        ("failed", { $0.tally.failed = 2 }),
        ("children's progress", { $0.tally.progress = 251 }),
        ("prerequisites", { $0.prerequisites = 1 }),
        ("warning", { $0.hasWarning = false }),
        ("probes", { $0.probes = 0 }),
        ("resume", { $0.resumeAt = nil }),
        ("attention", { $0.job.attention = .open }),
        ("parameters", { $0.extra.parameters["name"] = "b" }),
        ("planned", { $0.isPlanned = false }),
        ("lock policy", { $0.lockPolicy = .failFast }),
        ("rollback policy", { $0.rollbackPolicy = .automatic }),
        ("results", { $0.extra.results = [:] }),
        ("undo failures", { $0.extra.undoFailures = 3 }),
        ("details", { $0.extra.excluded = [] }),
        ("crash policy alone", { ($0.extra.excluded, $0.extra.onCrash) = ([], .requeue) }),
        ("after failure", { $0.extra.afterFailure = .skip }),
        ("approval", { $0.extra.approval = Approval(source: "x") }),
        ("rerun", { $0.extra.rerunFrom = 2 }),
        (
            "everything",
            {
                $0 = RowChangeTests.bare($0)
                $0.job.state = .running
            }
        ),
    ]

    @Test("each field that changes is written", arguments: changes.indices)
    func written(_ place: Int) throws {
        let store = try SQLiteStore()
        let before = JobRowTests.full
        try store.insert([before])
        var after = before
        Self.changes[place].1(&after)

        try store.write { try $0.update([(JobStamp(SavedJob(before)), SavedJob(after))]) }

        var found = try store.read { try $0.jobs([before.job.id]) }.first
        found?.job.result = after.job.result
        #expect(found == after, "\(Self.changes[place].0)")
    }

    @Test("what does not differ from the known row is left alone")
    func leftAlone() throws {
        let store = try SQLiteStore()
        let before = JobRowTests.full
        var elsewhere = before
        elsewhere.job.priority = 9
        try store.insert([elsewhere])
        var after = before
        after.job.progress = 50

        try store.write { try $0.update([(JobStamp(SavedJob(before)), SavedJob(after))]) }

        let found = try store.read { try $0.jobs([before.job.id]) }.first
        #expect(found?.job.progress == 50)
        #expect(found?.job.priority == 9)
    }

    @Test("a row that could not be read as a whole is written as a whole")
    func damaged() throws {
        let store = try SQLiteStore()
        var before = JobRowTests.full
        try store.insert([before])
        before.extra.damage = "something"
        before.job.message = "as read"

        try store.write { try $0.update([(JobStamp(SavedJob(before)), SavedJob(before))]) }

        let found = try store.read { try $0.jobs([before.job.id]) }.first
        #expect(found?.job.message == "as read")
    }

    @Test("each column that is read is written by one group, or fixed")
    func columns() {
        let groups = JobColumnGroup.all.flatMap(\.columns)

        #expect(Set(groups).count == groups.count)
        #expect(Set(groups) == Set(JobColumns.shown + JobColumns.inner))
        #expect(Set(StepColumns.inserted) == Set(StepColumns.all))
        #expect(StepColumns.inserted.count == StepColumns.all.count)
    }

    @Test("where a step stands is written, its plan is not")
    func steps() throws {
        let store = try SQLiteStore()
        let before = JobRowTests.steps[0]
        try store.insert([stored(1)])
        try store.write { try $0.save([(JobID(1), before)]) }
        var after = StepRecord(index: before.index, step: Step("Other", before.step.work))
        after.state = .done
        after.message = "so far"
        after.taken = 1
        after.held = ["migrations"]

        try store.write { try $0.update([(JobID(1), after)]) }

        let found = try store.read { try $0.steps(of: [JobID(1)]) }[JobID(1)]
        after.step = before.step
        #expect(found == [after])
    }

    @Test("a step that is not there cannot change")
    func noStep() throws {
        let store = try SQLiteStore()

        let error = #expect(throws: StoreError.self) {
            try store.write { try $0.update([(JobID(1), JobRowTests.steps[0])]) }
        }

        #expect(error?.code == .conflict)
    }

    /// The same job with nothing of what can change.
    static func bare(_ full: StoredJob) -> StoredJob {
        var other = StoredJob(job: full.job)
        other.job = job(full.job.id.number) { new in
            new.parentID = full.job.parentID
            new.rootID = full.job.rootID
            new.kind = full.job.kind
            new.target = full.job.target
            new.user = full.job.user
            new.account = full.job.account
            new.attempt = full.job.attempt
            new.retryOf = full.job.retryOf
        }
        other.weight = full.weight
        other.extra.key = full.extra.key
        return other
    }
}
