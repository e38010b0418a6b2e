import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Commit points, saved fields and the undo of children")
struct SagaTests {
    private let backend = ScriptedBackend()

    private func bench(_ steps: [Step], _ others: ScriptedKind...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)] + others)
    }

    private var committing: [Step] {
        let back = Operation("undo all", on: "thing/1")
        return [
            .doing("a", undo: "undo a"), .doing("b", undo: "undo b"),
            Step.doing("c", undo: "undo c").with { $0.commit = CommitPoint(undo: back) },
            .doing("d", undo: "undo d"),
        ]
    }

    @Test("After a commit point a failure runs only the replacement, and what came after it")
    func commit() throws {
        backend.script("d", .fails(.scripted("broken"), after: 10))
        let bench = try bench(committing)
        let id = try bench.submit("job")
        try bench.run(for: 5000)

        #expect(backend.verbs == ["a", "b", "c", "d", "undo d", "undo all"])
        #expect(try bench.steps(id).map(\.undo) == [.replaced, .replaced, .done, .done])
        #expect(try bench.job(id).rollback == .clean)
        #expect(try bench.journal(id).contains { $0.cause.contains("commit point “c”") })
    }

    @Test("Before its step is done a commit point replaces nothing")
    func uncommitted() throws {
        backend.script("c", .fails(.scripted("broken"), after: 10))
        let bench = try bench(committing)
        try bench.submit("job")
        try bench.run(for: 5000)
        #expect(backend.verbs == ["a", "b", "c", "undo c", "undo b", "undo a"])
    }

    @Test("A commit point can leave nothing to undo")
    func committedForGood() throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        let step = Step.doing("a", undo: "undo a").with { $0.commit = CommitPoint(undo: nil) }
        let bench = try bench([step, .doing("b")])
        let id = try bench.submit("job")
        try bench.run(for: 5000)
        #expect(backend.verbs == ["a", "b"])
        #expect(try bench.job(id).rollback == .none)
    }

    @Test("What a stop would undo is told as it is: the replacement, not what it replaced")
    func preview() throws {
        backend.script("d", .hangs)
        let bench = try bench(committing)
        let id = try bench.submit("job")
        try bench.run(for: 1000)

        let stack = StepRecord.undoStack(of: try bench.steps(id)).map(\.undoText)
        #expect(stack == ["d", "c (all up to here, by undo all thing/1)"])
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        #expect(backend.verbs.suffix(2) == ["undo d", "undo all"])
    }

    @Test("Entity fields are restored exactly on failure, as they were when the step began")
    func snapshot() throws {
        backend.script("c", .fails(.scripted("broken"), after: 10))
        backend.set(["cpus": "1", "memory": "512"], of: "vm/web-1")
        let fields = EntitySnapshot(of: "vm/web-1", fields: ["cpus", "memory"])
        let change = Step(
            "b",
            .operation(Operation("b", on: "vm/web-1")),
            undo: Operation("undo b", on: "vm/web-1", parameters: ["cpus": "9", "mode": "x"])
        )
        let bench = try bench([.doing("a"), change.with { $0.snapshot = fields }, .doing("c")])
        let id = try bench.submit("job")
        // The plan is made; only now they get their values.
        backend.set(["cpus": "2", "memory": "1024", "name": "web-1"], of: "vm/web-1")
        try bench.run(for: 150)
        #expect(try bench.steps(id)[1].saved == ["cpus": "2", "memory": "1024"])
        backend.set(["cpus": "8", "memory": "4096"], of: "vm/web-1")
        try bench.takeOver()
        try bench.run(for: 15_000)

        let undo = try #require(backend.executed.last)
        #expect(undo.operation.verb == "undo b")
        #expect(undo.operation.parameters == ["cpus": "2", "memory": "1024", "mode": "x"])
    }

    @Test("A step that is tried again keeps what was saved before its first try")
    func savedOnce() throws {
        let busy = Failure.scripted("busy", kind: .transient)
        backend.script("b", .fails(busy, after: 10), .fails(.scripted("broken"), after: 10))
        backend.set(["cpus": "2"], of: "vm/web-1")
        let step = Step.doing("b", undo: "undo b", retry: .standard)
        let fields = EntitySnapshot(of: "vm/web-1", fields: ["cpus"])
        let bench = try bench([step.with { $0.snapshot = fields }])
        try bench.submit("job")
        try bench.run(for: 500)
        backend.set(["cpus": "8"], of: "vm/web-1")
        try bench.run(for: 60_000)
        #expect(backend.executed.last?.operation.parameters == ["cpus": "2"])
    }

    @Test("The work of children that ended well is taken back, the newest first, and no other")
    func children() throws {
        backend.script(
            "child",
            .done(after: 10),
            .fails(.scripted("no"), after: 10),
            .done(after: 10)
        )
        backend.script("b", .fails(.scripted("broken"), after: 10))
        var children = Children(
            (1...3).map { number in
                var child = ChildSpec("child", .none)
                child.undo = Operation("undo \(number)", on: "thing/\(number)")
                return child
            },
            concurrency: 1,
            onFailure: .warn
        )
        children.jobs.append(ChildSpec("child", .none))
        let bench = try bench(
            [Step("all", .children(children), undo: Operation("undo all", on: "x")), .doing("b")],
            ScriptedKind("child", steps: [.doing("child")])
        )
        let id = try bench.submit("job")
        try bench.run(for: 5000)

        #expect(backend.verbs.suffix(3) == ["undo 3", "undo 1", "undo all"])
        #expect(try bench.steps(id).map(\.undo) == [.done, .none])
        #expect(try bench.job(id).rollback == .clean)
    }

    private static let overrides: [(RollbackPolicy?, RollbackPolicy, JobState, RollbackOutcome)] = [
        (nil, .automatic, .failed, .clean), (nil, .manual, .needsOperator, .notNeeded),
        (nil, .none, .failed, .skipped), (.manual, .automatic, .needsOperator, .notNeeded),
        (RollbackPolicy.none, .manual, .failed, .skipped), (.automatic, .none, .failed, .clean),
    ]

    @Test(
        "The three policies give recovered, awaiting recovery and failed; a submission may choose",
        arguments: overrides
    )
    func policies(row: (RollbackPolicy?, RollbackPolicy, JobState, RollbackOutcome)) throws {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        let kind = ScriptedKind("job") { _ in
            Plan(
                summary: "job",
                steps: [.doing("a", undo: "undo a"), .doing("b")],
                rollbackPolicy: row.1
            )
        }
        let bench = try EngineBench(backend, kinds: [kind])
        let id = try bench.submit("job") { $0.rollbackPolicy = row.0 }
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == row.2)
        #expect(try bench.job(id).rollback == row.3)
        #expect(backend.verbs.contains("undo a") == (row.3 == .clean))
    }

    @Test(
        "A stop asks a person before undo too, if the policy is manual",
        arguments: [
            (Resolution.retry, RollbackOutcome.clean, ["undo b", "undo a"]),
            (.skip, .skipped, ["undo a"]), (.giveUp, .skipped, []),
        ]
    )
    func manualStop(choice: Resolution, rollback: RollbackOutcome, undone: [String]) throws {
        backend.script("b", .hangs)
        let bench = try bench([.doing("a", undo: "undo a"), .doing("b", undo: "undo b")])
        let id = try bench.submit("job") { $0.rollbackPolicy = .manual }
        try bench.run(for: 1000)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        #expect(try bench.states(id).suffix(2) == [.cancelling, .needsOperator])
        #expect(try bench.job(id).waiting?.on.contains("retry undoes 2 steps") ?? false)

        try bench.request(.resolve(choice), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.job(id).rollback == rollback)
        #expect(backend.verbs.filter { $0.hasPrefix("undo") } == undone)
    }
}
