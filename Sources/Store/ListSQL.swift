import Model

/// A list of jobs in its order, as statements that are read one after the other.
///
/// No statement sorts more than it must: what goes by state and number is merged from the index of
/// states, so that the first page costs the same whether a thousand jobs are stored or a million.
struct ListSQL {
    /// One statement and what is known of it.
    struct Part {
        var sql: String
        /// The states in it, if it has every job of them.
        var wholeStates: Set<JobState>?
    }

    private(set) var parts: [Part] = []
    let arguments: [SQLValue]
    /// The condition on the jobs in each place that is looked at.
    private let conditions: [(place: Place, text: String)]
    private let rootsOnly: Bool
    private let wholeFilter: Bool
    private let isReversed: Bool

    /// The statements of a list.
    ///
    /// - Parameters:
    ///   - query: which jobs, in which order; its part of the list is not looked at.
    ///   - now: the moment to which ages are taken.
    ///   - rootsOnly: leave out jobs that have a parent, and read whether the others have children.
    ///   - longest: how many rows will be read at most, of orders that are sorted.
    init(_ query: JobQuery, at now: Timestamp, rootsOnly: Bool = false, longest: Int) {
        let order = query.order
        var arguments: [SQLValue] = []
        var sorting = ""
        // Each place has the same parameters in the same order.
        conditions = query.places.map { place in
            var filter = FilterSQL(query.filter, at: now, in: place)
            sorting = Self.expression(order) { filter.parameter(.number(now.milliseconds)) }
            arguments = filter.arguments
            let hiding = query.hidesInternal ? "NOT (\(SQLiteReader.hiddenCondition)) AND " : ""
            let roots = rootsOnly ? "parent_id IS NULL AND " : ""
            return (place, roots + hiding + filter.condition)
        }
        self.arguments = arguments
        self.rootsOnly = rootsOnly
        wholeFilter = query.filter.asStates != nil && !rootsOnly
        isReversed = query.isReversed
        let states = query.filter.possibleStates
        switch order {
        case .activity: parts = byActivity(states)
        case .newest: parts = [merged(states, isDescending: !isReversed)]
        case .oldest: parts = [merged(states, isDescending: isReversed)]
        case .state: parts = byState(states)
        default: parts = [sorted(by: sorting, states, longest)]
        }
    }

    /// Whether a root has children, and whether it is archived.
    private static func rootColumns(in place: Place) -> String {
        let (table, isArchived) = ("\(place.prefix)job", place == .archive ? 1 : 0)
        return """
            , EXISTS (
                SELECT 1 FROM \(table) AS child INDEXED BY \(table)_parent
                WHERE child.parent_id = \(table).id
            ), \(isArchived)
            """
    }

    /// What ``orderBy(_:now:)`` may need.
    static let sortedColumns = """
        id, state, kind, target_type, target_name, user, progress, priority, created_at, \
        finished_at
        """

    // MARK: Orders

    /// What jobs are sorted by; numbers decide between equals, the newest first.
    static func orderBy(_ query: JobQuery, now parameter: () -> String) -> String {
        let isReversed = query.isReversed
        let byNumber = (query.order == .oldest) == isReversed ? "id DESC" : "id"
        let key = expression(query.order, now: parameter)
        return key.isEmpty ? byNumber : "\(key)\(isReversed ? " DESC" : ""), \(byNumber)"
    }

    /// What comes before the number; empty if nothing does.
    private static func expression(_ order: JobQuery.Order, now: () -> String) -> String {
        switch order {
        case .activity: "state >= \(JobState.completed.code)"
        case .newest, .oldest: ""
        case .state: "state"
        case .kind: "kind COLLATE NOCASE"
        case .target: "\(FilterSQL.target) COLLATE NOCASE"
        case .user: "user COLLATE NOCASE"
        case .progress: "-progress"
        case .priority: "-priority"
        case .age: "created_at - coalesce(finished_at, \(now()))"
        }
    }

    private func byActivity(_ states: Set<JobState>) -> [Part] {
        let alive = merged(states.filter { !$0.isTerminal }, isDescending: !isReversed)
        let ended = merged(states.filter(\.isTerminal), isDescending: !isReversed)
        return isReversed ? [ended, alive] : [alive, ended]
    }

    private func byState(_ states: Set<JobState>) -> [Part] {
        let inOrder = states.sorted { ($0.code < $1.code) != isReversed }
        return inOrder.map { merged([$0], isDescending: !isReversed) }
    }

    /// Jobs of these states by number.
    ///
    /// Each state comes from the index in that order, and SQLite
    /// merges them as it reads.
    private func merged(_ states: Set<JobState>, isDescending: Bool) -> Part {
        let order = " ORDER BY id" + (isDescending ? " DESC" : "")
        let whole = wholeFilter ? states : nil
        if states.count == JobState.allCases.count {
            let selects = conditions.map { select("", in: $0.place, where: $0.text) }
            return Part(sql: selects.joined(separator: " UNION ALL ") + order, wholeStates: whole)
        }
        let selects = conditions.flatMap { place, condition in
            let index = "INDEXED BY \(place.prefix)job_state"
            // What is archived has ended.
            let states = place == .archive ? states.filter(\.isTerminal) : states
            return states.map(\.code).sorted().map { code in
                select(index, in: place, where: "state = \(code) AND \(condition)")
            }
        }
        // Even a list of nothing names all parameters, because they will be bound.
        let nothing = select("", in: .hot, where: "0 AND \(conditions.first?.text ?? "0")")
        let sql = selects.isEmpty ? nothing : selects.joined(separator: " UNION ALL ")
        return Part(sql: sql + order, wholeStates: whole)
    }

    private func sorted(by key: String, _ states: Set<JobState>, _ longest: Int) -> Part {
        let selects = conditions.map { place, condition in
            select("", in: place, where: condition, and: ", \(key) AS sort_key")
        }
        let order =
            " ORDER BY sort_key\(isReversed ? " DESC" : ""), id\(isReversed ? "" : " DESC")"
        let sql = selects.joined(separator: " UNION ALL ") + order + " LIMIT \(longest)"
        return Part(sql: sql, wholeStates: nil)
    }

    private func select(
        _ index: String,
        in place: Place,
        where condition: String,
        and key: String = ""
    ) -> String {
        let columns = "id" + (rootsOnly ? Self.rootColumns(in: place) : "") + key
        return "SELECT \(columns) FROM \(place.prefix)job \(index) WHERE \(condition)"
    }
}
