import Model
import Testing

@Suite("Cron rules")
struct CronTests {
    @Test(
        "say which field is wrong and what would be right",
        arguments: [
            ("", "cron", "5 fields"),
            ("0 2 * *", "cron", "has 4"),
            ("0 0 2 * * *", "cron", "there is no field for seconds"),
            ("60 * * * *", "minute", "cannot be 60; it goes from 0 to 59"),
            ("* 25 * * *", "hour", "cannot be 25; it goes from 0 to 23"),
            ("0 0 0 * *", "day of month", "cannot be 0; it goes from 1 to 31"),
            ("0 0 1 13 *", "month", "cannot be 13; it goes from 1 to 12"),
            ("0 0 1 FOO *", "month", "cannot be “FOO”; it is 1 to 12 or JAN to DEC"),
            ("0 0 * * 8", "day of week", "cannot be 8; it goes from 0 to 7"),
            (
                "0 0 * * FRI-MON", "day of week",
                "runs backwards in “FRI-MON”; write FRI-SAT,SUN-MON"
            ),
            ("30-10 * * * *", "minute", "write 30-59,0-10"),
            ("*/0 * * * *", "minute", "cannot have the step “0”"),
            ("*/x * * * *", "minute", "cannot have the step “X”"),
            ("1/2/3 * * * *", "minute", "two steps"),
            ("1,,2 * * * *", "minute", "empty part"),
            ("1-2-3 * * * *", "minute", "two dashes"),
            ("-5 * * * *", "minute", "cannot be “”"),
            ("٥ * * * *", "minute", "cannot be “٥”"),
            ("99999999999999999999 * * * *", "minute", "cannot be"),
            ("0 0 31 2 *", "day of month", "no date fits"),
            ("0 0 30,31 FEB *", "day of month", "no date fits"),
            ("0 0 * * TUE#6", "day of week", "TUE#1 to TUE#5"),
            ("@fortnightly", "cron", "known: @hourly, @daily"),
            ("@reboot", "cron", "follows the clock"),
            ("@every 5m", "cron", "nothing can stand behind @every"),
            ("@daily 5", "cron", "nothing can stand behind @daily"),
        ]
    )
    func wrong(text: String, part: String, words: String) throws {
        let error = try #require(throws: ScheduleError.self) { try CronRule(text) }
        #expect(error.part == part)
        #expect(error.text.contains(words), "\(error.text)")
    }

    @Test(
        "are due at the times they name",
        arguments: [
            ("0 2 * * *", "2026-11-22T02:00", "2026-11-23T02:00", "2026-11-24T02:00"),
            ("*/25 10 * * *", "2026-11-22T10:00", "2026-11-22T10:25", "2026-11-22T10:50"),
            ("50/5 10 * * *", "2026-11-22T10:50", "2026-11-22T10:55", "2026-11-23T10:50"),
            ("0 0 * * MON-FRI", "2026-11-23T00:00", "2026-11-24T00:00", "2026-11-25T00:00"),
            ("0 0 * * sat-sun", "2026-11-22T00:00", "2026-11-28T00:00", "2026-11-29T00:00"),
            ("0 0 * * 7", "2026-11-22T00:00", "2026-11-29T00:00", "2026-12-06T00:00"),
            ("0 0 L * *", "2026-11-30T00:00", "2026-12-31T00:00", "2027-01-31T00:00"),
            ("0 0 * * FRIL", "2026-11-27T00:00", "2026-12-25T00:00", "2027-01-29T00:00"),
            ("0 0 * * TUE#2", "2026-12-08T00:00", "2027-01-12T00:00", "2027-02-09T00:00"),
            // Both restricted: either is enough.
            ("0 0 24 * MON", "2026-11-23T00:00", "2026-11-24T00:00", "2026-11-30T00:00"),
            ("0 0 29 2 *", "2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"),
            ("0 0 1 JAN,jul *", "2027-01-01T00:00", "2027-07-01T00:00", "2028-01-01T00:00"),
            ("@monthly", "2026-12-01T00:00", "2027-01-01T00:00", "2027-02-01T00:00"),
            ("@hourly", "2026-11-22T00:00", "2026-11-22T01:00", "2026-11-22T02:00"),
        ]
    )
    func due(text: String, first: String, second: String, third: String) throws {
        let rule = ScheduleRule.cron(try CronRule(text))
        let zone = try NamedZone("UTC")
        var place = try #require(Timestamp(rfc3339: "2026-11-21T23:59:59Z"))
        for expected in [first, second, third] {
            let next = try #require(rule.next(after: place, in: zone, .once))
            #expect(next.description == expected + ":00.000Z")
            place = next
        }
    }

    @Test("29 February is found over the turn of a century without a leap day")
    func century() throws {
        let rule = ScheduleRule.cron(try CronRule("0 0 29 2 *"))
        let after = try #require(Timestamp(rfc3339: "2096-03-01T00:00:00Z"))
        let next = rule.next(after: after, in: try NamedZone("UTC"), .once)
        #expect(next?.description == "2104-02-29T00:00:00.000Z")
    }

    @Test("that are read again from their text are the same rule")
    func again() throws {
        for text in ["0  2 * *\tMON", "*/5 1-3 L JAN-MAR FRIL", "@weekly"] {
            let rule = try CronRule(text)
            #expect(try CronRule(rule.text) == rule)
        }
    }

    @Test("moments beyond all calendars have no next instant, and do not crash")
    func extremes() throws {
        let rule = ScheduleRule.cron(try CronRule("* * * * *"))
        let zone = try NamedZone("Europe/Berlin")
        #expect(rule.next(after: Timestamp(milliseconds: .max), in: zone, .once) == nil)
        _ = rule.next(after: Timestamp(milliseconds: .min), in: zone, .both)
        let every = ScheduleRule.every(milliseconds: .max, anchor: Timestamp(milliseconds: .min))
        _ = every.next(after: Timestamp(milliseconds: 0), in: zone, .once)
        _ = every.next(after: Timestamp(milliseconds: .max), in: zone, .once)
    }
}
