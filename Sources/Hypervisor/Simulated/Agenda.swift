/// A time at which something happens to a task.
struct Appointment: Comparable, Sendable {
    var at: Int64
    /// The task's place in the order of beginnings; decides between two of the same time.
    var ordinal: Int
    var task: String

    static func < (left: Appointment, right: Appointment) -> Bool {
        (left.at, left.ordinal) < (right.at, right.ordinal)
    }
}

/// Appointments, the earliest first: a binary heap.
struct Agenda: Sendable {
    private(set) var entries: [Appointment] = []

    var first: Appointment? { entries.first }

    mutating func add(_ entry: Appointment) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child] < entries[parent] else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> Appointment? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child] < entries[least] {
                least = child
            }
            guard least != parent else { return first }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    /// Leaves out what is no longer due.
    mutating func keep(where isDue: (Appointment) -> Bool) {
        let kept = entries.filter(isDue)
        entries = []
        for entry in kept { add(entry) }
    }
}
