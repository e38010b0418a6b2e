import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Paused lanes")
struct PauseTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("work", steps: [.doing("one", lane: "host/a", undo: "undo one")]),
        ScriptedKind(
            "two",
            steps: [
                .doing("one", lane: "host/a", undo: "undo one"), .doing("two", lane: "host/a"),
            ]
        ),
    ]

    private let backend = ScriptedBackend(slotsPerLane: 2)
    private let bench: EngineBench

    init() throws { bench = try EngineBench(backend, kinds: kinds) }

    private func pause(until: Timestamp? = nil, drains: Bool = false) throws {
        let outcome = try bench.request(
            .pause(until: until, drains: drains),
            on: .lane("host/a"),
            reason: "new memory"
        )
        guard case .done = outcome else { return #expect(Bool(false), "\(outcome)") }
    }

    private func shown(_ id: JobID) throws -> Waiting? {
        try bench.store.read { try $0.detail(id, logLimit: 0) }?.job.waiting
    }

    @Test("A paused lane begins nothing until it is resumed")
    func paused() throws {
        try pause()
        let id = try bench.submit("work")
        try bench.run(for: 600_000)
        #expect(try bench.job(id).state == .queued)

        try bench.request(.resume, on: .lane("host/a"))
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .completed)
    }

    @Test("Every job behind a paused lane says who paused it, why and until when, and only then")
    func said() throws {
        for _ in 0..<2 { try bench.submit("work") }
        let before = try bench.submit("work")
        let end = bench.clock.now() + 3_600_000
        try pause(until: end)
        let after = try bench.submit("work")

        for id in [before, after] {
            let waiting = try #require(try shown(id))
            #expect(waiting.reason == .pausedLane)
            #expect(waiting.text == "lane host/a is paused by ann, until \(end): new memory")
        }
        let rows = try bench.store.read {
            try $0.page(JobQuery(filter: .field(.waiting, pattern: "pausedLane")), at: end).rows
        }
        #expect(Set(rows.map(\.job.id)) == [before, after])
        try bench.request(.resume, on: .lane("host/a"))
        try bench.request(.pause(until: nil, drains: false), on: .lane("host/b"))
        #expect(try shown(after)?.reason == .lane)
    }

    @Test("What is at work goes on, and undo and end actions begin all the same")
    func undo() throws {
        backend.script("two", .hangs)
        let id = try bench.submit("two")
        try bench.run(for: 150)
        try pause()
        try bench.request(.stop(.abort), id)
        try bench.run(for: 1000)

        #expect(try bench.job(id).state == .aborted)
        #expect(backend.verbs == ["one", "two", "undo one"])
    }

    @Test("The next step of a job waits in a paused lane, but not in one that drains")
    func drains() throws {
        let held = try bench.submit("two")
        try pause()
        try bench.run(for: 1000)
        #expect(try bench.job(held).state == .queued)
        try pause(drains: true)
        let new = try bench.submit("two")
        try bench.run(for: 1000)

        #expect(try bench.job(held).state == .completed)
        #expect(try bench.job(new).state == .queued)
        #expect(backend.verbs == ["one", "two"])
    }

    @Test("A pause ends by itself at its time, and the audit says so")
    func until() throws {
        let end = bench.clock.now() + 60_000
        try pause(until: end)
        let id = try bench.submit("work")
        try bench.run(for: 59_000)
        #expect(try bench.job(id).state == .queued)
        try bench.run(for: 1000)

        #expect(try bench.job(id).startedAt == end)
        let audit = try bench.store.read { try $0.audit(of: "lane host/a", after: 0, limit: 9) }
        #expect(audit.map(\.action) == ["pause", "resume"])
        #expect(audit.map(\.user) == ["ann", "engine"])
        #expect(audit[0].before == "2 slots" || audit[0].before.isEmpty)
        #expect(audit[1].before.contains("new memory"))
    }

    @Test("A pause and its own slots stay for the next engine")
    func kept() throws {
        try bench.request(.setSlots(5), on: .lane("host/a"), by: "bob")
        try pause()
        try bench.takeOver()

        let lane = try #require(bench.engine.lanes().first { $0.name == "host/a" })
        #expect(lane.pause?.by == "ann")
        #expect(lane.slots == 5)
        #expect(lane.slotsBy == "bob")
        #expect(try bench.store.read { try $0.savedLanes() } == [lane])
        let id = try bench.submit("work")
        try bench.run(for: 1000)
        #expect(try bench.job(id).state == .queued)
    }

    @Test("Slots change at run time: more begin at once, with fewer the rest ends first")
    func slots() throws {
        backend.script("one", .done(after: 1000))
        let ids = try (0..<6).map { _ in try bench.submit("work") }
        #expect(backend.running.count == 2)
        try bench.request(.setSlots(4), on: .lane("host/a"))
        #expect(backend.running.count == 4)
        try bench.request(.setSlots(1), on: .lane("host/a"))
        try bench.run(for: 1500)
        #expect(backend.running.count == 1)
        try bench.request(.setSlots(nil), on: .lane("host/a"))
        #expect(backend.running.count == 2)
        try bench.run(for: 5000)
        #expect(try ids.allSatisfy { try bench.job($0).state == .completed })
    }

    @Test("What is configured counts anew at each start, unless somebody set the slots")
    func configuredAnew() throws {
        try bench.submit("work")
        backend.setSlots(7, inLane: "host/a")
        try bench.takeOver()

        #expect(bench.engine.lanes().first?.slots == 7)
        #expect(try bench.store.read { try $0.savedLanes() }.first?.slots == 7)
    }

    @Test("Requests that make no sense are refused with what would")
    func refused() throws {
        let lane = Subject.lane("host/a")
        let past = bench.clock.now() + -1
        let requests: [(OperatorAction, Subject)] = [
            (.resume, lane), (.setSlots(0), lane), (.setSlots(10_001), lane),
            (.pause(until: past, drains: false), lane), (.retry, lane), (.resume, .engine),
            (.pause(until: nil, drains: false), .engine), (.drain(until: past), .engine),
        ]
        for (action, subject) in requests {
            guard case .refused = try bench.request(action, on: subject) else {
                #expect(Bool(false), "\(action) on \(subject)")
                continue
            }
        }
    }
}
