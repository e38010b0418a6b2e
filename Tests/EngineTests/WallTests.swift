import Engine
import Model
import Store
import TestKit
import Testing

/// What was found by the simulation: small ways in which the wall's clock came into what is not its
/// business.
@Suite("Limits and schedules under a wall that is set")
struct WallTests {
    private let backend = ScriptedBackend()

    private func bench(limits: TimeLimits = TimeLimits()) throws -> EngineBench {
        try EngineBench(
            backend,
            kinds: [
                ScriptedKind("job") { _ in
                    Plan(summary: "Do a", steps: [.doing("a")], limits: limits)
                },
                ScriptedKind("hold", steps: [.doing("hold")]),
            ]
        )
    }

    @Test("A limit that ran out before the job had a plan ends it before it begins")
    func late() throws {
        backend.script("hold", .done(after: 100_000))
        let bench = try bench(limits: TimeLimits(total: 50_000))
        let first = try bench.submit("hold")

        // The plan of a job that another process wrote is made when its turn comes.
        let id = try bench.submitOutside("job") { $0.after = [first] }
        try bench.run(for: 200_000)

        #expect(try bench.job(first).state == .completed)
        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .timeout)
        #expect(backend.verbs == ["hold"])
    }

    @Test(
        "Once a job is due, its limits run by the store's time, whatever the wall shows",
        arguments: [-7_200_000, 7_200_000] as [Int64]
    )
    func dueLimit(leap: Int64) throws {
        backend.script("a", .hangs)
        let bench = try bench()
        let due = bench.clock.wall() + 60_000
        let id = try bench.submit("job") {
            $0.dueAt = due
            $0.limits = TimeLimits(total: 100_000)
        }
        try bench.run(for: 61_000)
        #expect(try bench.job(id).state == .running)
        bench.clock.jumpWall(by: leap)
        try bench.turn()

        try bench.run(for: 98_000)
        #expect(try bench.job(id).state == .running)
        try bench.run(for: 2000)
        #expect(try bench.job(id).cause == .timeout)
    }

    @Test("A job that a leap of the wall makes due has all of its limit before it")
    func leapToDue() throws {
        backend.script("a", .done(after: 90_000))
        let bench = try bench()
        let id = try bench.submit("job") {
            $0.dueAt = bench.clock.wall() + 3_600_000
            $0.limits = TimeLimits(total: 100_000)
        }
        bench.clock.jumpWall(by: 7_200_000)
        try bench.turn()
        try bench.run(for: 95_000)

        #expect(try bench.job(id).state == .completed)
    }

    @Test("So has one that waits for others at that moment")
    func leapWhileWaiting() throws {
        backend.script("hold", .done(after: 50_000))
        backend.script("a", .done(after: 30_000))
        let bench = try bench()
        let first = try bench.submit("hold")
        let id = try bench.submit("job") {
            $0.after = [first]
            $0.dueAt = bench.clock.wall() + 3_600_000
            $0.limits = TimeLimits(total: 100_000)
        }
        let late = try bench.submit("job") {
            $0.after = [first]
            $0.dueAt = bench.clock.wall() + 3_600_000
            $0.limits = TimeLimits(total: 70_000)
        }
        bench.clock.jumpWall(by: 7_200_000)
        try bench.turn()
        try bench.run(for: 200_000)

        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(late).cause == .timeout)
    }

    @Test("A wall that is set back a little does not make the engine turn in vain")
    func littleLeap() throws {
        let stage = try ScheduleStage(every: 60)
        try stage.run(to: 30)
        stage.bench.clock.jumpWall(by: -400)
        try stage.bench.turn()

        var turns = 0
        stage.bench.afterTurn = { _ in turns += 1 }
        try stage.run(to: 61)

        #expect(turns < 10)
        #expect(try stage.bench.store.read { try $0.newestJob() } == JobID(1))
    }

    @Test("The desk reckons the next instant by the wall, not by the store's time")
    func desk() throws {
        let bench = try bench()
        bench.clock.jumpWall(by: 7_200_000)
        let rule = ScheduleRule.every(milliseconds: 600_000, anchor: ManualClock.beginning)
        let wall = bench.clock.wall()
        let stored = try bench.store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "ann", at: bench.clock.now(), wall: wall)
            _ = try desk.add(Schedule(name: "often", kind: "job", user: "ann", rule: rule))
            return try tx.schedule(named: "often")
        }

        #expect(stored?.state.nextAt == wall + 600_000)
        #expect(stored?.state.createdAt == bench.clock.now())
    }
}
