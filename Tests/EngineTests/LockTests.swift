import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Jobs and locks")
struct LockTests {
    private static func kind(
        _ name: String,
        _ locks: LockRequest...,
        policy: LockPolicy = .wait
    ) -> ScriptedKind {
        ScriptedKind(name) { _ in
            Plan(summary: name, steps: [.doing(name)], locks: locks, lockPolicy: policy)
        }
    }

    private let kinds: [any JobKind] = [
        kind("write", .exclusive("vm/a")),
        kind("read", .shared("vm/a")),
        kind("both", .exclusive("vm/a"), .exclusive("vm/b")),
        kind("other", .exclusive("vm/b")),
        kind("hasty", .exclusive("vm/a"), policy: .failFast),
        kind("patient", .exclusive("vm/a"), policy: .waitAtMost(5000)),
    ]

    @Test("An exclusive lock has jobs follow each other, first come first served")
    func exclusive() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds)

        let ids = try (0..<4).map { _ in try bench.submit("write") }
        #expect(backend.running.count == 1)
        #expect(
            try ids.map { try bench.job($0).state } == [.running, .pending, .pending, .pending]
        )
        try bench.run(for: 1000)

        let ends = try ids.map { try bench.job($0).finishedAt }
        #expect(ends == (1...4).map { ManualClock.beginning + $0 * 100 })
    }

    @Test("Shared locks are held together, but not past a writer that came first")
    func shared() throws {
        let backend = ScriptedBackend(slotsPerLane: 10)
        let bench = try EngineBench(backend, kinds: kinds)

        let readers = try [bench.submit("read"), bench.submit("read")]
        let writer = try bench.submit("write")
        let late = try bench.submit("read")
        #expect(try readers.map { try bench.job($0).state } == [.running, .running])
        #expect(try bench.job(late).state == .pending)
        try bench.run(for: 150)
        #expect(try bench.job(writer).state == .running)
        #expect(try bench.job(late).state == .pending)
        try bench.run(for: 1000)

        #expect(backend.verbs == ["read", "read", "write", "read"])
    }

    @Test("A waiting job says which lock it waits for and who holds it")
    func says() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        let holder = try bench.submit("write")
        let waiter = try bench.submit("write")

        let waiting = try #require(try bench.job(waiter).waiting)
        #expect(waiting.reason == .lock)
        #expect(waiting.on == "vm/a, held by \(holder) (write)")
    }

    @Test("A waiter's words follow the change of the holder, and keep since when it waits")
    func renewed() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        try bench.submit("write")
        let second = try bench.submit("write")
        let third = try bench.submit("write")
        let since = try bench.job(third).waiting?.since
        try bench.run(for: 150)

        let waiting = try #require(try bench.job(third).waiting)
        #expect(waiting.on.contains("\(second)"))
        #expect(waiting.since == since)
    }

    @Test("A job that fails fast names the holder and fails")
    func failFast() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        let holder = try bench.submit("write")
        let hasty = try bench.submit("hasty")

        let job = try bench.job(hasty)
        #expect(job.state == .failed)
        #expect(job.cause == .locked)
        #expect(job.message.contains("\(holder)"))
        #expect(job.code?.name == "RESOURCE_IN_USE_ERROR")
        #expect(try bench.tickets(hasty).isEmpty)
    }

    @Test("What the submitter says of waiting counts more than what the kind says")
    func submitterDecides() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        try bench.submit("write")
        let hasty = try bench.submit("write") { $0.lockPolicy = .failFast }
        let patient = try bench.submit("hasty") { $0.lockPolicy = .wait }

        #expect(try bench.job(hasty).state == .failed)
        #expect(try bench.job(patient).state == .pending)
        try bench.run(for: 1000)
        #expect(try bench.job(patient).state == .completed)
    }

    @Test("A job that waits at most five seconds fails after five seconds, not before")
    func waitAtMost() throws {
        let backend = ScriptedBackend()
        backend.script("write", .done(after: 60_000))
        let bench = try EngineBench(backend, kinds: kinds)

        try bench.submit("write")
        try bench.run(for: 1000)
        let patient = try bench.submit("patient")
        try bench.run(for: 4999)
        #expect(try bench.job(patient).state == .pending)
        try bench.run(for: 1)

        let job = try bench.job(patient)
        #expect(job.state == .failed)
        #expect(job.cause == .timeout)
        #expect(job.message.contains("waited 5s"))
    }

    @Test("A job that got its lock in time is not failed by its limit")
    func inTime() throws {
        let backend = ScriptedBackend()
        backend.script("write", .done(after: 4000))
        backend.script("patient", .done(after: 4000))
        let bench = try EngineBench(backend, kinds: kinds)

        try bench.submit("write")
        let patient = try bench.submit("patient")
        try bench.run(for: 60_000)

        #expect(try bench.job(patient).state == .completed)
    }

    @Test("A job that waits for one of its locks holds the others: no order leads to a deadlock")
    func allAtOnce() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        try bench.submit("write")
        let both = try bench.submit("both")
        let other = try bench.submit("other")

        #expect(try bench.tickets(both).map(\.isGranted).sorted { $0 && !$1 } == [true, false])
        #expect(try bench.job(other).state == .pending)
        try bench.run(for: 1000)
        #expect(try bench.job(other).state == .completed)
    }

    @Test("A waiting job that is stopped leaves its queues")
    func stopped() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)

        try bench.submit("read")
        let writer = try bench.submit("write")
        let reader = try bench.submit("read")
        try bench.request(.stop(.cancel), writer)

        #expect(try bench.job(writer).state == .aborted)
        #expect(try bench.job(reader).state == .running)
    }

    @Test("Locks are gone when their job has ended, however it ended")
    func released() throws {
        let backend = ScriptedBackend()
        backend.script("write", .fails(.scripted("broken"), after: 100))
        let bench = try EngineBench(backend, kinds: kinds)

        let id = try bench.submit("write")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.tickets(id).isEmpty)
    }

    @Test("A job plans anew under its lock, because the world may have changed")
    func plansAnew() throws {
        let asked = Counter()
        let late = ScriptedKind("late") { _ in
            let verb = asked.next() == 1 ? "first" : "second"
            return Plan(summary: verb, steps: [.doing(verb)], locks: [.exclusive("vm/a")])
        }
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: kinds + [late])

        try bench.submit("write")
        let id = try bench.submit("late")
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .completed)
        #expect(backend.verbs == ["write", "second"])
    }
}
