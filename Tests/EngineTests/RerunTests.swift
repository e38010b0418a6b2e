import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Trying again from a step")
struct RerunTests {
    private let backend = ScriptedBackend()

    private func bench(_ policy: RollbackPolicy = .none) throws -> EngineBench {
        let kind = ScriptedKind("one") { order throws(Failure) in
            guard order.isTentative || order.user != "late" else { throw .scripted("it is there") }
            return Plan(
                summary: "Do one",
                steps: [
                    .doing("a", undo: "-a"), .doing("b", undo: "-b"), .doing("c", undo: "-c"),
                    .doing("d", undo: "-d"),
                ],
                locks: [.exclusive("vm/a")],
                rollbackPolicy: policy
            )
        }
        return try EngineBench(backend, kinds: [kind])
    }

    private func verbs(_ id: JobID) -> [String] {
        backend.executed.filter { $0.name.hasPrefix("\(id.number)/") }.map(\.operation.verb)
    }

    private func outcome(_ bench: EngineBench, _ id: JobID, from step: String) throws -> JobID? {
        guard case .accepted(let made) = try bench.request(.retryFrom(step), id) else { return nil }
        return made
    }

    @Test("makes a linked job that leaves out what was done before, by number or name")
    func leavesOut() throws {
        backend.script("c", .fails(.scripted("no"), after: 10))
        let bench = try bench()
        let old = try bench.submit("one") { $0.account = "dev" }
        try bench.run(for: 1000)
        #expect(try bench.job(old).state == .failed)
        backend.script("c", .done(after: 10))

        let new = try #require(try outcome(bench, old, from: "3"))
        #expect(try bench.job(new).retryOf == old)
        #expect(try bench.job(new).attempt == 2)
        #expect(try bench.job(new).account == "dev")
        #expect(try bench.tickets(new).map(\.resource) == ["vm/a"])
        try bench.run(for: 1000)
        #expect(verbs(new) == ["c", "d"])
        #expect(try bench.job(new).state == .completed)
        #expect(try bench.job(new).progress == 100)
        // Of the new one's steps d is the second.
        #expect(try outcome(bench, old, from: "D") == nil)
        let third = try #require(try outcome(bench, new, from: "d"))
        try bench.run(for: 1000)
        #expect(verbs(third) == ["d"])
    }

    @Test("is refused where the work was undone, or was never done")
    func refused() throws {
        backend.script("c", .fails(.scripted("no"), after: 10))
        let bench = try bench(.automatic)
        let old = try bench.submit("one")
        #expect(try outcome(bench, old, from: "2") == nil)
        try bench.run(for: 1000)
        #expect(try bench.job(old).rollback == .clean)
        guard case .refused(let undone) = try bench.request(.retryFrom("3"), old) else {
            Issue.record("its work was undone")
            return
        }
        #expect(undone.contains("was undone (rollback clean)"))

        let kept = try bench.submit("one") { $0.rollbackPolicy = RollbackPolicy.none }
        try bench.run(for: 1000)
        guard case .refused(let never) = try bench.request(.retryFrom("4"), kept) else {
            Issue.record("step 3 failed")
            return
        }
        #expect(never.hasPrefix("step 3 “c” of \(kept) was not done (failed)"))
        for word in ["0", "5", "-1", "x", ""] {
            guard case .refused(let why) = try bench.request(.retryFrom(word), kept) else {
                Issue.record("there is no step \(word)")
                continue
            }
            #expect(why.contains("its steps are 1 a, 2 b, 3 c, 4 d"))
        }
        // From the first step it is a retry like others.
        let whole = try #require(try outcome(bench, kept, from: "1"))
        #expect(try bench.stored(whole).extra.rerunFrom == nil)
        try bench.run(for: 1000)
        #expect(verbs(whole).prefix(3) == ["a", "b", "c"])
    }

    @Test("does not ask its kind whether it could begin: half of the work is done")
    func stale() throws {
        backend.script("b", .fails(.scripted("no"), after: 10))
        let bench = try bench()
        let blocker = try bench.submit("one")
        try bench.run(for: 1000)
        backend.script("b", .hangs)
        let holder = try bench.submit("one")
        // It waits for the lock, is planned anew when it gets it, and taken over meanwhile.
        backend.script("b", .done(after: 10))
        var request = OperatorRequest(.retryFrom("2"), job: blocker, by: "late")
        request.reason = "go on"
        guard case .accepted(let new) = try bench.ask(request) else {
            Issue.record("only its first step would look")
            return
        }
        #expect(try bench.job(new).waiting?.reason == .lock)
        try bench.takeOver()
        try bench.request(.stop(.abandon), holder)
        try bench.run(for: 1000)
        #expect(verbs(new) == ["b", "c", "d"])
        #expect(try bench.job(new).state == .completed)
    }

