import Foundation
import Synchronization

/// A hypervisor that only pretends, and does it well: states, durations, faults, a log of its own.
///
/// The same inventory, seed and calls (with their times) give the same answers. While nobody
/// calls it does nothing at all: what fell due happens at the next call, each thing at its time.
package final class SimulatedHypervisor: Hypervisor {
    private struct State {
        var simulation: Simulation
        let log: HypervisorLog?
    }

    private let state: Mutex<State>

    /// How many tasks are kept, unless told otherwise.
    package static let usualCapacity = 200_000

    /// Makes a hypervisor that lives in memory.
    ///
    /// - Parameters:
    ///   - inventory: What there is at the beginning.
    ///   - seed: What durations and made-up addresses are drawn from.
    ///   - tick: The shortest time between two news of one task's progress, in milliseconds; nil
    ///     gives news of endings only.
    ///   - capacity: How many tasks are kept; more are refused until some are cleared.
    package init(
        inventory: Inventory,
        seed: UInt64,
        tick: Int64? = 500,
        capacity: Int = SimulatedHypervisor.usualCapacity
    ) {
        let simulation = Simulation(
            inventory: inventory,
            seed: seed,
            tick: tick,
            capacity: capacity
        )
        state = Mutex(State(simulation: simulation, log: nil))
    }

    /// Opens a hypervisor that keeps a log, or makes one if there is no such file.
    ///
    /// What the file says counts, not `inventory` and `seed`. Tasks that ran go on by the clock
    /// as if the process had not been away, and every kept task is news once more.
    ///
    /// - Parameters:
    ///   - path: The log's file, made readable for its owner only.
    ///   - inventory: What there is when the file is new.
    ///   - seed: What is drawn from when the file is new.
    ///   - tick: As for a hypervisor in memory.
    ///   - bound: How long the log may grow before it is compacted, in bytes.
    ///   - seizing: Take the log even from a process that has it open, which is refused from then
    ///     on; for owners that froze.
    /// - Throws: `HypervisorLogError` when the file is damaged, in use, or cannot be had.
    package init(
        log path: String,
        inventory: Inventory,
        seed: UInt64,
        tick: Int64? = 500,
        bound: Int = HypervisorLog.usualBound,
        seizing: Bool = false
    ) throws(HypervisorLogError) {
        let fresh = Simulation(
            inventory: inventory,
            seed: seed,
            tick: tick,
            capacity: SimulatedHypervisor.usualCapacity
        )
        let log = try HypervisorLog(path, bound: bound, seizing: seizing)
        let simulation = try log.restore(or: fresh)
        state = Mutex(State(simulation: simulation, log: log))
    }

    /// Reads the log of a hypervisor that may be in use, without touching or locking the file.
    ///
    /// What comes of it is a picture: it lives in memory, goes on by the clock as the original
    /// would, and nothing done to it reaches the original.
    ///
    /// - Parameter path: The log's file.
    /// - Throws: `HypervisorLogError` when the file is damaged or cannot be read.
    package init(picturing path: String) throws(HypervisorLogError) {
        let fresh = Simulation(
            inventory: Inventory(),
            seed: 0,
            tick: nil,
            capacity: SimulatedHypervisor.usualCapacity
        )
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw .cannotUse(path: path, reason: error.localizedDescription)
        }
        let simulation = try LogReplay(path: path, fresh: fresh).simulation(data)
        state = Mutex(State(simulation: simulation, log: nil))
    }

    /// Writes entries down, then does them; what cannot be written is not done.
    private func perform(_ entries: [LogEntry]) -> [Reply] {
        state.withLock { state in
            let stamped = entries.map { $0.stamped(state.simulation.clamped($0.at)) }
            if let fault = state.log?.append(stamped) {
                return entries.map { _ in .refused(fault) }
            }
            let replies = stamped.map { state.simulation.apply($0) }
            state.log?.compactIfLong(state.simulation)
            return replies
        }
    }

    private func perform(_ entry: LogEntry) -> Reply { perform([entry]).first ?? .noAnswer }

    /// Starts a task, once per id.
    package func begin(_ call: TaskCall, at now: Int64) -> Reply {
        perform(LogEntry(at: now, begin: call))
    }

    /// Starts several tasks in order, with one write to the log.
    package func begin(all calls: [TaskCall], at now: Int64) -> [Reply] {
        calls.isEmpty ? [] : perform(calls.map { LogEntry(at: now, begin: $0) })
    }

    /// How a task stands now.
    package func probe(_ id: String, at now: Int64) -> TaskReport {
        state.withLock { $0.simulation.probe(id, at: now) }
    }

    /// Stops a task's work now.
    package func interrupt(_ id: String, fence: Int64, at now: Int64) -> Reply {
        perform(LogEntry(at: now, interrupt: LogEntry.Interrupt(id: id, fence: fence)))
    }

    /// Forgets an ended task.
    package func clear(_ id: String, at now: Int64) {
        _ = perform(LogEntry(at: now, clear: id))
    }

    /// Forgets several ended tasks, with one write to the log.
    package func clear(all ids: [String], at now: Int64) {
        guard !ids.isEmpty else { return }
        _ = perform(ids.map { LogEntry(at: now, clear: $0) })
    }

    /// Each task whose status or shown progress changed since the last call.
    package func news(at now: Int64) -> [TaskReport] {
        state.withLock { $0.simulation.news(at: now) }
    }

    /// When there will be news next.
    package func nextNews(after now: Int64) -> Int64? {
        state.withLock { $0.simulation.nextNews(after: now) }
    }

    /// What there is, as of the newest time seen.
    package func inventory() -> Inventory {
        state.withLock { $0.simulation.inventory }
    }

    /// The host that a VM runs on or is reserved on.
    package func hostOf(vm: String) -> String? {
        state.withLock { $0.simulation.inventory.vms[vm]?.host }
    }

    /// A number that grows with every change of the inventory.
    package var revision: Int { state.withLock { $0.simulation.revision } }

    /// How many tasks are kept, running and ended.
    package var taskCount: Int { state.withLock { $0.simulation.tasks.count } }

    /// Adds a fault rule, or replaces the one of its name.
    ///
    /// Refused when there are too many. It strikes calls that begin from now on, and running
    /// tasks only by cutting off their host.
    package func add(_ rule: FaultRule, at now: Int64) -> Reply {
        perform(LogEntry(at: now, addRule: rule))
    }

    /// Removes a fault rule; refused when there is none of this name.
    package func removeRule(_ id: String, at now: Int64) -> Reply {
        perform(LogEntry(at: now, removeRule: id))
    }

    /// The fault rules that are left, in the order they were added.
    package func rules() -> [FaultRule] {
        state.withLock { $0.simulation.rules.rules }
    }

    /// All of the state as of a time, as a value to compare or to keep.
    package func saved(at now: Int64) -> SavedState {
        state.withLock { state in
            state.simulation.advance(to: now)
            return SavedState(state.simulation)
        }
    }
}
