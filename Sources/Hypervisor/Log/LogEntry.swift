/// One line of the log: something that was asked, and when.
///
/// Exactly one of the rest is set.
struct LogEntry: Codable, Sendable {
    struct Interrupt: Codable, Sendable {
        var id: String
        var fence: Int64
    }

    var at: Int64
    var begin: TaskCall?
    var interrupt: Interrupt?
    var clear: String?
    var addRule: FaultRule?
    var removeRule: String?

    /// The same entry at another time.
    func stamped(_ at: Int64) -> LogEntry {
        var entry = self
        entry.at = at
        return entry
    }
}

extension Simulation {
    /// Does what an entry asks; the only way that anything is asked, now and when replaying.
    mutating func apply(_ entry: LogEntry) -> Reply {
        if let call = entry.begin { return begin(call, at: entry.at) }
        if let one = entry.interrupt { return interrupt(one.id, fence: one.fence, at: entry.at) }
        if let rule = entry.addRule { return add(rule, at: entry.at) }
        if let id = entry.removeRule { return removeRule(id, at: entry.at) }
        if let id = entry.clear {
            clear(id, at: entry.at)
            return .accepted
        }
        return .refused(.badParameter.saying("The log's entry asks for nothing"))
    }
}