    @Test("undoes its own steps only")
    func undo() throws {
        backend.script("b", .fails(.scripted("no"), after: 10))
        backend.script("d", .fails(.scripted("no"), after: 10))
        let bench = try bench()
        let old = try bench.submit("one")
        try bench.run(for: 1000)
        backend.script("b", .done(after: 10))
        let new = try #require(try outcome(bench, old, from: "2"))
        try bench.run(for: 1000)
        #expect(try bench.job(new).state == .failed)
        #expect(verbs(new) == ["b", "c", "d"])
        #expect(try bench.steps(new).map(\.step.name) == ["b", "c", "d"])
    }

    @Test("takes results and the way back to placement along, and asks anew what asks for more")
    func carries() throws {
        let store = try TemporaryStore()
        let placed = Step.doing("d", retry: .never).with { $0.retryFrom = 1 }
        let early = Step.doing("c").with { $0.retryFrom = 0 }
        let kinds: [any JobKind] = [
            ScriptedKind("one", steps: [.doing("a"), .doing("b"), early, placed])
        ]
        backend.script("a", .yields(["vm": "web"], after: 10))
        backend.script("d", .fails(.scripted("no"), after: 10))
        let backend = backend
        var bench = try EngineBench(kinds: kinds, store: store) { backend }
        let old = try bench.submit("one") { $0.priority = 7 }
        try bench.run(for: 1000)
        #expect(try bench.job(old).state == .failed)

        let rules = EngineRules(approval: ["one"])
        bench = try EngineBench(kinds: kinds, seed: 2, store: store, rules: rules) { backend }
        let new = try #require(try outcome(bench, old, from: "2"))
        #expect(try bench.job(new).waiting?.reason == .approval)
        #expect(try bench.job(new).priority == 7)
        #expect(try bench.stored(new).extra.results == ["vm": "web"])
        #expect(try bench.steps(new).map(\.step.retryFrom) == [nil, nil, 0])

        try bench.request(.drain(until: nil), on: .engine)
        guard case .refused(let why) = try bench.request(.retryFrom("2"), old) else {
            Issue.record("new jobs are refused")
            return
        }
        #expect(why.contains("drain"), "\(why)")
    }

    @Test("is refused while the job runs, of a child, of a name that two steps have")
    func whole() throws {
        let kinds: [any JobKind] = [
            ScriptedKind("twice", steps: [.doing("a"), .doing("x"), .doing("x")]),
            ScriptedKind("parent", steps: [.children(["twice"])]),
        ]
        let bench = try EngineBench(backend, kinds: kinds)
        let parent = try bench.submit("parent")
        let child = try bench.children(parent)[0]
        #expect(try outcome(bench, child, from: "2") == nil)
        try bench.run(for: 1000)
        #expect(try outcome(bench, child, from: "2") == nil)
        let twice = try bench.submit("twice")
        try bench.run(for: 1000)
        guard case .refused(let why) = try bench.request(.retryFrom("x"), twice) else {
            Issue.record("two steps are called x")
            return
        }
        #expect(why.hasPrefix("\(twice) has no one step “x”"))
        #expect(try outcome(bench, twice, from: "3") != nil)
    }

    @Test("is refused where only some of the work was undone, or nobody knows how much")
    func partly() throws {
        backend.script("c", .fails(.scripted("no"), after: 10))
        backend.script("-a", .fails(.scripted("stuck"), after: 10))
        let bench = try bench(.automatic)
        let some = try bench.submit("one")
        try bench.run(for: 600_000)
        #expect(try bench.job(some).state == .needsOperator)
        try bench.request(.resolve(.giveUp), some)
        #expect(try bench.job(some).rollback == .skipped)
        guard case .refused(let undone) = try bench.request(.retryFrom("3"), some) else {
            Issue.record("b was undone")
            return
        }
        #expect(undone.hasPrefix("step 2 “b” of \(some) was undone"))

        let left = try bench.submit("one")
        try bench.run(for: 600_000)
        try bench.request(.stop(.abandon), left)
        #expect(try bench.job(left).rollback == .dirty)
        guard case .refused(let dirty) = try bench.request(.retryFrom("2"), left) else {
            Issue.record("it is dirty")
            return
        }
        #expect(dirty.contains("(rollback dirty)"))
    }
}
