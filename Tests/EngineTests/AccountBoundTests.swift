import Engine
import Model
import Store
import TestKit
import Testing

@Suite("How many jobs an account may have")
struct AccountBoundTests {
    private func bench(
        _ rules: [AccountBounds.Rule],
        _ backend: ScriptedBackend = ScriptedBackend(slotsPerLane: 100),
        rates: [Rates.Rule] = []
    ) throws -> EngineBench {
        let kinds: [any JobKind] = [
            ScriptedKind("work", steps: [.doing("work")]),
            ScriptedKind("hang", steps: [.doing("hang")]),
            ScriptedKind("many", steps: [.children(["hang", "hang", "work"])]),
            ScriptedKind("pair", steps: [.children(["work", "work"])]),
            ScriptedKind("hang-far", steps: [.doing("hang", lane: "far")]),
            ScriptedKind("work-far", steps: [.doing("work", lane: "far")]),
            ScriptedKind("hang-off", steps: [.doing("hang", lane: "off")]),
        ]
        backend.script("hang", .hangs)
        return try EngineBench(
            backend,
            kinds: kinds,
            rules: EngineRules(rates: Rates(rates), accounts: AccountBounds(rules))
        )
    }

    private func submission(_ kind: String, _ account: String) -> Submission {
        Submission(kind: kind, user: "ann", account: account)
    }

