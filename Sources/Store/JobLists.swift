import Model

extension SQLiteReader {
    func page(_ query: JobQuery, at now: Timestamp) throws -> JobPage {
        var query = query
        query.offset = max(0, query.offset)
        query.limit = max(0, query.limit)
        if query.filter.asksForArchive { query.includesArchive = true }
        query = try withoutNeedlessHiding(query)
        let window =
            switch (query.isTree, query.filter) {
            case (false, _): try flatWindow(query, at: now)
            case (true, .all): try treeWindow(query, at: now)
            case (true, _): try filteredTreeWindow(query, at: now)
            }
        let rows = try jobRows(window.rows, folded: query.isTree ? query.folded : [])
        var page = JobPage(rows: rows, total: window.total, offset: query.offset)
        if query.hidesInternal {
            let isWholeTree = query.isTree && query.filter == .all
            page.hidden = try isWholeTree ? hiddenTrees() : hiddenCount(query.filter, at: now)
        }
        return page
    }

    /// The jobs of a part of a list, before they are loaded.
    struct Window {
        var rows: [(id: JobID, depth: Int)] = []
        var total: Int?
    }

    // MARK: Flat lists

    private func flatWindow(_ query: JobQuery, at now: Timestamp) throws -> Window {
        let known = try knownTotal(query)
        if let known, let mirrored = mirror(query, of: known) {
            var window = try flatWindow(mirrored, at: now)
            window.rows.reverse()
            return window
        }
        var cut = Cut(query)
        let list = ListSQL(query, at: now, longest: cut.longest)
        let counts = known == nil ? [] : try shownCounts(query)
        for part in list.parts {
            if let states = part.wholeStates {
                let whole = counts.reduce(0) { sum, one in
                    states.reduce(sum) { $0 + one[$1] }
                }
                if cut.skip(whole: whole) { continue }
            }
            let isDone = try run(part.sql, list.arguments, isUsual: query.filter == .all) { row in
                cut.take(row.readJob(), depth: 0, counts: known == nil)
            }
            if isDone { break }
        }
        return Window(rows: cut.rows, total: known ?? cut.total)
    }

    /// How many jobs fit, if the counters know it.
    private func knownTotal(_ query: JobQuery) throws -> Int? {
        guard let states = query.filter.asStates else { return nil }
        return try shownCounts(query).reduce(0) { sum, one in
            states.reduce(sum) { $0 + one[$1] }
        }
    }

    /// How many jobs of each state a list has in each place that it looks at.
    private func shownCounts(_ query: JobQuery) throws -> [Counts] {
        let all = try query.places.map(counts(in:))
        guard query.hidesInternal, var hot = all.first else { return all }
        let hidden = try hiddenCounts()
        for state in JobState.allCases { hot[state] -= hidden[state] }
        return [hot]
    }

    /// The same part of the list from its other end, if that is nearer.
    private func mirror(_ query: JobQuery, of total: Int) -> JobQuery? {
        let end = min(total, query.offset + query.limit)
        let behind = total - end
        guard query.offset > 1000, behind < query.offset / 2, end > query.offset else { return nil }
        var mirrored = query
        mirrored.isReversed.toggle()
        mirrored.offset = behind
        mirrored.limit = end - query.offset
        return mirrored
    }

    // MARK: Rows

    /// Runs a statement written for one list until `body` says that it has enough.
    ///
    /// - Returns: whether `body` has enough.
    func run(
        _ sql: String,
        _ arguments: [SQLValue],
        isUsual: Bool = false,
        _ body: (inout Query) throws -> Bool
    ) throws -> Bool {
        func read(_ query: inout Query) throws -> Bool {
            for argument in arguments {
                switch argument {
                case .text(let text): query.bind(text)
                case .number(let number): query.bind(number)
                }
            }
            while try query.step() {
                if try body(&query) { return true }
            }
            return false
        }
        return isUsual ? try query(sql, read) : try queryOnce(sql, read)
    }

