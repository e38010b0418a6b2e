import Engine
import Model
import Store
import TestKit
import Testing

@Suite("What the stop of a parent does to each child")
struct CascadeTests {
    private let backend = ScriptedBackend()

    /// A parent with a child of each policy, and a grandparent of it.
    private func bench(_ policies: [StopPolicy]) throws -> EngineBench {
        let children = policies.enumerated().map { index, policy in
            var child = ChildSpec("child\(index)", .none)
            child.onStop = policy
            return child
        }
        let kinds = policies.indices.map { index in
            ScriptedKind("child\(index)", steps: [.doing("child \(index)", undo: "undo \(index)")])
        }
        let steps: [Step] = [
            .doing("a", undo: "undo a"), Step("children", .children(Children(children))),
            .doing("b"),
        ]
        for index in policies.indices { backend.script("child \(index)", .hangs) }
        return try EngineBench(
            backend,
            kinds: kinds + [
                ScriptedKind("parent", steps: steps),
                ScriptedKind("root", steps: [.children(["parent"])]),
            ]
        )
    }

    @Test("Orphans go on, and the parent waits for them before it ends")
    func orphan() throws {
        let bench = try bench([.cascade, .orphan])
        bench.afterTurn = { try Families.check($0) }
        let id = try bench.submit("parent")
        try bench.run(for: 1000)
        let children = try bench.children(id, step: 1)

        try bench.request(.stop(.abort), id)
        try bench.run(for: 60_000)
        #expect(try children.map { try bench.job($0).state } == [.aborted, .running])
        #expect(try bench.job(id).state == .cancelling)
        backend.finish("\(children[1].number)/0/1", at: bench.clock.now())
        try bench.run(for: 1000)

        #expect(try children.map { try bench.job($0).state } == [.aborted, .completed])
        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs.last == "undo a")
    }

    @Test(
        "A stop is refused while a child that forbids it is at work",
        arguments: ["parent", "root"]
    )
    func refuse(kind: String) throws {
        let bench = try bench([.refuse, .cascade])
        let id = try bench.submit(kind)
        try bench.run(for: 1000)
        let parent = kind == "root" ? try bench.children(id)[0] : id
        let children = try bench.children(parent, step: 1)
        let before = try bench.job(id)

        for level in [StopLevel.cancel, .abort] {
            guard case .refused(let why) = try bench.request(.stop(level), id) else {
                Issue.record("\(level) was not refused")
                continue
            }
            #expect(why.contains("\(children[0])"))
        }
        #expect(try bench.job(id) == before)

        backend.finish("\(children[0].number)/0/1", at: bench.clock.now())
        try bench.run(for: 1000)
        #expect(try bench.request(.stop(.abort), id) == .accepted(id))
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
    }

    @Test("A child that forbids a stop and has not begun does not keep it")
    func notBegun() throws {
        backend.setSlots(1, inLane: Operation.controlLane)
        let bench = try bench([.cascade, .refuse])
        let id = try bench.submit("parent")
        try bench.run(for: 1000)
        #expect(try bench.request(.stop(.abort), id) == .accepted(id))
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .aborted)
    }

    @Test("Abandon waits for nobody: every child ends", arguments: StopPolicy.allCases)
    func abandon(policy: StopPolicy) throws {
        let bench = try bench([policy])
        bench.afterTurn = { try Families.check($0) }
        let id = try bench.submit("root")
        try bench.run(for: 1000)
        try bench.request(.stop(.abandon), id)
        let states = try bench.store.read { try $0.jobs((1...3).map { JobID($0) }) }.map(
            \.job.state
        )
        #expect(states == [.aborted, .aborted, .aborted])
    }

    @Test("A child that is being undone is left to it when its parent is aborted")
    func undoing() throws {
        let bench = try bench([.cascade])
        backend.script("undo 0", .done(after: 5000))
        let id = try bench.submit("parent")
        try bench.run(for: 1000)
        let child = try bench.children(id, step: 1)[0]
        try bench.request(.stop(.abort), child)
        try bench.run(for: 100)
        #expect(try bench.job(child).state == .rollingBack)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 10_000)
        #expect(try bench.job(child).state == .aborted)
        #expect(try bench.job(child).rollback == .clean)
        #expect(try bench.job(id).state == .aborted)
    }
}
