/// What a hypervisor says to a request.
package enum Reply: Hashable, Sendable {
    /// The request was taken.
    case accepted
    /// The request was not taken, and nothing was changed by it.
    case refused(Fault)
    /// No answer came. The request may have been taken or not: probe before doing anything else.
    case noAnswer
}

/// How a task stands.
package enum TaskStatus: Codable, Hashable, Sendable {
    /// The work goes on (or hangs: then the progress stays where it is).
    case running
    /// The work is done.
    case done
    /// The work ended with a fault; its subject is in a stable state.
    case failed(Fault)
    /// The work was interrupted; its subject is in a stable state.
    case interrupted
    /// The hypervisor knows no task of this id.
    case unknown
    /// The host of the task does not answer; how the task stands cannot be told.
    case unreachable

    /// Whether the task has ended: done, failed or interrupted.
    package var isEnded: Bool {
        switch self {
        case .done, .failed, .interrupted: true
        case .running, .unknown, .unreachable: false
        }
    }
}

/// What a hypervisor says of one task.
package struct TaskReport: Codable, Hashable, Sendable {
    /// The task's id.
    package var id: String
    /// How the task stands.
    package var status: TaskStatus
    /// Per cent of the work done, 0…100; 100 only when done.
    package var progress: Int
    /// One line for people: "Copy round 2: 812 MB of 4096 MB".
    package var message: String
    /// What the work yielded, empty until it is done.
    ///
    /// `VerbCatalogue` names the keys.
    package var result: [String: String]
    /// The host the task acts on, if any.
    package var host: String?
    /// When this became true: the end of an ended task, else the time of asking.
    ///
    /// In milliseconds since 1970.
    package var at: Int64

    /// Makes a report.
    package init(
        id: String,
        status: TaskStatus,
        progress: Int = 0,
        message: String = "",
        at: Int64
    ) {
        self.id = id
        self.status = status
        self.progress = progress
        self.message = message
        result = [:]
        host = nil
        self.at = at
    }
}
