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

    /// What came of playing.
    struct Played {
        /// The scenario from then on.
        let driver: ScenarioDriver
        /// How far time went.
        let now: Timestamp
        /// How many turns the engine made.
        let turns: Int
        /// What the script wanted and could not have, in words.
        let missed: [String]
    }

    /// Plays the scenario in virtual time from its start until `end`, or until `step` says no.
    ///
    /// Nothing is to be acknowledged to anybody meanwhile, so a new store is written in memory if
    /// the system offers that, and then put where it belongs. It is closed when this returns.
    func play(
        until end: Timestamp,
        _ step: (Timestamp) -> Bool = { _ in true }
    ) throws -> Played {
        let isNew = !FileManager.default.fileExists(atPath: site.storePath)
        guard isNew, !site.isReadOnly, end - start <= Self.longestInMemory,
            access("/dev/shm", W_OK) == 0
        else { return try played(site, until: end, step) }
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let elsewhere = site.moved(to: folder.path + "/demo.sqlite")
        let played = try played(elsewhere, until: end, step)
        // Makes the folder if there is none, and complains as any other command would.
        try site.openStore().close()
        for ending in ["", "-wal", "-shm", ".hypervisor"] {
            try move(elsewhere.storePath + ending, to: site.storePath + ending)
        }
        return played
    }

    /// A day of a busy data centre is some 100 MB: more than that is not kept in memory.
    private static let longestInMemory: Int64 = 12 * 3_600_000

    /// Puts a file in the place of another; what belongs to the other only is gone, too.
    private func move(_ path: String, to place: String) throws {
        do {
            try? FileManager.default.removeItem(atPath: place)
            guard FileManager.default.fileExists(atPath: path), !path.hasSuffix("-shm") else {
                return
            }
            try FileManager.default.copyItem(atPath: path, toPath: place)
        } catch {
            throw Complaint(.store, "cannot write \(place): \(error.localizedDescription)")
        }
    }

    private func played(
        _ site: Site,
        until end: Timestamp,
        _ step: (Timestamp) -> Bool
    ) throws -> Played {
        let store = try site.openStore()
        let run = try prepare(store, site)
        defer { store.lock?.release() }
        try run.run(until: end, step)
        try store.close()
        return Played(driver: run.rest, now: run.now, turns: run.turns, missed: run.missed)
    }

    private func prepare(_ store: SQLiteStore, _ site: Site) throws -> VirtualRun {
        guard try store.read({ try $0.counts().total }) == 0 else {
            throw Complaint(
                .refused,
                "there are jobs in \(site.storePath): go on with “signalbox --store "
                    + "\(site.storePath)”, or name a new file"
            )
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
        try store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "scheduler", reason: "the scenario", at: start)
            for schedule in scenario.schedules(from: start) { _ = try desk.add(schedule) }
        }
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
