import Engine
import Foundation
import Hypervisor
import Model
import Store
import Synchronization
import Workload

/// Brings a scenario's events to a running engine, each at its time, on a thread of its own.
final class ScenarioPlayer: Sendable {
    private let driver: Mutex<ScenarioDriver>
    private let host: EngineHost
    private let store: SQLiteStore
    private let clock: any EngineClock
    private let wake: WakePipe
    private let isStopping = Atomic(false)
    private let finished = DispatchSemaphore(value: 0)

    /// A player that has not started.
    init(
        _ driver: ScenarioDriver,
        host: EngineHost,
        store: SQLiteStore,
        clock: any EngineClock
    ) throws {
        self.driver = Mutex(driver)
        self.host = host
        self.store = store
        self.clock = clock
        wake = try WakePipe()
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in
            run()
            finished.signal()
        }
        thread.name = "scenario"
        thread.start()
    }

    /// Ends the thread; events that have not come do not come.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
        finished.wait()
    }

    private func run() {
        while !isStopping.load(ordering: .acquiring) {
            let next = driver.withLock { $0.nextEvent }
            if let next, next <= clock.now() { play() }
            let pause = next.map { clock.milliseconds(until: $0) } ?? -1
            // Before this process owns the store nothing can be played; look again soon.
            rest(for: next != nil && host.hypervisor == nil ? 20 : pause)
        }
    }

    private func rest(for milliseconds: Int32) {
        var descriptor = pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
    }

    private func play() {
        guard let hypervisor = host.hypervisor, host.runner.isOwner else { return }
        // A store that cannot be read now will be complained about by others.
        guard let targets = try? store.read({ try $0.unfinishedTargets(limit: 2000) }) else {
            return
        }
        let now = clock.now()
        let events = driver.withLock {
            $0.take(at: now, inventory: hypervisor.inventory(), unfinished: targets)
        }
        for event in events { play(event, hypervisor, now) }
    }

    private func play(
        _ event: ScenarioEvent,
        _ hypervisor: SimulatedHypervisor,
        _ now: Timestamp
    ) {
        switch event {
        case .submit(let submission, let label):
            host.runner.submit(.byMachine(submission)) { [self] result in
                guard let label, case .success(.accepted(let job)) = result else { return }
                driver.withLock { $0.accepted(label, as: job) }
            }
        case .fault(let rule):
            _ = hypervisor.add(rule, at: now.milliseconds)
            host.runner.nudge()
        case .heal(let id):
            _ = hypervisor.removeRule(id, at: now.milliseconds)
            host.runner.nudge()
        case .request(let request): host.runner.request(.byMachine(request)) { _ in }
        case .missed: break
        }
    }
}
