/// What a fault rule does to a call.
package enum FaultAction: Hashable, Sendable {
    /// The task is accepted and fails at once.
    case fail(Fault)
    /// The task runs to a per cent of its work, and fails there.
    case failMidway(Fault, atPercent: Int)
    /// The task takes so many times as long.
    case slow(factor: Double)
    /// The task takes so many milliseconds longer.
    case delay(milliseconds: Int64)
    /// The task stands still at a per cent of its work, until it is interrupted.
    case hang(atPercent: Int)
    /// The task runs, and its caller gets no answer.
    case dropAnswer
    /// The call is refused as one of an owner that was replaced.
    case refuseStale
    /// The host does not answer: calls are refused, its tasks give no news and go on unseen.
    case hostUnreachable
    /// The task's record is lost midway, and its work with it.
    case loseTask(atPercent: Int)
}

extension FaultAction: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case fail, failMidway, slow, delay, hang, dropAnswer, refuseStale, hostUnreachable, loseTask
    }

    private enum Detail: String, CodingKey {
        case fault, atPercent
    }

    /// Reads a word (`hang`) or one key with its detail (`fail: capacity.memory`).
    ///
    /// The details: `fail: FAULT`, `failMidway: {fault: FAULT, atPercent: 40}`, `slow: 3`,
    /// `delay: MILLISECONDS`, `hang: PERCENT`, `loseTask: PERCENT`.
    package init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            self = try Self.bare(word, decoder)
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw Self.wrong(
                "an action is one of "
                    + Key.allCases.map(\.rawValue).joined(separator: ", "),
                decoder
            )
        }
        switch key {
        case .fail: self = .fail(try container.decode(Fault.self, forKey: key))
        case .failMidway:
            let details = try container.nestedContainer(keyedBy: Detail.self, forKey: key)
            let percent = try details.decodeIfPresent(Int.self, forKey: .atPercent) ?? 50
            self = .failMidway(
                try details.decode(Fault.self, forKey: .fault),
                atPercent: try Self.percent(percent, decoder)
            )
        case .slow:
            let factor = try container.decode(Double.self, forKey: key)
            guard factor.isFinite, factor > 0, factor <= 10_000 else {
                throw Self.wrong("slow is a factor above 0, up to 10000", decoder)
            }
            self = .slow(factor: factor)
        case .delay:
            let more = try container.decode(Int64.self, forKey: key)
            guard (0...Self.longestDelay).contains(more) else {
                throw Self.wrong("delay is in milliseconds, at most a year", decoder)
            }
            self = .delay(milliseconds: more)
        case .hang:
            let percent = try container.decode(Int.self, forKey: key)
            self = .hang(atPercent: try Self.percent(percent, decoder))
        case .loseTask:
            let percent = try container.decode(Int.self, forKey: key)
            self = .loseTask(atPercent: try Self.percent(percent, decoder))
        case .dropAnswer, .refuseStale, .hostUnreachable:
            self = try Self.bare(key.rawValue, decoder)
        }
    }

    static let longestDelay: Int64 = 365 * 24 * 3_600_000

    private static func bare(_ word: String, _ decoder: any Decoder) throws -> FaultAction {
        switch word {
        case "hang": return .hang(atPercent: 10)
        case "loseTask": return .loseTask(atPercent: 50)
        case "dropAnswer": return .dropAnswer
        case "refuseStale": return .refuseStale
        case "hostUnreachable": return .hostUnreachable
        default: throw wrong("no action is called \"\(word)\" (or it needs a detail)", decoder)
        }
    }

    private static func percent(_ value: Int, _ decoder: any Decoder) throws -> Int {
        guard (0...100).contains(value) else { throw wrong("a per cent is 0…100", decoder) }
        return value
    }

    private static func wrong(_ text: String, _ decoder: any Decoder) -> DecodingError {
        .dataCorrupted(
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: text)
        )
    }

    /// Writes the action as it can be read.
    package func encode(to encoder: any Encoder) throws {
        if let word {
            var single = encoder.singleValueContainer()
            return try single.encode(word)
        }
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .fail(let fault): try container.encode(fault, forKey: .fail)
        case .failMidway(let fault, let percent):
            var details = container.nestedContainer(keyedBy: Detail.self, forKey: .failMidway)
            try details.encode(fault, forKey: .fault)
            try details.encode(percent, forKey: .atPercent)
        case .slow(let factor): try container.encode(factor, forKey: .slow)
        case .delay(let more): try container.encode(more, forKey: .delay)
        case .hang(let percent): try container.encode(percent, forKey: .hang)
        case .loseTask(let percent): try container.encode(percent, forKey: .loseTask)
        case .dropAnswer, .refuseStale, .hostUnreachable: break
        }
    }

    /// The word for an action that has no details.
    private var word: String? {
        switch self {
        case .dropAnswer: "dropAnswer"
        case .refuseStale: "refuseStale"
        case .hostUnreachable: "hostUnreachable"
        default: nil
        }
    }
}
