import Engine
import Model
import Operations
import Store
import TestKit
import Testing

@Suite("Work that programs outside do")
struct ExternalTests {
    private let stage: ExternalStage

    init() throws { stage = try ExternalStage() }

    @Test("A program begins a job, reports on it, and ends it; its locks are held meanwhile")
    func life() throws {
        let id = try stage.begin("vm/web-1", ["steps": "[\"Copy\",\"Switch\"]"])
        #expect(try stage.job(id).state == .running)
        let rival = try stage.bench.submit("vm.stop") { $0.target = Target("vm/web-1") }
        let waiting = try stage.job(rival)
        #expect(waiting.waiting?.on.contains("\(id)") == true, "\(waiting)")

        try stage.report(id) {
            $0.progress = 40
            $0.message = "disk 1 of 2"
            $0.lines = [LogText(.info, "from store to ssd")]
            $0.results = ["rate": "80"]
        }
        #expect(try stage.job(id).progress == 20)
        #expect(try stage.job(id).message == "disk 1 of 2")
        #expect(try stage.bench.log(id).contains("from store to ssd"))

        try stage.report(id) { $0.step = "Switch" }
        #expect(try stage.bench.steps(id).map(\.state) == [.done, .running])
        try stage.end(id, ExternalEnd(.completed))
        let job = try stage.job(id)
        #expect(job.state == .completed && job.progress == 100)
        #expect(try stage.bench.stored(id).extra.results == ["rate": "80"])
        #expect(try stage.bench.tickets(id).isEmpty)
        #expect(try stage.job(rival).state != .pending)
    }

    @Test("What is not begun cannot be reported on, and the reason is named")
    func early() throws {
        let holder = try stage.begin()
        let id = try stage.begin()
        #expect(try stage.job(id).state == .pending)
        let refusal = try stage.report(id).refusal
        #expect(refusal?.contains("held by \(holder)") == true, "\(refusal ?? "")")
        let vm = try stage.bench.submit("vm.stop") { $0.target = Target("vm/web-2") }
        let other = try stage.report(vm).refusal
        #expect(other == "\(vm) (vm.stop) is no work of an outside program")
    }

    // MARK: Ends

    @Test(
        "Each way to end",
        arguments: [
            (ExternalEnd(.completed), JobState.completed, RollbackOutcome.notNeeded, 0),
            (ExternalEnd(.warning, "one disk is slow"), .warning, .notNeeded, 0),
            (ExternalEnd(.failed, "no room", number: 28), .failed, .none, 28),
            (ExternalEnd(.failed, number: 3, rollback: .clean), .failed, .clean, 3),
            (ExternalEnd(.failed, rollback: .dirty), .failed, .dirty, 0),
            (ExternalEnd(.aborted, "no time"), .aborted, .none, 411),
            (ExternalEnd(.aborted, rollback: .clean), .aborted, .clean, 411),
        ]
    )
    func ends(
        _ end: ExternalEnd,
        _ state: JobState,
        _ rollback: RollbackOutcome,
        _ number: Int
    ) throws {
        let id = try stage.begin("vm/web-1", ["steps": "[\"Copy\",\"Switch\",\"Clean\"]"])
        try stage.report(id) { $0.step = "Switch" }
        #expect(try stage.end(id, end) == .accepted(id))
        let job = try stage.job(id)
        #expect(job.state == state)
        #expect(job.rollback == rollback)
        #expect(job.code?.number == number)
        #expect(try stage.bench.tickets(id).isEmpty)
        #expect(try stage.bench.steps(id).last?.state == .skipped)
        if !end.text.isEmpty {
            let said = try stage.bench.log(id).contains { $0.contains(end.text) }
            #expect(said || job.message.contains(end.text))
        }
        // What was lost on its way is said again; what differs is kept and changes nothing.
        #expect(try stage.end(id, end) == .accepted(id))
        let other = ExternalEnd(state == .failed ? .completed : .failed, "otherwise")
        #expect(try stage.end(id, other).refusal?.contains("late result") == true)
        #expect(try stage.job(id).state == state)
        let detail = try stage.bench.store.read { try $0.detail(id, logLimit: 0) }
        #expect(detail?.late.map(\.outcome) == [state == .failed ? "done" : "failed"])
    }

    // MARK: Steps

