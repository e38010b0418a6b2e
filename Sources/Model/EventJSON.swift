extension JobJSON {
    /// One event: the job's keys, and `event` after them.
    ///
    /// Its keys are `sequence, at, from, to, actor, cause`; `from` is null for a job that was
    /// accepted, and the same as `to` for a line that is no move. Of a job that is not in the store
    /// any more there is its `id` only.
    package static func event(_ event: JobEvent) -> JSONValue {
        let entry = event.entry
        let happened = JSONValue.object(of: [
            "sequence": JSONValue(entry.sequence),
            "at": JSONValue(entry.at),
            "from": JSONValue(entry.from?.rawValue),
            "to": JSONValue(entry.to.rawValue),
            "actor": JSONValue(entry.actor),
            "cause": JSONValue(entry.cause),
        ])
        let job =
            event.job.map { object($0).members }
            ?? JSONValue.object(of: [
                "id": JSONValue(entry.job)
            ]).members
        return .object(job + [JSONValue.Member("event", happened)])
    }
}
