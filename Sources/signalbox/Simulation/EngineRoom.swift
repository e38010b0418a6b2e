import Engine
import Hypervisor
import Model
import Operations
import Store

/// The engines of a simulation: one at a time, each with a line of its own to the hypervisor.
final class EngineRoom {
    private let store: SQLiteStore
    private let hypervisor: SimulatedHypervisor
    private let seed: UInt64
    private var line: LossyBackend
    /// How many engines there were.
    private(set) var count = 0

    init(store: SQLiteStore, hypervisor: SimulatedHypervisor, seed: UInt64) {
        self.store = store
        self.hypervisor = hypervisor
        self.seed = seed
        line = LossyBackend(HypervisorBackend(hypervisor))
    }

    /// Has a new engine take the store over.
    func begin(at now: Timestamp, lead: Int64) throws -> Engine {
        count += 1
        line = LossyBackend(HypervisorBackend(hypervisor))
        var settings = EngineSettings(
            process: Int32(count),
            machine: "simulation",
            bootID: "1",
            seed: seed &+ UInt64(count - 1)
        )
        settings.retention = Simulation.retention
        return try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor)),
            backend: line,
            settings: settings,
            at: now,
            wall: now + lead
        )
    }

    /// Ends the engine at work, by a crash or in peace; after a while another one takes over.
    ///
    /// An engine that crashed dies in a turn: its calls are lost, or arrive when the next one is at
    /// work; and it wakes up once more and must not be able to write. `note` is told if it was.
    func replace(
        _ run: VirtualRun,
        _ mishap: inout Mishap,
        _ note: ([String]) -> Void
    ) throws {
        let (old, oldLine) = (run.engine, line)
        let isPeaceful = mishap.draw(3) == 0
        if isPeaceful {
            try old.leave(at: run.now)
        } else {
            let fates = LossyBackend.Fate.allCases
            oldLine.set(fates[mishap.draw(fates.count)])
            try run.run(until: run.now + 60_000) { _ in false }
        }
        oldLine.cutNews()
        run.stand(until: run.now + mishap.span(100, 7_200_000))
        run.engine = try begin(at: run.now, lead: run.lead)
        guard !isPeaceful else { return }
        oldLine.deliver(at: run.now)
        oldLine.set(.areLost)
        do {
            try old.turn(Inbox(), at: run.now)
            note(["engine \(old.epoch) wrote after engine \(run.engine.epoch) had taken over"])
        } catch let error as StoreError where error.code == .notOwner {
            note([])
        }
    }
}
