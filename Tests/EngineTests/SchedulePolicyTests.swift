import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Policies of schedules")
struct SchedulePolicyTests {
    @Test(
        "[72] while a job takes longer than the interval, each overlap policy does what it says",
        arguments: [
            (
                OverlapPolicy.skip,
                "60 made completed, 120 skipped, 180 skipped, 240 made, 300 skipped"
            ),
            (
                .queue,
                "60 made completed, 120 made, 180 waiting, 240 waiting, 300 waiting"
            ),
            (
                .bufferOne,
                "60 made completed, 120 made, 180 skipped, 240 waiting, 300 skipped"
            ),
            (
                .replace,
                "60 made aborted, 120 made aborted, 180 made aborted, 240 made aborted, 300 made"
            ),
            (
                .cancelOther,
                "60 made completed, 120 replaced, 180 made, 240 replaced, 300 waiting"
            ),
            (.parallel, "60 made completed, 120 made completed, 180 made, 240 made, 300 made"),
        ]
    )
    func overlap(policy: OverlapPolicy, expected: String) throws {
        let stage = try ScheduleStage { $0.overlap = policy }
        stage.backend.script("work", .done(after: 150_000))

        try stage.run(to: 310)

        let history = try stage.history()
        #expect(history == expected)
        #expect(try stage.jobs().allSatisfy { $0.schedule == "nightly" && $0.user == "ann" })
    }

    @Test(
        "[71] [72] after a downtime with a job still at work: missed-run policy × overlap policy",
        arguments: [
            (MissedPolicy.skip, OverlapPolicy.skip, "240 missed ×9"),
            (.skip, .queue, "240 missed ×9"),
            (.skip, .bufferOne, "240 missed ×9"),
            (.skip, .replace, "240 missed ×9"),
            (.skip, .cancelOther, "240 missed ×9"),
            (.skip, .parallel, "240 missed ×9"),
            (.latest, .skip, "240 missed ×8, 1200 skipped"),
            (.latest, .queue, "240 missed ×8, 1200 waiting"),
            (.latest, .bufferOne, "240 missed ×8, 1200 waiting"),
            (.latest, .replace, "240 missed ×8, 1200 made"),
            (.latest, .cancelOther, "240 missed ×8, 1200 waiting"),
            (.latest, .parallel, "240 missed ×8, 1200 made"),
            (.all(cap: 3), .skip, "240 missed ×6, 960 skipped, 1080 skipped, 1200 skipped"),
            (.all(cap: 3), .queue, "240 missed ×6, 960 waiting, 1080 waiting, 1200 waiting"),
            (.all(cap: 3), .bufferOne, "240 missed ×6, 960 waiting, 1080 skipped, 1200 skipped"),
            (.all(cap: 3), .replace, "240 missed ×6, 960 replaced, 1080 replaced, 1200 made"),
            (
                .all(cap: 3), .cancelOther,
                "240 missed ×6, 960 replaced, 1080 replaced, 1200 waiting"
            ),
            (.all(cap: 3), .parallel, "240 missed ×6, 960 made, 1080 made, 1200 made"),
        ]
    )
    func missed(missed: MissedPolicy, overlap: OverlapPolicy, expected: String) throws {
        let stage = try ScheduleStage(every: 120) { schedule in
            schedule.overlap = overlap
            schedule.missed = missed
        }
        stage.backend.script("work", .hangs)
        try stage.run(to: 130)

        try stage.beAway(to: 1290)
        try stage.run(to: 1310)

        let first = overlap == .replace && missed != .skip ? "120 made aborted" : "120 made"
        let history = try stage.history()
        #expect(history == "\(first), \(expected)")
        #expect(try stage.stored().state.nextAt == ScheduleStage.start + 1_320_000)
    }

    @Test(
        "[71] of instants missed with nothing at work, none, the newest, or the newest few are run",
        arguments: [
            (MissedPolicy.skip, Int64(1290), "120 missed ×10"),
            // Still on time: no minute has passed.
            (.skip, 1230, "120 missed ×9, 1200 made"),
            (.latest, 1290, "120 missed ×9, 1200 made"),
            (.all(cap: 2), 1290, "120 missed ×8, 1080 made, 1200 made"),
            (.all(cap: 20), 370, "120 made, 240 made, 360 made"),
        ]
    )
    func asleep(missed: MissedPolicy, wakes: Int64, expected: String) throws {
        let stage = try ScheduleStage(every: 120) { schedule in
            schedule.overlap = .parallel
            schedule.missed = missed
        }

        try stage.beAway(to: wakes)

        let history = try stage.history()
        #expect(history == expected)
        let count = try stage.stored().state.missed
        #expect(
            count
                == (try stage.runs()).filter { $0.outcome == .missed }.reduce(0) {
                    $0 + Int64($1.count)
                }
        )
    }

    @Test("[71] years without an engine are counted up to a bound, and do not hold anything up")
    func years() throws {
        let stage = try ScheduleStage(every: 1) { $0.missed = .all(cap: 2) }

        try stage.beAway(to: 3 * 365 * 86_400)

        let runs = try stage.runs()
        #expect(runs.map(\.outcome) == [.missed, .made, .skipped])
        #expect(runs[0].text.hasPrefix("more than \(MissedPolicy.countingLimit) instants"))
        #expect(runs[2].due == ScheduleStage.start + 3 * 365 * 86_400_000)
    }

    @Test("what cannot be stopped is waited for, and the record says why")
    func cannotBeStopped() throws {
        let stage = try ScheduleStage { $0.overlap = .replace }
        stage.backend.script("work", .isStubborn)
        try stage.run(to: 125)
        let run = try #require(try stage.runs().last)
        #expect(run.outcome == .waiting)
        #expect(run.text.contains("has not ended"))
        #expect(try stage.jobs().count == 1)
    }

    @Test("no more than a bounded number of runs wait")
    func boundedQueue() throws {
        let stage = try ScheduleStage(every: 1) { $0.overlap = .queue }
        stage.backend.script("work", .hangs)
        try stage.run(to: 110)
        let runs = try stage.runs()
        #expect(runs.count { $0.outcome == .waiting } == OverlapPolicy.waitingLimit)
        #expect(runs.last?.outcome == .skipped)
        #expect(runs.last?.text == "100 runs wait already")
    }
}
