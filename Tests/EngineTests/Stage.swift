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

    private static let kinds: [any JobKind] = [
        ScriptedKind("holder", steps: [.doing("hold")], locks: [.exclusive("x")]),
        ScriptedKind("child", steps: [.doing("child")]),
        ScriptedKind(
            "plain",
            steps: [.doing("first", undo: "undo first"), .doing("second", undo: "undo second")],
            locks: [.exclusive("x")]
        ),
        ScriptedKind(
            "parent",
            steps: [.doing("first", undo: "undo first"), .children(["child"])]
        ),
        ScriptedKind(
            "ending",
            steps: [
                .doing("first", undo: "undo first"),
                Step.doing("end").with { $0.isEndAction = true },
            ]
        ),
        ScriptedKind("warned", steps: [.children(["child", "nothing"], onFailure: .warn)]),
    ]

    /// A job in that state.
    init(_ state: JobState) throws {
        backend = ScriptedBackend(slotsPerLane: 1)
        bench = try EngineBench(backend, kinds: Self.kinds)
        backend.script("hold", .hangs)
        backend.script("second", .hangs)
        backend.script("end", .hangs)
        switch state {
        case .pending:
            try bench.submit("holder")
            id = try bench.submit("plain")
        case .queued:
            try bench.submit("child")
            id = try bench.submit("plain")
        case .running, .cancelling, .lost: id = try Self.half(bench, backend, state)
        case .childQueued, .childRunning: id = try Self.parent(bench, backend, state)
        case .finishing:
            id = try bench.submit("ending")
            try bench.run(for: 150)
        case .rollingBack, .needsOperator: id = try Self.undoing(bench, backend, state)
        case .completed, .warning, .failed, .aborted:
            id = try Self.ended(bench, backend, state)
        }
        #expect(try bench.job(id).state == state)
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
        if state == .aborted { try bench.request(.stop(.abort), id) }
        try bench.run(for: 60_000)
        return id
    }
}
