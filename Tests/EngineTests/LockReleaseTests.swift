import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Releasing a lock")
struct LockReleaseTests {
    private let backend = ScriptedBackend(slotsPerLane: 2)
    private let bench: EngineBench

    init() throws {
        func kind(_ name: String, _ locks: LockRequest..., undo: String? = nil) -> ScriptedKind {
            ScriptedKind(name, steps: [.doing(name, undo: undo)], locks: locks)
        }
        bench = try EngineBench(
            backend,
            kinds: [
                kind("hang", .exclusive("x"), undo: "undo"),
                kind("write", .exclusive("x")), kind("read", .shared("x")),
                ScriptedKind(
                    "half",
                    steps: [.doing("first", undo: "undo"), .doing("second", lane: "host/a")],
                    locks: [.exclusive("x")]
                ),
                ScriptedKind("blocker", steps: [.doing("other", lane: "host/a")]),
                kind("both", .exclusive("x"), .exclusive("y")), kind("other", .exclusive("y")),
                ScriptedKind(
                    "family",
                    steps: [.children(["hang"])],
                    locks: [.exclusive("x")]
                ),
            ]
        )
        backend.script("hang", .hangs)
        backend.script("read", .hangs)
        backend.script("other", .hangs)
    }

    @discardableResult
    private func release(
        _ resource: String = "x",
        from job: JobID? = nil,
        force: Bool = false,
        reason: String = "it hangs"
    ) throws -> RequestOutcome {
        try bench.ask(
            OperatorRequest(
                .release(from: job, isForced: force),
                on: .lock(resource),
                by: "bob",
                reason: reason
            )
        )
    }

    private func refusal(_ outcome: RequestOutcome) -> String {
        guard case .refused(let why) = outcome else {
            Issue.record("not refused: \(outcome)")
            return ""
        }
        return why
    }

    @Test("is refused while the holder's operation may be at work; the refusal names it")
    func refusedAtWork() throws {
        let holder = try bench.submit("hang")
        let waiter = try bench.submit("write")

        let why = refusal(try release())

        #expect(why.contains("operation \(holder.number)/0/1"), "\(why)")
        #expect(why.contains("--force") && why.contains("abort \(holder)"), "\(why)")
        #expect(try bench.job(holder).state == .running)
        #expect(try bench.job(waiter).state == .pending)
        let entry = try #require(try bench.audit(.lock("x")).last)
        #expect(entry.outcome.contains("refused"))
        #expect(entry.before == entry.after)
    }

