import Engine
import Model
import Store
import TestKit

/// Schedules: somebody adds, edits, disables, runs and removes them while they run.
extension Simulation {
    func manageSchedules() throws {
        guard !without.contains(.dueTimes) else { return }
        let names = try bench.store.read { try $0.schedules() }.map(\.schedule.name)
        let name = names.randomElement(using: &chance)
        let dice = draw(10)
        switch name {
        case let name? where dice < 2: try change { try $0.edit(name, "edit", self.edit) }
        case let name? where dice == 2: try change { try $0.setEnabled(name, self.draw(2) == 0) }
        case let name? where dice == 3:
            checker.mayVanish(schedule: name)
            try change { try $0.remove(name) }
        case let name? where dice < 6:
            var seeded = SeededChance(seed: chance.next())
            let isDrained = checker.isDrained(at: now)
            let outcome = try change { try $0.run(name, chance: &seeded) }
            if case .accepted(let id) = outcome {
                checker.wasTold(accepted: id)
                if isDrained { throw Violation("\(id) was accepted by a drained engine") }
            }
        case nil where dice == 9:
            guard case .notFound = try change({ try $0.remove("nothing") }) else {
                throw Violation("a schedule was removed that never was")
            }
        default:
            guard names.count < 4 else { return }
            let schedule = schedule()
            try change { try $0.add(schedule) }
        }
        try turnForOthers()
    }

    /// All schedules are switched off; their records stay.
    func endSchedules() throws {
        for name in try bench.store.read({ try $0.schedules() }).map(\.schedule.name) {
            try change { try $0.setEnabled(name, false) }
        }
    }

    @discardableResult
    private func change(
        _ body: (ScheduleDesk) throws -> RequestOutcome
    ) throws -> RequestOutcome {
        let wall = bench.clock.wall()
        let outcome = try bench.store.write(as: nil) { tx in
            try body(
                ScheduleDesk(tx, by: "scheduler", rules: setup.rules, at: now, wall: wall)
            )
        }
        try checker.noticeSchedules(wall: wall)
        return outcome
    }

    private func schedule() -> Schedule {
        schedulesMade += 1
        let kind = Self.recurring[draw(3)]
        var schedule = Schedule(
            name: "schedule-\(schedulesMade)",
            kind: kind,
            user: "scheduler",
            rule: rule()
        )
        (schedule.target, schedule.parameters) = details(of: kind)
        vary(&schedule)
        return schedule
    }

    private func vary(_ schedule: inout Schedule) {
        schedule.zone = Self.zones.randomElement(using: &chance) ?? "UTC"
        schedule.dst = DSTRule.allCases[draw(3)]
        schedule.overlap = OverlapPolicy.allCases[draw(OverlapPolicy.allCases.count)]
        schedule.missed = [.skip, .latest, .all(cap: 1 + draw(3))][draw(3)]
        if draw(6) == 0 { schedule.startsAt = bench.clock.wall() + Int64(draw(1_800_000)) }
        if draw(6) == 0 {
            schedule.endsAt = bench.clock.wall() + Int64(draw(14_400_000)) + 2_000_000
        }
    }

    private func rule() -> ScheduleRule {
        if draw(2) == 0 {
            let anchor = ManualClock.beginning + Int64(draw(3_600_000))
            return .every(milliseconds: Int64(1 + draw(12)) * 150_000, anchor: anchor)
        }
        let text = Self.rules.randomElement(using: &chance) ?? "*/10 * * * *"
        return (try? CronRule(text)).map { .cron($0) }
            ?? .every(milliseconds: 600_000, anchor: ManualClock.beginning)
    }

    private static let rules = [
        "*/10 * * * *", "*/20 * * * *", "5,35 * * * *", "30 * * * *", "15 */2 * * *",
        "30 1,2,3 * * *", "0 2 * * *", "*/15 2 * * SUN",
    ]
    private static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
    ]

    private func edit(_ schedule: inout Schedule) {
        switch draw(4) {
        case 0: schedule.rule = rule()
        case 1: vary(&schedule)
        case 2: schedule.priority = draw(5)
        default: (schedule.target, schedule.parameters) = details(of: schedule.kind)
        }
    }
}
