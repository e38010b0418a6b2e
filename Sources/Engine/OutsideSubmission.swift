package import Model
package import Store

/// Writing a job into a store whose engine lives elsewhere, or is not alive now.
///
/// The job is durable and has its number when the transaction ends; the engine makes its plan when
/// it takes the request up.
package enum OutsideSubmission {
    /// Writes one job with its dependencies and the request to plan it.
    ///
    /// - Returns: the job made, or the one that was made with the same key before; refused if there
    ///   can be no such job.
    package static func insert(
        _ submission: Submission,
        into tx: any StoreTransaction,
        chance: inout SeededChance,
        at now: Timestamp
    ) throws -> RequestOutcome {
        if let key = submission.key, let known = try tx.job(withKey: key) {
            return .existing(known)
        }
        let known = Set(try tx.jobs(submission.after).map(\.job.id))
        if let stranger = submission.after.first(where: { !known.contains($0) }) {
            return .refused("there is no \(stranger) to wait for")
        }
        let id = JobID(try tx.take(1, from: .job))
        var stored = StoredJob(
            accepting: submission,
            id: id,
            uuid: chance.uuid(at: now),
            parent: nil,
            at: now
        )
        stored.prerequisites = submission.after.count
        try tx.insert([stored], ofStep: nil)
        if !submission.after.isEmpty {
            try tx.insertDependencies(of: id, on: submission.after)
        }
        try tx.append([
            JournalEntry(
                job: id,
                at: now,
                from: nil,
                to: .pending,
                actor: submission.user,
                cause: "accepted"
            )
        ])
        try tx.insertSubmitted(id, at: now)
        return .accepted(id)
    }
}

extension StoredJob {
    /// The row of a job as it is accepted, by whichever process.
    init(accepting submission: Submission, id: JobID, uuid: String, parent: Job?, at now: Timestamp)
    {
        var job = Job(
            id: id,
            uuid: uuid,
            parentID: parent?.id,
            rootID: parent?.rootID,
            kind: submission.kind,
            target: submission.target,
            user: submission.user,
            account: submission.account,
            createdAt: now
        )
        job.priority = submission.priority
        job.dueAt = submission.dueAt
        job.retryOf = submission.retryOf
        self.init(job: job)
        extra.parameters = submission.parameters
        extra.key = submission.key
        extra.rollbackPolicy = submission.rollbackPolicy
        if let policy = submission.lockPolicy { lockPolicy = policy }
    }
}
