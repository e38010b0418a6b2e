import Engine
import Model
import TestKit
import Testing

@testable import Store

@Suite("Schedules in the engine")
struct ScheduleTests {
    @Test("[70] it wants its turn at the next instant, and never if there is none")
    func quiet() throws {
        let stage = try ScheduleStage()
        let engine = { stage.bench.engine.nextTurn(after: stage.bench.clock.now()) }
        #expect(engine() == ScheduleStage.start + 60_000)
        try stage.ask { try $0.setEnabled("nightly", false) }
        #expect(engine() == nil)
        try stage.run(to: 200)
        #expect(try stage.jobs().isEmpty)
        try stage.ask { try $0.setEnabled("nightly", true) }
        #expect(engine() == ScheduleStage.start + 240_000)
        try stage.ask { try $0.remove("nightly") }
        #expect(engine() == nil)
    }

    @Test("[70] a cron rule runs twice in a fold if its rule says so, and once if not")
    func fold() throws {
        for (dst, count) in [(DSTRule.both, 2), (.once, 1)] {
            let stage = try ScheduleStage()
            let rule = ScheduleRule.cron(try CronRule("30 2 31 10 *"))
            try stage.ask {
                try $0.edit("nightly") { schedule in
                    schedule.rule = rule
                    schedule.zone = "Europe/Berlin"
                    schedule.dst = dst
                }
            }
            try stage.bench.run(until: try #require(Timestamp(rfc3339: "2027-11-01T00:00:00Z")))
            #expect(try stage.runs().count == count)
        }
    }

    @Test("a run that its kind refuses is on record with the reason, and the next one follows")
    func refused() throws {
        let stage = try ScheduleStage { $0.kind = "picky" }
        try stage.run(to: 130)
        #expect(try stage.history() == "60 refused, 120 refused")
        let state = try stage.stored().state
        #expect(state.lastRun?.text == "not today")
        #expect(state.refused == 2 && state.made == 0)
        #expect(state.nextAt == ScheduleStage.start + 180_000)
        #expect(try stage.jobs().isEmpty)
    }

    @Test("[73] expunging the last job does not change the next run")
    func retention() throws {
        let stage = try ScheduleStage { $0.overlap = .queue }
        stage.backend.script("work", .done(after: 1000))
        try stage.run(to: 70)
        let before = try stage.stored()
        try stage.bench.store.write(as: nil) { tx in
            try (tx as? SQLiteTransaction)?.query("DELETE FROM job") { query in
                _ = try query.run()
            }
        }
        #expect(try stage.jobs().isEmpty)
        #expect(try stage.stored() == before)
        try stage.beAway(to: 80)
        try stage.run(to: 130)
        #expect(try stage.history() == "60 made completed, 120 made completed")
    }

    @Test("a run that waited for a job that was removed unseen goes on with the next engine")
    func vanished() throws {
        let stage = try ScheduleStage { $0.overlap = .queue }
        stage.backend.script("work", .hangs)
        try stage.run(to: 130)
        #expect(try stage.history() == "60 made, 120 waiting")
        try stage.bench.store.write(as: nil) { tx in
            try (tx as? SQLiteTransaction)?.query("DELETE FROM job") { query in
                _ = try query.run()
            }
        }
        try stage.beAway(to: 140)
        #expect(try stage.history() == "60 made, 120 made")
    }

    @Test("a job made by hand, and a second attempt, count among its runs")
    func byHand() throws {
        let stage = try ScheduleStage(every: 600)
        stage.backend.script("work", .fails(.scripted("no"), after: 10))
        var chance = SeededChance(seed: 7)
        let outcome = try stage.ask { try $0.run("nightly", chance: &chance) }
        guard case .accepted(let id) = outcome else { throw Failure.scripted("\(outcome)") }
        try stage.run(to: 5)
        let again = try stage.bench.request(.retry, id)
        guard case .accepted(let second) = again else { throw Failure.scripted("\(again)") }
        try stage.run(to: 10)
        #expect(try stage.bench.job(second).schedule == "nightly")
        let runs = try stage.runs()
        #expect(runs.map(\.job) == [id, second])
        #expect(runs.allSatisfy { $0.isManual && $0.ended == .failed })
        #expect(runs.map(\.text) == ["asked for by ann", "\(id) again"])
        #expect(try stage.stored().state.nextAt == ScheduleStage.start + 600_000)
    }

    @Test("switched off, it leaves out what waits")
    func disabled() throws {
        let stage = try ScheduleStage { $0.overlap = .queue }
        stage.backend.script("work", .done(after: 100_000))
        try stage.run(to: 130)
        try stage.ask { try $0.setEnabled("nightly", false) }
        try stage.run(to: 500)
        #expect(try stage.history() == "60 made completed, 120 skipped")
        #expect(try stage.runs().last?.text == "the schedule was disabled")
    }

    @Test("an instant that was run is not run again when the clock is set back")
    func clockBack() throws {
        let stage = try ScheduleStage()
        try stage.run(to: 130)
        let past = ScheduleStage.start + 30_000
        try stage.bench.store.write(as: nil) { tx in
            _ = try ScheduleDesk(tx, by: "ann", at: past).edit("nightly") { $0.zone = "Asia/Tokyo" }
        }
        #expect(try stage.stored().state.nextAt == ScheduleStage.start + 180_000)
    }

    @Test("every change is in the audit, refused ones too")
    func audit() throws {
        let stage = try ScheduleStage()
        try stage.ask { try $0.add(ScheduleStage.schedule(every: 5)) }
        try stage.ask { try $0.edit("nightly") { $0.zone = "Mars/Olympus" } }
        try stage.ask { try $0.edit("nightly") { $0.priority = 5 } }
        try stage.ask { try $0.setEnabled("nightly", false) }
        try stage.ask { try $0.remove("nightly") }
        try stage.ask { try $0.remove("nightly") }
        let lines = try stage.bench.store.read {
            try $0.audit(of: "schedule nightly", after: 0, limit: 99)
        }
        #expect(
            lines.map(\.action) == ["add", "add", "edit", "edit", "disable", "remove", "remove"]
        )
        #expect(
            lines.map { $0.outcome.prefix(7) } == [
                "added", "refused", "refused", "edited", "disable", "removed", "refused",
            ]
        )
        #expect(lines.allSatisfy { $0.user == "ann" && $0.reason == "why not" })
        #expect(lines[4].after.contains("disabled") && lines[4].before.contains("enabled"))
    }

    @Test("an edit that leaves the times alone does not lose an instant that is due")
    func editKeepsDue() throws {
        let stage = try ScheduleStage()
        stage.bench.clock.advance(by: 61_000)
        try stage.bench.store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "ann", at: stage.bench.clock.now())
            _ = try desk.edit("nightly") { $0.note = "x" }
        }
        try stage.notice()
        #expect(try stage.history() == "60 made")
    }

    @Test("a damaged row is put aside with a reason, and holds nothing up")
    func damaged() throws {
        let stage = try ScheduleStage()
        try stage.ask { try $0.add(ScheduleStage.schedule("other", every: 60)) }
        try stage.bench.store.write(as: nil) { tx in
            let sql = "UPDATE schedule SET overlap = 'x' WHERE name = 'nightly'"
            try (tx as? SQLiteTransaction)?.query(sql) { query in _ = try query.run() }
        }
        try stage.run(to: 130)
        #expect(try stage.stored("other").state.made == 2)
        #expect(try stage.history() == "60 refused")
        #expect(try stage.runs()[0].text.contains("its row is damaged"))
        #expect(try stage.stored().state.nextAt == nil)
    }
}
