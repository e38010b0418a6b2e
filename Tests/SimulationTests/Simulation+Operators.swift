import Engine
import Hypervisor
import Model
import Store
import TestKit

/// People: what they ask of jobs, locks, lanes and the engine, sensible or not, allowed or not.
extension Simulation {
    /// Somebody asks for something about a job or a lock.
    func operate() throws {
        let dice = draw(20)
        if dice < 3 { return try releaseLock() }
        if dice < 5, setup.hasRoles { return try overreach() }
        if dice < 7, let id = unsettled() {
            return try ask(.settle(OperationDecision.allCases[draw(4)]), .job(id), saying: draw(4))
        }
        if dice < 11, let (id, user) = try checker.awaitingApproval().randomElement(using: &chance)
        {
            // Now and then somebody tries to agree to a job of his own.
            let who = draw(4) == 0 ? user : "operator"
            let verdict: OperatorAction = draw(4) == 0 ? .reject : .approve
            return try ask(verdict, .job(id), saying: draw(4), by: who)
        }
        let action = jobAction()
        guard let id = job(for: action) else { return }
        try ask(action, .job(id), saying: draw(4))
    }

    /// A job for an action: often one for which it makes sense, else any that has not ended, and
    /// now and then one that has or never was.
    private func job(for action: OperatorAction) -> JobID? {
        let sensible: [JobID] =
            switch action {
            case .acknowledge, .retry, .pin: checker.ended
            case .unpin: checker.pinnedJobs
            case .resolve: checker.unfinished.filter { checker.state(of: $0) == .needsOperator }
            case .stop(.abandon): checker.unfinished.filter { checker.state(of: $0) == .lost }
            default: checker.unfinished.filter { checker.state(of: $0) == .queued }
            }
        if draw(2) == 0, let id = sensible.randomElement(using: &chance) { return id }
        switch draw(12) {
        case 0: return checker.ended.randomElement(using: &chance)
        case 1: return JobID(99_999)
        default: return checker.unfinished.randomElement(using: &chance)
        }
    }

    private func jobAction() -> OperatorAction {
        switch draw(17) {
        case 0, 1: .stop(.cancel)
        case 2, 3, 4: .stop(.abort)
        case 5: .stop(.abandon)
        case 6: .retry
        case 7: .acknowledge
        case 8: .pin
        case 9: .unpin
        case 10: .prioritize(draw(10) == 0 ? 5000 : draw(11) - 5)
        case 11: .settle(OperationDecision.allCases[draw(4)])
        case 12 where draw(6) == 0: .drain(until: nil)
        case 13: draw(2) == 0 ? .approve : .reject
        default: .resolve(Resolution.allCases[draw(3)])
        }
    }

    /// A job with an operation whose outcome is open, if there is one.
    private func unsettled() -> JobID? {
        checker.doubtful.randomElement(using: &chance)
    }

    private func releaseLock() throws {
        let locks = try bench.store.read { try $0.locks(limit: 20) }
        guard let line = locks.randomElement(using: &chance), draw(8) > 0 else {
            return try ask(.release(from: nil, isForced: false), .lock("vm/nobody"), saying: 1)
        }
        let job = draw(2) == 0 ? line.ticket.job : nil
        let action = OperatorAction.release(from: job, isForced: draw(3) == 0)
        try ask(action, .lock(line.ticket.resource), saying: draw(4))
    }

    /// Asks, as a request to this process's engine or as a row for whatever engine there is.
    ///
    /// A quarter of the requests give no reason (`word` is 0), which some of them need.
    func ask(
        _ action: OperatorAction,
        _ subject: Subject,
        saying word: Int,
        by user: String = "operator"
    ) throws {
        var request = OperatorRequest(action, on: subject, by: user)
        if word > 0 { request.reason = "reason \(word)" }
        if draw(12) == 0 { request.expecting = [.running, .needsOperator] }
        let isOutside = draw(5) == 0
        if isOutside { request.by = Person.admin.identity.user }
        checker.wasAsked(request)
        let outcome = try isOutside ? askOutside(request) : bench.ask(request)
        guard let outcome else { return }
        census.note(request, outcome)
        try checker.wasTold(request, outcome, at: now)
    }

    /// Everything that waits for somebody's approval gets an answer.
    ///
    /// - Returns: whether anything did.
    func approveWhatWaits() throws -> Bool {
        let waiting = try checker.awaitingApproval()
        for (id, _) in waiting {
            try ask(draw(4) == 0 ? .reject : .approve, .job(id), saying: 1)
        }
        return !waiting.isEmpty
    }

    /// Writes a request as another process does; the outcome, unless no turn was made.
    private func askOutside(_ request: OperatorRequest) throws -> RequestOutcome? {
        let written = try gate(for: .admin).write([request], at: now)
        guard case .success(let number)? = written.first else {
            throw Violation("an admin may not \(request.action.word)")
        }
        try turnForOthers()
        return try bench.store.read { try $0.outcome(ofRequest: number) }
    }

    // MARK: Lanes and the engine

