import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Every rung has a bound and is shown as it passes")
struct LadderTests {
    private let backend = ScriptedBackend()

    private func bench(_ steps: Step...) throws -> EngineBench {
        try EngineBench(backend, kinds: [ScriptedKind("job", steps: steps)])
    }

    private func why(_ bench: EngineBench, _ id: JobID) throws -> String {
        JobWhy.line(try bench.job(id), engineAlive: true, now: bench.clock.now())
    }

    private func causes(_ bench: EngineBench, _ id: JobID) throws -> [String] {
        try bench.journal(id).map(\.cause)
    }

    @Test("An interrupt is shown with the time that is left to answer it, then each question")
    func interrupt() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", lane: "host/a", undo: "undo a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.cutOff(lane: "host/a")

        try bench.request(.stop(.abort), id)
        #expect(try why(bench, id).contains("the interrupt of “a” is sent; 30s left to answer it"))
        #expect(try causes(bench, id).last == "the interrupt of “a” is sent; 30s to answer it")
        try bench.run(for: 12_000)
        #expect(try why(bench, id).contains("20s left to answer it"))
        try bench.run(for: 18_000)
        #expect(try bench.job(id).state == .lost)
        try bench.run(for: 20_000)
        #expect(try why(bench, id).contains("of 5 times"))
        #expect(try why(bench, id).contains("again within"))
        try bench.run(for: 200_000)

