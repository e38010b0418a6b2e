import Model
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private static func cron(_ text: String, _ change: (inout Schedule) -> Void = { _ in }) throws
        -> Schedule
    {
        var schedule = Schedule(
            name: "nightly",
            kind: "noop",
            user: "ann",
            rule: .cron(try CronRule(text))
        )
        schedule.zone = "Europe/Berlin"
        change(&schedule)
        return schedule
    }

    private static func moment(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text))
    }

    @Test(
        "[70] in a gap and in a fold each rule does what it says",
        arguments: [
            // In Berlin, 2:00 to 3:00 does not exist on 29 March and comes twice on 25 October.
            ("30 2 * * *", DSTRule.once, "2026-03-29", "03:00 +02:00 moved"),
            ("30 2 * * *", .both, "2026-03-29", "03:30 +02:00 leftOutGap"),
            ("30 2 * * *", .shift, "2026-03-29", "03:30 +02:00 moved"),
            (
                "30 2 * * *", .once, "2026-10-25",
                "02:30 +02:00 firstOfTwo, 02:30 +01:00 leftOutFold"
            ),
            (
                "30 2 * * *", .both, "2026-10-25",
                "02:30 +02:00 firstOfTwo, 02:30 +01:00 secondOfTwo"
            ),
            (
                "30 2 * * *", .shift, "2026-10-25",
                "02:30 +02:00 firstOfTwo, 02:30 +01:00 leftOutFold"
            ),
            ("0 3 * * *", .once, "2026-03-29", "03:00 +02:00 none"),
            ("0,20 2,3 * * *", .once, "2026-03-29", "03:00 +02:00 none, 03:20 +02:00 none"),
            ("0 2,4 * * *", .shift, "2026-03-29", "03:00 +02:00 moved, 04:00 +02:00 none"),
        ]
    )
    func dst(text: String, rule: DSTRule, date: String, expected: String) throws {
        let schedule = try Self.cron(text) { $0.dst = rule }
        let start = try Self.moment(date + "T00:00:00Z") + -3_600_000
        let lines = schedule.preview(4, after: start, in: try NamedZone("Europe/Berlin"))
            .filter { $0.wall.hasPrefix(date) }
            .map { $0.wall.dropFirst(11) + " " + $0.mark.rawValue }
        #expect(lines.joined(separator: ", ") == expected)
    }

    @Test("a preview says in words what the clock does")
    func remarks() throws {
        let schedule = try Self.cron("30 2 * * *")
        let zone = try NamedZone("Europe/Berlin")
        let spring = schedule.preview(1, after: try Self.moment("2026-03-28T12:00:00Z"), in: zone)
        #expect(
            spring.map(\.remark)
                == ["a time in the gap before 03:00 does not exist that day: at its end"]
        )
        let autumn = schedule.preview(2, after: try Self.moment("2026-10-24T12:00:00Z"), in: zone)
        #expect(autumn.map(\.mark) == [.firstOfTwo, .leftOutFold, .none])
        #expect(autumn[1].remark == "02:30 comes twice that day: the second time is left out")
    }

    @Test("an island may skip a whole day: its runs come together, not at all, or a day later")
    func dateLine() throws {
        let zone = try NamedZone("Pacific/Apia")
        let start = try Self.moment("2011-12-29T20:00:00Z")
        let next = try DSTRule.allCases.map { dst in
            let schedule = try Self.cron("0 12 30 12 *") { $0.dst = dst }
            return try #require(schedule.next(after: start, in: zone)).description
        }
        #expect(
            next == [
                "2011-12-30T10:00:00.000Z", "2012-12-29T22:00:00.000Z", "2011-12-30T22:00:00.000Z",
            ]
        )
    }

    @Test("a rule that runs in every hour loses none when the clock is put back")
    func everyHour() throws {
        let schedule = try Self.cron("*/30 * * * *")
        #expect(schedule.dst == .both)
        #expect(try Self.cron("*/30 8-18 * * *").dst == .once)
        let zone = try NamedZone("Europe/Berlin")
        var place = try Self.moment("2026-10-24T22:00:00Z")
        for _ in 0..<50 {
            let next = try #require(schedule.next(after: place, in: zone))
            #expect(next - place == 1_800_000)
            place = next
        }
    }

    @Test("[70] intervals follow elapsed time from their anchor, whatever the clock does")
    func intervals() throws {
        let anchor = try Self.moment("2026-03-28T23:10:00Z")
        var schedule = Schedule(
            name: "sync",
            kind: "noop",
            user: "ann",
            rule: .every(milliseconds: 900_000, anchor: anchor)
        )
        let zone = try NamedZone("Europe/Berlin")
        #expect(schedule.next(after: anchor, in: zone) == anchor + 900_000)
        #expect(schedule.next(after: anchor + -1, in: zone) == anchor)
        #expect(schedule.next(after: anchor + -900_001, in: zone) == anchor + -900_000)
        #expect(schedule.next(after: anchor + 7_200_001, in: zone) == anchor + 8_100_000)
        schedule.rule = .every(milliseconds: 86_400_000, anchor: anchor)
        #expect(schedule.next(after: anchor, in: zone) == anchor + 86_400_000)
    }

    @Test("start and end are bounds that belong to it")
    func bounds() throws {
        var schedule = try Self.cron("0 * * * *")
        let zone = try NamedZone("UTC")
        schedule.startsAt = try Self.moment("2026-11-22T10:00:00Z")
        schedule.endsAt = try Self.moment("2026-11-22T11:00:00Z")
        let before = try Self.moment("2026-01-01T00:00:00Z")
        let first = schedule.next(after: before, in: zone)
        #expect(first == schedule.startsAt)
        #expect(first.flatMap { schedule.next(after: $0, in: zone) } == schedule.endsAt)
        #expect(schedule.next(after: try #require(schedule.endsAt), in: zone) == nil)
        #expect(schedule.preview(10, after: before, in: zone).count == 2)
    }

    @Test("of many due instants the newest are given, and the others counted up to a bound")
    func manyDue() throws {
        let schedule = try Self.cron("* * * * *")
        let zone = try NamedZone("UTC")
        let first = try Self.moment("2026-11-22T00:00:00Z")
        let few = schedule.due(from: first, upTo: first + 600_000, limit: 3, in: zone)
        #expect(few.newest == [first + 480_000, first + 540_000, first + 600_000])
        #expect(few.others == 8 && few.isExact)
        let year: Int64 = 365 * 86_400_000
        let many = schedule.due(from: first, upTo: first + year, limit: 2, in: zone)
        #expect(many.newest == [first + (year - 60_000), first + year])
        #expect(many.others == MissedPolicy.countingLimit && !many.isExact)
        let none = schedule.due(from: first, upTo: first + -1, limit: 3, in: zone)
        #expect(none.newest.isEmpty && none.others == 0)
    }

    @Test(
        "that cannot be are refused with what would be right",
        arguments: [
            ("", "UTC", 60_000, MissedPolicy.skip, "1 to 100 letters"),
            ("a b", "UTC", 60_000, .skip, "cannot name a schedule"),
            ("a\u{1B}[2J", "UTC", 60_000, .skip, "cannot name a schedule"),
            ("a", "Europe/Berln", 60_000, .skip, "perhaps Europe/Berlin"),
            ("a", "berlin", 60_000, .skip, "perhaps Europe/Berlin"),
            ("a", "CEST", 60_000, .skip, "use an IANA name"),
            ("a", "GMT+3", 60_000, .skip, "there is no time zone"),
            ("a", "UTC", 999, .skip, "one second to ten years"),
            ("a", "UTC", 60_000, .all(cap: 101), "it can be 1 to 100"),
        ]
    )
    func refused(name: String, zone: String, every: Int64, missed: MissedPolicy, words: String)
        throws
    {
        let rule = ScheduleRule.every(milliseconds: every, anchor: Timestamp(milliseconds: 0))
        var schedule = Schedule(name: name, kind: "noop", user: "ann", rule: rule)
        schedule.zone = zone
        schedule.missed = missed
        let error = try #require(throws: ScheduleError.self) { try schedule.check() }
        #expect(error.text.contains(words), "\(error.text)")
    }

    @Test("a secret among the parameters is refused: it would stay in the store")
    func secrets() throws {
        let schedule = try Self.cron("0 2 * * *") { $0.parameters["rootPassword"] = "hunter2" }
        let error = try #require(throws: ScheduleError.self) { try schedule.check() }
        #expect(error.text.hasPrefix("rootPassword is a secret"))
        #expect(!error.text.contains("hunter2"))
    }

    @Test("policies for missed runs are read as they are written")
    func policies() {
        for policy in [MissedPolicy.skip, .latest, .all(cap: 7)] {
            #expect(MissedPolicy(policy.text) == policy)
        }
        #expect(MissedPolicy("all") == .all(cap: 10))
        for text in ["", "all:0", "all:101", "all:x", "none"] { #expect(MissedPolicy(text) == nil) }
    }
}
