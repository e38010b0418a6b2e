import Engine
import Model
import Store
import TestKit

/// One thing that can happen next to two engines, their store and their backend.
enum Happening: String, CaseIterable, Sendable {
    /// The engine makes the turn it wants next.
    case turn = "t"
    /// Another engine takes the store over; the present one lives on and does not know.
    case takeOver = "o"
    /// An engine that was replaced makes a turn, and its calls that were under way arrive.
    case stale = "s"
    /// The engine's calls are under way from now on, and do not arrive.
    case freeze = "f"
    /// The engine dies before its next commit, and another one comes.
    case dieBefore = "b"
    /// The engine dies right after its next commit, and another one comes.
    case dieAfter = "a"
    /// Somebody aborts the first job.
    case abort = "x"
}

/// Two jobs that want the same lock, and engines that come and go in one given order.
struct Interleaving {
    let backend = ScriptedBackend()
    let bench: EngineBench
    let jobs: [JobID]
    private var stale: [(engine: Engine, line: LossyBackend)] = []
    /// What must not happen and did.
    private(set) var findings: [String] = []

    private static let kinds: [any JobKind] = [
        ScriptedKind(
            "two",
            steps: [.doing("a", undo: "undo a"), .doing("b", undo: "undo b")],
            locks: [.exclusive("thing/1")]
        )
    ]

    init() throws {
        let (backend, kinds) = (backend, Self.kinds)
        bench = try EngineBench(kinds: kinds, logLevel: .error) { backend }
        jobs = try [bench.submit("two"), bench.submit("two")]
    }

    /// Lets these things happen, one after the other, and then everything come to rest.
    mutating func play(_ happenings: [Happening]) throws {
        for happening in happenings {
            try happen(happening)
            look()
        }
        bench.line.set(.arrive)
        try bench.run(for: 120_000)
        for (_, line) in stale { line.deliver(at: bench.clock.now()) }
        // Whatever was still under way at the end of an engine that is gone changes nothing.
        try bench.takeOver()
        try bench.run(for: 120_000)
        look()
    }

    private mutating func happen(_ happening: Happening) throws {
        switch happening {
        case .turn: try nextTurn()
        case .takeOver: try replace()
        case .stale: haunt()
        case .freeze: bench.line.set(.areDelayed)
        case .dieBefore: try die(.beforeCommit)
        case .dieAfter: try die(.afterCommit)
        case .abort: try bench.request(.stop(.abort), jobs[0])
        }
    }

    private func nextTurn() throws {
        let soon = bench.clock.now() + 60
        let wanted = bench.engine.nextTurn(after: bench.clock.now()) ?? soon
        bench.clock.advance(to: max(bench.clock.now(), min(wanted, soon)))
        try bench.turn()
    }

    private mutating func replace() throws {
        stale.append((bench.engine, bench.line))
        bench.line.cutNews()
        try bench.takeOver()
    }

    private mutating func haunt() {
        for (engine, line) in stale {
            do {
                try engine.turn(Inbox(), at: bench.clock.now())
                findings.append("an engine that was replaced has written")
            } catch {
                if (error as? StoreError)?.code != .notOwner { findings.append("\(error)") }
            }
            line.deliver(at: bench.clock.now())
        }
    }

    private mutating func die(_ moment: CrashingStore.Moment) throws {
        bench.store.fail(moment)
        do {
            try nextTurn()
        } catch is CrashingStore.Crash {}
        bench.store.disarm()
        bench.line.cutNews()
        try bench.takeOver()
    }

    private mutating func look() {
        if backend.running.count > 1 {
            findings.append("at work at once under one lock: \(backend.running)")
        }
    }

    /// How often each step or undo of each job was really done.
    var effects: [String: Int] {
        backend.executed.reduce(into: [:]) { counts, call in
            let job = call.name.prefix { $0 != "/" }
            counts["\(job) \(call.operation.verb)", default: 0] += 1
        }
    }
}
