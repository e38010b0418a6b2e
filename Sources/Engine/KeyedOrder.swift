import Model
import Store

/// What a key promises: the same key is the same order, and one job.
///
/// An order is its kind, target, parameters, account and the jobs it comes after. When it is due,
/// how urgent it is and who asks may differ from one time to the next, because scripts say “in ten
/// minutes” again when they are run again.
enum KeyedOrder {
    /// What becomes of a submission whose key is known already.
    ///
    /// - Parameters:
    ///   - submission: the order, with stand-ins for its secrets.
    ///   - key: its key.
    ///   - known: the job that has the key.
    ///   - after: the jobs that one comes after.
    ///   - secrets: the secrets of both; none of the job's once they were forgotten.
    /// - Returns: that job, or a refusal that names the first difference.
    static func outcome(
        of submission: Submission,
        key: String,
        known: StoredJob,
        after: [JobID],
        secrets: (theirs: [String: String], ours: [String: String])
    ) -> RequestOutcome {
        let names = secrets.theirs.keys.sorted()
        let secret = names.first { secrets.theirs[$0] != secrets.ours[$0] }
        guard
            let difference = difference(submission, known, after)
                ?? secret.map({ "parameter \($0) differs" })
        else { return .existing(known.job.id) }
        return .refused(
            "the key “\(key)” belongs to \(known.job.id), which is another order: \(difference); "
                + "choose another key"
        )
    }

    /// The first difference between a submission and the order of a job, in words; nil if none.
    static func difference(
        _ submission: Submission,
        _ known: StoredJob,
        _ after: [JobID]
    ) -> String? {
        let job = known.job
        if job.kind != submission.kind { return words("its kind", job.kind, submission.kind) }
        if job.target != submission.target {
            return words("its target", job.target.description, submission.target.description)
        }
        let theirs = SecretMask.masked(known.extra.parameters)
        let ours = SecretMask.masked(submission.parameters)
        let names = Set(known.extra.parameters.keys).union(submission.parameters.keys).sorted()
        for name in names where known.extra.parameters[name] != submission.parameters[name] {
            return words("parameter \(name)", theirs[name], ours[name])
        }
        if job.account != submission.account {
            return words("its account", job.account, submission.account)
        }
        let wanted = Set(submission.after)
        guard Set(after) != wanted else { return nil }
        return words("what it comes after", list(after), list(Array(wanted)))
    }

    private static func words(_ what: String, _ theirs: String?, _ ours: String?) -> String {
        let isMasked = theirs == ours
        return isMasked
            ? "\(what) differs" : "\(what) is \(shown(theirs)) there and \(shown(ours)) here"
    }

    private static func shown(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "not given" }
        return value.count <= 60 ? "“\(value)”" : "“\(value.prefix(60))…”"
    }

    private static func list(_ jobs: [JobID]) -> String {
        jobs.sorted().prefix(5).map(\.description).joined(separator: ", ")
            + (jobs.count > 5 ? " …" : "")
    }
}

/// Checks that every way into the engine makes of a submission.
enum SubmissionCheck {
    /// Why a submission makes no sense whatever the state of the store; nil if it may.
    static func refusal(of submission: Submission) -> String? {
        if submission.after.count > SubmissionLimits.prerequisites {
            return "a job can come after at most \(SubmissionLimits.prerequisites) others; "
                + "have some of them end in one job that does nothing (noop), and wait for that"
        }
        if let refusal = Priority.refusal(submission.priority) { return refusal }
        guard let key = submission.key else { return nil }
        if key.isEmpty { return "a key must not be empty; leave it out instead" }
        if key.utf8.count > SubmissionLimits.keyBytes {
            return "a key can have at most \(SubmissionLimits.keyBytes) bytes"
        }
        return nil
    }

    /// Why a job cannot be waited for: it never was, or is no longer here.
    static func missing(_ id: JobID, newest: JobID) -> String {
        if id > newest || id.number < 1 { return "there is no \(id) to wait for" }
        return "\(id) is no longer here (archived, removed or never accepted): how it ended cannot "
            + "be waited for; leave it out"
    }
}