    @Test("Steps come in the order that was named, and new ones behind them")
    func steps() throws {
        let id = try stage.begin("vm/web-1", ["steps": "[\"Copy\",\"Switch\"]"])
        let skipped = try stage.report(id) { $0.step = "Clean" }.refusal
        #expect(skipped?.contains("its next step is “Switch”") == true, "\(skipped ?? "")")
        try stage.report(id) { $0.step = "Copy" }
        #expect(try stage.bench.steps(id).map(\.state) == [.running, .waiting])
        try stage.report(id) { $0.step = "Switch" }
        let before = try stage.job(id).progress
        try stage.report(id) {
            $0.step = "Clean"
            $0.progress = 10
        }
        #expect(try stage.bench.steps(id).map(\.step.name) == ["Copy", "Switch", "Clean"])
        #expect(try stage.bench.steps(id).map(\.state) == [.done, .done, .running])
        #expect(try stage.job(id).progress >= before)

        // An engine that comes later knows it, too.
        try stage.bench.takeOver()
        try stage.bench.settle()
        #expect(try stage.job(id).state == .running)
        try stage.report(id) { $0.step = "Check" }
        #expect(try stage.bench.steps(id).count == 4)
        try stage.end(id, ExternalEnd(.completed))
        #expect(try stage.bench.steps(id).map(\.state) == [.done, .done, .done, .done])
    }

