import Model

/// Lists of jobs as one would make them by hand: filter, sort, nest.
struct NaiveList {
    private let jobs: [Job]
    private let now: Timestamp

    init(_ jobs: [Job], at now: Timestamp) {
        self.jobs = jobs
        self.now = now
    }

    /// All rows of a list; its part is not looked at.
    func rows(_ query: JobQuery) -> [JobRow] {
        let fitting = jobs.filter { query.filter.matches($0, at: now) }
        guard query.isTree else { return sorted(fitting, query).map { JobRow(job: $0) } }
        let byID = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
        var shown: [JobID: Job] = [:]
        for job in fitting {
            var next: Job? = job
            while let job = next {
                shown[job.id] = job
                next = job.parentID.flatMap { byID[$0] }
            }
        }
        var rows: [JobRow] = []
        func add(_ job: Job, depth: Int) {
            let isFolded = query.folded.contains(job.id)
            rows.append(JobRow(job: job, depth: depth, isFolded: isFolded))
            guard !isFolded else { return }
            let children = shown.values.filter { $0.parentID == job.id }
            for child in children.sorted(by: { $0.id < $1.id }) { add(child, depth: depth + 1) }
        }
        for root in sorted(shown.values.filter { $0.parentID == nil }, query) {
            add(root, depth: 0)
        }
        return rows
    }

    private func sorted(_ jobs: [Job], _ query: JobQuery) -> [Job] {
        let inOrder = jobs.sorted { left, right in
            let (one, other) = (key(left, query.order), key(right, query.order))
            if one != other { return one.lexicographicallyPrecedes(other) }
            return query.order == .oldest ? left.id < right.id : left.id > right.id
        }
        return query.isReversed ? inOrder.reversed() : inOrder
    }

    /// What comes before the number.
    private func key(_ job: Job, _ order: JobQuery.Order) -> [Int64] {
        switch order {
        case .activity: [job.state.isTerminal ? 1 : 0]
        case .newest, .oldest: []
        case .state: [Int64(job.state.code)]
        case .kind: folded(job.kind)
        case .target: folded(job.target.description)
        case .user: folded(job.user)
        case .progress: [-Int64(job.progress)]
        case .priority: [-Int64(job.priority)]
        case .age: [-job.age(at: now)]
        }
    }

    /// Text without regard to the case of ASCII letters.
    private func folded(_ text: String) -> [Int64] {
        text.utf8.map { (65...90).contains($0) ? Int64($0) + 32 : Int64($0) }
    }
}
