package import Hypervisor
package import Model

/// A data centre and what happens in it, as a file in `Demo/` tells it.
package struct Scenario: Sendable {
    /// One line for lists.
    package var title: String
    /// What there is to see, in a few lines for people; may be empty.
    package var story: String
    /// What chance is drawn from.
    package var seed: UInt64
    /// How many virtual seconds pass in a real one.
    package var speed: Double
    /// How much is simulated before the screen opens, in milliseconds.
    package var past: Int64
    /// What there is at the beginning.
    package var inventory: Inventory
    /// Synthetic load beside the script; nil for none.
    package var load: LoadProfile?
    /// Jobs that are made again and again; intervals count from the beginning.
    package var schedules: [Schedule]
    /// What happens when, earliest first; things of one moment in the order of the file.
    package var events: [ScriptedEvent]

    /// A scenario without load and events.
    package init(title: String, inventory: Inventory, seed: UInt64 = 0) {
        self.title = title
        self.inventory = inventory
        self.seed = seed
        story = ""
        speed = 1
        past = 0
        schedules = []
        events = []
    }

    /// The schedules with their intervals counted from a moment.
    package func schedules(from start: Timestamp) -> [Schedule] {
        schedules.map { schedule in
            var schedule = schedule
            if case .every(let milliseconds, _) = schedule.rule {
                schedule.rule = .every(milliseconds: milliseconds, anchor: start)
            }
            return schedule
        }
    }
}

/// Something that happens at a set time.
package struct ScriptedEvent: Hashable, Sendable {
    /// When, in milliseconds after the opening; negative for before it.
    package var at: Int64
    /// What.
    package var deed: Deed

    /// An event with all its parts.
    package init(at: Int64, _ deed: Deed) {
        self.at = at
        self.deed = deed
    }

    /// What can happen.
    package enum Deed: Hashable, Sendable {
        /// Somebody submits a job, whose due time counts from the opening.
        ///
        /// The label lets later events speak of it.
        case submit(Submission, label: String?)
        /// Trouble begins; the rule's `from` and `until` count from the opening.
        case fault(FaultRule)
        /// The trouble of that name ends.
        case heal(String)
        /// An operator acts on the job with that label.
        case act(OperatorAction, label: String, by: String, reason: String)
    }
}

/// How much is going on, and of what sort.
package struct LoadProfile: Hashable, Sendable {
    /// Jobs a virtual minute.
    package var rate: Double
    /// No new jobs while that many are unfinished.
    package var outstanding: Int
    /// How often each kind is chosen, relative to the others.
    package var weights: [String: Double]
    /// Who submits.
    package var users: [String]
    /// On whose accounts.
    package var accounts: [String]

    /// A profile with these weights and what is usual beside them.
    package init(weights: [String: Double], rate: Double = 6) {
        self.weights = weights
        self.rate = rate
        outstanding = 60
        users = ["alice", "bob", "carol", "scheduler"]
        accounts = ["admin", "sales", "research", "payroll"]
    }
}
