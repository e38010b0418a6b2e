package import Model
package import Terminal

/// Something that happened to the console.
///
/// Moments are handed in: nothing here reads a clock.
package enum Event: Sendable {
    /// A key, a paste or the mouse, and when.
    case input(Input, Timestamp)
    /// The terminal has this size now.
    case resized(rows: Int, columns: Int)
    /// Time went by; see ``ConsoleModel/nextTick``.
    case tick(Timestamp)
    /// The newest answer to what was wanted by ``Effect/watch(_:)``.
    case snapshot(Snapshot)
    /// The job whose details were wanted; nil if the store has no such job.
    case detail(JobID, JobDetail?)
    /// What a stop would do, as asked by ``Effect/previewStop(_:)``.
    case preview(StopPreview)
    /// The VMs, in any order.
    case vms([VMLine])
    /// The hosts, in any order.
    case hosts([HostLine])
    /// The locks, contended ones first.
    case locks([LockLine])
    /// What became of something the operator asked for.
    case actionResult(ActionResult)
    /// The store or the engine is in trouble, in words; nil when it is over.
    case trouble(String?)
    /// The themes to choose from changed.
    case themes([Theme])
    /// Something happened at which the configuration has the bell ring.
    case bell
    /// The terminal is gone.
    case hangup
}

/// Names one thing the operator asked for, so that its result finds it again.
package struct RequestID: Hashable, Sendable {
    /// Counts from 1 in each console.
    package let number: Int

    /// The request with that number.
    package init(_ number: Int) { self.number = number }
}

/// What became of one thing the operator asked for.
package struct ActionResult: Hashable, Sendable {
    /// Which request.
    package var id: RequestID
    /// The outcome in words: `accepted`, or why it was refused.
    package var text: String
    /// Whether it was accepted.
    package var isOK: Bool

    /// A result with all its parts.
    package init(id: RequestID, text: String, isOK: Bool) {
        self.id = id
        self.text = text
        self.isOK = isOK
    }
}
