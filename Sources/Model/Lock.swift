/// How a lock is held.
package enum LockMode: String, Codable, Sendable {
    /// With others of the same mode.
    case shared
    /// Alone.
    case exclusive

    /// Whether two tickets of these modes may be held at once.
    package func isCompatible(with other: LockMode) -> Bool { self == .shared && other == .shared }

    /// Whether holding this covers a need of `other`.
    package func covers(_ other: LockMode) -> Bool { self == .exclusive || other == .shared }
}

/// A lock that a plan asks for.
package struct LockRequest: Hashable, Codable, Sendable {
    /// What is locked: `vm/web-1`.
    package var resource: String
    /// How.
    package var mode: LockMode

    /// A request for one lock.
    package init(_ resource: String, _ mode: LockMode) {
        self.resource = resource
        self.mode = mode
    }

    /// A request to hold the resource alone.
    package static func exclusive(_ resource: String) -> LockRequest {
        LockRequest(resource, .exclusive)
    }

    /// A request to hold the resource together with others.
    package static func shared(_ resource: String) -> LockRequest { LockRequest(resource, .shared) }
}

/// What a job does when a lock it needs is held.
package enum LockPolicy: Hashable, Codable, Sendable {
    /// Waits as long as it takes.
    case wait
    /// Waits at most that many milliseconds, then fails.
    case waitAtMost(Int64)
    /// Fails at once, naming the holder.
    case failFast
}

/// One job's place in the queue of one resource.
package struct Ticket: Hashable, Sendable {
    /// Its number: older tickets have smaller ones, and are served first.
    package var number: Int64
    /// What it is for: `vm/web-1`.
    package var resource: String
    /// Whose it is.
    package var job: JobID
    /// Within whose locks it counts: the parent's number for a child, 0 for a root.
    ///
    /// Tickets of different scopes do not exclude each other, because a child works under its
    /// parent's locks.
    package var scope: Int64
    /// How the resource is to be held.
    package var mode: LockMode
    /// Whether it is held; otherwise it waits.
    package var isGranted: Bool
    /// When it was drawn, or granted.
    package var since: Timestamp

    /// A ticket with all its parts.
    package init(
        number: Int64,
        resource: String,
        job: JobID,
        scope: Int64,
        mode: LockMode,
        isGranted: Bool,
        since: Timestamp
    ) {
        self.number = number
        self.resource = resource
        self.job = job
        self.scope = scope
        self.mode = mode
        self.isGranted = isGranted
        self.since = since
    }
}
