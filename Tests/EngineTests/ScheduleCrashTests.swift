import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Schedules and crashes")
struct ScheduleCrashTests {
    @Test(
        "[70] whichever commit a crash hits, every instant makes its job exactly once",
        arguments: [CrashingStore.Moment.beforeCommit, .afterCommit],
        [OverlapPolicy.parallel, .queue, .replace]
    )
    func exactlyOnce(moment: CrashingStore.Moment, overlap: OverlapPolicy) throws {
        var crashes = 0
        for writes in 0..<24 {
            let stage = try ScheduleStage { schedule in
                schedule.overlap = overlap
                schedule.missed = .all(cap: 50)
            }
            stage.backend.script("work", .done(after: 90_000))
            stage.bench.store.fail(moment, afterWrites: writes)
            let end = ScheduleStage.start + 400_000
            while stage.bench.clock.now() < end {
                do {
                    try stage.bench.run(until: end)
                } catch is CrashingStore.Crash {
                    crashes += 1
                    try stage.bench.takeOver()
                }
            }
            stage.bench.store.disarm()
            let runs = try stage.runs()
            let dues = runs.map { ($0.due - ScheduleStage.start) / 1000 }
            #expect(dues == [60, 120, 180, 240, 300, 360], "after \(writes) writes")
            let made = runs.compactMap(\.job)
            #expect(Set(made).count == made.count)
            #expect(try stage.jobs().map(\.id) == made.sorted(), "after \(writes) writes")
        }
        #expect(crashes >= 10)
    }
}
