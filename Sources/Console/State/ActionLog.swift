import Model

/// What the operator asked for, and what came of it.
struct ActionLog: Sendable {
    struct Record: Sendable {
        let id: RequestID
        let text: String
        let at: Timestamp
        var result: ActionResult?

        var line: String {
            guard let result else { return "\(text): asked…" }
            return "\(text): \(result.text)"
        }
    }

    private(set) var records: [Record] = []
    private var last = 0

    /// Older ones are forgotten.
    static let longest = 100

    /// Notes a request and gives it its number.
    mutating func begin(_ text: String, at now: Timestamp) -> RequestID {
        last += 1
        let id = RequestID(last)
        records.append(Record(id: id, text: text, at: now))
        if records.count > Self.longest { records.removeFirst() }
        return id
    }

    /// Notes a result; gives the record back, or nil if nobody asked.
    mutating func finish(_ result: ActionResult) -> Record? {
        guard let place = records.lastIndex(where: { $0.id == result.id }) else { return nil }
        records[place].result = result
        return records[place]
    }
}
