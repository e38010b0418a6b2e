import GRDB
import Model

extension SQLiteStore {
    /// Looks for damage: in the file, and in what must hold between its rows.
    ///
    /// Reads everything once, in one consistent state; nobody has to wait for it.
    ///
    /// - Returns: what is wrong, a sentence each; at most some hundred.
    package func check() throws -> [String] {
        do {
            return try read { reader in
                guard let reader = reader as? SQLiteReader else { return [] }
                let damage = try reader.damage()
                return damage.isEmpty ? try reader.contradictions() : damage
            }
        } catch let error as StoreError where error.code == .damaged {
            return [error.description]
        }
    }
}

extension SQLiteReader {
    /// What SQLite finds wrong with the file.
    fileprivate func damage() throws -> [String] {
        try String.fetchAll(database, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" }
            .map { "the file is damaged: " + $0.replacing("\n", with: "; ") }
    }

    /// What the rows say that cannot be.
    fileprivate func contradictions() throws -> [String] {
        var found: [String] = []
        for place in Place.allCases {
            let which = place == .hot ? "" : " of the archive"
            let (kept, counted) = (try counts(in: place), try recount(in: place))
            for state in JobState.allCases where kept[state] != counted[state] {
                found.append(
                    "the counter\(which) says \(kept[state]) \(state.rawValue), "
                        + "\(counted[state]) are there"
                )
            }
        }
        for rule in Self.rules {
            let ids = try Int64.fetchAll(database, sql: rule.sql + " LIMIT 1000")
            guard !ids.isEmpty else { continue }
            let named = ids.prefix(5).map { "job-\($0)" }.joined(separator: ", ")
            let rest = ids.count == 1000 ? "many" : "\(ids.count - 5)"
            found.append(
                "\(rule.complaint): \(named)" + (ids.count > 5 ? " and \(rest) more" : "")
            )
        }
        return found
    }

    private func recount(in place: Place) throws -> Counts {
        try counts("SELECT state, count(*) FROM \(place.prefix)job GROUP BY state")
    }

    private struct Rule {
        let complaint: String
        /// Gives the numbers of the jobs of which it is true.
        let sql: String
    }

    private static let rules: [Rule] =
        Place.allCases.flatMap { orphans(in: $0) + trees(in: $0) } + between

    private static func orphans(in place: Place) -> [Rule] {
        ArchiveTables.all.dropFirst().map { name, key in
            let table = place.prefix + name
            return Rule(
                complaint: "\(table) has rows of jobs that are not in \(place.prefix)job",
                sql: """
                    SELECT DISTINCT \(key) FROM \(table) WHERE NOT EXISTS (
                        SELECT 1 FROM \(place.prefix)job AS job WHERE job.id = \(table).\(key))
                    """
            )
        }
    }

    private static func trees(in place: Place) -> [Rule] {
        let (table, ended) = (place.prefix + "job", JobState.completed.code)
        return [
            Rule(
                complaint: "their parent is missing",
                sql: """
                    SELECT id FROM \(table) AS child WHERE parent_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM \(table) AS parent WHERE parent.id = child.parent_id)
                    """
            ),
            Rule(
                complaint: "they have another root than their parent",
                sql: """
                    SELECT child.id FROM \(table) AS child
                    JOIN \(table) AS parent ON parent.id = child.parent_id
                    WHERE child.root_id <> parent.root_id
                    """
            ),
            Rule(
                complaint: "they have not ended, though their parent has",
                sql: """
                    SELECT child.id FROM \(table) AS child
                    JOIN \(table) AS parent ON parent.id = child.parent_id
                    WHERE child.state < \(ended) AND parent.state >= \(ended)
                    """
            ),
        ]
    }

    private static let between = [
        Rule(
            complaint: "they are in the archive and out of it",
            sql: "SELECT job.id FROM job JOIN archived_job ON archived_job.id = job.id"
        ),
        Rule(
            complaint: "they are archived, and have not ended",
            sql: "SELECT id FROM archived_job WHERE state < \(JobState.completed.code)"
        ),
        Rule(
            complaint: "they hold or await a lock, and have ended or are unknown",
            sql: """
                SELECT DISTINCT job FROM ticket WHERE NOT EXISTS (
                    SELECT 1 FROM job
                    WHERE job.id = ticket.job AND job.state < \(JobState.completed.code))
                """
        ),
        Rule(
            complaint: "they are pinned, and are unknown",
            sql: """
                SELECT job FROM pin WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.id = pin.job)
                    AND NOT EXISTS (SELECT 1 FROM archived_job WHERE archived_job.id = pin.job)
                """
        ),
        Rule(
            complaint: "their numbers were never given",
            sql: """
                SELECT id FROM (
                    SELECT max(id) AS id FROM job UNION ALL SELECT max(id) FROM archived_job)
                WHERE id > (SELECT value FROM sequence WHERE name = 'job')
                """
        ),
    ]
}
