/// All of a simulated hypervisor's state that cannot be told from the rest.
package struct SavedState: Codable, Sendable {
    let seed: UInt64
    let clock: Int64
    let revision: Int
    let nextOrdinal: Int
    let inventory: Inventory
    let tasks: [TaskRecord]
    let rules: RuleBook
    let fences: Fences

    init(_ simulation: Simulation) {
        seed = simulation.seed
        clock = simulation.clock
        revision = simulation.revision
        nextOrdinal = simulation.nextOrdinal
        inventory = simulation.inventory
        tasks = simulation.tasks.values.sorted { $0.ordinal < $1.ordinal }
        rules = simulation.rules
        fences = simulation.fences
    }
}

extension Simulation {
    /// Goes on from a saved state.
    init(_ saved: SavedState, tick: Int64?, capacity: Int) {
        self.init(inventory: saved.inventory, seed: saved.seed, tick: tick, capacity: capacity)
        clock = saved.clock
        revision = saved.revision
        nextOrdinal = saved.nextOrdinal
        rules = saved.rules
        fences = saved.fences
        for record in saved.tasks {
            tasks[record.call.id] = record
            if record.endedAt == nil { track(record) }
        }
        nextEdge = rules.nextEdge(after: clock)
    }
}
