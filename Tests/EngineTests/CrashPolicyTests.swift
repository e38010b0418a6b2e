import Engine
import Model
import Store
import TestKit
import Testing

@Suite("What becomes of a job whose engine died")
struct CrashPolicyTests {
    /// Where the step at work is when the engine dies.
    enum Point: String, CaseIterable {
        case beforeCall, atWork, doneMeanwhile, failedMeanwhile, noRecord
    }

    /// How the job is to end, and what is done at the backend until then.
    struct Row: CustomTestStringConvertible, Sendable {
        var policy: CrashPolicy
        var point: Point
        var state: JobState
        var verbs: [String]
        var testDescription: String { "\(policy.rawValue), \(point.rawValue)" }
    }

    /// The job does a, then b; the engine dies in b.
    static let matrix: [Row] =
        [
            Row(policy: .adopt, point: .beforeCall, state: .completed, verbs: ["a", "b", "c"]),
            Row(policy: .adopt, point: .atWork, state: .completed, verbs: ["a", "b", "c"]),
            Row(policy: .adopt, point: .doneMeanwhile, state: .completed, verbs: ["a", "b", "c"]),
            Row(
                policy: .adopt,
                point: .failedMeanwhile,
                state: .failed,
                verbs: ["a", "b", "undo b", "undo a"]
            ),
            Row(
                policy: .adopt,
                point: .noRecord,
                state: .failed,
                verbs: ["a", "b", "undo b", "undo a"]
            ),
        ]
        + Point.allCases.map {
            Row(
                policy: .rollBack,
                point: $0,
                state: .failed,
                verbs: ["a", "b", "undo b", "undo a"]
            )
        }
        + Point.allCases.map {
            Row(
                policy: .requeue,
                point: $0,
                state: .completed,
                verbs: ["a", "b", "undo b", "undo a", "a", "b", "c"]
            )
        }
        + Point.allCases.map {
            Row(policy: .fail, point: $0, state: .failed, verbs: ["a", "b"])
        }

    private let backend = ScriptedBackend()

    private func bench(_ policy: CrashPolicy, _ change: (inout Plan) -> Void = { _ in }) throws
        -> EngineBench
    {
        var plan = Plan(
            summary: "Do a, b, c",
            steps: ["a", "b", "c"].map { .doing($0, undo: "undo \($0)") },
            locks: [.exclusive("thing/1")],
            onCrash: policy
        )
        change(&plan)
        let made = plan
        return try EngineBench(backend, kinds: [ScriptedKind("job") { _ in made }])
    }

    private func answer(_ point: Point) -> ScriptedBackend.Answer {
        switch point {
        case .beforeCall: .done(after: 100)
        case .atWork: .done(after: 5000)
        case .doneMeanwhile: .dropsAnswer(doneAfter: 100)
        case .failedMeanwhile: .fails(.scripted("broken"), after: 200)
        case .noRecord: .isForgotten
        }
    }

    /// A job whose engine dies in its second step, and the next engine.
    private func crash(_ bench: EngineBench, _ point: Point) throws -> JobID {
        backend.script("b", answer(point), .done(after: 100))
        let id = try bench.submit("job")
        if point == .beforeCall {
            try bench.run(for: 50)
            bench.line.set(.areLost)
        }
        try bench.run(for: 150)
        bench.clock.advance(by: 1000)
        try bench.takeOver()
        return id
    }

    @Test("Per-kind policy adopt, rollBack, requeue, fail is honoured", arguments: matrix)
    func honoured(_ row: Row) throws {
        let bench = try bench(row.policy)

        let id = try crash(bench, row.point)
        try bench.run(for: 600_000)

        let job = try bench.job(id)
        #expect(job.state == row.state)
        #expect(backend.verbs == row.verbs)
        #expect(try bench.tickets(id).isEmpty)
        #expect(job.stop == nil || job.state != .completed)
        if row.policy == .rollBack || row.policy == .fail {
            #expect(job.cause == .engineDied)
            #expect(job.code?.name == "ENGINE_DIED")
            #expect(job.message.contains("“b”"))
            #expect(job.stop?.by == "engine")
            #expect(job.rollback == (row.policy == .fail ? .skipped : .clean))
        }
    }

    @Test("The policy is stored with the job and shown", arguments: CrashPolicy.allCases)
    func stored(_ policy: CrashPolicy) throws {
        let bench = try bench(policy)
        let id = try bench.submit("job")

        #expect(try bench.stored(id).extra.onCrash == policy)
        #expect(try bench.store.read { try $0.detail(id, logLimit: 0)?.onCrash } == policy)
    }

