import Engine
import Foundation
import Hypervisor
import Model
import Operations
import Store
import Workload

/// Where the program works: the store, the hypervisor beside it, who asks, and what is allowed.
struct Site: Sendable {
    /// The file of the store.
    let storePath: String
    /// Which scenario a new simulated hypervisor begins with: a name or a file.
    let scenario: String
    /// The files that came with the program.
    let installation: Installation
    /// What the configuration file says.
    let configuration: Configuration
    /// Who asks.
    let user: String
    /// Whether nothing may be changed.
    let isReadOnly: Bool

    /// The log of the simulated hypervisor.
    var hypervisorPath: String { storePath + ".hypervisor" }

    /// The same with the store elsewhere.
    func moved(to path: String) -> Site {
        Site(
            storePath: path,
            scenario: scenario,
            installation: installation,
            configuration: configuration,
            user: user,
            isReadOnly: isReadOnly
        )
    }

    // MARK: The store

    /// Opens the store for changes; makes it if there is none.
    func openStore() throws -> SQLiteStore {
        guard !isReadOnly else {
            throw Complaint(.refused, "nothing may be changed here: read-only was asked for")
        }
        let store = try SQLiteStore(path: storePath)
        guard !store.isReadOnly else {
            throw StoreError(.notWritable, action: "open \(storePath)")
        }
        return store
    }

    /// Opens the store to look at it.
    func openStoreForReading() throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: storePath) else {
            throw Complaint(
                .store,
                "there is no store at \(storePath) yet; a submitted job or the console makes one"
            )
        }
        return try SQLiteStore(path: storePath, readOnly: true)
    }

    // MARK: The hypervisor

    /// A scenario by its name among those that came along, or by its file.
    func readScenario(_ name: String) throws -> Scenario {
        let isFile = name.contains("/") || name.hasSuffix(".yaml")
        guard let path = isFile ? name : installation.path(of: name, in: "Demo") else {
            guard installation.share != nil else {
                throw Complaint(
                    .usage,
                    "the folder with the scenarios is not found; set SIGNALBOX_SHARE to it"
                )
            }
            let known = installation.names(in: "Demo").joined(separator: ", ")
            throw Complaint(.notFound, "there is no scenario “\(name)”; there are \(known)")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Complaint(.notFound, "the scenario \(path) cannot be read")
        }
        return try Scenario.read(text, file: path)
    }

    private var hasHypervisor: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: hypervisorPath)
        return (attributes?[.size] as? Int ?? 0) > 0
    }

    /// Sees to it that there is a hypervisor that can be read, or one can be made.
    func checkHypervisor() throws { _ = try pictureHypervisor() }

    /// Opens the hypervisor for work; its log belongs to this process from then on.
    func openHypervisor(tick: Int64?) throws -> SimulatedHypervisor {
        let fresh = hasHypervisor ? nil : try readScenario(scenario)
        return try SimulatedHypervisor(
            log: hypervisorPath,
            inventory: fresh?.inventory ?? Inventory(),
            seed: fresh?.seed ?? 0,
            tick: tick
        )
    }

    /// What the hypervisor looks like, whoever works with it.
    func pictureHypervisor() throws -> SimulatedHypervisor {
        if hasHypervisor {
            let picture = try SimulatedHypervisor(picturing: hypervisorPath)
            _ = picture.news(at: Timestamp(Date()).milliseconds)
            return picture
        }
        let fresh = try readScenario(scenario)
        return SimulatedHypervisor(inventory: fresh.inventory, seed: fresh.seed)
    }

    // MARK: The engine

    /// How much of anything may happen at once: what is usual, and what is configured instead.
    var rules: EngineRules {
        let configured = configuration.limits.sorted { $0.key < $1.key }.map {
            Limits.Rule($0.key, $0.value, origin: "configuration")
        }
        return EngineRules(
            limits: Limits(StandardLimits.all + configured),
            ageStep: configuration.ageing ?? EngineRules.usualAgeStep,
            openJobs: configuration.openJobs ?? EngineRules.usualOpenJobs
        )
    }

    /// Makes the engine on an open store and hypervisor.
    func makeEngine(
        store: SQLiteStore,
        hypervisor: SimulatedHypervisor,
        seed: UInt64,
        at now: Timestamp
    ) throws -> Engine {
        let holder = StoreLock.Holder.current(since: now)
        var settings = EngineSettings(
            process: holder.process,
            machine: holder.machine,
            bootID: holder.bootID,
            logLevel: configuration.logLevel ?? .info,
            seed: seed
        )
        settings.rules = rules
        settings.retention = configuration.retention
        return try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor)),
            backend: HypervisorBackend(hypervisor, slots: configuration.slots),
            settings: settings,
            at: now
        )
    }
}
