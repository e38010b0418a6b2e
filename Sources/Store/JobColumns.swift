import Model

/// The columns of a job, in the order in which they are bound and read.
enum JobColumns {
    /// What a job is; never changed after its insert.
    static let fixed = [
        "id", "uuid", "parent_id", "of_step", "root_id", "kind", "target_type", "target_name",
        "user", "account", "attempt", "retry_of", "created_at", "key", "weight", "schedule",
    ]
    /// Where a job stands, as people see it.
    static let shown = [
        "state", "progress", "waiting_reason", "waiting_on", "waiting_since", "cause", "rollback",
        "backend", "code_domain", "code_number", "code_name", "message", "priority", "lane",
        "fence", "due_at", "started_at", "finished_at", "updated_at", "stop_level", "stop_by",
        "stop_at", "stop_reason", "child_count", "attention", "wake_at",
    ]
    /// What only the engine needs to know.
    static let inner = [
        "parameters", "is_planned", "current_step", "children_made",
        "children_unfinished", "children_active", "children_failed", "children_progress",
        "prerequisites", "lock_wait", "rollback_policy", "has_warning", "probes", "resume_at",
        "results", "undo_failures", "extra", "queue", "rank",
    ]
    /// What an insert binds, in that order.
    static let inserted = fixed + JobColumnGroup.all.flatMap(\.columns)
    /// What ``decodeJob(_:)`` reads.
    static let job = (fixed + shown).joined(separator: ", ")
    /// What ``decode(_:)`` reads.
    static let stored = (fixed + shown + inner).joined(separator: ", ")

    // MARK: Binding

    static func bind(_ stored: StoredJob, ofStep: Int?, to query: inout Query) {
        let job = stored.job
        query.bind(job.id)
        query.bind(job.uuid)
        query.bind(job.parentID)
        query.bind(ofStep)
        query.bind(job.rootID)
        query.bind(job.kind)
        query.bind(job.target.type)
        query.bind(job.target.name)
        query.bind(job.user)
        query.bind(job.account)
        query.bind(job.attempt)
        query.bind(job.retryOf)
        query.bind(job.createdAt)
        query.bind(stored.extra.key)
        query.bind(stored.weight)
        query.bind(job.schedule)
        for group in JobColumnGroup.all { group.bind(stored, &query) }
    }

    // MARK: Reading

    /// Reads ``stored``.
    static func decode(_ query: inout Query) throws -> StoredJob {
        let (job, key, weight) = try decodeJob(&query)
        var stored = StoredJob(job: job)
        stored.weight = weight
        var extra = JobExtra()
        extra.key = key
        extra.parameters = query.readParameters()
        stored.isPlanned = query.readBool()
        stored.currentStep = query.readCount()
        stored.tally.made = query.readCount()
        stored.tally.unfinished = query.readCount()
        stored.tally.active = query.readCount()
        stored.tally.failed = query.readCount()
        stored.tally.progress = query.readCount()
        stored.prerequisites = query.readCount()
        stored.lockPolicy = lockPolicy(query.readOptionalInt64())
        stored.rollbackPolicy = query.readWord(or: .automatic)
        stored.hasWarning = query.readBool()
        stored.probes = query.readCount()
        stored.resumeAt = query.readOptionalInt()
        extra.results = query.readParameters()
        extra.undoFailures = query.readCount()
        do {
            try JobDetails.decode(query.readOptionalText())?.apply(to: &extra)
        } catch {
            query.note(damage: "details that are not written as such")
        }
        stored.queue = query.readOptionalText() ?? ""
        stored.rank = query.readOptionalInt64()
        extra.damage = query.takeDamage()
        stored.extra = extra
        return stored
    }

    /// Reads ``job``.
    static func decodeJob(_ query: inout Query) throws -> (job: Job, key: String?, weight: Int) {
        let id = query.readJob()
        let uuid = query.readText()
        let parent = query.readOptionalJob()
        _ = query.readOptionalInt()
        let root = query.readJob()
        let kind = query.readText()
        let target = Target(type: query.readText(), name: query.readText())
        let user = query.readText()
        let account = query.readText()
        let attempt = query.readInt()
        let retryOf = query.readOptionalJob()
        let created = query.readTime()
        let key = query.readOptionalText()
        let weight = query.readCount()
        let schedule = query.readOptionalText()
        var job = Job(
            id: id,
            uuid: uuid,
            parentID: parent,
            rootID: root,
            kind: kind,
            target: target,
            user: user,
            account: account,
            createdAt: created
        )
        job.attempt = attempt
        job.retryOf = retryOf
        job.schedule = schedule
        try decodeShown(&job, &query)
        return (job, key, weight)
    }

    private static func decodeShown(_ job: inout Job, _ query: inout Query) throws {
        job.state = try query.readState()
        job.progress = query.readInt()
        let reason = query.readOptionalText()
        let on = query.readText()
        let since = query.readTime()
        if let reason {
            if let reason = Waiting.Reason(rawValue: reason) {
                job.waiting = Waiting(reason, on: on, since: since)
            } else {
                query.note(damage: "“\(reason.prefix(40))” is nothing to wait for")
            }
        }
        job.cause = query.readWord(or: .none)
        job.rollback = query.readWord(or: .notNeeded)
        job.backend = query.readWord(or: .none)
        job.code = readCode(&query)
        job.message = query.readText()
        job.priority = query.readInt()
        job.lane = query.readText()
        job.fence = query.readInt64()
        job.dueAt = query.readOptionalTime()
        job.startedAt = query.readOptionalTime()
        job.finishedAt = query.readOptionalTime()
        job.updatedAt = query.readTime()
        let level = query.readOptionalText()
        let by = query.readText()
        let at = query.readTime()
        let why = query.readText()
        if let level {
            if let level = StopLevel(rawValue: level) {
                job.stop = StopRequest(level: level, by: by, at: at, reason: why)
            } else {
                query.note(damage: "“\(level.prefix(40))” is no way to stop a job")
            }
        }
        job.childCount = query.readInt()
        job.attention = Attention(code: query.readOptionalInt() ?? 0) ?? .open
        job.wakesAt = query.readOptionalTime()
    }

    static func readCode(_ query: inout Query) -> ResultCode? {
        let domain = query.readOptionalText()
        let number = query.readInt()
        let name = query.readText()
        return domain.map { ResultCode(domain: $0, number: number, name: name) }
    }

    // MARK: Lock policies

    /// NULL waits for ever, -1 not at all, anything else that many milliseconds.
    static func lockWait(_ policy: LockPolicy) -> Int64? {
        switch policy {
        case .wait: nil
        case .failFast: -1
        case .waitAtMost(let milliseconds): max(0, milliseconds)
        }
    }

    private static func lockPolicy(_ wait: Int64?) -> LockPolicy {
        guard let wait else { return .wait }
        return wait < 0 ? .failFast : .waitAtMost(wait)
    }
}
