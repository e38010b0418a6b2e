import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Time, and clocks that jump")
struct ClockTests {
    // MARK: The store's time

    @Test("The store's time never goes back and never jumps, whatever the wall does")
    func steady() {
        var time = SteadyTime(start: ManualClock.beginning, uptime: 0)
        var before = ManualClock.beginning
        let leaps: [Int64] = [0, 7_200_000, -7_200_000, 3_600_000, -3_600_000, 1000, -1]
        for second in 1...10_000 {
            let uptime = Int64(second) * 1000
            let leap = leaps[second % leaps.count]
            let now = time.now(uptime: uptime, wall: ManualClock.beginning + uptime + leap)
            #expect((960...1040).contains(now - before))
            before = now
        }
    }

    @Test("It comes near the wall again, a fiftieth faster or slower", arguments: [1, -1])
    func slew(_ sign: Int64) {
        var time = SteadyTime(start: ManualClock.beginning, uptime: 0)
        let leap = sign * 60_000
        var now = ManualClock.beginning
        for tick in 1...4_000_000 / 100 {
            let uptime = Int64(tick) * 100
            now = time.now(uptime: uptime, wall: ManualClock.beginning + uptime + leap)
        }
        #expect(now == ManualClock.beginning + 4_000_000 + leap)
        #expect(time.now(uptime: 0, wall: now) >= now, "a monotonic clock that is not")
    }

    @Test("A smeared leap second is not noticed")
    func smear() {
        var time = SteadyTime(start: ManualClock.beginning, uptime: 0)
        for tick in 0...864_000 {
            let uptime = Int64(tick) * 100
            let wall = ManualClock.beginning + (uptime - uptime / 86_400)
            let now = time.now(uptime: uptime, wall: wall)
            #expect(abs(now - wall) <= 2)
        }
    }

    // MARK: Jobs under a wall that jumps

    /// What became of a day's work, with the moments of every move in the store's time.
    private func day(jumps: @escaping (Int) -> Int64) throws -> [String] {
        let backend = ScriptedBackend(slotsPerLane: 2)
        backend.script(
            "flaky",
            .fails(.scripted("busy", kind: .transient), after: 50),
            .done(after: 9)
        )
        backend.script("slow", .done(after: 400_000))
        backend.script("stuck", .hangs)
        backend.script("quiet", .dropsAnswer(doneAfter: 10))
        backend.script("gone", .isForgotten)
        let bench = try EngineBench(
            backend,
            kinds: ["flaky", "slow", "stuck", "quiet", "gone"].map { verb in
                ScriptedKind(
                    verb,
                    steps: [.doing(verb, on: verb, undo: "undo", retry: .standard), .doing("end")],
                    locks: [.exclusive("x/\(verb)")]
                )
            }
        )
        var turns = 0
        bench.afterTurn = { bench in
            turns += 1
            let leap = jumps(turns)
            if leap != 0 { bench.clock.jumpWall(by: leap) }
        }
        for kind in ["flaky", "slow", "stuck", "quiet", "gone", "slow", "flaky"] {
            try bench.submit(kind) {
                $0.lockPolicy = kind == "slow" ? .waitAtMost(100_000) : .wait
                if kind == "stuck" { $0.limits = TimeLimits(total: 900_000) }
            }
            try bench.run(for: 1000)
        }
        try bench.run(for: 3_600_000)
        return try bench.journal().map { entry in
            "\(entry.at) \(entry.job) \(entry.from?.rawValue ?? "-") \(entry.to) \(entry.cause)"
        }
    }

    @Test("A wall clock jump of ±2 h at each turn changes no job outcome and no order")
    func jumps() throws {
        let calm = try day { _ in 0 }
        #expect(calm.count > 30)
        let hours: [Int64] = [2, -2, -2, 2, 1, -1]

        #expect(try day { hours[$0 % hours.count] * 3_600_000 } == calm)
        #expect(try day { _ in 7_200_000 } == calm)
        #expect(try day { _ in -7_200_000 } == calm)
    }

    @Test("A one-shot time follows the wall: forward it is due at once, back it waits longer")
    func oneShot() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: [ScriptedKind("job", steps: [.doing("a")])]
        )
        let due = ManualClock.beginning + 3_600_000
        let first = try bench.submit("job") { $0.dueAt = due }
        let second = try bench.submit("job") { $0.dueAt = due + 3_600_000 }
        try bench.run(for: 60_000)
        #expect(try bench.job(first).waiting?.reason == .time)

        bench.clock.jumpWall(by: 3_600_000)
        try bench.turn()
        try bench.run(for: 1000)
        #expect(try bench.job(first).state == .completed)
        #expect(try bench.job(second).state == .pending)

        bench.clock.jumpWall(by: -7_200_000)
        try bench.turn()
        try bench.run(for: 7_190_000 - 61_000 + 3_600_000)
        #expect(try bench.job(second).state == .pending)
        try bench.run(for: 20_000)
        #expect(try bench.job(second).state == .completed)
    }

    @Test("A new engine reckons one-shot times by its own wall")
    func restart() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: [ScriptedKind("job", steps: [.doing("a")])]
        )
        let id = try bench.submit("job") { $0.dueAt = ManualClock.beginning + 3_600_000 }
        bench.clock.jumpWall(by: 3_600_000)

        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
    }
}
