import Engine
import Model
import Store
import TestKit
import Testing

/// A job brought into one of its states, to be stopped there.
struct Stage {
    let bench: EngineBench
    let backend: ScriptedBackend
    let id: JobID

    private static func kinds(isInterruptible: Bool, isPast: Bool) -> [any JobKind] {
        let first = Step.doing("first", undo: "undo first").with { $0.isPointOfNoReturn = isPast }
        func work(_ verb: String, undo: String? = nil) -> Step {
            .doing(verb, undo: undo).with { $0.isInterruptible = isInterruptible }
        }
        let elsewhere = Step.doing("second", lane: "host/a").with {
            $0.isInterruptible = isInterruptible
        }
        return [
            ScriptedKind("elsewhere", steps: [first, elsewhere]),
            ScriptedKind("blocker", steps: [.doing("hold", lane: "host/a")]),
            ScriptedKind("holder", steps: [.doing("hold")], locks: [.exclusive("x")]),
            ScriptedKind("child", steps: [work("child")]),
            ScriptedKind(
                "plain",
                steps: [first, work("second", undo: "undo second")],
                locks: [.exclusive("x")]
            ),
            ScriptedKind("parent", steps: [first, .children(["child"])]),
            ScriptedKind("ending", steps: [first, work("end").with { $0.isEndAction = true }]),
            ScriptedKind(
                "warned",
                steps: [first, .children(["child", "nothing"], onFailure: .warn)]
            ),
        ]
    }

    /// A job as a row of the table of stops wants it.
    init(_ row: StopRow) throws {
        try self.init(row.state, isInterruptible: row.isInterruptible, isPast: row.isPastReturn)
    }

    /// A job in that state; `isPast` makes its first step a point of no return.
    init(_ state: JobState, isInterruptible: Bool = true, isPast: Bool = false) throws {
        backend = ScriptedBackend(slotsPerLane: 1)
        bench = try EngineBench(
            backend,
            kinds: Self.kinds(isInterruptible: isInterruptible, isPast: isPast)
        )
        backend.script("hold", .hangs)
        backend.script("second", .hangs)
        backend.script("end", .hangs)
        switch state {
        case .pending:
            try bench.submit("holder")
            id = try bench.submit("plain")
        case .queued: id = try Self.queued(bench, isPast)
        case .running, .cancelling, .lost: id = try Self.half(bench, backend, state)
        case .childQueued, .childRunning: id = try Self.parent(bench, backend, state)
        case .finishing:
            id = try bench.submit("ending")
            try bench.run(for: 150)
        case .needsOperator where isPast:
            id = try Self.half(bench, backend, state)
            try bench.run(for: 700_000)
        case .rollingBack, .needsOperator: id = try Self.undoing(bench, backend, state)
        case .completed, .warning, .failed, .aborted:
            id = try Self.ended(bench, backend, state)
        }
        #expect(try bench.job(id).state == state)
        let hasBegun = try bench.steps(id).contains {
            $0.step.isPointOfNoReturn && $0.startedAt != nil
        }
        #expect(hasBegun == isPast)
    }

    /// Before its first step, or before its second one.
    private static func queued(_ bench: EngineBench, _ isPast: Bool) throws -> JobID {
        try bench.submit(isPast ? "blocker" : "child")
        let id = try bench.submit(isPast ? "elsewhere" : "plain")
        if isPast { try bench.run(for: 150) }
        return id
    }

    /// One step done, the second at work.
    private static func half(
        _ bench: EngineBench,
        _ backend: ScriptedBackend,
        _ state: JobState
    ) throws -> JobID {
        let id = try bench.submit("plain")
        try bench.run(for: 150)
        if state == .cancelling { try bench.request(.stop(.cancel), id) }
        if state == .lost {
            backend.cutOff(lane: Operation.controlLane)
            backend.say("\(id.number)/1/1", .unreachable)
            try bench.turn()
        }
        return id
    }

    private static func parent(
        _ bench: EngineBench,
        _ backend: ScriptedBackend,
        _ state: JobState
    ) throws -> JobID {
        backend.script("child", .hangs)
        let id = try bench.submit("parent")
        // Takes the one slot before the child can.
        if state == .childQueued { try bench.submit("child") { $0.priority = 9 } }
        try bench.run(for: 150)
        return id
    }

    private static func undoing(
        _ bench: EngineBench,
        _ backend: ScriptedBackend,
        _ state: JobState
    ) throws -> JobID {
        backend.script("second", .fails(.scripted("broken"), after: 10))
        let stuck = Failure.scripted("stuck")
        backend.script(
            "undo second",
            state == .rollingBack ? .isStubborn : .fails(stuck, after: 10)
        )
        let id = try bench.submit("plain")
        try bench.run(for: state == .rollingBack ? 150 : 600_000)
        return id
    }

    private static func ended(
        _ bench: EngineBench,
        _ backend: ScriptedBackend,
        _ state: JobState
    ) throws -> JobID {
        let broken = Failure.scripted("broken")
        if state == .failed { backend.script("second", .fails(broken, after: 10)) }
        if state == .completed { backend.script("second", .done(after: 10)) }
        let id = try bench.submit(state == .warning ? "warned" : "plain")
        if state == .aborted {
            // Past its point of no return there is one rung left.
            try bench.request(.stop(.abort), id)
            try bench.run(for: 150)
            try bench.request(.stop(.abandon), id)
        }
        try bench.run(for: 60_000)
        return id
    }
}
