import Engine
import Model
import Store
import TestKit
import Testing

@Suite("The gate before the store")
struct GateTests {
    /// Every action.
    private static let actions: [OperatorAction] =
        StopLevel.allCases.map { .stop($0) } + Resolution.allCases.map { .resolve($0) }
        + OperationDecision.allCases.map { .settle($0) }
        + [
            .retry, .retryFrom("1"), .approve, .reject, .acknowledge, .prioritize(3), .pin, .unpin,
            .resume, .setSlots(3),
        ]
        + [.pause(until: nil, drains: false), .drain(until: nil)]
        + [.release(from: nil, isForced: false), .report(ExternalReport())]

    /// The place of an action's case: a new case breaks this, and must be listed above.
    private static func place(of action: OperatorAction) -> Int {
        switch action {
        case .stop: 0
        case .resolve: 1
        case .settle: 2
        case .retry: 3
        case .acknowledge: 4
        case .prioritize: 5
        case .pin: 6
        case .unpin: 7
        case .resume: 8
        case .setSlots: 9
        case .pause: 10
        case .drain: 11
        case .release: 12
        case .retryFrom: 13
        case .approve: 14
        case .reject: 15
        case .report: 16
        }
    }

    /// The same for subjects.
    private static func place(of subject: Subject) -> Int {
        switch subject {
        case .job: 0
        case .lock: 1
        case .lane: 2
        case .schedule: 3
        case .engine: 4
        }
    }

    @Test("The lists of actions and subjects are whole")
    func whole() {
        #expect(Set(Self.actions.map(Self.place(of:))) == Set(0...16))
        #expect(Set(Self.subjects.map(Self.place(of:))) == Set(0...4))
    }

    private static let subjects: [Subject] = [
        .job(JobID(1)), .job(JobID(404)), .lock("vm/web-1"), .lane("host/a"),
        .schedule("nightly"), .engine,
    ]

    private struct Stage {
        let bench: EngineBench
        let now = ManualClock.beginning + 60_000

        init(_ lines: [RoleLine]) throws {
            bench = try EngineBench(
                ScriptedBackend(),
                kinds: [ScriptedKind("one", steps: [.doing("a")])]
            )
            try bench.submit("one") { $0.account = "dev" }
            try bench.store.write(as: nil) { try $0.replaceRoles(lines) }
        }

        func gate(isReadOnly: Bool = false) -> Gate {
            let ann = Identity(user: "ann", uid: 1000, account: "dev", origin: "pts/1 on here")
            return Gate(bench.store, for: ann, owner: 7, isReadOnly: isReadOnly)
        }

        func audit() throws -> [AuditEntry] {
            try bench.store.read { try $0.audit(of: nil, after: 0, limit: 1000) }
        }

        func open() throws -> [OperatorRequest] {
            try bench.store.read { try $0.openRequests(limit: 1000) }.compactMap(\.request)
        }
    }

    private static func requests() -> [OperatorRequest] {
        actions.flatMap { action in
            subjects.map { OperatorRequest(action, on: $0, by: "somebody", reason: "why") }
        }
    }

