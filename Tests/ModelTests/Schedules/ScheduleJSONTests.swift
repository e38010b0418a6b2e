import Model
import Testing

@Suite("Schedules as JSON")
struct ScheduleJSONTests {
    @Test("have their keys in a fixed order")
    func keys() throws {
        let rule = ScheduleRule.cron(try CronRule("@daily"))
        let schedule = Schedule(name: "nightly", kind: "noop", user: "ann", rule: rule)
        let now = Timestamp(milliseconds: 0)
        let stored = StoredSchedule(schedule, ScheduleState(number: 1, nextAt: nil, at: now))
        let keys = ScheduleJSON.detail(stored, runs: [], next: []).members.map(\.key)
        #expect(
            keys.joined(separator: " ") == """
                name enabled kind target parameters priority user account cron every anchor zone \
                dst overlap missed startsAt endsAt note nextAt madeCount skippedCount missedCount \
                refusedCount createdAt updatedAt lastRun next history
                """
        )
    }

    @Test("an interval has its span and its anchor, a run all that became of it")
    func values() throws {
        let at = Timestamp(milliseconds: 0)
        let rule = ScheduleRule.every(milliseconds: 5_400_000, anchor: at)
        let schedule = Schedule(name: "sync", kind: "noop", user: "ann", rule: rule)
        var run = ScheduleRun(number: 4, due: at, at: at, outcome: .made)
        run.job = JobID(7)
        run.ended = .failed
        var state = ScheduleState(number: 1, nextAt: at, at: at)
        state.lastRun = run
        let text = ScheduleJSON.object(StoredSchedule(schedule, state)).text
        let zero = #""1970-01-01T00:00:00.000Z""#
        #expect(text.contains(#""cron":null,"every":"1h30m","anchor":"# + zero))
        #expect(
            text.contains(
                #""lastRun":{"number":4,"dueAt":"# + zero + #","at":"# + zero
                    + #","manual":false,"outcome":"made","job":7,"ended":"failed","count":1"#
            )
        )
    }
}
