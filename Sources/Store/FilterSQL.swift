import Model

/// A value that is bound to a statement written for one question.
enum SQLValue: Hashable {
    case text(String)
    case number(Int64)
}

/// A filter as a condition on `job`, true exactly where ``Model/Filter/matches(_:at:)`` is.
///
/// Every part is true or false and never NULL, so that “not” means what it says.
struct FilterSQL {
    /// The condition; its parameters are numbered, so that it may stand in a statement repeatedly.
    private(set) var condition = ""
    /// What is bound to the parameters, the first to `?1`.
    private(set) var arguments: [SQLValue] = []
    private let now: Timestamp
    private let place: Place

    init(_ filter: Filter, at now: Timestamp, in place: Place = .hot) {
        self.now = now
        self.place = place
        condition = write(filter)
    }

    /// Adds a value; returns its parameter.
    mutating func parameter(_ value: SQLValue) -> String {
        arguments.append(value)
        return "?\(arguments.count)"
    }

    private mutating func write(_ filter: Filter) -> String {
        switch filter {
        case .all: return "1"
        case .and(let parts): return Self.joined(parts.map { write($0) }, by: "AND", or: "1")
        case .or(let parts): return Self.joined(parts.map { write($0) }, by: "OR", or: "0")
        case .not(let inner): return "NOT \(write(inner))"
        case .states(let states):
            let codes = states.map(\.code).sorted().map(String.init)
            return "state IN (\(codes.joined(separator: ", ")))"
        case .field(let field, let pattern):
            let fitting = parameter(.text(Self.like(pattern)))
            return Self.any(Self.columns(of: field), like: fitting)
        case .number(let field, let comparison, let number):
            let value = parameter(.number(number))
            return "(\(expression(of: field)) \(comparison.rawValue) \(value))"
        case .word(let word):
            let fitting = parameter(.text("%" + Self.escaped(word) + "%"))
            return Self.any(Self.wordColumns, like: fitting)
        }
    }

    // MARK: Parts

    /// Joins conditions two by two, because SQLite limits how deep a condition may be.
    private static func joined(_ parts: [String], by word: String, or none: String) -> String {
        guard parts.count > 1 else { return parts.first ?? none }
        let middle = parts.count / 2
        let left = joined(Array(parts[..<middle]), by: word, or: none)
        let right = joined(Array(parts[middle...]), by: word, or: none)
        return "(\(left) \(word) \(right))"
    }

    private static func any(_ columns: [String], like parameter: String) -> String {
        let parts = columns.map { "\($0) LIKE \(parameter) ESCAPE '\\'" }
        return "(" + parts.joined(separator: " OR ") + ")"
    }

    /// The target as people write it: `vm/web-1`.
    static let target = "iif(target_type = '', target_name, target_type || '/' || target_name)"
    private static let wordColumns = ["kind", target, "user", "message", "lane", "'job-' || id"]

    /// What a job waits for: what holds its whole lane counts before what its own row says.
    private static let waiting = """
        CASE WHEN state = \(JobState.queued.code) AND waiting_reason IN ('lane', 'limit') \
        AND lane IN (SELECT name FROM lane WHERE pause IS NOT NULL) \
        THEN 'pausedLane' ELSE coalesce(waiting_reason, '') END
        """

    private static func columns(of field: Filter.Field) -> [String] {
        switch field {
        case .kind: ["kind"]
        case .target: ["target_name", target]
        case .user: ["user"]
        case .account: ["account"]
        case .lane: ["lane"]
        case .message: ["message"]
        case .uuid: ["uuid"]
        case .schedule: ["coalesce(schedule, '')"]
        case .cause: ["coalesce(cause, '\(Cause.none.rawValue)')"]
        case .rollback: ["coalesce(rollback, '\(RollbackOutcome.notNeeded.rawValue)')"]
        case .backend: ["coalesce(backend, '\(BackendStatus.none.rawValue)')"]
        case .attention: ["CASE attention WHEN 1 THEN 'open' WHEN 2 THEN 'acked' ELSE 'none' END"]
        case .waiting: [waiting]
        }
    }

    private mutating func expression(of field: Filter.NumberField) -> String {
        switch field {
        case .id: return "id"
        case .parent: return "coalesce(parent_id, 0)"
        case .root: return "root_id"
        case .priority: return "priority"
        case .progress: return "progress"
        case .attempt: return "attempt"
        case .age:
            return "coalesce(finished_at, \(parameter(.number(now.milliseconds)))) - created_at"
        case .duration:
            let end = "coalesce(finished_at, \(parameter(.number(now.milliseconds))))"
            return "coalesce(\(end) - started_at, 0)"
        case .pinned: return "EXISTS (SELECT 1 FROM pin WHERE pin.job = id)"
        case .archived: return place == .archive ? "1" : "0"
        case .internal:
            let kinds = InternalJobs.kinds.map { "'\($0)'" }.joined(separator: ", ")
            return "(kind IN (\(kinds)) AND (schedule IS NOT NULL OR parent_id IS NOT NULL))"
        }
    }

    // MARK: Patterns

    /// The pattern of the filter language as one of `LIKE`: only `*` stands for other characters.
    private static func like(_ pattern: String) -> String {
        escaped(pattern).replacing("*", with: "%")
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { out += "\\" }
            out.unicodeScalars.append(character)
        }
        return out
    }
}

extension Filter {
    /// The states that jobs which fit may have; never too few.
    var possibleStates: Set<JobState> {
        switch self {
        case .states(let states): states
        case .and(let parts):
            parts.reduce(Set(JobState.allCases)) { $0.intersection($1.possibleStates) }
        case .or(let parts): parts.reduce([]) { $0.union($1.possibleStates) }
        case .not(let inner):
            inner.asStates.map { Set(JobState.allCases).subtracting($0) } ?? Set(JobState.allCases)
        case .field(.attention, let pattern) where !TextPattern.fits("none", pattern):
            Attention.states
        case .all, .field, .number, .word: Set(JobState.allCases)
        }
    }

    /// Whether it asks about the archive, so that archived jobs have to be looked at.
    var asksForArchive: Bool {
        switch self {
        case .number(.archived, _, _): true
        case .and(let parts), .or(let parts): parts.contains(where: \.asksForArchive)
        case .not(let inner): inner.asksForArchive
        case .all, .states, .field, .number, .word: false
        }
    }

    /// The states that it means, if it means nothing but states; the counters then know how many
    /// jobs fit.
    var asStates: Set<JobState>? {
        switch self {
        case .all: Set(JobState.allCases)
        case .states(let states): states
        case .not(let inner): inner.asStates.map { Set(JobState.allCases).subtracting($0) }
        case .and(let parts):
            parts.reduce(Set(JobState.allCases)) { found, part in
                part.asStates.flatMap { found?.intersection($0) }
            }
        case .or(let parts):
            parts.reduce([]) { found, part in part.asStates.flatMap { found?.union($0) } }
        case .field, .number, .word: nil
        }
    }
}
