import Engine
import Foundation
import Hypervisor
import Model
import Operations
import Store
import Synchronization

/// An engine in this process, on a thread of its own: it takes the store over when nobody else has
/// it, and stands by while somebody has.
final class EngineHost: Sendable {
    /// What the outside hears of.
    typealias Listener = @Sendable (EngineRunner.Notice) -> Void

    /// The engine's thread.
    let runner: EngineRunner
    private let site: Site
    private let store: SQLiteStore
    private let clock: any EngineClock
    private let opened = Opened()
    private let scripts = Mutex<ScriptBackend?>(nil)
    private let hooks = Mutex<[HookThread]>([])
    private let watcher: StoreWatcher
    private let tick: Int64
    private let listener: Listener
    private let ownership: Ownership
    private let standby: LeaseRecord
    private let isStandingBy = Atomic(false)

    /// An engine that has not started, on an open store.
    ///
    /// `tick` is the shortest time between two news of an operation's progress, in the
    ///   clock's milliseconds.
    init(
        site: Site,
        store: SQLiteStore,
        clock: any EngineClock,
        tick: Int64 = 500,
        listener: @escaping Listener
    ) throws {
        self.site = site
        self.store = store
        self.clock = clock
        self.tick = tick
        self.listener = listener
        let watcher = try StoreWatcher(storePath: site.storePath)
        self.watcher = watcher
        let lock = store.lock ?? StoreLock(storePath: site.storePath)
        let ownership = Ownership(storePath: site.storePath, lock: lock)
        self.ownership = ownership
        standby = .current(since: clock.now())
        let opened = opened
        runner = try EngineRunner(
            clock: clock,
            watched: [watcher.descriptor],
            // A write is reported before its commit can be seen. The turn waits for the writer's
            // lock, so what it finds is complete; asking here whether something changed would not.
            drain: { watcher.drain() },
            notice: listener,
            beat: { try ownership.beat(at: $0) },
            lost: {
                opened.hypervisor.withLock { $0 = nil }
                ownership.forget()
            }
        )
    }

    /// The hypervisor, once this process owns it.
    var hypervisor: SimulatedHypervisor? { opened.hypervisor.withLock { $0 } }

    /// Starts the thread.
    func start() {
        runner.start { [self] now in try make(at: now) }
    }

    /// Has the engine finish its turn, and gives the store to whoever waits for it.
    func stop() {
        runner.stop()
        for hook in hooks.withLock({ $0 }) { hook.stop() }
        // Scripts go on; the next engine takes them up.
        scripts.withLock { scripts in
            scripts?.stop()
            scripts = nil
        }
        opened.hypervisor.withLock { $0 = nil }
        ownership.release(at: clock.now())
        Standbys.remove(standby, of: site.storePath)
    }

    /// Starts what is to be done when something happens; only the owner of the store does it.
    private func startHooks() throws {
        try hooks.withLock { hooks in
            guard hooks.isEmpty else { return }
            for rule in site.configuration.hooks where rule.program != nil {
                hooks.append(try HookThread(rule, site: site) { [listener] in listener($0) })
            }
            for hook in hooks { hook.start() }
        }
    }

    private func make(at now: Timestamp) throws -> Engine? {
        let outcome = try ownership.tryTake(at: now)
        guard outcome != .refused else {
            if !isStandingBy.exchange(true, ordering: .relaxed) {
                Standbys.note(standby, of: site.storePath)
            }
            return nil
        }
        do {
            let hypervisor = try opened.hypervisor.withLock { opened in
                if let known = opened { return known }
                let made = try site.openHypervisor(tick: tick, seizing: outcome == .seized)
                opened = made
                return made
            }
            let scripts = try scripts.withLock { [runner] scripts in
                if scripts == nil { scripts = try site.openScripts { runner.nudge() } }
                return scripts
            }
            var system = SystemRandomNumberGenerator()
            let engine = try site.makeEngine(
                store: store,
                hypervisor: hypervisor,
                scripts: scripts,
                seed: system.next(),
                at: now,
                wall: clock.wall()
            )
            if isStandingBy.exchange(false, ordering: .relaxed) {
                Standbys.remove(standby, of: site.storePath)
            }
            try startHooks()
            return engine
        } catch {
            ownership.release(at: now)
            throw error
        }
    }
}

/// The hypervisor that a host has opened.
private final class Opened: Sendable {
    let hypervisor = Mutex<SimulatedHypervisor?>(nil)
}