    /// Somebody pauses a lane, has it go on, changes its slots, or does so with the whole engine.
    func manageLanes() throws {
        let known = ledger.inventory().hosts.names.randomElement(using: &chance) ?? ""
        let usual = draw(4) == 0 ? Operation.controlLane : "host/" + known
        let name = draw(12) == 0 ? "host/nowhere" : usual
        let until = draw(3) == 0 ? nil : now + Int64(draw(300_000) - 20_000)
        switch draw(9) {
        case 0, 1: try ask(.pause(until: until, drains: draw(2) == 0), .lane(name), saying: 1)
        case 2, 3: try ask(.resume, .lane(pausedLane() ?? name), saying: 1)
        case 4: try ask(.setSlots(draw(6)), .lane(name), saying: 1)
        case 5: try ask(.setSlots(nil), .lane(name), saying: 1)
        case 6: try ask(.drain(until: until), .engine, saying: 1)
        case 7: try ask(.resume, .engine, saying: 1)
        default: try ask(.stop(.abort), .lane(name), saying: 1)
        }
    }

    private func pausedLane() -> String? {
        checker.pausedLanes.randomElement(using: &chance)
    }

    // MARK: Rights

    /// Who asks.
    enum Person: CaseIterable {
        /// May do everything, may do it for one account, may look.
        case admin, clerk, viewer

        var identity: Identity {
            switch self {
            case .admin: Identity(user: "ada", uid: 1001, origin: "pts/1")
            case .clerk: Identity(user: "cleo", uid: 1002, account: "sales", origin: "pts/2")
            case .viewer: Identity(user: "vic", uid: 1003, origin: "pts/3")
            }
        }
    }

    /// The gate for somebody; without roles whoever can write the file passes it, and its owner
    /// may do everything.
    func gate(for person: Person) -> Gate {
        let owner: UInt32 = person == .admin ? person.identity.uid : 1
        return Gate(bench.store, for: person.identity, owner: owner)
    }

    func giveRoles() throws {
        let lines = [
            RoleLine("cleo", .operator, accounts: ["sales"]), RoleLine("operator", .operator),
            RoleLine("*", .viewer),
        ]
        let change = Gate.Change(.roles, "give roles", on: "store")
        try gate(for: .admin).change(change, at: now) { tx, _ in try tx.replaceRoles(lines) }
    }

    /// Somebody asks for what they may not do: it is refused, and nothing changes.
    private func overreach() throws {
        let before = try bench.store.read { try Standing($0) }
        let refusal: String?
        switch draw(5) {
        case 0:
            guard let order = order() else { return }
            var seeded = SeededChance(seed: chance.next())
            let made = try gate(for: .viewer).submit(order, chance: &seeded, at: now)
            if case .refused(let why) = made { refusal = why } else { refusal = nil }
        case 1:
            let request = OperatorRequest(.drain(until: nil), on: .engine, by: "")
            refusal = try passing(request, .clerk)
        case 2:
            guard let id = checker.unfinished.randomElement(using: &chance) else { return }
            guard try bench.job(id).account != "sales" else { return }
            refusal = try passing(OperatorRequest(.stop(.abort), job: id, by: ""), .clerk)
        case 3:
            let id = checker.unfinished.randomElement(using: &chance) ?? JobID(1)
            refusal = try passing(OperatorRequest(jobAction(), job: id, by: ""), .viewer)
        default:
            let change = Gate.Change(.schedule, "remove", on: "schedule all")
            do {
                try gate(for: .viewer).change(change, at: now) { tx in
                    try tx.removeSchedules(tx.schedules().map(\.state.number))
                }
                refusal = nil
            } catch let refused as Gate.Refusal {
                refusal = refused.text
            }
        }
        guard refusal != nil else { throw Violation("somebody did what they may not do") }
        guard try bench.store.read({ try Standing($0) }) == before.refused else {
            throw Violation("what was refused has changed something, or is not in the audit")
        }
    }

    /// Why a request does not pass the gate, on either way; nil if it does.
    private func passing(_ request: OperatorRequest, _ person: Person) throws -> String? {
        if draw(2) == 0 {
            guard case .failure(let why) = try gate(for: person).pass(request, at: now) else {
                return nil
            }
            return why.text
        }
        guard case .failure(let why)? = try gate(for: person).write([request], at: now).first
        else { return nil }
        return why.text
    }

    /// How much stands in a store, to see that nothing has changed.
    private struct Standing: Equatable {
        var journal: Int64
        var audit: Int
        var requests: Int
        var schedules: [Int64]
        var counts: Counts

        init(_ reader: any StoreReader) throws {
            journal = try reader.journalEnd()
            audit = try reader.audit(of: nil, after: 0, limit: 100_000).count
            requests = try reader.openRequests(limit: 1000).count
            schedules = try reader.schedules().map(\.state.revision)
            counts = try reader.recount()
        }

        /// The same with one line more in the audit.
        var refused: Standing {
            var copy = self
            copy.audit += 1
            return copy
        }
    }
}
