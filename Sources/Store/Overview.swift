import Model

extension SQLiteReader {
    func savedLanes() throws -> [LaneLine] {
        try query("SELECT name, slots, closed_until, reason FROM lane ORDER BY name") { query in
            var found: [LaneLine] = []
            while try query.step() {
                let (name, slots) = (query.readText(), query.readInt())
                let (until, reason) = (query.readOptionalTime(), query.readText())
                found.append(
                    LaneLine(
                        name: name,
                        slots: slots,
                        used: 0,
                        queued: 0,
                        closedUntil: until,
                        reason: reason
                    )
                )
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
        try count(EngineSQL.queuedLanes) { $0.queued = $1 }
        try count(Self.usedSlotsSQL) { $0.used = $1 }
        return lanes.values.sorted { $0.name < $1.name }
    }

    /// A job holds a slot from the claim of a step until its operation is known to have ended.
    static let usedSlotsSQL: String = {
        let states: [JobState] = [.running, .finishing, .cancelling, .rollingBack, .lost]
        let codes = states.map { "\($0.code)" }.joined(separator: ", ")
        return """
            SELECT lane, count(*) FROM job INDEXED BY job_state
            WHERE state IN (\(codes)) AND backend IN ('running', 'unknown') AND lane <> ''
            GROUP BY lane
            """
    }()

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
            return EngineLine(
                epoch: epoch,
                process: process,
                machine: machine,
                since: since,
                isAlive: isAlive(process, machine: machine, bootID: boot)
            )
        }
    }

    /// Whether that process still holds the lock of this store.
    ///
    /// In memory it is this process.
    private func isAlive(_ process: Int32, machine: String, bootID: String) -> Bool {
        guard let lock else { return true }
        guard let holder = lock.holder() else { return false }
        return holder.process == process && holder.machine == machine && holder.bootID == bootID
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
