package import Model

/// What the engine needs of a hypervisor, and all it knows of one.
///
/// Calls are handed over in batches after they were written down; answers come back as news, in
/// their own time. Nothing here may block for long: a slow backend works on threads of its own.
package protocol Backend: Sendable {
    /// Carries out calls, in order.
    func perform(_ calls: [BackendCall], at now: Timestamp)
    /// The news since the last time it was asked, oldest first.
    func takeNews(at now: Timestamp) -> [BackendNews]
    /// When there will be news of itself; nil if only a call can bring some.
    func nextNews(after now: Timestamp) -> Timestamp?
    /// The lane that an operation's lane name stands for now: `vm/web-1` → `host/kvm-a01`.
    func resolve(lane: String) -> String
    /// How many operations a lane takes at once.
    func slots(inLane lane: String) -> Int
    /// Whether there is such a lane, used before or not.
    func knows(lane: String) -> Bool
    /// What these fields of an entity are now; nil if there is no such entity.
    ///
    /// Asked before a step changes them, so that they can be put back. Fields that the entity does
    /// not have are left out.
    func fields(_ names: [String], of entity: String) -> [String: String]?
}

extension Backend {
    /// Any lane there may be.
    package func knows(lane: String) -> Bool { true }

    /// Nothing is known of any entity.
    package func fields(_ names: [String], of entity: String) -> [String: String]? { nil }
}

/// One call to the backend.
package enum BackendCall: Hashable, Sendable {
    /// Begin an operation. The same name again means the same operation: it is never done twice.
    case begin(OperationCall)
    /// Say how an operation stands.
    case probe(operation: String)
    /// Stop an operation now.
    case interrupt(operation: String, fence: Int64)
    /// Forget an operation that has ended.
    case clear(operation: String)
}

/// An operation to be begun.
package struct OperationCall: Hashable, Sendable {
    /// Its name: job, step and attempt, such as `5948/2/1`, or `5948/2/u1` for an undo.
    package var name: String
    /// What to do.
    package var operation: Operation
    /// The lane it was given a slot in: `host/kvm-a01`.
    package var lane: String
    /// The claim token: the backend refuses it if it has seen a newer one for the same subject.
    package var fence: Int64

    /// An operation with all its parts.
    package init(name: String, operation: Operation, lane: String, fence: Int64) {
        self.name = name
        self.operation = operation
        self.lane = lane
        self.fence = fence
    }
}

/// What the backend says of an operation.
package struct BackendNews: Hashable, Sendable {
    /// What is the case.
    package enum Event: Hashable, Sendable {
        /// It was begun.
        case accepted
        /// It was not begun, and will not be: nothing has happened.
        case refused(Failure)
        /// It is at work; per cent done, and a word about it.
        case progress(Int, String)
        /// It says something on its way: lines for the job's log, and what it gave back so far.
        case said([LogText], results: [String: String])
        /// It is done; what it gave back, by name.
        case done([String: String])
        /// It is done and something needs attention: what, and what it gave back, by name.
        case doneWithWarning(String, results: [String: String])
        /// It failed.
        case failed(Failure)
        /// It was stopped as asked.
        case interrupted
        /// It cannot be stopped; why.
        case notInterruptible(String)
        /// The backend has no record of it.
        case unknown
        /// Its host does not answer.
        case unreachable
    }

    /// The operation's name.
    package var operation: String
    /// What is the case.
    package var event: Event

    /// News with all its parts.
    package init(operation: String, _ event: Event) {
        self.operation = operation
        self.event = event
    }
}
