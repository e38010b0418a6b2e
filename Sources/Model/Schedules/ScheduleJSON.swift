/// Schedules as JSON: the contract with scripts.
package enum ScheduleJSON {
    /// One schedule with its state; secrets among its parameters are masked.
    package static func object(_ stored: StoredSchedule) -> JSONValue {
        .object(definition(stored.schedule) + state(stored.state))
    }

    /// One schedule with the newest of its runs and its next instants.
    package static func detail(
        _ stored: StoredSchedule,
        runs: [ScheduleRun],
        next: [Occurrence]
    ) -> JSONValue {
        let more = JSONValue.object(of: [
            "next": .array(next.map(object)), "history": .array(runs.map(object)),
        ])
        return .object(object(stored).members + more.members)
    }

    /// One run.
    package static func object(_ run: ScheduleRun) -> JSONValue {
        .object(of: [
            "number": JSONValue(run.number),
            "dueAt": JSONValue(run.due),
            "at": JSONValue(run.at),
            "manual": .bool(run.isManual),
            "outcome": JSONValue(run.outcome.rawValue),
            "job": JSONValue(run.job),
            "ended": JSONValue(run.ended?.rawValue),
            "count": JSONValue(run.count),
            "text": JSONValue(run.text),
        ])
    }

    /// One line of a preview.
    package static func object(_ occurrence: Occurrence) -> JSONValue {
        .object(of: [
            "at": JSONValue(occurrence.at),
            "wall": JSONValue(occurrence.wall),
            "runs": .bool(occurrence.mark.runs),
            "mark": JSONValue(occurrence.mark.rawValue),
            "remark": JSONValue(occurrence.remark),
        ])
    }

    private static func definition(_ schedule: Schedule) -> [JSONValue.Member] {
        let hasTarget = schedule.target != .none
        return JSONValue.object(of: [
            "name": JSONValue(schedule.name),
            "enabled": .bool(schedule.isEnabled),
            "kind": JSONValue(schedule.kind),
            "target": .object(of: [
                "type": JSONValue(hasTarget ? schedule.target.type : nil),
                "id": JSONValue(hasTarget ? schedule.target.description : nil),
                "name": JSONValue(hasTarget ? schedule.target.name : nil),
            ]),
            "parameters": JSONValue(SecretMask.masked(schedule.parameters)),
            "priority": JSONValue(schedule.priority),
            "user": JSONValue(schedule.user),
            "account": JSONValue(schedule.account),
        ]).members + times(schedule)
    }

    private static func times(_ schedule: Schedule) -> [JSONValue.Member] {
        var cron: String?
        var every: String?
        var anchor: Timestamp?
        switch schedule.rule {
        case .cron(let rule): cron = rule.text
        case .every(let milliseconds, let from):
            every = Span.exact(milliseconds)
            anchor = from
        }
        return JSONValue.object(of: [
            "cron": JSONValue(cron),
            "every": JSONValue(every),
            "anchor": JSONValue(anchor),
            "zone": JSONValue(schedule.zone),
            "dst": JSONValue(schedule.dst.rawValue),
            "overlap": JSONValue(schedule.overlap.rawValue),
            "missed": JSONValue(schedule.missed.text),
            "startsAt": JSONValue(schedule.startsAt),
            "endsAt": JSONValue(schedule.endsAt),
            "note": JSONValue(schedule.note),
        ]).members
    }

    private static func state(_ state: ScheduleState) -> [JSONValue.Member] {
        JSONValue.object(of: [
            "nextAt": JSONValue(state.nextAt),
            "madeCount": JSONValue(state.made),
            "skippedCount": JSONValue(state.skipped),
            "missedCount": JSONValue(state.missed),
            "refusedCount": JSONValue(state.refused),
            "createdAt": JSONValue(state.createdAt),
            "updatedAt": JSONValue(state.updatedAt),
            "lastRun": state.lastRun.map(object) ?? .null,
        ]).members
    }
}
