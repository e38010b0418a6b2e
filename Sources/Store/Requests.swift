import Model

extension SQLiteReader {
    func openRequests(limit: Int) throws -> [StoredRequest] {
        try query(Self.openRequestsSQL) { query in
            query.bind(max(0, limit))
            var found: [StoredRequest] = []
            while try query.step() {
                let (number, at) = (query.readInt64(), query.readTime())
                let submitted = query.readOptionalJob()
                // One that cannot be read must not keep the others from being served.
                let text = query.readOptionalText()
                let request: OperatorRequest? = try? CompactJSON.decode(text)
                var stored = StoredRequest(
                    number: number,
                    request: request,
                    submitted: submitted,
                    at: at
                )
                stored.isDamaged = query.takeDamage() != nil || (text != nil && request == nil)
                found.append(stored)
            }
            return found
        }
    }

    static let openRequestsSQL = """
        SELECT number, at, submitted, request FROM request INDEXED BY request_open
        WHERE outcome IS NULL ORDER BY number LIMIT ?
        """

    func outcome(ofRequest number: Int64) throws -> RequestOutcome? {
        try query("SELECT outcome FROM request WHERE number = ?") { query in
            query.bind(number)
            return try query.step() ? try CompactJSON.decode(query.readOptionalText()) : nil
        }
    }
}

extension SQLiteTransaction {
    func insert(_ request: OperatorRequest, at now: Timestamp) throws -> Int64 {
        var request = request
        request.reason = SecretMask.masked(request.reason)
        let number = try take(1, from: "request")
        try query("INSERT INTO request (number, at, request) VALUES (?, ?, ?)") { query in
            query.bind(number)
            query.bind(now)
            query.bind(CompactJSON.encode(request))
            try query.run()
        }
        try query("DELETE FROM request WHERE number <= ? AND outcome IS NOT NULL") { query in
            query.bind(number - Int64(StoreLimits.keptRequests))
            try query.run()
        }
        return number
    }

    func insertSubmitted(_ job: JobID, at now: Timestamp) throws {
        let number = try take(1, from: "request")
        try query("INSERT INTO request (number, at, submitted) VALUES (?, ?, ?)") { query in
            query.bind(number)
            query.bind(now)
            query.bind(job)
            try query.run()
        }
    }

    func finish(_ requests: [(number: Int64, outcome: RequestOutcome)]) throws {
        // Nobody asks for the outcome of a submit: the job itself is the answer.
        let removal = "DELETE FROM request WHERE number = ? AND submitted IS NOT NULL"
        let record = "UPDATE request SET outcome = ? WHERE number = ?"
        for request in requests {
            let removed = try query(removal) { query in
                query.bind(request.number)
                return try query.run()
            }
            guard removed == 0 else { continue }
            try query(record) { query in
                query.bind(CompactJSON.encode(request.outcome))
                query.bind(request.number)
                try query.run()
            }
        }
    }
}
