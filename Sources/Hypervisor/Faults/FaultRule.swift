/// A wish for trouble: what goes wrong, where, with which verbs, how often and how long.
///
/// In a file every key but `id` and `action` may be left out.
package struct FaultRule: Hashable, Sendable {
    /// The rule's name; a rule of the same name replaces it.
    package var id: String
    /// Where it applies.
    package var scope: FaultScope
    /// The verbs it applies to: `vm.boot`, `vm.*` or `*`.
    package var verb: String
    /// What it does.
    package var action: FaultAction
    /// How likely it applies to a matching call, 0…1.
    ///
    /// For `hostUnreachable`: how likely a matching host is struck.
    package var probability: Double
    /// How many calls it may still strike, nil for any number.
    ///
    /// At 0 it is retired.
    package var count: Int?
    /// What its chance is drawn from.
    package var seed: UInt64
    /// When it begins to apply, in milliseconds since 1970; nil for at once.
    package var from: Int64?
    /// When it ceases to apply, in milliseconds since 1970; nil for never.
    package var until: Int64?

    /// Makes a rule that strikes every call everywhere, unless told otherwise.
    package init(id: String, action: FaultAction, scope: FaultScope = .any, verb: String = "*") {
        self.id = id
        self.scope = scope
        self.verb = verb
        self.action = action
        probability = 1
        count = nil
        seed = 0
        from = nil
        until = nil
    }

    /// Whether the pattern covers a verb.
    package func covers(_ verb: String) -> Bool {
        if self.verb.hasSuffix("*") { return verb.hasPrefix(self.verb.dropLast()) }
        return self.verb == verb
    }

    /// Whether it applies at a time and is not used up.
    package func isActive(at now: Int64) -> Bool {
        (count ?? 1) > 0 && (from ?? now) <= now && now < (until ?? .max)
    }
}

extension FaultRule: Codable {
    private enum Key: String, CodingKey {
        case id, scope, verb, action, probability, count, seed, from, until
    }

    /// Reads a rule; what is left out is everywhere, every verb, always.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            action: try container.decode(FaultAction.self, forKey: .action),
            scope: try container.decodeIfPresent(FaultScope.self, forKey: .scope) ?? .any,
            verb: try container.decodeIfPresent(String.self, forKey: .verb) ?? "*"
        )
        probability = try container.decodeIfPresent(Double.self, forKey: .probability) ?? 1
        count = try container.decodeIfPresent(Int.self, forKey: .count)
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0
        from = try container.decodeIfPresent(Int64.self, forKey: .from)
        until = try container.decodeIfPresent(Int64.self, forKey: .until)
        guard (0...1).contains(probability) else {
            throw DecodingError.dataCorruptedError(
                forKey: Key.probability,
                in: container,
                debugDescription: "a probability is 0…1"
            )
        }
    }

    /// Writes the rule as it can be read.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encode(scope, forKey: .scope)
        try container.encode(verb, forKey: .verb)
        try container.encode(action, forKey: .action)
        try container.encode(probability, forKey: .probability)
        try container.encodeIfPresent(count, forKey: .count)
        try container.encode(seed, forKey: .seed)
        try container.encodeIfPresent(from, forKey: .from)
        try container.encodeIfPresent(until, forKey: .until)
    }
}
