import Engine
import Model
import Store
import TestKit
import Testing

/// Where an engine dies, and in which run of the saga.
struct Crash: CustomTestStringConvertible, Sendable {
    /// What dies with it.
    enum Moment: CaseIterable, Sendable {
        /// The commit and all that follows.
        case beforeCommit
        /// The answer to the commit; no call is made.
        case afterCommit
        /// All calls of the turn, after the engine has learned of the commit.
        case beforeCalls
        /// Half of them.
        case amidCalls
        /// None: it dies after its calls.
        case afterCalls
    }

    let saga: Saga
    let moment: Moment

    var testDescription: String { "\(saga), \(moment)" }
}

/// A run of the plan with all shapes.
enum Saga: CaseIterable, Sendable {
    /// To its end, over the point of no return.
    case completes
    /// Up to a failing end action before the point of no return.
    case fails
    /// Until an abort, while the last step hangs.
    case isAborted

    var steps: [Step] {
        var child = ChildSpec("child", .none)
        child.undo = Operation("undo child", on: "thing/1")
        let fields = EntitySnapshot(of: "vm/web-1", fields: ["cpus"])
        let back = Operation("undo all", on: "thing/1")
        let last: [Step] =
            switch self {
            case .completes:
                [
                    Step.doing("point").with { $0.isPointOfNoReturn = true },
                    Step.doing("end").with { $0.isEndAction = true },
                ]
            case .fails: [Step.doing("bad end").with { $0.isEndAction = true }]
            case .isAborted: [.doing("hang", undo: "undo hang")]
            }
        return [
            .doing("a", undo: "undo a"),
            Step.doing("commit", undo: "undo commit").with { $0.commit = CommitPoint(undo: back) },
            Step.doing("resize", undo: "undo resize").with { $0.snapshot = fields },
            Step("children", .children(Children([child, child], concurrency: 1))),
            .doing("b", undo: "undo b"),
        ] + last
    }
}

@Suite("A crash at every boundary of a saga")
struct SagaCrashTests {
    private struct Result: Equatable {
        var effects: [String]
        var states: [JobState]
        var rollback: RollbackOutcome
        var undos: [UndoState]
    }

    private static func bench(_ saga: Saga, _ backend: ScriptedBackend) throws -> EngineBench {
        backend.script("bad end", .fails(.scripted("broken"), after: 10))
        backend.script("hang", .hangs)
        backend.set(["cpus": "2"], of: "vm/web-1")
        let kinds = [
            ScriptedKind("job", steps: saga.steps, locks: [.exclusive("x")]),
            ScriptedKind("child", steps: [.doing("child")]),
        ]
        return try EngineBench(backend, kinds: kinds)
    }

    /// Runs a saga to its end; the engine dies at the turn with that number.
    ///
    /// - Returns: what came of it, and how many turns it took.
    private static func run(_ saga: Saga, dyingAt fatal: Int?, _ moment: Crash.Moment) throws -> (
        Result, turns: Int
    ) {
        let backend = ScriptedBackend()
        let bench = try bench(saga, backend)
        var turns = 0
        func step(_ inbox: Inbox = Inbox()) throws {
            turns += 1
            guard turns == fatal else { return try bench.turn(inbox) }
            switch moment {
            case .beforeCommit: bench.store.fail(.beforeCommit)
            case .afterCommit: bench.store.fail(.afterCommit)
            case .beforeCalls: bench.line.set(.areLost)
            case .amidCalls: bench.line.set(.halfArrive)
            case .afterCalls: break
            }
            try? bench.turn(inbox)
            bench.store.disarm()
            try bench.takeOver()
        }
        let id = JobID(1)
        try bench.submit("job")
        while bench.clock.now() < ManualClock.beginning + 900_000 {
            let job = try bench.job(id)
            if job.state.isTerminal { break }
            if saga == .isAborted, job.stop == nil, backend.verbs.contains("hang") {
                var inbox = Inbox()
                let reply: RequestReply = { _ in }
                inbox.requests = [(OperatorRequest(.stop(.abort), job: id, by: "ann"), reply)]
                try step(inbox)
                continue
            }
            guard let next = bench.engine.nextTurn(after: bench.clock.now()) else { break }
            if next > bench.clock.now() { bench.clock.advance(to: next) }
            try step()
        }
        let executed = backend.executed
        let resize = executed.first { $0.operation.verb == "undo resize" }
        #expect(resize.map { $0.operation.parameters == ["cpus": "2"] } ?? true)
        let ends = try bench.store.read { try $0.jobs((1...3).map { JobID($0) }) }
            .sorted { $0.job.id < $1.job.id }.map(\.job.state)
        let result = Result(
            effects: executed.map(\.operation.verb),
            states: ends,
            rollback: try bench.job(id).rollback,
            undos: try bench.steps(id).map(\.undo)
        )
        #expect(try bench.tickets(id).isEmpty)
        return (result, turns)
    }

    @Test(
        "without a crash each saga does and undoes what is meant",
        arguments: [
            (
                Saga.completes, JobState.completed,
                ["a", "commit", "resize", "child", "child", "b", "point", "end"]
            ),
            (
                .fails, .failed,
                [
                    "a", "commit", "resize", "child", "child", "b", "bad end", "undo b",
                    "undo child",
                    "undo child", "undo resize", "undo all",
                ]
            ),
            (
                .isAborted, .aborted,
                [
                    "a", "commit", "resize", "child", "child", "b", "hang", "undo hang", "undo b",
                    "undo child", "undo child", "undo resize", "undo all",
                ]
            ),
        ]
    )
    func quiet(saga: Saga, end: JobState, effects: [String]) throws {
        let (result, _) = try Self.run(saga, dyingAt: nil, .afterCalls)
        #expect(result.effects == effects)
        #expect(result.states == [end, .completed, .completed])
    }

    private static let crashes = Saga.allCases.flatMap { saga in
        Crash.Moment.allCases.map { Crash(saga: saga, moment: $0) }
    }

    @Test(
        "Undo order is the reverse and each effect happens once, wherever the engine dies",
        arguments: crashes
    )
    func everywhere(crash: Crash) throws {
        let (wanted, turns) = try Self.run(crash.saga, dyingAt: nil, .afterCalls)
        #expect(turns > 15)
        for turn in 1...turns {
            let (result, _) = try Self.run(crash.saga, dyingAt: turn, crash.moment)
            #expect(result == wanted, "dying at turn \(turn) of \(turns)")
        }
    }
}
