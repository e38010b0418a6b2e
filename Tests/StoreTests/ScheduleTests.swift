import GRDB
import Model
import Testing

@testable import Store

@Suite("Schedules in the store")
struct ScheduleTests {
    /// A schedule with everything, or with what is usual.
    static func schedule(
        _ number: Int64,
        _ name: String,
        next: Timestamp? = nil,
        _ change: (inout Schedule) -> Void = { _ in }
    ) -> StoredSchedule {
        let rule = ScheduleRule.every(milliseconds: 60_000, anchor: start)
        var schedule = Schedule(name: name, kind: "noop", user: "ann", rule: rule)
        change(&schedule)
        return StoredSchedule(schedule, ScheduleState(number: number, nextAt: next, at: start))
    }

    static func run(
        _ number: Int64,
        _ outcome: ScheduleRun.Outcome,
        job: Int64? = nil
    ) -> ScheduleRun {
        var run = ScheduleRun(number: number, due: start + number, at: start, outcome: outcome)
        run.job = job.map(JobID.init)
        return run
    }

    @Test("come back as they were saved, edits too", arguments: StoreKind.allCases)
    func roundTrip(_ kind: StoreKind) throws {
        let store = try kind.make()
        let cron = ScheduleRule.cron(try CronRule("5 2 * * MON-FRI"))
        var full = Self.schedule(7, "nightly", next: start + 5) { schedule in
            schedule.rule = cron
            schedule.target = Target(type: "vm", name: "web-*")
            schedule.parameters = ["keep": "3", "a\"b": "\u{1}ü"]
            schedule.priority = -2
            schedule.account = "dev"
            schedule.zone = "Europe/Berlin"
            schedule.dst = .shift
            schedule.overlap = .cancelOther
            schedule.missed = .all(cap: 4)
            schedule.startsAt = start
            schedule.endsAt = start + 9
            schedule.note = "ask ann"
        }
        full.state.revision = 3
        full.state.lastDue = start + 1
        full.state.runs = 4
        full.state.made = 1
        full.state.skipped = 2
        full.state.missed = 3
        full.state.refused = 5
        full.state.updatedAt = start + 8
        let plain = Self.schedule(8, "a")
        try store.write { try $0.save([full, plain]) }

        #expect(try store.read { try $0.schedules() } == [plain, full])
        #expect(try store.read { try $0.schedule(named: "nightly") } == full)
        #expect(try store.read { try $0.schedule(named: "other") } == nil)

        full.schedule.isEnabled = false
        full.state.nextAt = nil
        full.schedule.rule = .every(milliseconds: 1000, anchor: start + 3)
        try store.write { try $0.save([full]) }
        #expect(try store.read { try $0.schedules([7, 99]) } == [full])
    }