        #expect(try bench.job(id).state == .needsOperator)
        #expect(try why(bench, id).contains("retry waits for it again"))
        let text = try causes(bench, id)
        #expect(text.contains("no answer to the interrupt in 30s; the backend is asked"))
        for count in 1...5 {
            #expect(text.contains { $0.hasSuffix("0/1, \(count) of 5") }, "\(count)")
        }
    }

    @Test("A cancel says what it waits for and until when")
    func cancel() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()

        try bench.request(.stop(.cancel), id)
        #expect(
            try why(bench, id).contains("waits for the end of “a”; if that stands still for 10m")
        )
        try bench.run(for: 250_000)
        #expect(try why(bench, id).contains("it stands still; asked 2 of 5 times, next in 2m"))
        try bench.run(for: 400_000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(try causes(bench, id).contains { $0.contains("asked 4 of 5 times") })

        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A step that comes on is waited for, however long it takes")
    func healthy() throws {
        backend.script("a", .hangs)
        let bench = try bench(Step.doing("a").with { $0.isInterruptible = false }, .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()
        try bench.request(.stop(.abort), id)
        for minute in 1...90 {
            backend.say("\(id.number)/0/1", .progress(minute, ""))
            try bench.run(for: 110_000)
            #expect(try bench.job(id).state == .cancelling)
        }
    }

    @Test("A step that cannot be interrupted says so, and what happens instead")
    func uninterruptible() throws {
        backend.script("a", .hangs)
        let step = Step.doing("a", undo: "undo a").with { $0.isInterruptible = false }
        let bench = try bench(step, .doing("b"))
        let id = try bench.submit("job")
        try bench.settle()

        try bench.request(.stop(.abort), id)
        #expect(try why(bench, id).contains("“a”, which cannot be interrupted; if that stands"))
        #expect(try causes(bench, id).contains { $0.contains("cannot be interrupted") })
        try bench.run(for: 700_000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(try why(bench, id).contains("skip undoes without it"))

        try bench.request(.resolve(.skip), id)
        try bench.run(for: 1000)
        let job = try bench.job(id)
        #expect(job.state == .aborted)
        #expect(job.rollback == .clean)
        #expect(try bench.log(id).contains { $0.contains("may still be at work") })
    }

    private func stuckUndo() throws -> (EngineBench, JobID) {
        backend.script("b", .fails(.scripted("broken"), after: 10))
        backend.script("undo b", .hangs, .done(after: 10))
        let bench = try bench(.doing("a", undo: "undo a"), .doing("b", undo: "undo b"))
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .rollingBack)
        return (bench, id)
    }

    @Test("An undo says which of how many it is")
    func undoing() throws {
        let (bench, id) = try stuckUndo()
        #expect(try why(bench, id).contains("undoes 1 of 2: “b”"))
        #expect(try causes(bench, id).contains("undoes 1 of 2: “b”"))
    }

    @Test(
        "An undo that hangs is asked about five times, then a person is",
        arguments: [
            (Resolution.retry, RollbackOutcome.clean, ["undo b", "undo b", "undo a"]),
            (.skip, .skipped, ["undo b", "undo a"]), (.giveUp, .skipped, ["undo b"]),
        ]
    )
    func hangingUndo(choice: Resolution, rollback: RollbackOutcome, undone: [String]) throws {
        let (bench, id) = try stuckUndo()
        try bench.run(for: 700_000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(try why(bench, id).contains("skip leaves it out"))

        try bench.request(.resolve(choice), id)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).message == "broken")
        #expect(try bench.job(id).rollback == rollback)
        #expect(backend.verbs.filter { $0.hasPrefix("undo") } == undone)
    }

    @Test("What hung and ends by itself is taken up, without any decision")
    func recovers() throws {
        let (bench, id) = try stuckUndo()
        try bench.run(for: 700_000)
        backend.finish("\(id.number)/1/u1", at: bench.clock.now())
        try bench.run(for: 61_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "b", "undo b", "undo a"])
    }

    @Test("An abort while it is undone interrupts the undo and lets a person decide")
    func abortOfUndo() throws {
        let (bench, id) = try stuckUndo()
        #expect(try bench.request(.stop(.abort), id) == .accepted(id))
        #expect(try bench.job(id).state == .rollingBack)
        #expect(try why(bench, id).contains("then an operator decides"))
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .needsOperator)
        #expect(try bench.steps(id).map(\.undo) == [.waiting, .failed])

        try bench.request(.resolve(.retry), id)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .failed, "it failed before the abort")
        #expect(try bench.job(id).cause == .error)
        #expect(try bench.job(id).rollback == .clean)
    }

    @Test("An abort of an undo whose host is silent comes to a person too")
    func silentUndo() throws {
        let (bench, id) = try stuckUndo()
        backend.cutOff(lane: Operation.controlLane)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 30_000)
        #expect(try bench.job(id).state == .needsOperator)
    }

    private func pastReturn() throws -> (EngineBench, JobID) {
        backend.script("b", .hangs)
        let bench = try bench(
            .doing("a", undo: "undo a"),
            Step.doing("b").with { $0.isPointOfNoReturn = true },
            .doing("c")
        )
        let id = try bench.submit("job")
        try bench.run(for: 1000)
        return (bench, id)
    }

    @Test(
        "A step that hangs past the point of no return comes to a person",
        arguments: [
            (Resolution.retry, JobState.lost), (.skip, .warning), (.giveUp, .failed),
        ]
    )
    func hangingPastReturn(choice: Resolution, end: JobState) throws {
        let (bench, id) = try pastReturn()
        try bench.run(for: 300_000)
        #expect(
            try why(bench, id).contains("past the point of no return; it stands still; asked 2")
        )
        try bench.run(for: 400_000)
        #expect(try bench.job(id).state == .needsOperator)

        try bench.request(.resolve(choice), id)
        if choice == .retry {
            #expect(try bench.job(id).state == .lost)
            try bench.run(for: 1000)
            #expect(try bench.job(id).state == .running)
            backend.finish("\(id.number)/1/1", at: bench.clock.now())
        }
        try bench.run(for: 300_000)

        let job = try bench.job(id)
        #expect(job.state == (choice == .retry ? .completed : end))
        #expect(!backend.verbs.contains("undo a"))
        #expect(backend.verbs.contains("c") == (choice != .giveUp))
        #expect((job.backend == .unknown) == (choice == .giveUp))
    }

    @Test("What was asked stands in the journal before what came of it", arguments: StopCase.table)
    func order(row: StopCase) throws {
        let stage = try Stage(row.row)
        let before = try stage.bench.journal().count

        try stage.bench.request(.stop(row.level), stage.id, by: "bob")

        let lines = try stage.bench.journal().dropFirst(before)
        let first = try #require(lines.first)
        #expect(first.job == stage.id)
        #expect(first.cause.hasPrefix("asked to \(row.level.rawValue)"))
        #expect(lines.count { $0.cause.hasPrefix("asked to") } == 1)
    }

    @Test("A job that ended says how it ended, not what its last step was doing")
    func staleText() throws {
        backend.script("a", .hangs)
        let bench = try bench(.doing("a"))
        let id = try bench.submit("job")
        try bench.settle()
        backend.say("\(id.number)/0/1", .progress(40, "Booting, 40 %"))
        try bench.turn()
        #expect(try bench.job(id).message == "Booting, 40 %")
        backend.finish("\(id.number)/0/1", at: bench.clock.now())
        try bench.run(for: 10)

        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(id).message == "all done")
    }

    @Test("Work done before the stop took effect is completed, in the journal too")
    func tooLate() throws {
        let bench = try bench(Step.doing("a").with { $0.isInterruptible = false })
        let id = try bench.submit("job")
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(id).message == "completed before the abort took effect")
        #expect(try causes(bench, id).last == "completed before the abort took effect")
    }
}