    @Test("An account with too many unfinished jobs is refused the next, with who says so")
    func unfinished() throws {
        let bench = try bench([.init("*", unfinished: 2), .init("ops", unfinished: 3)])
        let ids = try (0..<2).map { _ in try bench.submit("hang") { $0.account = "dev" } }
        for _ in 0..<3 { try bench.submit("hang") { $0.account = "ops" } }

        #expect(
            try bench.submit(submission("hang", "dev"))
                == .refused(
                    "account dev has 2 unfinished jobs and 2 is the most it may have (accounts * "
                        + "in the configuration); submit again when some have ended"
                )
        )
        guard case .refused = try bench.submit(submission("hang", "ops")) else {
            Issue.record("ops has three already")
            return
        }
        // Others, those without an account too, are not touched; and one that ends makes room.
        try bench.submit("hang")
        try bench.request(.stop(.abort), ids[0])
        try bench.run(for: 1000)
        try bench.submit("hang") { $0.account = "dev" }
    }

    @Test("Many at once are counted one by one, and again after a restart")
    func batch() throws {
        let bench = try bench([.init("*", unfinished: 5)])
        var inbox = Inbox()
        let order = submission("hang", "dev")
        inbox.submissions = (0..<8).map { _ in (order, { _ in }) }
        try bench.turn(inbox)
        #expect(try bench.store.read { try $0.counts().total } == 5)
        try bench.takeOver()
        guard case .refused = try bench.submit(order) else {
            Issue.record("dev has five already")
            return
        }
        // What another process wrote down counts, too.
        var chance = SeededChance(seed: 7)
        let rules = EngineRules(accounts: AccountBounds([.init("*", unfinished: 7)]))
        let outcomes = try bench.store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                5,
                into: tx,
                chance: &chance,
                at: bench.clock.now(),
                rules: rules
            ) { _, _ in order }
        }
        #expect(outcomes.count == 3)
        guard case .refused(let why) = outcomes.last else {
            Issue.record("dev has seven already")
            return
        }
        #expect(why.hasPrefix("account dev has 7 unfinished jobs"))
    }

    @Test("Nothing of a rate is kept for a job whose account is full: what it waits for needs it")
    func fullAccountKeepsNoRate() throws {
        let bench = try bench([.init("*", running: 1)], rates: [.init("work", 1, per: 10_000)])
        let parent = try bench.submit("pair") { $0.account = "dev" }
        let urgent = try bench.submit("work") {
            ($0.account, $0.priority) = ("dev", 100)
        }
        try bench.run(for: 60_000)

        #expect(try bench.job(parent).state == .completed)
        #expect(try bench.job(urgent).state == .completed)
    }

    @Test(
        "What a rate has room for beyond what is kept for others begins when time makes that room"
    )
    func timeMakesRoom() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let bench = try bench([], backend, rates: [.init("work*", 2, per: 10_000)])
        try bench.submit("work")
        try bench.submit("hang-far")
        try bench.run(for: 1000)
        // It has no slot, and the room that is left is kept for it.
        let urgent = try bench.submit("work-far") { $0.priority = 100 }
        let other = try bench.submit("work")
        try bench.run(for: 8000)
        #expect(try bench.job(other).state == .queued)

        try bench.run(for: 3000)

        #expect(try bench.job(other).state == .completed)
        #expect(try bench.job(urgent).state == .queued)
    }

    @Test("What was kept of a rate for a job is given to others when its account becomes full")
    func accountBecomesFull() throws {
        let bench = try bench(
            [.init("dev", running: 1)],
            ScriptedBackend(slotsPerLane: 1),
            rates: [.init("work*", 1, per: 10_000)]
        )
        // The urgent one has no slot yet, and what there is of the rate is kept for it.
        let holder = try bench.submit("hang-far")
        let urgent = try bench.submit("work-far") { ($0.account, $0.priority) = ("dev", 100) }
        let other = try bench.submit("work")
        try bench.run(for: 20_000)
        #expect(try bench.job(holder).state == .running)
        #expect(try bench.job(other).state == .queued)

        // It is more urgent still, so that the account is full before the lane is free.
        try bench.submit("hang-off") { ($0.account, $0.priority) = ("dev", 200) }
        try bench.run(for: 1000)

        #expect(try bench.job(other).state == .completed)
        #expect(try bench.job(urgent).state == .queued)
    }

    @Test("A schedule that somebody runs by hand makes no job beyond its account's bound")
    func scheduleByHand() throws {
        let bench = try bench([.init("*", unfinished: 1)])
        let rules = EngineRules(accounts: AccountBounds([.init("*", unfinished: 1)]))
        let now = bench.clock.now()
        var chance = SeededChance(seed: 7)
        let outcomes = try bench.store.write(as: nil) { tx in
            let desk = ScheduleDesk(tx, by: "ann", rules: rules, at: now)
            let rule = ScheduleRule.every(milliseconds: 3_600_000, anchor: now)
            _ = try desk.add(Schedule(name: "hourly", kind: "hang", user: "ann", rule: rule))
            return try (0..<2).map { _ in try desk.run("hourly", chance: &chance) }
        }

        guard case .accepted = outcomes[0], case .refused(let why) = outcomes[1] else {
            Issue.record("one was to be accepted, and one refused: \(outcomes)")
            return
        }
        #expect(why.hasPrefix("the account without a name has 1 unfinished jobs"))
    }

    @Test("Of what an account has, no more run at once; the others wait with the reason, in order")
    func running() throws {
        let bench = try bench([.init("dev", running: 2)])
        let ids = try (0..<4).map { _ in try bench.submit("hang") { $0.account = "dev" } }
        let other = try bench.submit("hang") { $0.account = "ops" }

        #expect(try ids.map { try bench.job($0).state } == [.running, .running, .queued, .queued])
        #expect(try bench.job(other).state == .running)
        #expect(
            try bench.job(ids[3]).waiting?.text
                == "waits for limit account dev: 2 at once (accounts dev in the configuration)"
        )
        try bench.takeOver()
        try bench.run(for: 1000)
        #expect(try bench.job(ids[2]).state == .queued)
        try bench.request(.stop(.abort), ids[0])
        try bench.run(for: 1000)
        #expect(try ids.map { try bench.job($0).state } == [.aborted, .running, .running, .queued])
    }

    @Test("Children do not count: what has begun can always go on")
    func children() throws {
        let bench = try bench([.init("*", unfinished: 1, running: 1)])
        let parent = try bench.submit("many") { $0.account = "dev" }
        try bench.run(for: 1000)

        let states = try bench.children(parent).map { try bench.job($0).state }
        #expect(states == [.running, .running, .completed])
    }

    @Test("The closest rule that says the number counts, whatever the account is called")
    func closest() {
        let bounds = AccountBounds([
            .init("*", unfinished: 1, running: 1), .init("op*", unfinished: 2),
            .init("ops", running: 3), .init("a|b%", running: 4),
        ])
        #expect(bounds.unfinished(of: "ops")?.most == 2)
        #expect(bounds.running(of: "ops")?.most == 3)
        #expect(bounds.running(of: "opera")?.most == 1)
        #expect(bounds.unfinished(of: "")?.most == 1)
        #expect(AccountBounds([.init("x", running: 1)]).running(of: "y") == nil)
    }

    @Test("An account may be called anything: its jobs wait and begin")
    func names() throws {
        let bench = try bench([.init("*", running: 1)])
        let ids = try ["a|+|b", "%7C", ""].map { account in
            try (0..<2).map { _ in try bench.submit("work") { $0.account = account } }
        }
        try bench.run(for: 10_000)
        #expect(try ids.joined().allSatisfy { try bench.job($0).state == .completed })
    }
}
