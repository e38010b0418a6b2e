import Model

/// What a data centre does again and again by itself, in a few zones, so that all changes of
/// clocks pass.
enum YearlyRounds {
    /// How its instants follow each other, told without the rules by which they are found.
    enum Pace {
        /// By so many milliseconds of elapsed time.
        case elapsed(Int64)
        /// By so many dates of the zone's calendar.
        case dates(Int)
    }

    /// A schedule and how its instants must follow each other.
    struct Round {
        let schedule: Schedule
        let pace: Pace
    }

    /// The schedules of a simulation.
    ///
    /// - Throws: a ``Model/ScheduleError``, if the system does not know a zone.
    static func all() throws -> [Round] {
        var list = [
            Round(schedule: try hourly(), pace: .elapsed(3_600_000)),
            Round(schedule: try nightly(), pace: .dates(1)),
        ]
        // Half past two is left out in spring, and comes twice in autumn, on a Sunday; on Lord
        // Howe the clock is changed by half an hour, at two.
        for (zone, time) in [
            ("Europe/Berlin", "30 2"), ("America/New_York", "30 1"),
            ("Australia/Lord_Howe", "45 1"),
        ] {
            let place = zone.split(separator: "/").last.map { $0.lowercased() } ?? zone
            var weekly = Schedule(
                name: "refresh-\(place)",
                kind: "repository.refresh",
                user: "scheduler",
                rule: .cron(try CronRule("\(time) * * SUN"))
            )
            weekly.target = Target(type: "repository", name: "repo-nfs-1")
            (weekly.zone, weekly.overlap) = (zone, .queue)
            list.append(Round(schedule: weekly, pace: .dates(7)))
        }
        return list
    }

    private static func hourly() throws -> Schedule {
        var sync = Schedule(
            name: "sync",
            kind: "inventory.sync",
            user: "scheduler",
            rule: .cron(try CronRule("5 * * * *"))
        )
        (sync.zone, sync.overlap) = ("Europe/Berlin", .skip)
        sync.parameters = ["cluster": "a"]
        return sync
    }

    private static func nightly() throws -> Schedule {
        var nightly = Schedule(
            name: "nightly",
            kind: "snapshot.policy",
            user: "scheduler",
            rule: .cron(try CronRule("30 2 * * *"))
        )
        (nightly.zone, nightly.overlap) = ("Europe/Berlin", .bufferOne)
        nightly.parameters = ["vms": "db-*", "keep": "2", "prefix": "nightly"]
        return nightly
    }
}
