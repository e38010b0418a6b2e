/// One line of the audit: what a person asked for, and what came of it.
///
/// Refused requests stand there too. Never changed.
package struct AuditEntry: Hashable, Codable, Sendable {
    /// Its place: entries are numbered in the order in which they happened.
    package var sequence: Int64
    /// When.
    package var at: Timestamp
    /// Who asked.
    package var user: String
    /// What was asked for, in a word or two: `abort`, `resolve skip`.
    package var action: String
    /// What it was asked of: `job-5948`, `lane host/kvm-a01`.
    package var subject: String
    /// Why, in the words of who asked; empty if nothing was said.
    package var reason: String
    /// How the subject stood before: a job's state, for instance.
    package var before: String
    /// How it stood after.
    package var after: String
    /// What became of it: `accepted`, or `refused: …`.
    package var outcome: String
    /// On whose account; empty if nothing was said.
    package var account: String = ""
    /// From which terminal and machine; empty if that is not known.
    package var origin: String = ""
    /// What binds it to the line before it; the store makes it.
    package var digest: String = ""

    /// An entry with all its parts.
    package init(
        sequence: Int64 = 0,
        at: Timestamp,
        of request: OperatorRequest,
        before: String,
        after: String,
        outcome: RequestOutcome
    ) {
        self.init(
            sequence: sequence,
            at: at,
            user: request.by,
            action: request.action.word,
            subject: request.subject.description
        )
        reason = request.reason
        account = request.account ?? ""
        origin = request.origin ?? ""
        self.before = before
        self.after = after
        self.outcome = outcome.words
    }

    /// An entry that says who did what to what; the rest is set on the value.
    package init(
        sequence: Int64 = 0,
        at: Timestamp,
        user: String,
        action: String,
        subject: String
    ) {
        self.sequence = sequence
        self.at = at
        self.user = user
        self.action = action
        self.subject = subject
        reason = ""
        before = ""
        after = ""
        outcome = ""
    }
}
