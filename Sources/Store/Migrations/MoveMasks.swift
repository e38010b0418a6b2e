import Model

/// The table of moves as SQL: one bit for each state that may follow.
enum MoveMasks {
    /// An expression that is true if a job may go from one state to the other in one move.
    ///
    /// Also if both are the same: an entry that is no move. A NULL `from` is a job
    /// being accepted.
    static func legal(from: String, to: String) -> String {
        let masks = JobState.allCases.map { state in
            (state.code, mask { $0 == state || Move.isLegal(from: state, to: $0) })
        }
        let accepted = mask { Move.isLegal(from: nil, to: $0) }
        return expression("coalesce(\(from), -1)", to, [(-1, accepted)] + masks)
    }

    /// An expression that is true if a job may come from one state to the other by any number of
    /// moves, since several may happen in one transaction.
    static func reachable(from: String, to: String) -> String {
        let masks = JobState.allCases.filter { !$0.isTerminal }.map { state in
            (state.code, mask { reached(from: state).contains($0) })
        }
        return expression(from, to, masks)
    }

    /// All states to which moves lead from `start`.
    static func reached(from start: JobState) -> Set<JobState> {
        var found: Set<JobState> = []
        var open = [start]
        while let state = open.popLast() {
            for move in Move.all where move.from == state && found.insert(move.to).inserted {
                open.append(move.to)
            }
        }
        return found
    }

    private static func expression(_ from: String, _ to: String, _ masks: [(Int, Int)]) -> String {
        let cases = masks.map { "WHEN \($0.0) THEN \($0.1)" }.joined(separator: " ")
        return "((CASE \(from) \(cases) ELSE 0 END) >> \(to)) & 1"
    }

    private static func mask(_ includes: (JobState) -> Bool) -> Int {
        JobState.allCases.filter(includes).reduce(0) { $0 | 1 << $1.code }
    }
}
