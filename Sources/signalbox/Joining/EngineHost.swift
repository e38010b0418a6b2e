import Engine
import Foundation
import Hypervisor
import Model
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
    private let opened = Mutex<SimulatedHypervisor?>(nil)
    private let watcher: StoreWatcher
    private let tick: Int64

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
        let watcher = try StoreWatcher(storePath: site.storePath)
        self.watcher = watcher
        runner = try EngineRunner(
            clock: clock,
            watched: [watcher.descriptor],
            // A write is reported before its commit can be seen. The turn waits for the writer's
            // lock, so what it finds is complete; asking here whether something changed would not.
            drain: { watcher.drain() },
            notice: listener
        )
    }

    /// The hypervisor, once this process owns it.
    var hypervisor: SimulatedHypervisor? { opened.withLock { $0 } }

    /// Starts the thread.
    func start() {
        runner.start { [self] now in try make(at: now) }
    }

    /// Has the engine finish its turn, and gives the store to whoever waits for it.
    func stop() {
        runner.stop()
        opened.withLock { $0 = nil }
        store.lock?.release()
    }

    private func make(at now: Timestamp) throws -> Engine? {
        guard let lock = store.lock, try lock.tryTake(as: .current(since: now)) else { return nil }
        do {
            let hypervisor = try opened.withLock { opened in
                if let known = opened { return known }
                let made = try site.openHypervisor(tick: tick)
                opened = made
                return made
            }
            var system = SystemRandomNumberGenerator()
            return try site.makeEngine(
                store: store,
                hypervisor: hypervisor,
                seed: system.next(),
                at: now
            )
        } catch {
            lock.release()
            throw error
        }
    }
}