    @Test("An engine that leaves in peace interrupts nobody", arguments: CrashPolicy.allCases)
    func left(_ policy: CrashPolicy) throws {
        let bench = try bench(policy)
        backend.script("b", .done(after: 5000))
        let id = try bench.submit("job")
        try bench.run(for: 500)

        try bench.engine.leave(at: bench.clock.now())
        try bench.takeOver()
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("A commit that fails is no death: the job goes on", arguments: CrashPolicy.allCases)
    func failedCommit(_ policy: CrashPolicy) throws {
        let bench = try bench(policy)
        backend.script("b", .done(after: 5000))
        let id = try bench.submit("job")
        try bench.run(for: 500)

        bench.store.fail(.beforeCommit)
        #expect(throws: CrashingStore.Crash.self) { try bench.turn() }
        try bench.turn()
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b", "c"])
    }

    @Test("A last step that was done meanwhile completes the job", arguments: CrashPolicy.allCases)
    func lastStep(_ policy: CrashPolicy) throws {
        let bench = try bench(policy)
        backend.script("c", .dropsAnswer(doneAfter: 10))
        let id = try bench.submit("job")
        try bench.run(for: 300)
        bench.clock.advance(by: 1000)

        try bench.takeOver()
        try bench.run(for: 60_000)

        let job = try bench.job(id)
        #expect(job.state == .completed)
        #expect(job.stop == nil)
        #expect(job.cause == .none)
    }

    @Test("Behind its point of no return a job is always taken up")
    func pointOfNoReturn() throws {
        let bench = try bench(.rollBack) { $0.steps[1].isPointOfNoReturn = true }

        let id = try crash(bench, .atWork)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        let log = try bench.log(id)
        #expect(log.contains("the engine died; past its point of no return it is taken up"))
        #expect(!log.contains { $0.contains("goes on all the same") })
    }

    @Test("A lost job whose engine died is ended by its policy", arguments: [true, false])
    func lost(isRolledBack: Bool) throws {
        let bench = try bench(isRolledBack ? .rollBack : .fail)
        backend.script("b", .hangs)
        let id = try bench.submit("job")
        try bench.run(for: 500)
        bench.line.set(.areLost)
        backend.say("\(id.number)/1/1", .unreachable)
        try bench.turn()
        #expect(try bench.job(id).state == .lost)
        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .engineDied)
        #expect(backend.verbs.contains("undo a") == isRolledBack)
    }

    @Test("Nothing is said of the policy to a job whose undo was lost when its engine died")
    func lostUndo() throws {
        let bench = try bench(.rollBack)
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo b", .hangs, .done(after: 10))
        let id = try bench.submit("job")
        try bench.run(for: 500)
        bench.line.set(.areLost)
        backend.say("\(id.number)/1/u1", .unreachable)
        try bench.turn()
        #expect(try bench.job(id).state == .lost)
        try bench.takeOver()

        #expect(try bench.job(id).cause == .error)
        #expect(!(try bench.log(id).contains { $0.contains("the engine died") }))
    }

    @Test("A job whose policy is to undo nothing begins anew on top of what it did")
    func anewWithoutUndo() throws {
        let bench = try bench(.requeue) { $0.rollbackPolicy = .none }
        let id = try crash(bench, .atWork)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["a", "b", "a", "b", "c"])
    }

    @Test("It is the last engine's end that counts, not that of one before")
    func lastOne() throws {
        let bench = try bench(.fail)
        backend.script("b", .hangs)
        let id = try bench.submit("job")
        try bench.run(for: 500)
        try bench.engine.leave(at: bench.clock.now())
        try bench.takeOver()
        #expect(try bench.job(id).state == .running)
        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).cause == .engineDied)
    }

    @Test("A job that kills its engine again and again begins anew three times, then fails")
    func poison() throws {
        backend.script("a", .done(after: 5000))
        let bench = try bench(.requeue)
        let id = try bench.submit("job")
        for _ in 0..<5 {
            try bench.run(for: 1000)
            try bench.takeOver()
            try bench.run(for: 1000)
        }
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .engineDied)
        #expect(backend.verbs.count { $0 == "a" } == 4)
    }

    @Test("A person's stop takes the place of the engine's")
    func personWins() throws {
        let bench = try bench(.requeue)
        backend.script("b", .isStubborn)
        let id = try bench.submit("job")
        try bench.run(for: 500)
        try bench.takeOver()
        try bench.run(for: 100)
        #expect(try bench.job(id).state == .cancelling)

        try bench.request(.stop(.abort), id, by: "ann")
        backend.finish("\(id.number)/1/1", at: bench.clock.now())
        try bench.run(for: 300_000)

        let job = try bench.job(id)
        #expect(job.state == .aborted)
        #expect(job.stop?.by == "ann")
        #expect(job.rollback == .clean)
    }

    @Test("A kind that asks a person before an undo is asked after a crash, too")
    func manual() throws {
        let bench = try bench(.rollBack) { $0.rollbackPolicy = .manual }

        let id = try crash(bench, .atWork)
        try bench.run(for: 10_000)
        #expect(try bench.job(id).state == .needsOperator)
        try bench.request(.resolve(.giveUp), id)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .engineDied)
    }

    @Test("Death while it begins anew does no harm", arguments: [10, 150, 300, 500])
    func twice(after milliseconds: Int64) throws {
        let bench = try bench(.requeue)
        let id = try crash(bench, .atWork)
        try bench.run(for: milliseconds)

        try bench.takeOver()
        try bench.run(for: 300_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs.suffix(3) == ["a", "b", "c"])
    }
}
