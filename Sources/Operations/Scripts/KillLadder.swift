/// When a run is asked to end, when it is killed, and when it is over; every decision, no doing.
struct KillLadder {
    /// What is the case at a moment.
    struct Facts {
        /// The moment, in milliseconds.
        var now: Int64
        /// Whether somebody asked for the end.
        var isStopAsked: Bool
        /// Whether the program itself has ended.
        var hasEnded: Bool
        /// How many of its processes live, itself included.
        var living: Int
    }

    /// What is to be done.
    enum Action: Hashable {
        /// Wait; at most so many milliseconds.
        case wait(Int64?)
        /// Ask all of its processes to end.
        case ask
        /// Kill all of its processes.
        case kill
        /// Nothing of it is left, or nothing more can be done.
        case over
    }

    private enum Phase {
        case running
        case asked(until: Int64)
        case killing(until: Int64)
    }

    /// Why it was made to end; nil if it was not.
    private(set) var stop: ScriptEnd.Stop?
    private var phase = Phase.running
    private let grace: Int64
    private let deadline: Int64?

    /// How long what a program leaves behind may take to end by itself, in milliseconds.
    static let longestFarewell: Int64 = 2000
    /// How long killing is tried, in milliseconds.
    static let longestKilling: Int64 = 10_000
    /// How long it takes at most to notice the end of what was asked to end, in milliseconds.
    static let glance: Int64 = 25

    /// The ladder of a run that begins now.
    init(grace: Int64, timeout: Int64?, from now: Int64) {
        self.grace = grace
        deadline = timeout.map { now + $0 }
    }

    /// Whether it must be known who of its processes lives.
    func needsCount(_ hasEnded: Bool) -> Bool {
        if case .running = phase { return hasEnded }
        return true
    }

    /// The next thing to do.
    mutating func decide(_ facts: Facts) -> Action {
        switch phase {
        case .running: return decideRunning(facts)
        case .asked(let until):
            if facts.hasEnded && facts.living == 0 { return .over }
            guard facts.now >= until else { return .wait(min(Self.glance, until - facts.now)) }
            phase = .killing(until: facts.now + Self.longestKilling)
            return .kill
        case .killing(let until):
            if facts.hasEnded && facts.living == 0 || facts.now >= until { return .over }
            return .kill
        }
    }

    private mutating func decideRunning(_ facts: Facts) -> Action {
        if facts.hasEnded {
            guard facts.living > 0 else { return .over }
            phase = .asked(until: facts.now + min(grace, Self.longestFarewell))
            return .ask
        }
        if facts.isStopAsked {
            stop = .asked
        } else if let deadline, facts.now >= deadline {
            stop = .timeout
        } else {
            return .wait(deadline.map { $0 - facts.now })
        }
        phase = .asked(until: facts.now + grace)
        return .ask
    }
}