    @Test(
        "have names of their own, and numbers that are never used twice",
        arguments: StoreKind.allCases
    )
    func names(_ kind: StoreKind) throws {
        let store = try kind.make()
        let numbers = try store.write { tx in
            [try tx.takeScheduleNumber(), try tx.takeScheduleNumber()]
        }
        #expect(numbers == [1, 2])
        try store.write { try $0.save([Self.schedule(1, "a")]) }
        let error = #expect(throws: StoreError.self) {
            try store.write { try $0.save([Self.schedule(2, "a")]) }
        }
        #expect(error?.code == .refused)
        try store.write { try $0.removeSchedules([1]) }
        #expect(try store.write { try $0.takeScheduleNumber() } == 3)
    }

    @Test("are due in the order of their moments", arguments: StoreKind.allCases)
    func due(_ kind: StoreKind) throws {
        let store = try kind.make()
        #expect(try store.read { try $0.nextSchedule() } == nil)
        try store.write { tx in
            try tx.save([
                Self.schedule(1, "a", next: start + 30), Self.schedule(2, "b", next: start + 10),
                Self.schedule(3, "c", next: start + 20), Self.schedule(4, "d"),
            ])
        }
        try store.read { reader in
            #expect(try reader.nextSchedule() == start + 10)
            let due = try reader.dueSchedules(at: start + 20, limit: 9)
            #expect(due.map(\.schedule.name) == ["b", "c"])
            #expect(try reader.dueSchedules(at: start + 99, limit: 1).map(\.state.number) == [2])
        }
    }

    @Test(
        "keep their runs, the newest first, and know which are not finished",
        arguments: StoreKind.allCases
    )
    func runs(_ kind: StoreKind) throws {
        let store = try kind.make()
        var ended = Self.run(2, .made, job: 12)
        ended.ended = .warning
        var missed = Self.run(3, .missed)
        missed.count = 9
        missed.text = "asleep"
        missed.isManual = true
        let all = [Self.run(1, .made, job: 11), ended, missed, Self.run(4, .waiting)]
        try store.write { tx in
            try tx.save([Self.schedule(1, "a"), Self.schedule(2, "b")])
            try tx.save(all.map { (1, $0) } + [(2, Self.run(1, .refused))])
        }
        try store.read { reader in
            #expect(try reader.runs(ofSchedule: 1, limit: 9) == all.reversed())
            #expect(try reader.runs(ofSchedule: 1, limit: 1) == [all[3]])
            #expect(try reader.unfinishedRuns(ofSchedules: [1, 2]) == [1: [all[0], all[3]]])
            #expect(try reader.waitingSchedules() == [1])
            let open = try reader.schedules(ofOpenJobs: [JobID(11), JobID(12), JobID(13)])
            #expect(open == [JobID(11): 1])
            #expect(try reader.schedules().map(\.state.lastRun) == [all[3], Self.run(1, .refused)])
        }
        var first = all[0]
        first.ended = .failed
        try store.write { try $0.save([(1, first)]) }
        #expect(try store.read { try $0.schedules(ofOpenJobs: [JobID(11)]) } == [:])
        try store.write { try $0.removeSchedules([1]) }
        #expect(try store.read { try $0.runs(ofSchedule: 1, limit: 9) }.isEmpty)
        #expect(try store.read { try $0.runs(ofSchedule: 2, limit: 9) }.count == 1)
    }

    @Test("refuse a second run of the clock for the same instant", arguments: StoreKind.allCases)
    func onceAnInstant(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.write { try $0.save([(1, Self.run(1, .made, job: 11))]) }
        var again = Self.run(2, .made, job: 12)
        again.due = start + 1
        let error = #expect(throws: StoreError.self) {
            try store.write { try $0.save([(1, again)]) }
        }
        #expect(error?.code == .refused)
        again.isManual = true
        try store.write { try $0.save([(1, again)]) }
        #expect(try store.read { try $0.runs(ofSchedule: 1, limit: 9) }.count == 2)
    }

    @Test("keep a bounded history, but all that is not finished", arguments: StoreKind.allCases)
    func bounded(_ kind: StoreKind) throws {
        let store = try kind.make()
        let count = Int64(StoreLimits.runsPerSchedule) + 20
        try store.write { tx in
            try tx.save([(1, Self.run(1, .made, job: 1)), (1, Self.run(2, .waiting))])
            for number in 3...count { try tx.save([(1, Self.run(number, .skipped))]) }
        }
        let kept = try store.read { try $0.runs(ofSchedule: 1, limit: 999) }.map(\.number)
        #expect(kept.count == StoreLimits.runsPerSchedule + 2)
        #expect(kept.suffix(3) == [21, 2, 1])
    }

    @Test(
        "[73] stay as they are when the rows of their jobs are removed",
        arguments: StoreKind.allCases
    )
    func independent(_ kind: StoreKind) throws {
        let store = try kind.make()
        let schedule = Self.schedule(1, "a", next: start + 10)
        try store.insert([stored(11) { $0.job.schedule = "a" }])
        try store.write { tx in
            try tx.save([schedule])
            try tx.save([(1, Self.run(1, .made, job: 11))])
        }
        let before = try store.read { try $0.schedules() }
        try #require(store.store as? SQLiteStore).onDatabase { database in
            try database.execute(sql: "DELETE FROM job")
        }
        #expect(try store.read { try $0.schedules() } == before)
        #expect(try store.read { try $0.nextSchedule() } == start + 10)
    }

    @Test("name their jobs, and the filter finds these", arguments: StoreKind.allCases)
    func filtered(_ kind: StoreKind) throws {
        let store = try kind.make()
        try store.insert([
            stored(1) { $0.job.schedule = "nightly-a" }, stored(2),
            stored(3) { $0.job.schedule = "weekly" },
        ])
        #expect(try store.read { try $0.jobs([JobID(1)]) }.first?.job.schedule == "nightly-a")
        for (text, expected) in [
            ("schedule:nightly*", [1] as [Int64]), ("schedule:\"\"", [2]),
            ("schedule:*", [1, 2, 3]),
        ] {
            let query = JobQuery(filter: try FilterParser.parse(text), order: .oldest)
            let page = try store.read { try $0.page(query, at: start) }
            #expect(page.rows.map(\.job.id.number) == expected, "\(text)")
            let matched = page.rows.allSatisfy { query.filter.matches($0.job, at: start) }
            #expect(matched)
        }
    }
}
