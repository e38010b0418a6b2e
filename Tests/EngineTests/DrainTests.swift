import Engine
import Model
import Store
import TestKit
import Testing

@Suite("A drained engine and a full one")
struct DrainTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("leaf", steps: [.doing("leaf")]),
        ScriptedKind("parent", steps: [.doing("begin"), .children(["leaf", "leaf"])]),
    ]

    private func tryToSubmit(_ bench: EngineBench, _ kind: String = "leaf") throws -> String? {
        switch try bench.submit(Submission(kind: kind, user: "ann")) {
        case .refused(let why): why
        default: nil
        }
    }

    private func outside(_ bench: EngineBench, _ rules: EngineRules = EngineRules()) throws
        -> RequestOutcome
    {
        var chance = SeededChance(seed: 9)
        return try bench.store.write(as: nil) { tx in
            try OutsideSubmission.insert(
                Submission(kind: "leaf", user: "eve"),
                into: tx,
                chance: &chance,
                at: bench.clock.now(),
                rules: rules
            )
        }
    }

    @Test("New roots are refused with the reason, children of older roots finish")
    func drained() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let parent = try bench.submit("parent")
        try bench.request(.drain(until: nil), on: .engine, reason: "new kernel")

        let why = try #require(try tryToSubmit(bench))
        #expect(why.contains("drained by ann: new kernel"))
        guard case .refused = try outside(bench) else { return #expect(Bool(false)) }
        #expect(try bench.store.read { try $0.openRoots() } == 1)
        try bench.run(for: 1000)
        #expect(try bench.job(parent).state == .completed)
        #expect(try bench.store.read { try $0.openRoots() } == 0)
    }

    @Test("A drain can be taken back, ends at its time, and outlives the engine")
    func ends() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        try bench.request(.drain(until: nil), on: .engine)
        try bench.takeOver()
        #expect(try tryToSubmit(bench) != nil)
        try bench.request(.resume, on: .engine)
        #expect(try tryToSubmit(bench) == nil)

        let end = bench.clock.now() + 5000
        try bench.request(.drain(until: end), on: .engine)
        #expect(try tryToSubmit(bench)?.contains("\(end)") == true)
        try bench.run(for: 5000)
        #expect(try tryToSubmit(bench) == nil)
        #expect(try bench.store.read { try $0.drain() } == nil)
    }

    @Test("A retry is a new job and refused too; a key that is known still finds its job")
    func retry() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let old = try bench.submit("leaf") { $0.key = "k" }
        try bench.run(for: 1000)
        try bench.request(.drain(until: nil), on: .engine)

        guard case .refused = try bench.request(.retry, old) else { return #expect(Bool(false)) }
        var again = Submission(kind: "leaf", user: "ann")
        again.key = "k"
        #expect(try bench.submit(again) == .existing(old))
    }

    @Test("Beyond the most unfinished jobs a submit is refused, and taken again when one has ended")
    func full() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        let bench = try EngineBench(backend, kinds: kinds, rules: EngineRules(openJobs: 3))
        for _ in 0..<3 { #expect(try tryToSubmit(bench) == nil) }

        let why = try #require(try tryToSubmit(bench))
        #expect(why.contains("3 jobs are unfinished and 3 is the most"))
        try bench.run(for: 150)
        #expect(try tryToSubmit(bench) == nil)
        #expect(try tryToSubmit(bench) != nil)
    }

    @Test("Children do not count, so that a full engine can finish what it has")
    func children() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: kinds,
            rules: EngineRules(openJobs: 1)
        )
        let parent = try bench.submit("parent")
        try bench.run(for: 150)
        #expect(try bench.job(parent).childCount == 2)
        #expect(try tryToSubmit(bench) != nil)
        try bench.run(for: 1000)
        #expect(try bench.job(parent).state == .completed)
        #expect(try tryToSubmit(bench) == nil)
    }

    @Test("Jobs from other processes count at once, theirs against ours and ours against theirs")
    func others() throws {
        let rules = EngineRules(openJobs: 2)
        let backend = ScriptedBackend()
        backend.script("leaf", .hangs)
        let bench = try EngineBench(backend, kinds: kinds, rules: rules)
        #expect(try tryToSubmit(bench) == nil)
        // The engine has not heard of this one when it is asked.
        guard case .accepted = try outside(bench, rules) else { return #expect(Bool(false)) }
        #expect(try tryToSubmit(bench) != nil)
        guard case .refused = try outside(bench, rules) else { return #expect(Bool(false)) }
        #expect(try bench.store.read { try $0.openRoots() } == 2)
    }

    @Test("Many submissions of one turn do not pass the bound together")
    func oneTurn() throws {
        let bench = try EngineBench(
            ScriptedBackend(),
            kinds: kinds,
            rules: EngineRules(openJobs: 10)
        )
        var inbox = Inbox()
        let accepted = Counter()
        for _ in 0..<25 {
            inbox.submissions.append(
                (
                    Submission(kind: "leaf", user: "ann"),
                    { result in
                        if case .success(.accepted) = result { _ = accepted.next() }
                    }
                )
            )
        }
        try bench.turn(inbox)
        #expect(accepted.value == 10)
    }
}
