/// Limits and late results as JSON.
extension RecordJSON {
    /// One limit with what is left of it.
    package static func object(_ limit: TimeLimit, now: Timestamp?) -> JSONValue {
        let left = now.flatMap { limit.remaining(at: $0) }
        return .object(of: [
            "name": JSONValue(limit.name.rawValue),
            "step": limit.step.map { JSONValue($0) } ?? .null,
            "limitMilliseconds": JSONValue(limit.milliseconds),
            "remainingMilliseconds": left.map { JSONValue($0) } ?? .null,
            "endsAt": JSONValue(limit.endsAt),
            "origin": JSONValue(limit.origin.rawValue),
        ])
    }

    /// One late result; secrets in its text are masked.
    package static func object(_ late: LateResult) -> JSONValue {
        .object(of: [
            "flag": JSONValue("late"),
            "at": JSONValue(late.at),
            "operation": JSONValue(late.operation),
            "outcome": JSONValue(late.outcome),
            "text": JSONValue(SecretMask.masked(late.text)),
        ])
    }
}
