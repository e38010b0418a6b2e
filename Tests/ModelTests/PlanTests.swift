import Foundation
import Model
import Testing

@Suite("Plans")
struct PlanTests {
    @Test("pause between attempts twice as long each time, up to the limit")
    func pauseDoubles() {
        let policy = RetryPolicy(attempts: 9, base: 2000, limit: 60_000)
        let middles: [Int64] = [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
        for (attempt, middle) in zip(1..., middles) {
            #expect(policy.pause(afterAttempt: attempt, chance: UInt64(middle / 10)) == middle)
        }
    }

    @Test("let chance move a pause by a tenth at most", arguments: UInt64(0)..<40)
    func jitter(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pause = RetryPolicy.standard.pause(afterAttempt: 3, chance: numbers.next())
        #expect((7200...8800).contains(pause))
    }

    @Test("move pauses down and up, by the same for the same number")
    func jitterIsSpread() {
        let policy = RetryPolicy.standard
        #expect(policy.pause(afterAttempt: 1, chance: 0) == 1800)
        #expect(policy.pause(afterAttempt: 1, chance: 400) == 2200)
        #expect(policy.pause(afterAttempt: 1, chance: 401) == 1800)
    }

    @Test(
        "never trap on strange policies",
        arguments: [
            RetryPolicy(attempts: 1, base: .max, limit: .max),
            RetryPolicy(attempts: 1, base: .min, limit: .max),
            RetryPolicy(attempts: 1, base: 5, limit: .min), .never,
        ]
    )
    func extremes(policy: RetryPolicy) {
        for attempt in [Int.min, 0, 1, 21, 64, Int.max] {
            #expect(policy.pause(afterAttempt: attempt, chance: .max) >= 0)
        }
    }

    @Test("survive being stored")
    func stored() throws {
        let boot = Step(
            "Boot web-1",
            .operation(Operation("vm.boot", on: "vm/web-1", lane: "vm/web-1")),
            undo: Operation("vm.halt", on: "vm/web-1"),
            weight: 3,
            retry: .never
        ).with { $0.isInterruptible = false }
        let children = Children([ChildSpec("vm.start", Target("web-2"))], concurrency: 0)
        let plan = Plan(
            summary: "Start web-1",
            steps: [boot, Step("Start others", .children(children))],
            locks: [.exclusive("vm/web-1"), .shared("host/kvm-a01")],
            lockPolicy: .waitAtMost(5000)
        )

        let data = try JSONEncoder().encode(plan)

        #expect(try JSONDecoder().decode(Plan.self, from: data) == plan)
        #expect(children.concurrency == 1)
    }
}
