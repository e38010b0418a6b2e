import Model

/// Pauses: of lanes, and of the whole engine.
extension SQLiteReader {
    func drain() throws -> Pause? {
        try query("SELECT pause FROM drain") { query in
            try query.step() ? try CompactJSON.decode(query.readText()) : nil
        }
    }

    func openRoots() throws -> Int {
        // What was changed in this very transaction counts, too.
        try (self as? SQLiteTransaction)?.saveCounts()
        return try query(Self.openRootsSQL) { query in
            try query.step() ? query.readInt() : 0
        }
    }

    static let openRootsSQL =
        "SELECT coalesce(sum(roots), 0) FROM counter WHERE state < \(JobState.completed.code)"

    /// What keeps whole lanes from beginning anything, by their names.
    func heldLanes() throws -> [String: Pause?] {
        try query(Self.heldLanesSQL) { query in
            var found: [String: Pause?] = [:]
            while try query.step() {
                let name = query.readText()
                let pause: Pause? = try CompactJSON.decode(query.readOptionalText())
                found[name] = .some(pause)
            }
            return found
        }
    }

    static let heldLanesSQL = """
        SELECT name, pause FROM lane INDEXED BY lane_held
        WHERE pause IS NOT NULL OR closed_until IS NOT NULL
        """

    /// Jobs as people see them: what holds their lane is said of every one of them.
    ///
    /// A job's row says what it waited for when it joined its queue; that somebody paused the lane,
    /// or that its host fell silent, is written down once for the lane.
    func shown(_ jobs: [JobID: Job]) throws -> [JobID: Job] {
        guard jobs.values.contains(where: { $0.state == .queued && $0.waiting != nil }) else {
            return jobs
        }
        let lanes = try heldLanes()
        return jobs.mapValues { job in
            var job = job
            job.showLane(held: lanes[job.lane])
            return job
        }
    }
}

extension Job {
    /// Says what holds its lane now, if it waits for a slot there.
    fileprivate mutating func showLane(held: Pause??) {
        guard state == .queued, let waiting,
            [.lane, .limit, .unreachable].contains(waiting.reason)
        else { return }
        switch held {
        case .some(.some(let pause)) where !(pause.drains && (startedAt != nil || !isRoot)):
            self.waiting = Waiting(
                .pausedLane,
                on: "\(lane) \(pause.text)",
                since: max(waiting.since, pause.at)
            )
        case .some(.none):
            self.waiting = Waiting(.unreachable, on: lane, since: waiting.since)
        default:
            guard waiting.reason == .unreachable else { return }
            self.waiting = Waiting(.lane, on: lane, since: waiting.since)
        }
    }

    private var isRoot: Bool { parentID == nil }
}

extension SQLiteTransaction {
    func save(drain: Pause?) throws {
        guard let text = drain.flatMap(CompactJSON.encode) else {
            try query("DELETE FROM drain") { query in
                _ = try query.run()
            }
            return
        }
        try query("INSERT OR REPLACE INTO drain (id, pause) VALUES (1, ?)") { query in
            query.bind(text)
            try query.run()
        }
    }
}