    @Test("A viewer cannot do anything to anything, by either way; each try stands in the audit")
    func viewer() throws {
        let stage = try Stage([RoleLine("ann", .viewer), RoleLine("carol", .admin)])
        let before = try stage.bench.store.read { try $0.counts() }
        for request in Self.requests() {
            let tries = try stage.audit().count
            let written = try stage.gate().write([request], at: stage.now)
            #expect(throws: Gate.Refusal.self) { try written.first?.get() }
            #expect(throws: Gate.Refusal.self) {
                try stage.gate().pass(request, at: stage.now).get()
            }
            let lines = try stage.audit().dropFirst(tries)
            #expect(lines.count == 2)
            for line in lines {
                #expect((line.user, line.origin) == ("ann", "pts/1 on here"))
                #expect((line.action, line.reason) == (request.action.word, "why"))
                #expect(line.subject == request.subject.description)
                #expect(line.outcome.contains("carol"))
            }
        }
        #expect(try stage.open().isEmpty)
        #expect(try stage.bench.store.read { try $0.counts() } == before)
        #expect(try stage.bench.store.read { try $0.verifyAudit(expecting: nil) }.problems.isEmpty)
    }

    @Test("An admin may ask for everything; who asks is written by the gate")
    func admin() throws {
        let stage = try Stage([RoleLine("ann", .admin)])
        for request in Self.requests() {
            let written = try stage.gate().write([request], at: stage.now)
            #expect(throws: Never.self) { try written.first?.get() }
            let passed = try stage.gate().pass(request, at: stage.now).get().thing
            #expect((passed.by, passed.origin) == ("ann", "pts/1 on here"))
        }
        #expect(try stage.open().count == Self.requests().count)
        #expect(try stage.open().allSatisfy { $0.by == "ann" && $0.account == "dev" })
        #expect(try stage.audit().isEmpty, "the engine writes the line when it acts")
    }

    @Test("Submitting takes the right, for the account it is on", arguments: ["dev", "prod", ""])
    func submits(_ account: String) throws {
        let stage = try Stage([RoleLine("ann", .operator, accounts: ["dev"])])
        var chance = SeededChance(seed: 1)
        var submission = Submission(kind: "one", user: "root")
        submission.account = account
        let isAllowed = account == "dev"

        let outcome = try stage.gate().submit(submission, chance: &chance, at: stage.now)
        let passed = try? stage.gate().pass(submission, at: stage.now).get()

        #expect((passed?.thing.user == "ann") == isAllowed)
        guard case .accepted(let id) = outcome else {
            #expect(!isAllowed)
            #expect(try stage.audit().map(\.action) == ["submit one", "submit one"])
            return
        }
        #expect(isAllowed)
        #expect(try stage.bench.job(id).user == "ann")
    }

    @Test("Who acts for one account touches no other's jobs, and nothing that is everybody's")
    func accounts() throws {
        let stage = try Stage([RoleLine("ann", .operator, accounts: ["dev"])])
        let other = try stage.bench.submit("one") { $0.account = "prod" }
        func passes(_ subject: Subject) throws -> Bool {
            let request = OperatorRequest(.stop(.cancel), on: subject, by: "")
            return (try? stage.gate().pass(request, at: stage.now).get()) != nil
        }

        #expect(try passes(.job(JobID(1))))
        #expect(try !passes(.job(other)))
        #expect(try passes(.job(JobID(404))), "the engine says that there is none")
        #expect(try !passes(.lane("host/a")))
    }

    @Test(
        "Whoever began outside work speaks for it; for others an admin does",
        arguments: UserRole.allCases
    )
    func reports(_ role: UserRole) throws {
        let stage = try Stage([RoleLine("ann", role)])
        let other = try stage.bench.submit("one") { $0.user = "bob" }
        func refusal(_ job: JobID) throws -> String? {
            let request = OperatorRequest(.report(ExternalReport()), job: job, by: "bob")
            guard case .failure(let refusal) = try stage.gate().pass(request, at: stage.now) else {
                return nil
            }
            return refusal.text
        }

        #expect(try (refusal(JobID(1)) == nil) == (role != .viewer))
        #expect(try (refusal(other) == nil) == (role == .admin))
        guard role == .operator else { return }
        #expect(try refusal(other)?.hasPrefix("\(other) was begun by bob, who reports") == true)
    }

    @Test("An operator pauses a lane, but leaves its size and the engine alone")
    func lanes() throws {
        let stage = try Stage([RoleLine("ann", .operator)])
        func passes(_ action: OperatorAction, _ subject: Subject) throws -> Bool {
            let request = OperatorRequest(action, on: subject, by: "")
            return (try? stage.gate().pass(request, at: stage.now).get()) != nil
        }

        #expect(try passes(.pause(until: nil, drains: false), .lane("host/a")))
        #expect(try passes(.resume, .lane("host/a")))
        #expect(try !passes(.setSlots(3), .lane("host/a")))
        #expect(try !passes(.drain(until: nil), .engine))
        #expect(try !passes(.resume, .engine))
    }

    @Test("Schedules are changed by who has the right, with one line of audit for each change")
    func schedules() throws {
        let rule = ScheduleRule.every(milliseconds: 3_600_000, anchor: ManualClock.beginning)
        let schedule = Schedule(name: "nightly", kind: "one", user: "ann", rule: rule)
        func add(_ stage: Stage) throws {
            let gate = stage.gate()
            let change = Gate.Change(.schedule, "change", on: "schedule nightly", reason: "hourly")
            let outcome = try gate.change(
                change,
                at: stage.now,
                writing: { tx in
                    try ScheduleDesk(
                        tx,
                        by: "ann",
                        as: gate.identity,
                        reason: "hourly",
                        at: stage.now
                    )
                    .add(schedule)
                }
            )
            #expect(outcome == .done("added"))
        }
        let viewer = try Stage([RoleLine("ann", .viewer)])
        #expect(throws: Gate.Refusal.self) { try add(viewer) }
        #expect(try viewer.audit().map(\.subject) == ["schedule nightly"])
        #expect(try viewer.bench.store.read { try $0.schedules() }.isEmpty)

        let stage = try Stage([RoleLine("ann", .operator)])
        try add(stage)
        let line = try #require(try stage.audit().last)
        #expect((line.user, line.origin) == ("ann", "pts/1 on here"))
        #expect((line.action, line.subject) == ("add", "schedule nightly"))
        #expect(line.reason == "hourly")
        #expect(try stage.audit().count == 1)
    }

    @Test("Read-only is the viewer's role, whoever asks for it")
    func readOnly() throws {
        let stage = try Stage([RoleLine("ann", .admin)])
        #expect(try stage.gate(isReadOnly: true).standing().role == .viewer)
    }

    @Test("A change of the store itself and its line of audit are one transaction")
    func change() throws {
        let stage = try Stage([RoleLine("ann", .admin)])
        let change = Gate.Change(.roles, "set roles", on: "roles", reason: "new people")
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            try stage.gate().change(change, at: stage.now) { tx, _ in
                try tx.replaceRoles([])
                throw Broken()
            }
        }
        #expect(try stage.audit().isEmpty)
        #expect(try stage.bench.store.read { try $0.roleLines() }.count == 1)

        try stage.gate().change(change, at: stage.now) { tx, entry in
            (entry.before, entry.after) = ("ann=admin", "ann=viewer")
            try tx.replaceRoles([RoleLine("ann", .viewer)])
        }

        let line = try #require(try stage.audit().first)
        #expect((line.user, line.action, line.reason) == ("ann", "set roles", "new people"))
        #expect((line.before, line.after, line.outcome) == ("ann=admin", "ann=viewer", "done"))
        #expect(throws: Gate.Refusal.self) {
            try stage.gate().change(change, at: stage.now) { _, _ in }
        }
        #expect(try stage.audit().count == 2)
    }

    @Test("What passes is in the audit after the engine acted, with before and after")
    func acted() throws {
        let stage = try Stage([RoleLine("ann", .operator)])
        let request = OperatorRequest(.stop(.cancel), job: JobID(1), by: "", reason: "enough")
        _ = try stage.gate().write([request], at: stage.now)
        var inbox = Inbox()
        inbox.checksStore = true
        try stage.bench.turn(inbox)

        let line = try #require(try stage.audit().last)
        #expect((line.user, line.account, line.origin) == ("ann", "dev", "pts/1 on here"))
        #expect((line.action, line.subject, line.reason) == ("cancel", "job-1", "enough"))
        #expect((line.before, line.after) == ("running", "cancelling"))
        #expect(line.outcome == "accepted")
    }
}