    /// Loads the jobs of a list with their results.
    func jobRows(
        _ rows: [(id: JobID, depth: Int)],
        folded: Set<JobID> = []
    ) throws -> [JobRow] {
        let numbers = rows.map(\.id.number)
        var jobs: [JobID: Job] = [:]
        try self.rows("SELECT \(JobColumns.job) FROM job WHERE id IN (?)", in: numbers) { query in
            let job = try JobColumns.decodeJob(&query).job
            jobs[job.id] = job
        }
        try results(of: numbers, in: .hot, into: &jobs)
        let missing = numbers.filter { jobs[JobID($0)] == nil }
        if !missing.isEmpty {
            let sql = "SELECT \(JobColumns.job), archived_at FROM archived_job WHERE id IN (?)"
            try self.rows(sql, in: missing) { query in
                var job = try JobColumns.decodeJob(&query).job
                job.archivedAt = query.readTime()
                jobs[job.id] = job
            }
            try results(of: missing, in: .archive, into: &jobs)
        }
        jobs = try shown(jobs)
        try pins(of: numbers, into: &jobs)
        return rows.compactMap { row in
            jobs[row.id].map {
                JobRow(job: $0, depth: row.depth, isFolded: folded.contains(row.id))
            }
        }
    }
}

extension SQLiteReader {
    private func results(
        of numbers: [Int64],
        in place: Place,
        into jobs: inout [JobID: Job]
    ) throws {
        let sql = "SELECT job, json FROM \(place.prefix)result WHERE job IN (?)"
        try rows(sql, in: numbers) { query in
            let id = query.readJob()
            jobs[id]?.result = query.readText()
        }
    }

    private func pins(of numbers: [Int64], into jobs: inout [JobID: Job]) throws {
        try rows("SELECT job, by, at, reason FROM pin WHERE job IN (?)", in: numbers) { query in
            let id = query.readJob()
            let (by, at) = (query.readText(), query.readTime())
            jobs[id]?.pin = Pin(by: by, at: at, reason: query.readText())
        }
    }
}

extension JobQuery {
    /// Where the jobs are looked for.
    var places: [Place] { includesArchive ? Place.allCases : [.hot] }
}

/// Cuts the rows that were asked for out of a list, and counts how many there are.
struct Cut {
    private(set) var rows: [(id: JobID, depth: Int)] = []
    private var offset: Int
    private let limit: Int
    private var seen = 0
    private var isCutOff = false

    init(_ query: JobQuery) {
        offset = query.offset
        limit = query.limit
    }

    /// How many rows are looked at, at most.
    var longest: Int {
        let (end, isTooLarge) = offset.addingReportingOverflow(limit)
        return isTooLarge || end == .max ? .max : max(end, StoreLimits.countedRows) + 1
    }

    /// How many rows there are; nil if not all were counted.
    var total: Int? { isCutOff ? nil : seen }

    /// Leaves out rows that lie before the part wholly.
    ///
    /// - Returns: whether they do.
    mutating func skip(whole count: Int) -> Bool {
        guard count <= offset else { return false }
        offset -= count
        seen += count
        return true
    }

    /// Takes one row of the list.
    ///
    /// - Parameters:
    ///   - id: its job.
    ///   - depth: how deep the job is in its tree.
    ///   - counts: whether the rows behind the part are still to be counted.
    /// - Returns: whether nothing more is needed.
    mutating func take(_ id: JobID, depth: Int, counts: Bool) -> Bool {
        if seen >= StoreLimits.countedRows && isFull {
            isCutOff = true
            return true
        }
        seen += 1
        if offset > 0 {
            offset -= 1
        } else if rows.count < limit {
            rows.append((id, depth))
        }
        return isFull && !counts
    }

    var isFull: Bool { offset == 0 && rows.count >= limit }
}
