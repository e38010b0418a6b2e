/// The name of a part of a lane's queue.
///
/// Jobs of a lane that count against the same limits stand in one part, in the order of their
/// rank, and those that have begun apart from those that have not. So whatever holds some of them
/// holds a whole part, and the next job is found without looking at any that cannot begin.
struct QueueName: Hashable {
    var lane: String
    /// Whether its jobs have begun, or are children of some that have.
    var hasBegun: Bool
    /// The limits that its jobs count against, resolved and in order.
    var limits: [String]

    init(lane: String, hasBegun: Bool, limits: [String] = []) {
        self.lane = lane
        self.hasBegun = hasBegun
        self.limits = limits
    }

    /// Reads a name as it is stored: `host/kvm-a01|+|snapshot@host/kvm-a01`.
    init(_ text: String) {
        var parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        lane = parts.removeFirst()
        hasBegun = parts.first == "+"
        limits = hasBegun ? Array(parts.dropFirst()) : parts
    }

    /// The name as it is stored.
    var text: String {
        if !hasBegun && limits.isEmpty { return lane }
        return lane + (hasBegun ? "|+" : "") + limits.map { "|" + $0 }.joined()
    }
}

/// One part of a lane's queue, as the engine remembers it.
struct LaneQueue {
    /// How many jobs stand in it.
    var count = 0
    /// Whether they have begun.
    let hasBegun: Bool
    /// What they count against.
    let limits: [String]
    /// Whether its first jobs were told that a limit is full.
    var saysFull = false

    init(_ name: QueueName) {
        hasBegun = name.hasBegun
        limits = name.limits
    }
}
