/// Everything else that is listed or shown, as JSON objects.
package enum RecordJSON {
    /// One step with its history.
    package static func object(_ record: StepRecord) -> JSONValue {
        let head = JSONValue.object(of: [
            "index": JSONValue(record.index),
            "name": JSONValue(record.step.name),
            "state": JSONValue(record.state.rawValue),
            "undo": JSONValue(record.undo.rawValue),
            "progress": JSONValue(record.progress),
            "operation": JSONValue(record.operation.isEmpty ? nil : record.operation),
            "lane": JSONValue(record.lane.isEmpty ? nil : record.lane),
            "fence": JSONValue(record.fence),
            "attempts": JSONValue(record.attempts),
            "undoAttempts": JSONValue(record.undoAttempts),
            "message": JSONValue(record.message),
            "code": code(record.code),
            "startedAt": JSONValue(record.startedAt),
            "finishedAt": JSONValue(record.finishedAt),
        ])
        let planned = step(record.step).members.filter { $0.key != "name" && $0.key != "undo" }
        let undo = JSONValue.object(of: [
            "undoOperation": operation(record.undoOperation),
            "saved": record.saved.map { JSONValue(SecretMask.masked($0)) } ?? .null,
        ])
        return .object(head.members + planned + undo.members)
    }

    /// One line of the journal.
    package static func object(_ entry: JournalEntry) -> JSONValue {
        .object(of: [
            "sequence": JSONValue(entry.sequence),
            "job": JSONValue(entry.job),
            "at": JSONValue(entry.at),
            "from": JSONValue(entry.from?.rawValue),
            "to": JSONValue(entry.to.rawValue),
            "actor": JSONValue(entry.actor),
            "cause": JSONValue(entry.cause),
        ])
    }

    /// One line of a log; secrets in its text are masked.
    package static func object(_ line: LogLine) -> JSONValue {
        .object(of: [
            "sequence": JSONValue(line.sequence),
            "job": JSONValue(line.job),
            "at": JSONValue(line.at),
            "level": JSONValue(line.level.rawValue),
            "text": JSONValue(SecretMask.masked(line.text)),
        ])
    }

    /// One ticket and who stands before it.
    package static func object(_ line: LockLine) -> JSONValue {
        .object(of: [
            "resource": JSONValue(line.ticket.resource),
            "job": JSONValue(line.ticket.job),
            "kind": JSONValue(line.kind),
            "mode": JSONValue(line.ticket.mode.rawValue),
            "granted": .bool(line.ticket.isGranted),
            "ticket": JSONValue(line.ticket.number),
            "scope": JSONValue(line.ticket.scope),
            "since": JSONValue(line.ticket.since),
            "behind": .array(line.behind.map(JSONValue.init)),
        ])
    }

    /// One lane and how full it is.
    package static func object(_ lane: LaneLine) -> JSONValue {
        .object(of: [
            "name": JSONValue(lane.name),
            "slots": JSONValue(lane.slots),
            "used": JSONValue(lane.used),
            "queued": JSONValue(lane.queued),
            "closedUntil": JSONValue(lane.closedUntil),
            "reason": JSONValue(lane.reason.isEmpty ? nil : lane.reason),
            "slotsBy": JSONValue(lane.slotsBy),
            "paused": lane.pause.map(object) ?? .null,
            "limits": .array(lane.limits.map(object)),
        ])
    }

    /// Who paused something, why, and until when.
    package static func object(_ pause: Pause) -> JSONValue {
        .object(of: [
            "by": JSONValue(pause.by),
            "at": JSONValue(pause.at),
            "reason": JSONValue(pause.reason.isEmpty ? nil : pause.reason),
            "until": JSONValue(pause.until),
            "drains": .bool(pause.drains),
        ])
    }

    /// One limit and how full it is.
    package static func object(_ limit: LimitLine) -> JSONValue {
        .object(of: [
            "name": JSONValue(limit.name),
            "most": JSONValue(limit.most),
            "span": JSONValue(limit.span),
            "used": JSONValue(limit.used),
            "source": JSONValue(limit.source),
        ])
    }

    /// One host; memory in MB.
    package static func object(_ host: HostLine) -> JSONValue {
        .object(of: [
            "name": JSONValue(host.name),
            "cluster": JSONValue(host.cluster),
            "state": JSONValue(host.state),
            "cpus": JSONValue(host.cpus),
            "memory": JSONValue(host.memory),
            "usedMemory": JSONValue(host.usedMemory),
            "vms": JSONValue(host.vms),
            "lane": host.lane.map(object) ?? .null,
        ])
    }

    /// One VM; memory in MB.
    package static func object(_ machine: VMLine) -> JSONValue {
        .object(of: [
            "name": JSONValue(machine.name),
            "state": JSONValue(machine.state),
            "host": JSONValue(machine.host.isEmpty ? nil : machine.host),
            "cluster": JSONValue(machine.cluster),
            "cpus": JSONValue(machine.cpus),
            "memory": JSONValue(machine.memory),
            "disks": JSONValue(machine.disks),
            "account": JSONValue(machine.account),
            "job": JSONValue(machine.job),
        ])
    }

    /// The engine that owns a store.
    package static func object(_ engine: EngineLine) -> JSONValue {
        .object(of: [
            "epoch": JSONValue(engine.epoch),
            "process": JSONValue(Int(engine.process)),
            "machine": JSONValue(engine.machine),
            "since": JSONValue(engine.since),
            "alive": .bool(engine.isAlive),
            "heartbeatAgeMilliseconds": JSONValue(engine.heartbeatAge),
            "elsewhere": .bool(engine.isElsewhere),
            "standbys": .array(engine.standbys.map { JSONValue($0) }),
        ])
    }

    /// How many jobs are in each state.
    package static func object(_ counts: Counts) -> JSONValue {
        .object(
            JobState.allCases.map { JSONValue.Member($0.rawValue, JSONValue(counts[$0])) }
                + [JSONValue.Member("total", JSONValue(counts.total))]
        )
    }

    /// How long jobs are kept; ages in milliseconds, null for ever.
    package static func object(_ retention: Retention) -> JSONValue {
        .object(
            JobState.allCases.filter(\.isTerminal).map { state in
                JSONValue.Member(state.rawValue, JSONValue(retention.ages[state]))
            } + [
                JSONValue.Member("archive", JSONValue(retention.archiveAge)),
                JSONValue.Member("maxJobs", JSONValue(retention.maxJobs)),
                JSONValue.Member("maxArchived", JSONValue(retention.maxArchived)),
            ]
        )
    }

    /// A structured result, or null.
    static func code(_ code: ResultCode?) -> JSONValue {
        guard let code else { return .null }
        return .object(of: [
            "domain": JSONValue(code.domain), "number": JSONValue(code.number),
            "name": JSONValue(code.name),
        ])
    }
}
