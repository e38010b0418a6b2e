/// Plans as JSON, for dry runs and for the steps of a job.
extension RecordJSON {
    /// What a job would do.
    package static func object(_ plan: Plan) -> JSONValue {
        .object(of: [
            "summary": JSONValue(plan.summary),
            "steps": .array(plan.steps.map(step)),
            "locks": .array(plan.locks.map(lock)),
            "lockPolicy": policy(plan.lockPolicy),
            "rollbackPolicy": JSONValue(plan.rollbackPolicy.rawValue),
            "onCrash": JSONValue(plan.onCrash.rawValue),
            "limits": limits(plan.limits),
        ])
    }

    /// Limits by name, in milliseconds; null where there is none.
    private static func limits(_ limits: TimeLimits) -> JSONValue {
        .object(
            TimeLimit.Name.allCases.map { name in
                JSONValue.Member(name.rawValue, limits[name].map { JSONValue($0) } ?? .null)
            }
        )
    }

    /// One planned step.
    static func step(_ step: Step) -> JSONValue {
        .object(of: [
            "name": JSONValue(step.name),
            "work": work(step.work),
            "undo": operation(step.undo),
            "weight": JSONValue(step.weight),
            "slots": JSONValue(step.slots),
            "limits": .array(step.limits.map(JSONValue.init)),
            "interruptible": .bool(step.isInterruptible),
            "pointOfNoReturn": .bool(step.isPointOfNoReturn),
            "endAction": .bool(step.isEndAction),
            "retry": .object(of: [
                "attempts": JSONValue(step.retry.attempts),
                "baseMilliseconds": JSONValue(step.retry.base),
                "limitMilliseconds": JSONValue(step.retry.limit),
            ]),
            "stallAfterMilliseconds": JSONValue(step.stallAfter),
            "timeLimitMilliseconds": step.timeLimit.map { JSONValue($0) } ?? .null,
            "commit": commit(step.commit),
            "snapshot": snapshot(step.snapshot),
        ])
    }

    /// An operation at the backend, with secrets masked; or null.
    static func operation(_ operation: Operation?) -> JSONValue {
        guard let operation else { return .null }
        return .object(of: [
            "verb": JSONValue(operation.verb),
            "subject": JSONValue(operation.subject),
            "lane": JSONValue(operation.lane),
            "parameters": JSONValue(SecretMask.masked(operation.parameters)),
        ])
    }

    private static func commit(_ commit: CommitPoint?) -> JSONValue {
        guard let commit else { return .null }
        return .object(of: ["undo": operation(commit.undo)])
    }

    private static func snapshot(_ snapshot: EntitySnapshot?) -> JSONValue {
        guard let snapshot else { return .null }
        return .object(of: [
            "entity": JSONValue(snapshot.entity),
            "fields": .array(snapshot.fields.map { JSONValue($0) }),
        ])
    }

    private static func work(_ work: Work) -> JSONValue {
        switch work {
        case .operation(let one): .object(of: ["operation": operation(one)])
        case .children(let set): .object(of: ["children": children(set)])
        }
    }

    private static func children(_ set: Children) -> JSONValue {
        .object(of: [
            "jobs": .array(set.jobs.map(child)),
            "concurrency": set.concurrency == .max ? .null : JSONValue(set.concurrency),
            "onFailure": JSONValue(set.onFailure.rawValue),
        ])
    }

    private static func child(_ child: ChildSpec) -> JSONValue {
        .object(of: [
            "kind": JSONValue(child.kind),
            "target": JSONValue(child.target.description),
            "parameters": JSONValue(SecretMask.masked(child.parameters)),
            "weight": JSONValue(child.weight),
            "onStop": JSONValue(child.onStop.rawValue),
            "undo": operation(child.undo),
        ])
    }

    private static func lock(_ lock: LockRequest) -> JSONValue {
        .object(of: [
            "resource": JSONValue(lock.resource), "mode": JSONValue(lock.mode.rawValue),
        ])
    }

    private static func policy(_ policy: LockPolicy) -> JSONValue {
        switch policy {
        case .wait: JSONValue("wait")
        case .waitAtMost(let milliseconds): JSONValue("waitAtMost " + Span.exact(milliseconds))
        case .failFast: JSONValue("failFast")
        }
    }
}
