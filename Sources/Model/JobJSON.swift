/// Jobs as JSON: the contract with scripts.
///
/// Keys never change their names or their order.
package enum JobJSON {
    /// One job.
    ///
    /// What it does not have is null; all keys are always there.
    package static func object(
        _ job: Job,
        profile: Vocabulary.Profile = .csStrict
    ) -> JSONValue {
        .object(
            identity(job) + course(job) + origin(job) + [
                JSONValue.Member("vocabulary", vocabulary(Vocabulary(of: job, profile: profile))),
                JSONValue.Member("pin", pin(job.pin)),
                JSONValue.Member("archivedAt", JSONValue(job.archivedAt)),
            ]
        )
    }

    /// A list of jobs, one a line.
    package static func list(
        _ jobs: [Job],
        profile: Vocabulary.Profile = .csStrict
    ) -> String {
        JSONText.list(jobs.map { object($0, profile: profile) })
    }

    /// One job on a line of its own, without the line's end: for `--follow`.
    package static func line(_ job: Job, profile: Vocabulary.Profile = .csStrict) -> String {
        object(job, profile: profile).text
    }

    /// Everything about one job: its keys, and more of them at its end.
    ///
    /// These are `parameters, steps, journal, log, logCount, tree, locks, prerequisites,
    /// dependents, afterFailure, onCrash, limits, late, attention, rollbackPolicy`. Secrets are
    /// masked. What is left of a limit is given if it is known what time it is.
    package static func detail(
        _ detail: JobDetail,
        now: Timestamp? = nil,
        profile: Vocabulary.Profile = .csStrict
    ) -> JSONValue {
        let more = JSONValue.object(of: [
            "parameters": JSONValue(SecretMask.masked(detail.parameters)),
            "steps": .array(detail.steps.map(RecordJSON.object)),
            "journal": .array(detail.journal.map(RecordJSON.object)),
            "log": .array(detail.log.map(RecordJSON.object)),
            "logCount": JSONValue(detail.logCount),
            "tree": .array(detail.tree.map(row)),
            "locks": .array(detail.tickets.map(RecordJSON.object)),
            "prerequisites": .array(detail.prerequisites.map(RecordJSON.object)),
            "dependents": .array(detail.dependents.map(RecordJSON.object)),
            "afterFailure": JSONValue(detail.afterFailure.rawValue),
            "onCrash": JSONValue(detail.onCrash.rawValue),
            "limits": .array(detail.limits.map { RecordJSON.object($0, now: now) }),
            "late": .array(detail.late.map(RecordJSON.object)),
            "attention": JSONValue(detail.job.attention.rawValue),
            "rollbackPolicy": JSONValue(detail.rollbackPolicy.rawValue),
        ])
        return .object(object(detail.job, profile: profile).members + more.members)
    }

    /// A row of a tree: the job's keys, and `depth` after them.
    package static func row(_ row: JobRow) -> JSONValue {
        .object(object(row.job).members + [JSONValue.Member("depth", JSONValue(row.depth))])
    }

    private static func identity(_ job: Job) -> [JSONValue.Member] {
        let hasTarget = job.target != .none
        return JSONValue.object(of: [
            "id": JSONValue(job.id),
            "uuid": JSONValue(job.uuid),
            "parentId": JSONValue(job.parentID),
            "rootId": JSONValue(job.rootID),
            "kind": JSONValue(job.kind),
            "target": .object(of: [
                "type": JSONValue(hasTarget ? job.target.type : nil),
                "id": JSONValue(hasTarget ? job.target.description : nil),
                "name": JSONValue(hasTarget ? job.target.name : nil),
            ]),
        ]).members
    }

    private static func course(_ job: Job) -> [JSONValue.Member] {
        JSONValue.object(of: [
            "state": JSONValue(job.state.rawValue),
            "progress": JSONValue(job.progress),
            "waiting": waiting(job.waiting, until: job.wakesAt),
            "cause": JSONValue(job.cause.rawValue),
            "rollback": JSONValue(job.rollback.rawValue),
            "backend": JSONValue(job.backend.rawValue),
            "code": RecordJSON.code(job.code),
            "message": JSONValue(job.message),
            "result": job.result.map { JSONReader.value(of: $0) ?? .string($0) } ?? .null,
        ]).members
    }

    private static func origin(_ job: Job) -> [JSONValue.Member] {
        JSONValue.object(of: [
            "user": JSONValue(job.user),
            "account": JSONValue(job.account),
            "priority": JSONValue(job.priority),
            "lane": JSONValue(job.lane.isEmpty ? nil : job.lane),
            "attempt": JSONValue(job.attempt),
            "schedule": JSONValue(job.schedule),
            "createdAt": JSONValue(job.createdAt),
            "dueAt": JSONValue(job.dueAt),
            "startedAt": JSONValue(job.startedAt),
            "finishedAt": JSONValue(job.finishedAt),
            "stop": stop(job.stop),
        ]).members
    }

    private static func waiting(_ waiting: Waiting?, until: Timestamp?) -> JSONValue {
        guard let waiting else { return .null }
        return .object(of: [
            "for": JSONValue(waiting.reason.rawValue), "on": JSONValue(waiting.on),
            "since": JSONValue(waiting.since), "until": JSONValue(until),
        ])
    }

    private static func stop(_ stop: StopRequest?) -> JSONValue {
        guard let stop else { return .null }
        return .object(of: [
            "level": JSONValue(stop.level.rawValue), "by": JSONValue(stop.by),
            "at": JSONValue(stop.at), "reason": JSONValue(stop.reason),
        ])
    }

    private static func pin(_ pin: Pin?) -> JSONValue {
        guard let pin else { return .null }
        return .object(of: [
            "by": JSONValue(pin.by), "at": JSONValue(pin.at), "reason": JSONValue(pin.reason),
        ])
    }

    private static func vocabulary(_ words: Vocabulary) -> JSONValue {
        .object(of: [
            "cloudstack": .object(of: [
                "jobStatus": JSONValue(words.cloudstack.status),
                "name": JSONValue(words.cloudstack.name),
                "jobResultCode": JSONValue(words.cloudstack.resultCode),
            ]),
            "cloudbolt": JSONValue(words.cloudbolt),
            "oracle": .object(of: [
                "state": JSONValue(words.oracle.state),
                "jobRunState": JSONValue(words.oracle.runState),
                "abortedByUser": .bool(words.oracle.isAbortedByUser),
            ]),
            "ovirt": ovirt(words.ovirt),
        ])
    }

    private static func ovirt(_ words: Vocabulary.OVirt) -> JSONValue {
        .object(of: [
            "asyncTaskState": JSONValue(words.taskState),
            "commandStatus": JSONValue(words.commandStatus),
            "jobExecutionStatus": JSONValue(words.jobStatus),
            "vdsm": .object(of: [
                "state": JSONValue(words.vdsmState), "status": JSONValue(words.vdsmStatus),
                "result": JSONValue(words.vdsmResult), "code": JSONValue(words.vdsmCode),
            ]),
        ])
    }
}
