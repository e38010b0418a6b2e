import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Trying again")
struct RetryTests {
    private func transient(after milliseconds: Int64 = 10) -> ScriptedBackend.Answer {
        .fails(.scripted("busy", kind: .transient), after: milliseconds)
    }

    @Test("A transient failure is tried again after pauses that double")
    func backoff() throws {
        let backend = ScriptedBackend()
        backend.script("a", transient(), transient(), transient(), .done(after: 10))
        let step = Step.doing("a", retry: RetryPolicy(attempts: 5, base: 1000, limit: 60_000))
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [step])])
        var begun: [Timestamp] = []
        bench.afterTurn = { bench in
            if backend.executed.count > begun.count { begun.append(bench.clock.now()) }
        }

        let id = try bench.submit("one")
        try bench.run(for: 500)
        #expect(try bench.job(id).state == .queued)
        #expect(try bench.job(id).waiting?.reason == .retry)
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.executed.map(\.name) == (1...4).map { "\(id.number)/0/\($0)" })
        let pauses = zip(begun.dropFirst(), begun).map { $0 - $1 - 10 }
        for (pause, base) in zip(pauses, [1000, 2000, 4000] as [Int64]) {
            #expect(abs(pause - base) <= base / 10)
        }
    }

    @Test("When the attempts are used up the job fails with the last error")
    func exhausted() throws {
        let backend = ScriptedBackend()
        backend.script("a", transient())
        let step = Step.doing("a", retry: RetryPolicy(attempts: 3, base: 1000, limit: 60_000))
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [step])])

        let id = try bench.submit("one")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).message == "busy")
        #expect(backend.executed.count == 3)
    }

    @Test("A permanent failure is not tried again")
    func permanent() throws {
        let backend = ScriptedBackend()
        backend.script("a", .fails(.scripted("no"), after: 10))
        let bench = try EngineBench(
            backend,
            kinds: [ScriptedKind("one", steps: [.doing("a", retry: .standard)])]
        )

        let id = try bench.submit("one")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(backend.executed.count == 1)
    }

    @Test("A job that is stopped between two attempts undoes what the first may have done")
    func stoppedBetween() throws {
        let backend = ScriptedBackend()
        backend.script("a", transient())
        let step = Step.doing("a", undo: "undo a", retry: .standard)
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [step])])

        let id = try bench.submit("one")
        try bench.run(for: 500)
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A step whose second attempt is refused is undone, because the first had begun")
    func refusedSecond() throws {
        let backend = ScriptedBackend()
        backend.script("a", transient(), .refuses(.scripted("no")))
        let step = Step.doing("a", undo: "undo a", retry: .standard)
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [step])])

        let id = try bench.submit("one")
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(backend.verbs == ["a", "undo a"])
    }

    @Test("A step that was refused and never began is not undone")
    func refused() throws {
        let backend = ScriptedBackend()
        backend.script("a", .refuses(.scripted("no")))
        let step = Step.doing("a", undo: "undo a")
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [step])])

        let id = try bench.submit("one")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).rollback == .notNeeded)
        #expect(backend.verbs == [])
    }

    @Test("Retrying an ended job makes a new one that says which attempt it is")
    func newJob() throws {
        let backend = ScriptedBackend()
        backend.script("a", .fails(.scripted("no"), after: 10), .done(after: 10))
        let bench = try EngineBench(backend, kinds: [ScriptedKind("one", steps: [.doing("a")])])
        let id = try bench.submit("one")
        #expect(
            try bench.request(.retry, id)
                == .refused("\(id) has not ended (Running); stop it first")
        )
        try bench.run(for: 1000)

        guard case .accepted(let second) = try bench.request(.retry, id, by: "bob") else {
            Issue.record("the retry was not accepted")
            return
        }
        try bench.run(for: 1000)

        let job = try bench.job(second)
        #expect(job.state == .completed)
        #expect(job.retryOf == id)
        #expect(job.attempt == 2)
        #expect(job.user == "bob")
        #expect(try bench.job(id).state == .failed)
    }
}

@Suite("Placement on another host")
struct PlacementTests {
    private func kind(_ steps: Step...) -> ScriptedKind { ScriptedKind("place", steps: steps) }

    private func reserve() -> Step { .doing("reserve", undo: "release") }

    private func boot() -> Step {
        Step.doing("boot", lane: "vm/web", undo: "poweroff").with { $0.retryFrom = 1 }
    }

    private let noRoom = Failure.scripted("no room", kind: .placement)

