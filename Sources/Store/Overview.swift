import Model

extension SQLiteReader {
    func savedLanes() throws -> [LaneLine] {
        let sql =
            "SELECT name, slots, closed_until, reason, slots_by, pause FROM lane ORDER BY name"
        return try query(sql) { query in
            var found: [LaneLine] = []
            while try query.step() {
                let (name, slots) = (query.readText(), query.readInt())
                var lane = LaneLine(name: name, slots: slots, used: 0, queued: 0)
                lane.closedUntil = query.readOptionalTime()
                lane.reason = query.readText()
                lane.slotsBy = query.readOptionalText()
                lane.pause = try CompactJSON.decode(query.readOptionalText())
                found.append(lane)
            }
            return found
        }
    }

    func laneLoads() throws -> [LaneLine] {
        var lanes: [String: LaneLine] = [:]
        for lane in try savedLanes() { lanes[lane.name] = lane }
        func count(_ sql: String, _ add: (inout LaneLine, Int) -> Void) throws {
            try query(sql) { query in
                while try query.step() {
                    let (name, number) = (query.readText(), query.readInt())
                    let empty = LaneLine(name: name, slots: 0, used: 0, queued: 0)
                    add(&lanes[name, default: empty], number)
                }
            }
        }
        // A queue begins with the name of its lane.
        for (queue, number) in try queues() {
            let name = String(queue.prefix { $0 != "|" })
            let empty = LaneLine(name: name, slots: 0, used: 0, queued: 0)
            lanes[name, default: empty].queued += number
        }
        try count(Self.usedSlotsSQL) { $0.used = $1 }
        return lanes.values.sorted { $0.name < $1.name }
    }

    /// A job holds slots from the claim of a step until its operation is known to have ended.
    static let usedSlotsSQL =
        "SELECT step.lane, sum(coalesce(step.taken, 1)) \(atWork) GROUP BY step.lane"

    /// Steps whose operations are at the backend; as many as there are slots.
    private static let atWork: String = {
        let states: [JobState] = [.running, .finishing, .cancelling, .rollingBack, .lost]
        let codes = states.map { "\($0.code)" }.joined(separator: ", ")
        let (steps, undos) = (
            "\(StepState.issued.code), \(StepState.running.code)",
            "\(UndoState.issued.code), \(UndoState.running.code)"
        )
        return """
            FROM job INDEXED BY job_state JOIN step ON step.job = job.id
            WHERE job.state IN (\(codes)) AND step.lane <> ''
                AND (step.state IN (\(steps)) OR step.undo IN (\(undos)))
            """
    }()

    /// How many operations at work count against each limit that has any.
    func limitLoads() throws -> [String: Int] {
        try query("SELECT step.held \(Self.atWork) AND step.held IS NOT NULL") { query in
            var loads: [String: Int] = [:]
            while try query.step() {
                for name in query.readText().split(separator: " ") {
                    loads[String(name), default: 0] += 1
                }
            }
            return loads
        }
    }

    func holders(ofType type: String) throws -> [String: JobID] {
        // In order of numbers, so that of several who share a lock the oldest is named; one that
        // holds it alone is the only one.
        let sql = """
            SELECT resource, job FROM ticket
            WHERE resource >= ? AND resource < ? AND scope = 0 AND is_granted = 1
            ORDER BY number DESC
            """
        return try query(sql) { query in
            query.bind(type + "/")
            query.bind(type + "0")  // The character after the slash.
            var found: [String: JobID] = [:]
            while try query.step() {
                let name = String(query.readText().dropFirst(type.count + 1))
                found[name] = query.readJob()
            }
            return found
        }
    }

    func engine() throws -> EngineLine? {
        let sql = """
            SELECT epoch, process, machine, boot_id, since FROM engine
            ORDER BY epoch DESC LIMIT 1
            """
        return try query(sql) { query in
            guard try query.step() else { return nil }
            let (epoch, process) = (query.readInt64(), Int32(clamping: query.readInt64()))
            let (machine, boot, since) = (query.readText(), query.readText(), query.readTime())
            var line = EngineLine(
                epoch: epoch,
                process: process,
                machine: machine,
                since: since,
                isAlive: true
            )
            look(after: &line, bootID: boot)
            return line
        }
    }

    /// Finds out whether the owner lives: here the kernel and its lease say so, of one elsewhere
    /// only its lease, and that only to who watches it for a while.
    ///
    /// In memory it is this process.
    private func look(after line: inout EngineLine, bootID: String) {
        guard let lock else { return }
        let record = lock.lease.read()
        let mine = StoreLock.Holder.current(since: line.since).bootID
        if let record, !record.isReleased, record.bootID == bootID, record.bootID != mine {
            line.isElsewhere = true
            return
        }
        let holder = lock.holder()
        line.isAlive =
            holder?.process == line.process && holder?.machine == line.machine
            && holder?.bootID == bootID
        guard line.isAlive, let record, record.process == line.process, record.bootID == mine
        else { return }
        let age = max(0, ProcessClock.uptime() - record.uptime)
        line.heartbeatAge = age
        // It has the lock and does not move: it is frozen, and is followed by who stands by.
        line.isAlive = age <= LeaseFile.limit
    }

    func latest() throws -> Timestamp? {
        let sql = """
            SELECT max(at) FROM (
                SELECT * FROM (SELECT at FROM journal ORDER BY sequence DESC LIMIT 1)
                UNION ALL
                SELECT * FROM (SELECT at FROM archived_journal ORDER BY sequence DESC LIMIT 1)
                UNION ALL
                SELECT nullif(value, 0) FROM sequence WHERE name = 'clock')
            """
        return try query(sql) { query in try query.step() ? query.readOptionalTime() : nil }
    }

    func version() throws -> Int64 {
        try query("SELECT value FROM sequence WHERE name = 'version'") { query in
            try query.step() ? query.readInt64() : 0
        }
    }
}