    @Test("needs a reason, and is audited with who held and who waited, before and after")
    func audited() throws {
        let holder = try bench.submit("hang")
        let waiters = try [bench.submit("write"), bench.submit("write")]

        #expect(refusal(try release(force: true, reason: " ")).contains("reason"))
        guard case .done(let what) = try release(force: true) else {
            Issue.record("not done")
            return
        }

        #expect(what.contains("\(holder) is abandoned"), "\(what)")
        #expect(what.contains("operation \(holder.number)/0/1 stays on record"), "\(what)")
        let entry = try #require(try bench.audit(.lock("x")).last)
        #expect(entry.action == "release by force")
        #expect(entry.user == "bob" && entry.reason == "it hangs")
        #expect(
            entry.before == "held (exclusive) by \(holder); \(waiters[0]), \(waiters[1]) wait"
        )
        #expect(entry.after == "held (exclusive) by \(waiters[0]); \(waiters[1]) wait")
    }

    @Test("ends the holder, which never runs on without its lock; the next in the queue gets it")
    func endsHolder() throws {
        let holder = try bench.submit("hang")
        let waiters = try [bench.submit("write"), bench.submit("write")]

        try release(force: true)

        let job = try bench.job(holder)
        #expect(job.state == .aborted)
        #expect(job.cause == .abandoned)
        #expect(job.backend == .unknown)
        #expect(job.rollback == .skipped)
        #expect(try bench.tickets(holder).isEmpty)
        #expect(try bench.job(waiters[0]).state == .running)
        #expect(try bench.job(waiters[1]).state == .pending)
        let granted = try bench.store.read {
            try $0.tickets(for: [TicketKey(resource: "x", scope: 0)])
        }.filter(\.isGranted)
        #expect(granted.map(\.job) == [waiters[0]])
        try bench.run(for: 10_000)
        #expect(try bench.job(waiters[1]).state == .completed)
        #expect(!backend.verbs.contains("undo"))
    }

    @Test("stops a holder that has not begun, without force; it has done nothing")
    func notBegun() throws {
        let other = try bench.submit("other")
        let holder = try bench.submit("both")
        let waiter = try bench.submit("write")

        guard case .done = try release() else {
            Issue.record("not done")
            return
        }

        let job = try bench.job(holder)
        #expect(job.state == .aborted)
        #expect(job.rollback == .notNeeded)
        #expect(try bench.job(waiter).state == .running)
        #expect(try bench.job(other).state == .running)
        #expect(!backend.verbs.contains("both"))
    }

    @Test("of a parent looks at the operations of its children, and ends them with it")
    func family() throws {
        let parent = try bench.submit("family")
        let child = try #require(try bench.children(parent).first)

        #expect(refusal(try release()).contains("operation \(child.number)/0/1"))
        try release(force: true)

        #expect(try bench.job(child).state == .aborted)
        #expect(try bench.job(parent).state == .aborted)
        #expect(try bench.job(child).backend == .unknown)
    }

    @Test("of a shared lock needs the name of one of its holders")
    func shared() throws {
        let readers = try [bench.submit("read"), bench.submit("read")]
        let writer = try bench.submit("write")

        let why = refusal(try release(force: true))
        #expect(why.contains("\(readers[0])") && why.contains("\(readers[1])"), "\(why)")
        #expect(refusal(try release(from: writer)).contains("does not hold it"))
        try release(from: readers[0], force: true)

        #expect(try bench.job(readers[0]).state == .aborted)
        #expect(try bench.job(readers[1]).state == .running)
        #expect(try bench.job(writer).state == .pending)
    }

    @Test("of what nobody holds says so")
    func nobody() throws {
        #expect(try release("vm/nowhere") == .notFound("nobody holds a lock on vm/nowhere"))
        #expect(try release(from: JobID(99)) == .notFound("there is no job-99"))
        #expect(
            refusal(
                try bench.ask(OperatorRequest(.retry, on: .lock("x"), by: "bob"))
            ).contains("retry")
        )
    }

    @Test("abandons a holder between two steps: what it did is not undone; its journal says why")
    func betweenSteps() throws {
        for _ in 0..<2 { try bench.submit("blocker") }
        let holder = try bench.submit("half")
        try bench.run(for: 1000)
        #expect(try bench.job(holder).state == .queued)

        guard case .done(let what) = try release() else {
            Issue.record("not done")
            return
        }

        #expect(what == "\(holder) is abandoned; x is free")
        #expect(try bench.job(holder).state == .aborted)
        #expect(try bench.job(holder).cause == .abandoned)
        #expect(!backend.verbs.contains("undo"))
        let line = try bench.journal(holder).first { $0.cause.hasPrefix("lock x was released") }
        #expect(line?.cause == "lock x was released: it hangs")
        #expect(line?.actor == "bob")
    }

    @Test("takes away what a job that has ended still holds; the next one gets it")
    func orphan() throws {
        let ended = try bench.submit("other")
        try bench.request(.stop(.abandon), ended)
        try bench.store.write(as: nil) { tx in
            let number = try tx.take(1, from: .ticket)
            let ticket = Ticket(
                number: number,
                resource: "x",
                job: ended,
                scope: 0,
                mode: .exclusive,
                isGranted: true,
                since: bench.clock.now()
            )
            try tx.insert([ticket])
        }
        try bench.takeOver()
        let waiter = try bench.submit("write")
        #expect(try bench.job(waiter).state == .pending)

        guard case .done(let what) = try release() else {
            Issue.record("not done")
            return
        }
        #expect(what == "\(ended) had ended; x is held (exclusive) by \(waiter)")
        #expect(try bench.job(waiter).state == .running)
    }
}
