import Engine
import Foundation
import Hypervisor
import Model
import Store
import Workload

/// A store with the hypervisor of a scenario beside it, and the scenario's course on it.
struct DemoStage {
    let site: Site
    let scenario: Scenario
    /// The moment at which the screen opens.
    let opening: Timestamp

    /// Where the scenario begins.
    var start: Timestamp { opening + -scenario.past }

    /// A fixed moment at which virtual time begins where nobody looks at a clock.
    static let epoch = Timestamp(milliseconds: 1_767_600_000_000)

    /// Makes a stage; there must be no jobs in the store yet.
    init(site: Site, scenario: Scenario, opening: Timestamp) {
        self.site = site
        self.scenario = scenario
        self.opening = opening
    }

    /// Runs the scenario in virtual time from its start until `end`.
    ///
    /// While it lasts the store belongs to this process. The hypervisor's log is closed again.
    ///
    /// - Returns: the run as it ended.
    func run(
        until end: Timestamp,
        on store: SQLiteStore,
        _ step: (Timestamp) -> Bool = { _ in true }
    ) throws -> VirtualRun {
        let run = try prepare(store)
        defer { store.lock?.release() }
        try run.run(until: end, step)
        return run
    }

    private func prepare(_ store: SQLiteStore) throws -> VirtualRun {
        guard try store.read({ try $0.counts().total }) == 0 else {
            throw Complaint(.refused, "there are jobs in \(site.storePath); name a new file")
        }
        guard try store.lock?.tryTake(as: .current(since: start)) != false else {
            throw Complaint(.refused, "another engine is alive on \(site.storePath)")
        }
        // News of progress are of use only while somebody looks.
        let hypervisor = try SimulatedHypervisor(
            log: site.hypervisorPath,
            inventory: scenario.inventory,
            seed: scenario.seed,
            tick: nil
        )
        let engine = try site.makeEngine(
            store: store,
            hypervisor: hypervisor,
            seed: scenario.seed,
            at: start
        )
        return VirtualRun(
            store: store,
            hypervisor: hypervisor,
            engine: engine,
            driver: ScenarioDriver(scenario, opening: opening),
            start: start
        )
    }
}