    @Test("A pause of the lane holds a program back between its steps, and says so")
    func paused() throws {
        let id = try stage.begin("vm/web-1", ["steps": "[\"Copy\",\"Switch\"]"])
        let pause = OperatorAction.pause(until: nil, drains: false)
        let outcome = try stage.bench.request(pause, on: .lane(External.lane), reason: "backup")
        #expect(outcome.refusal == nil, "\(outcome)")
        try stage.report(id) { $0.step = "Switch" }
        #expect(try stage.job(id).state == .queued)
        let refusal = try stage.report(id).refusal
        #expect(
            refusal?.contains("lane external is paused by ann: backup") == true,
            "\(refusal ?? "")"
        )
        try stage.bench.request(.resume, on: .lane(External.lane))
        try stage.bench.settle()
        #expect(try stage.report(id).refusal == nil)
        #expect(try stage.bench.steps(id).map(\.state) == [.done, .running])
    }

    // MARK: Stops

    @Test("A stop waits for the program, which says what came of it")
    func stopped() throws {
        let id = try stage.begin("vm/web-1", ["steps": "[\"Copy\",\"Switch\"]"])
        try stage.bench.request(.stop(.abort), id, by: "bob")
        try stage.bench.settle()
        #expect(try stage.job(id).state == .cancelling)
        #expect(try stage.report(id) == .accepted(id))
        #expect(try stage.report(id) { $0.step = "Switch" }.refusal?.contains("stopped") == true)
        try stage.end(id, ExternalEnd(.aborted, "took it back", rollback: .clean))
        let job = try stage.job(id)
        #expect(job.state == .aborted && job.stop?.by == "bob" && job.rollback == .clean)

        let late = try stage.begin()
        try stage.bench.request(.stop(.cancel), late, by: "bob")
        try stage.end(late, ExternalEnd(.completed))
        #expect(try stage.job(late).state == .completed)
        #expect(try stage.job(late).message.contains("before the cancel took effect"))
    }

    @Test("A program that is silent is lost until it speaks; a stop of it ends all the same")
    func silent() throws {
        let id = try stage.begin("vm/web-1", ["silence": "1m"])
        try stage.bench.run(for: 59_000)
        try stage.report(id)
        try stage.bench.run(for: 59_000)
        #expect(try stage.job(id).state == .running)
        try stage.bench.run(for: 120_000)
        #expect(try stage.job(id).state == .lost)
        try stage.report(id)
        #expect(try stage.job(id).state == .running)

        try stage.bench.request(.stop(.abort), id)
        try stage.bench.run(for: 3_600_000)
        #expect(try stage.job(id).state == .needsOperator)
        // What only says that it is alive is no answer; how it ended is.
        try stage.report(id)
        #expect(try stage.job(id).state == .needsOperator)
        try stage.end(id, ExternalEnd(.aborted))
        #expect(try stage.job(id).state == .aborted)
    }

    @Test("An engine that comes later takes the work up as it is, and hears of silence, too")
    func recovered() throws {
        let id = try stage.begin("vm/web-1", ["silence": "1m"])
        try stage.report(id) { $0.progress = 30 }
        try stage.bench.takeOver()
        try stage.bench.run(for: 50_000)
        #expect(try stage.job(id).state == .running)
        #expect(try stage.job(id).progress == 30)
        try stage.bench.run(for: 120_000)
        #expect(try stage.job(id).state == .lost)
        try stage.end(id, ExternalEnd(.completed))
        #expect(try stage.job(id).state == .completed)
    }

    @Test("An abandoned job keeps its operation on record until the program says what came of it")
    func abandoned() throws {
        let id = try stage.begin()
        try stage.bench.request(.stop(.abandon), id)
        #expect(try stage.job(id).backend == .unknown)
        #expect(try stage.report(id).refusal?.contains("end your work, too") == true)
        _ = try stage.end(id, ExternalEnd(.completed))
        #expect(try stage.job(id).state == .aborted)
        #expect(try stage.job(id).backend == .done)
    }

    // MARK: Reports

    private static let badReports: [(ExternalReport, String)] = [
        (saying { $0.progress = 101 }, "progress is 0 to 100"),
        (saying { $0.progress = -1 }, "progress is 0 to 100"),
        (saying { $0.step = "" }, "the name of a step"),
        (saying { $0.end = ExternalEnd(.completed, rollback: .clean) }, "was not taken back"),
        (saying { $0.end = ExternalEnd(.warning, rollback: .dirty) }, "was not taken back"),
        (saying { $0.end = ExternalEnd(.failed, rollback: .skipped) }, "clean or dirty"),
    ]

    private static func saying(_ change: (inout ExternalReport) -> Void) -> ExternalReport {
        var report = ExternalReport()
        change(&report)
        return report
    }

    @Test("A report that makes no sense changes nothing", arguments: badReports)
    func nonsense(_ report: ExternalReport, _ why: String) throws {
        let id = try stage.begin()
        let before = try stage.bench.stored(id)
        let refusal = try stage.report(id) { $0 = report }.refusal
        #expect(refusal?.contains(why) == true, "\(refusal ?? "accepted")")
        #expect(try stage.bench.stored(id) == before)
    }

    @Test("Too many lines, and texts that are too long, are refused")
    func bounds() throws {
        let id = try stage.begin()
        let line = LogText(.info, "x")
        let many = Array(repeating: line, count: External.lines + 1)
        #expect(try stage.report(id) { $0.lines = many }.refusal?.contains("501 lines") == true)
        let long = String(repeating: "x", count: PlanCheck.text + 1)
        #expect(try stage.report(id) { $0.message = long }.refusal?.contains("longer") == true)
        let secret = try stage.report(id) { $0.lines = [LogText(.info, "password=hunter2")] }
        #expect(secret == .accepted(id))
        #expect(try !stage.bench.log(id).contains { $0.contains("hunter2") })
    }

    @Test("What a program says of a secret that its job was given is not kept")
    func secret() throws {
        let id = try stage.begin("vm/web-1", ["title": "Log in with --password hunter2-Zx9"])
        try stage.report(id) {
            $0.lines = [LogText(.info, "says hunter2-Zx9")]
            $0.message = "tries hunter2-Zx9"
            $0.results = ["tried": "hunter2-Zx9"]
        }
        #expect(try stage.job(id).message == "tries ********")
        try stage.end(id, ExternalEnd(.failed, "hunter2-Zx9 is wrong"))

        let detail = try stage.bench.store.read { try $0.detail(id, logLimit: 100) }
        #expect(!"\(detail as Any)".contains("hunter2-Zx9"))
        #expect(try stage.job(id).message == "******** is wrong")
    }

    @Test("The audit has how work ended and what was refused, not what was said on the way")
    func audit() throws {
        let id = try stage.begin()
        try stage.report(id) { $0.progress = 10 }
        try stage.report(id) { $0.progress = 101 }
        try stage.end(id, ExternalEnd(.completed))
        let lines = try stage.bench.audit(.job(id))
        #expect(lines.map(\.action) == ["report", "end as completed"])
        #expect(lines.first?.outcome.hasPrefix("refused") == true)
    }
}
