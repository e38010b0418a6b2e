import Model
import Testing

@Suite("Every firing of six years in forty zones")
struct ScheduleWindowTests {
    private static let zones = [
        "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Lagos", "America/Anchorage",
        "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Chicago", "America/Denver",
        "America/Halifax", "America/Havana", "America/Los_Angeles", "America/Mexico_City",
        "America/New_York", "America/Nuuk", "America/Phoenix", "America/Santiago",
        "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll",
        "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata",
        "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe",
        "Australia/Sydney", "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/London",
        "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "UTC",
    ]
    private static let years = 6
    private static let calendar = NaiveCalendar(years: years)
    private static let end = NaiveCalendar.start + Int64(calendar.count) * 1440

    /// Rules that are often due, for the days around a change of the clock.
    private static let dense = [
        NaiveCron("*/20 * * * *") { $1 % 20 == 0 },
        NaiveCron("5,35 0-3,23 * * *") { ($0 <= 3 || $0 == 23) && ($1 == 5 || $1 == 35) },
    ]
    /// Rules that are seldom due, for all of the time.
    private static let sparse = [
        NaiveCron("30 2 * * SUN", date: { $0.weekday == 0 }) { $0 == 2 && $1 == 30 },
        NaiveCron("0 0 L * *", date: { $0.day == $0.length }) { $0 == 0 && $1 == 0 },
        NaiveCron(
            "15 1 13 * TUE#2",
            date: { $0.day == 13 || ($0.weekday == 2 && (8...14).contains($0.day)) }
        ) { $0 == 1 && $1 == 15 },
        NaiveCron("59 23 29 2 *", date: { $0.month == 2 && $0.day == 29 }) { $0 == 23 && $1 == 59 },
    ]

    @Test("[70] is the one that a watcher of the wall clock expects", arguments: zones)
    func aroundChanges(_ name: String) throws {
        let zone = TableZone(try NamedZone(name), from: NaiveCalendar.start, to: Self.end)
        let clock = NaiveClock(zone: zone, calendar: Self.calendar)
        // Where the clock is never changed, some days in the middle do.
        let places = zone.changes.isEmpty ? [NaiveCalendar.start + 800_000] : zone.changes
        for place in places {
            let window = max(NaiveCalendar.start + 2880, place - 1500)...min(place + 1500, Self.end)
            for cron in Self.dense {
                // What was shown before the window counts as shown: begin a day before it.
                let due = clock.watch(cron, from: window.lowerBound - 1440, to: window.upperBound)
                for dst in DSTRule.allCases {
                    let expected = due[dst, default: []].filter { $0 >= window.lowerBound }.sorted()
                    let found = try firings(
                        cron.text,
                        dst,
                        zone,
                        window.lowerBound,
                        window.upperBound
                    )
                    #expect(found == expected, "\(cron.text) \(dst) near minute \(place)")
                }
            }
        }
    }

    @Test("is the one that a list of all dates has", arguments: zones)
    func wholeYears(_ name: String) throws {
        let zone = TableZone(try NamedZone(name), from: NaiveCalendar.start, to: Self.end)
        let clock = NaiveClock(zone: zone, calendar: Self.calendar)
        let (start, end) = (NaiveCalendar.start + 2880, Self.end - 2880)
        for cron in Self.sparse {
            for dst in DSTRule.allCases {
                let expected = clock.list(cron, dst).filter { $0 >= start && $0 < end }.sorted()
                let found = try firings(cron.text, dst, zone, start, end)
                #expect(found == expected, "\(cron.text) \(dst)")
            }
        }
    }

    /// The minutes at which the program says that a rule is due.
    private func firings(
        _ text: String,
        _ dst: DSTRule,
        _ zone: any ZoneRules,
        _ start: Int64,
        _ end: Int64
    ) throws -> [Int64] {
        let rule = ScheduleRule.cron(try CronRule(text))
        var found: [Int64] = []
        var place = Timestamp(milliseconds: start * 60_000 - 1)
        while let next = rule.next(after: place, in: zone, dst), next.milliseconds < end * 60_000 {
            #expect(next > place && next.milliseconds % 60_000 == 0)
            found.append(next.milliseconds / 60_000)
            place = next
        }
        return found
    }
}
