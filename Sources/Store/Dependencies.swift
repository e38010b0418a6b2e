package import Model

/// The jobs that stand before and behind one, because somebody said so when they were submitted.
package struct JobLinks: Hashable, Sendable {
    /// The jobs it comes after, oldest first; at most ``StoreLimits/links``.
    package var prerequisites: [JobLink] = []
    /// The jobs that come after it, oldest first; at most ``StoreLimits/links``.
    package var dependents: [JobLink] = []

    /// None.
    package init() {}
}

extension SQLiteReader {
    func openPrerequisites(of id: JobID, limit: Int) throws -> [JobLink] {
        try query(Self.openPrerequisitesSQL) { query in
            query.bind(id)
            query.bind(max(0, limit))
            var found: [JobLink] = []
            while try query.step() { found.append(try Self.readLink(&query)) }
            return found
        }
    }

    func newestJob() throws -> JobID {
        try query("SELECT value FROM sequence WHERE name = 'job'") { query in
            try query.step() ? query.readJob() : JobID(0)
        }
    }

    func links(of ids: [JobID]) throws -> [JobID: JobLinks] {
        var found: [JobID: JobLinks] = [:]
        for id in ids {
            var links = JobLinks()
            links.prerequisites = try self.links(Self.prerequisitesSQL, of: id)
            links.dependents = try self.links(Self.dependentsSQL, of: id)
            if links != JobLinks() { found[id] = links }
        }
        return found
    }

    private func links(_ sql: String, of id: JobID) throws -> [JobLink] {
        try query(sql) { query in
            query.bind(id)
            query.bind(StoreLimits.links)
            var found: [JobLink] = []
            while try query.step() { found.append(try Self.readLink(&query)) }
            return found
        }
    }

    private static func readLink(_ query: inout Query) throws -> JobLink {
        JobLink(
            id: query.readJob(),
            kind: query.readText(),
            target: Target(type: query.readText(), name: query.readText()),
            state: try query.readState()
        )
    }

    private static let linkColumns = "job.id, job.kind, job.target_type, job.target_name, job.state"

    private static let prerequisitesSQL = linksSQL(
        "ON job.id = dependency.prerequisite WHERE dependency.job = ?1"
    )
    private static let dependentsSQL = linksSQL(
        "ON job.id = dependency.job WHERE dependency.prerequisite = ?1"
    )

    /// Links between jobs that are archived and jobs that are not, either way round.
    private static func linksSQL(_ condition: String) -> String {
        let parts = Place.allCases.flatMap { links in
            Place.allCases.map { jobs in
                """
                SELECT \(linkColumns) FROM \(links.prefix)dependency AS dependency
                JOIN \(jobs.prefix)job AS job \(condition)
                """
            }
        }
        return parts.joined(separator: " UNION ALL ") + " ORDER BY 1 LIMIT ?2"
    }

    private static let openPrerequisitesSQL = """
        SELECT \(linkColumns) FROM dependency INDEXED BY dependency_job
        JOIN job ON job.id = dependency.prerequisite
        WHERE dependency.job = ? AND job.state < \(JobState.completed.code)
        ORDER BY job.id LIMIT ?
        """
}
