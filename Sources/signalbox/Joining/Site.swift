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
    let identity: Identity
    /// Whether nothing may be changed.
    let isReadOnly: Bool

    /// The name of who asks.
    var user: String { identity.user }

    /// The log of the simulated hypervisor.
    var hypervisorPath: String { storePath + ".hypervisor" }

    /// The same with the store elsewhere.
    func moved(to path: String) -> Site {
        Site(
            storePath: path,
            scenario: scenario,
            installation: installation,
            configuration: configuration,
            identity: identity,
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
        try publishRoles(to: store)
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
    ///
    /// With `seizing` it is taken from a process that froze while it had the log open.
    func openHypervisor(tick: Int64?, seizing: Bool = false) throws -> SimulatedHypervisor {
        let fresh = hasHypervisor ? nil : try readScenario(scenario)
        // Who may look at the store, may look at what belongs to it.
        defer { _ = Login.mode(of: storePath).map { chmod(hypervisorPath, $0 & 0o644 | 0o600) } }
        return try SimulatedHypervisor(
            log: hypervisorPath,
            inventory: fresh?.inventory ?? Inventory(),
            seed: fresh?.seed ?? 0,
            tick: tick,
            seizing: seizing
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

    /// Where the records of scripts lie.
    var scriptsPath: String { storePath + ".scripts" }

    /// Opens the backend of scripts, if any can be run or were; `wake` is called when it has news.
    func openScripts(wake: @escaping @Sendable () -> Void) throws -> ScriptBackend? {
        let catalog = configuration.catalog
        guard !catalog.all.isEmpty || FileManager.default.fileExists(atPath: scriptsPath) else {
            return nil
        }
        return try ScriptBackend(
            folder: scriptsPath,
            catalog: catalog,
            guardian: Guardian.own,
            wake: wake
        )
    }

    /// How much of anything may happen at once: what is usual, and what is configured instead.
    var rules: EngineRules {
        let configured = configuration.limits.sorted { $0.key < $1.key }.map {
            Limits.Rule($0.key, $0.value, origin: "configuration")
        }
        return EngineRules(
            limits: Limits(StandardLimits.all + configured),
            rates: Rates(configuration.rates),
            accounts: AccountBounds(configuration.accounts),
            approval: configuration.approval,
            ageStep: configuration.ageing ?? EngineRules.usualAgeStep,
            openJobs: configuration.openJobs ?? EngineRules.usualOpenJobs
        )
    }

    /// Makes the engine on an open store and hypervisor; without scripts none can be run.
    func makeEngine(
        store: SQLiteStore,
        hypervisor: SimulatedHypervisor,
        scripts: ScriptBackend? = nil,
        seed: UInt64,
        at now: Timestamp,
        wall: Timestamp? = nil
    ) throws -> Engine {
        let holder = StoreLock.Holder.current(since: now)
        let catalog = scripts == nil ? ScriptCatalog() : configuration.catalog
        let others = HypervisorBackend(hypervisor, slots: configuration.slots)
        var settings = EngineSettings(
            process: holder.process,
            machine: holder.machine,
            bootID: holder.bootID,
            logLevel: configuration.logLevel ?? .info,
            seed: seed
        )
        settings.rules = rules
        settings.retention = configuration.retention
        settings.processStart = ProcessClock.start(of: holder.process)
        return try Engine(
            store: store,
            kinds: KindRegistry(StandardKinds.all(hypervisor: hypervisor, scripts: catalog)),
            backend: RouterBackend(
                scripts: scripts,
                external: ExternalBackend(
                    slots: configuration.slots[External.lane] ?? ExternalBackend.usualSlots
                ),
                others: others
            ),
            settings: settings,
            at: now,
            wall: wall
        )
    }
}
