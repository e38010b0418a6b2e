package import Model
package import Store

/// The one way by which people change a store: it knows who they are and what they may do.
///
/// It stands before the store, whichever way the change then takes: as a row for whatever engine
/// owns the store, or to the engine of this process, which takes only what has passed (``Passed``).
/// Who asks is written by the gate, not by the caller. What is refused stands in the audit.
package struct Gate: Sendable {
    /// Who asks.
    package let identity: Identity
    /// Whether nothing may be changed from here, whatever the roles say.
    package let isReadOnly: Bool
    /// The number of the user who owns the store's file; nil for a store without a file.
    package let owner: UInt32?
    private let store: any JobStore

    /// The gate of a store for somebody.
    package init(
        _ store: any JobStore,
        for identity: Identity,
        owner: UInt32?,
        isReadOnly: Bool = false
    ) {
        self.store = store
        self.identity = identity
        self.owner = owner
        self.isReadOnly = isReadOnly
    }

    /// What they may do now.
    package func standing() throws -> Standing { try store.read(standing) }

    /// What they may do by one state of the store.
    package func standing(_ reader: any StoreReader) throws -> Standing {
        let roles = Roles(try reader.roleLines(), owner: owner)
        let standing = roles.standing(of: identity)
        return isReadOnly ? standing.lookingOnly : standing
    }

    // MARK: Rows for whatever engine there is

    /// Writes a new job down; durable when this returns.
    package func submit(
        _ submission: Submission,
        chance: inout SeededChance,
        at now: Timestamp
    ) throws -> RequestOutcome {
        let submission = signed(submission)
        return try store.write(as: nil) { tx in
            if let refusal = try refuse(submission, tx, at: now) { return .refused(refusal) }
            return try OutsideSubmission.insert(submission, into: tx, chance: &chance, at: now)
        }
    }

    /// Writes so many jobs down in one transaction; each may come after those before it.
    ///
    /// If one is refused none is written, and its outcome is the last.
    package func submit(
        _ count: Int,
        chance: inout SeededChance,
        at now: Timestamp,
        rules: EngineRules = EngineRules(),
        _ submission: (Int, [RequestOutcome]) throws -> Submission
    ) throws -> [RequestOutcome] {
        do {
            return try store.write(as: nil) { tx in
                var outcomes: [RequestOutcome] = []
                for place in 0..<count {
                    let next = signed(try submission(place, outcomes))
                    if let refusal = try refusal(next, tx) {
                        throw Undone(outcomes: outcomes + [.refused(refusal)], forbidden: next)
                    }
                    let made = try OutsideSubmission.insert(
                        next,
                        into: tx,
                        chance: &chance,
                        at: now,
                        rules: rules
                    )
                    outcomes.append(made)
                    if case .refused = made { throw Undone(outcomes: outcomes) }
                }
                return outcomes
            }
        } catch let undone as Undone {
            if let forbidden = undone.forbidden {
                _ = try store.write(as: nil) { try refuse(forbidden, $0, at: now) }
            }
            return undone.outcomes
        }
    }

    /// One of many jobs was refused, so that none is written.
    private struct Undone: Error {
        var outcomes: [RequestOutcome]
        var forbidden: Submission?
    }

    /// Writes requests down in one transaction, those that are refused into the audit only.
    ///
    /// - Returns: the number of each, under which its outcome will be found, or why it was refused.
    package func write(
        _ requests: [OperatorRequest],
        at now: Timestamp
    ) throws -> [Result<Int64, Refusal>] {
        try store.write(as: nil) { tx in
            try requests.map(signed).map { request in
                if let refusal = try refuse(request, tx, at: now) {
                    return .failure(Refusal(text: refusal))
                }
                return .success(try tx.insert(request, at: now))
            }
        }
    }

    /// Why something did not pass.
    package struct Refusal: Error, Hashable {
        /// The reason, which names the right and who has it.
        package let text: String
    }

    // MARK: To the engine of this process

    /// Lets a new job pass to the engine of this process; refused ones stand in the audit.
    package func pass(
        _ submission: Submission,
        at now: Timestamp
    ) throws -> Result<Passed<Submission>, Refusal> {
        let submission = signed(submission)
        guard try store.read({ try self.refusal(submission, $0) }) != nil else {
            return .success(Passed(submission))
        }
        let refused = try store.write(as: nil) { try refuse(submission, $0, at: now) }
        return refused.map { .failure(Refusal(text: $0)) } ?? .success(Passed(submission))
    }

    /// Lets a request pass to the engine of this process; refused ones stand in the audit.
    package func pass(
        _ request: OperatorRequest,
        at now: Timestamp
    ) throws -> Result<Passed<OperatorRequest>, Refusal> {
        let request = signed(request)
        guard try store.read({ try self.refusal(request, $0) }) != nil else {
            return .success(Passed(request))
        }
        let refused = try store.write(as: nil) { try refuse(request, $0, at: now) }
        return refused.map { .failure(Refusal(text: $0)) } ?? .success(Passed(request))
    }

    // MARK: Changes of the store itself

    /// What is changed, for the audit.
    package struct Change: Sendable {
        /// The right that it takes.
        package var right: Right
        /// What is done, in a word or two.
        package var action: String
        /// To what.
        package var subject: String
        /// Why; may be empty.
        package var reason: String

        /// A change with all its parts.
        package init(_ right: Right, _ action: String, on subject: String, reason: String = "") {
            self.right = right
            self.action = action
            self.subject = subject
            self.reason = reason
        }
    }

    /// Changes the store itself, with a line of audit in the same transaction.
    ///
    /// - Parameters:
    ///   - change: what is done.
    ///   - now: when.
    ///   - body: does it, and fills in how the subject stood before and after.
    /// - Returns: what `body` returns.
    /// - Throws: ``Refusal`` after it was written into the audit, or what `body` throws.
    package func change<R>(
        _ change: Change,
        at now: Timestamp,
        _ body: (any StoreTransaction, inout AuditEntry) throws -> R
    ) throws -> R {
        try admit(change, at: now) { tx, entry in
            let result = try body(tx, &entry)
            if entry.outcome.isEmpty { entry.outcome = "done" }
            try tx.append([entry])
            return result
        }
    }

    /// Changes the store itself, by a body that writes its own lines of audit.
    ///
    /// - Throws: ``Refusal`` after it was written into the audit, or what `body` throws.
    package func change<R>(
        _ change: Change,
        at now: Timestamp,
        writing body: (any StoreTransaction) throws -> R
    ) throws -> R {
        try admit(change, at: now) { tx, _ in try body(tx) }
    }

    private func admit<R>(
        _ change: Change,
        at now: Timestamp,
        _ body: (any StoreTransaction, inout AuditEntry) throws -> R
    ) throws -> R {
        let result: Result<R, Refusal> = try store.write(as: nil) { tx in
            var entry = entry(change.action, on: change.subject, at: now)
            entry.reason = change.reason
            if let refusal = try standing(tx).refusal(change.right) {
                entry.outcome = RequestOutcome.refused(refusal).words
                try tx.append([entry])
                return .failure(Refusal(text: refusal))
            }
            return .success(try body(tx, &entry))
        }
        return try result.get()
    }

    // MARK: The rules

    private func signed(_ submission: Submission) -> Submission {
        var submission = submission
        submission.user = identity.user
        return submission
    }

    private func signed(_ request: OperatorRequest) -> OperatorRequest {
        var request = request
        request.by = identity.user
        request.account = identity.account.isEmpty ? nil : identity.account
        request.origin = identity.origin.isEmpty ? nil : identity.origin
        return request
    }

    private func refusal(_ submission: Submission, _ reader: any StoreReader) throws -> String? {
        try standing(reader).refusal(.submit, account: submission.account)
    }

    private func refusal(_ request: OperatorRequest, _ reader: any StoreReader) throws -> String? {
        let standing = try standing(reader)
        let right = request.action.right(on: request.subject)
        guard let id = request.job else { return standing.refusal(right) }
        // Of a job that is not there the role alone decides; the engine says that there is none.
        let job = try reader.jobs([id]).first?.job
        let account = job?.account ?? standing.accounts?.first ?? ""
        if let refusal = standing.refusal(right, account: account) { return refusal }
        return job.flatMap { refusalOfReport(request, on: $0, standing) }
    }

    /// Why somebody may not speak for the program that does a job's work: whoever began it may, and
    /// who puts right what is stuck.
    private func refusalOfReport(
        _ request: OperatorRequest,
        on job: Job,
        _ standing: Standing
    ) -> String? {
        guard case .report = request.action, job.user != identity.user,
            let refusal = standing.refusal(.unstick)
        else { return nil }
        return "\(job.id) was begun by \(job.user), who reports on it; \(refusal)"
    }

    private func refuse(
        _ submission: Submission,
        _ tx: any StoreTransaction,
        at now: Timestamp
    ) throws -> String? {
        guard let refusal = try refusal(submission, tx) else { return nil }
        var entry = entry("submit " + submission.kind, on: submission.target.description, at: now)
        entry.account = submission.account
        entry.outcome = RequestOutcome.refused(refusal).words
        try tx.append([entry])
        return refusal
    }

    private func refuse(
        _ request: OperatorRequest,
        _ tx: any StoreTransaction,
        at now: Timestamp
    ) throws -> String? {
        guard let refusal = try refusal(request, tx) else { return nil }
        let state = try request.job.flatMap { try tx.jobs([$0]).first?.job.state.rawValue } ?? ""
        let outcome = RequestOutcome.refused(refusal)
        let entry = AuditEntry(at: now, of: request, before: state, after: state, outcome: outcome)
        try tx.append([entry])
        return refusal
    }

    private func entry(_ action: String, on subject: String, at now: Timestamp) -> AuditEntry {
        var entry = AuditEntry(at: now, user: identity.user, action: action, subject: subject)
        entry.account = identity.account
        entry.origin = identity.origin
        return entry
    }
}

/// Something that has passed the gate; nobody else can make one.
package struct Passed<Thing: Sendable>: Sendable {
    /// What has passed, with the name of who asked.
    package let thing: Thing

    init(_ thing: Thing) { self.thing = thing }

    /// What a machine asks of itself, not a person: load of a bench, the story of a demo, a test.
    package static func byMachine(_ thing: Thing) -> Passed { Passed(thing) }
}
