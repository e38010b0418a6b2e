import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Parents and children")
struct ChildrenTests {
    private let good = ScriptedKind("good", steps: [.doing("good")])
    private let bad = ScriptedKind("bad", steps: [.doing("bad")])

    private func bench(
        _ parent: Step...,
        more: [any JobKind] = [],
        slots: Int = 8
    ) throws -> (EngineBench, ScriptedBackend) {
        let backend = ScriptedBackend(slotsPerLane: slots)
        backend.script("bad", .fails(.scripted("broken"), after: 50))
        let kinds: [any JobKind] = [good, bad, ScriptedKind("parent", steps: parent)] + more
        let bench = try EngineBench(backend, kinds: kinds)
        bench.afterTurn = { try Families.check($0) }
        return (bench, backend)
    }

    @Test("All children run at once, and the parent ends after the last")
    func concurrent() throws {
        let (bench, _) = try bench(.children(["good", "good", "good"]))

        let id = try bench.submit("parent")
        #expect(try bench.job(id).state == .childRunning)
        #expect(try bench.job(id).childCount == 3)
        try bench.run(for: 100)

        #expect(try bench.job(id).state == .completed)
        #expect(
            try bench.states(id) == [
                .pending, .queued, .running, .childQueued, .childRunning, .finishing, .completed,
            ]
        )
        for child in try bench.children(id) {
            #expect(try bench.job(child).parentID == id)
            #expect(try bench.job(child).rootID == id)
            #expect(try bench.job(child).finishedAt == ManualClock.beginning + 100)
        }
    }

    @Test("One after the other if the step says so", arguments: [1, 2])
    func limited(concurrency: Int) throws {
        let (bench, backend) = try bench(
            .children(["good", "good", "good", "good"], concurrency: concurrency)
        )
        var most = 0
        bench.afterTurn = { bench in
            most = max(most, backend.running.count)
            try Families.check(bench)
        }

        let id = try bench.submit("parent")
        #expect(try bench.children(id).count == 4, "an operator sees what is to come")
        try bench.run(for: 1000)

        #expect(most == concurrency)
        let job = try bench.job(id)
        #expect(job.state == .completed)
        #expect(job.finishedAt == ManualClock.beginning + Int64(400 / concurrency))
    }

    @Test("Children that wait for a slot make the parent wait with them")
    func queuedChildren() throws {
        let (bench, backend) = try bench(.children(["good", "good"]), slots: 1)
        backend.script("good", .done(after: 1000))

        let first = try bench.submit("good")
        let id = try bench.submit("parent")
        #expect(try bench.job(first).state == .running)
        #expect(try bench.job(id).state == .childQueued)
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .childRunning)
        try bench.run(for: 2000)
        #expect(try bench.job(id).state == .completed)
    }

    @Test("A failed child fails its parent, after the others were attempted")
    func fail() throws {
        let (bench, _) = try bench(.children(["bad", "good", "good"], concurrency: 1))

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        let job = try bench.job(id)
        let children = try bench.children(id)
        #expect(job.state == .failed)
        #expect(job.cause == .childFailed)
        #expect(job.message.contains("1 of 3") && job.message.contains("\(children[0])"))
        #expect(try children.map { try bench.job($0).state } == [.failed, .completed, .completed])
    }

    @Test("A failed child stops those that have not begun, if the step says so")
    func stop() throws {
        let (bench, backend) = try bench(
            .children(["bad", "good", "good", "good"], concurrency: 2, onFailure: .stop)
        )

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        let states = try bench.children(id).map { try bench.job($0).state }
        #expect(states == [.failed, .completed, .aborted, .aborted])
        let causes = try bench.children(id).map { try bench.job($0).cause }
        #expect(causes[2...].allSatisfy { $0 == .stoppedByParent })
        #expect(backend.verbs.count == 2)
    }

    @Test("A failed child only makes the parent warn, if the step says so")
    func warn() throws {
        let (bench, _) = try bench(
            .children(["bad", "good"], onFailure: .warn),
            .doing("after")
        )

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .warning)
        #expect(try bench.job(id).progress == 100)
    }

    @Test("If all children failed there is nothing to warn about: the parent fails")
    func allFailed() throws {
        let (bench, _) = try bench(.children(["bad", "bad"], onFailure: .warn))

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
    }

    @Test("A step without children is done at once")
    func none() throws {
        let (bench, backend) = try bench(.children([]), .doing("after"))

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["after"])
    }

    @Test("A child that cannot be planned fails, and with it its parent")
    func unplannable() throws {
        let (bench, _) = try bench(.children(["good", "nothing"]))

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        let states = try bench.children(id).map { try bench.job($0).state }
        #expect(states == [.completed, .failed])
    }

    @Test("Steps before and after children run in order")
    func order() throws {
        let (bench, backend) = try bench(
            .doing("before"),
            .children(["good", "good"]),
            .doing("between"),
            .children(["good"]),
            .doing("after")
        )

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["before", "good", "good", "between", "good", "after"])
        #expect(try bench.children(id, step: 1).count == 2)
        #expect(try bench.children(id, step: 3).count == 1)
    }

    @Test("A parent that fails after its children undoes its own steps")
    func rollback() throws {
        let (bench, backend) = try bench(
            .doing("before", undo: "undo before"),
            .children(["good", "bad"])
        )

        let id = try bench.submit("parent")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs.last == "undo before")
    }

    @Test("Progress comes up from the children by weight, and never goes back")
    func progress() throws {
        let (bench, backend) = try bench(
            .children(["good", "good", "good", "good"], concurrency: 1),
            .doing("after")
        )
        var seen: [Int] = []
        bench.afterTurn = { bench in
            seen.append(try bench.store.read { try $0.jobs([JobID(1)]) }.first?.job.progress ?? 0)
            try Families.check(bench)
        }

        let id = try bench.submit("parent")
        backend.say("2/0/1", .progress(40, "going"))
        try bench.turn()
        #expect(try bench.job(id).progress == 5)
        backend.say("2/0/1", .progress(20, "going on"))
        try bench.turn()
        #expect(try bench.job(id).progress == 5)
        try bench.run(for: 1000)

        #expect(seen == seen.sorted())
        #expect(seen.contains { $0 > 10 && $0 < 50 })
        #expect(try bench.job(id).progress == 100)
    }

    @Test("Five generations need one slot, because who waits for children holds none")
    func deepTree() throws {
        var kinds: [any JobKind] = []
        for level in 1...5 {
            let below = level == 5 ? "good" : "level\(level + 1)"
            kinds.append(
                ScriptedKind("level\(level)", steps: [.children([below, below]), .doing("own")])
            )
        }
        let (bench, backend) = try bench(.children(["level1"]), more: kinds, slots: 1)

        let id = try bench.submit("parent")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs.count { $0 == "good" } == 32)
        #expect(backend.verbs.count { $0 == "own" } == 31)
    }

    @Test("A child works under its parent's lock, and only its siblings stand in its way")
    func locks() throws {
        let child = ScriptedKind("child", steps: [.doing("work")], locks: [.exclusive("vm/a")])
        let parent = ScriptedKind(
            "locked",
            steps: [.children(["child", "child"])],
            locks: [.exclusive("vm/a")]
        )
        let (bench, backend) = try bench(more: [child, parent])
        var most = 0
        bench.afterTurn = { _ in most = max(most, backend.running.count) }

        let id = try bench.submit("locked")
        let other = try bench.submit("child")
        try bench.run(for: 150)
        #expect(try bench.job(other).state == .pending)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(try bench.job(other).state == .completed)
        #expect(most == 1)
    }

    @Test("A child may not lock what its parent has not locked: it could wait for ever")
    func uncovered() throws {
        let child = ScriptedKind("child", steps: [.doing("work")], locks: [.exclusive("vm/b")])
        let parent = ScriptedKind(
            "locked",
            steps: [.children(["child"])],
            locks: [.shared("vm/b")]
        )
        let (bench, _) = try bench(more: [child, parent])

        let id = try bench.submit("locked")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        let children = try bench.children(id)
        #expect(try bench.job(children[0]).message.contains("exclusive lock on vm/b"))
    }

    @Test("Children go on after a crash, and the parent still hears of them")
    func crash() throws {
        let (bench, _) = try bench(.children(["good", "good", "good"], concurrency: 2))

        let id = try bench.submit("parent")
        try bench.run(for: 50)
        try bench.takeOver()
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
    }
}

/// Checks that the states of parents and children agree.
enum Families {
    static func check(_ bench: EngineBench) throws {
        let counts = try bench.store.read { try ($0.counts(), $0.recount()) }
        #expect(counts.0 == counts.1)
        let jobs = try bench.store.read {
            try $0.jobs((1...counts.1.total + 1).map { JobID(Int64($0)) })
        }
        for parent in jobs {
            let children = jobs.map(\.job).filter { $0.parentID == parent.job.id }
            let states = children.map(\.state)
            switch parent.job.state {
            case .childQueued:
                #expect(!states.contains { $0.isActive }, "\(parent.job.id)")
                #expect(states.contains { !$0.isTerminal }, "\(parent.job.id)")
            case .childRunning: #expect(states.contains { $0.isActive }, "\(parent.job.id)")
            case _ where parent.job.state.isTerminal:
                #expect(states.allSatisfy { $0.isTerminal }, "\(parent.job.id)")
            default: break
            }
        }
    }
}