    @Test("takes back the steps from placement on, and leaves the host out")
    func elsewhere() throws {
        let backend = ScriptedBackend()
        backend.place("vm/web", at: "host/a")
        backend.script("boot", .fails(noRoom, after: 10), .done(after: 10))
        let bench = try EngineBench(
            backend,
            kinds: [kind(.doing("define", undo: "undefine"), reserve(), boot())]
        )

        let id = try bench.submit("place")
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .completed)
        #expect(
            backend.verbs == [
                "define", "reserve", "boot", "poweroff", "release", "reserve", "boot",
            ]
        )
        let second = backend.executed.last { $0.operation.verb == "reserve" }
        #expect(second?.operation.parameters["exclude"] == "a")
        #expect(try bench.job(id).code == .ok)
        let names = backend.executed.map(\.name)
        #expect(Set(names).count == names.count, "no operation's name is used twice")
    }

    @Test("can be stopped on its way: then everything is undone, not only the placement")
    func stopped() throws {
        let backend = ScriptedBackend()
        backend.place("vm/web", at: "host/a")
        backend.script("boot", .fails(noRoom, after: 10))
        backend.script("poweroff", .done(after: 1000))
        let bench = try EngineBench(
            backend,
            kinds: [kind(.doing("define", undo: "undefine"), reserve(), boot())]
        )

        let id = try bench.submit("place")
        try bench.run(for: 500)
        #expect(try bench.job(id).state == .rollingBack)
        #expect(try bench.request(.stop(.cancel), id) == .accepted(id))
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .aborted)
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs.suffix(3) == ["poweroff", "release", "undefine"])
    }

    @Test("ends with the limit of time that ran out on its way, and everything is undone")
    func limited() throws {
        let backend = ScriptedBackend()
        backend.place("vm/web", at: "host/a")
        backend.script("boot", .fails(noRoom, after: 10))
        backend.script("poweroff", .done(after: 10_000))
        let bench = try EngineBench(
            backend,
            kinds: [kind(.doing("define", undo: "undefine"), reserve(), boot())]
        )
        let id = try bench.submit("place") { $0.limits = TimeLimits(total: 5000) }
        try bench.run(for: 60_000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).cause == .timeout)
        #expect(try bench.job(id).code?.name == "TIME_LIMIT")
        #expect(try bench.job(id).rollback == .clean)
        #expect(backend.verbs.suffix(3) == ["poweroff", "release", "undefine"])
    }

    @Test("that fails for another reason than room, or behind a commit point, is not tried again")
    func notElsewhere() throws {
        let backend = ScriptedBackend()
        backend.place("vm/web", at: "host/a")
        backend.script("boot", .fails(.scripted("no"), after: 10))
        let point = Step.doing("point").with { $0.commit = CommitPoint(undo: nil) }
        let bench = try EngineBench(
            backend,
            kinds: [
                kind(reserve(), boot().with { $0.retryFrom = 0 }),
                ScriptedKind(
                    "committed",
                    steps: [reserve(), point, boot().with { $0.retryFrom = 0 }]
                ),
            ]
        )
        let plain = try bench.submit("place")
        try bench.run(for: 5000)
        #expect(try bench.job(plain).state == .failed)
        #expect(try bench.job(plain).message == "no")
        backend.script("boot", .fails(noRoom, after: 10))
        let committed = try bench.submit("committed")
        try bench.run(for: 5000)

        #expect(try bench.job(committed).state == .failed)
        #expect(backend.verbs.count { $0 == "boot" } == 2)
    }

    @Test("that cannot take a step back asks a person; left out, it fails and undoes the rest")
    func dirty() throws {
        let backend = ScriptedBackend()
        backend.place("vm/web", at: "host/a")
        backend.script("boot", .fails(noRoom, after: 10))
        backend.script("release", .fails(.scripted("stuck"), after: 10))
        let bench = try EngineBench(
            backend,
            kinds: [kind(.doing("define", undo: "undefine"), reserve(), boot())]
        )

        let id = try bench.submit("place")
        try bench.run(for: 600_000)
        #expect(try bench.job(id).state == .needsOperator)
        try bench.request(.resolve(.skip), id)
        try bench.run(for: 1000)

        let job = try bench.job(id)
        #expect(job.state == .failed)
        #expect(job.message == "no room")
        #expect(backend.verbs.last == "undefine")
        #expect(backend.verbs.count { $0 == "boot" } == 1)
    }

    @Test("gives up when ten hosts were left out")
    func bounded() throws {
        let backend = ScriptedBackend()
        backend.script("boot", .fails(noRoom, after: 10))
        backend.place("vm/web", at: "host/a")
        let bench = try EngineBench(backend, kinds: [kind(.doing("define"), reserve(), boot())])

        let id = try bench.submit("place")
        try bench.run(for: 600_000)

        #expect(try bench.job(id).state == .failed)
        #expect(backend.verbs.count { $0 == "boot" } == 11)
    }
}
