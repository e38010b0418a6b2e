import Engine
import Model
import Store

/// What the people of a simulation do with its store beside asking for jobs.
struct SimulatedHousekeeping {
    let store: SQLiteStore

    /// Adds the schedules of a simulation.
    func begin(_ schedules: [Schedule], at now: Timestamp) throws {
        try store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "scheduler", reason: "simulation", at: now)
            for schedule in schedules { _ = try desk.add(schedule) }
        }
    }

    /// Switches all schedules off.
    func endSchedules(at now: Timestamp) throws {
        try store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "carol", reason: "the end", at: now)
            for stored in try tx.schedules() {
                _ = try desk.setEnabled(stored.schedule.name, false)
            }
        }
    }

    /// Lets go of the audit's lines before a moment.
    func trimAudit(before moment: Timestamp) throws {
        _ = try store.write(as: nil) { try $0.trimAudit(before: moment) }
    }
}
