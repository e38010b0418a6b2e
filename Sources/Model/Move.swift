/// A legal change of a job's state, and what causes it.
///
/// ``Move/all`` is the one source for the checks in code, the constraints in the store, the table
/// in the documentation and the test of every pair.
package struct Move: Hashable, Sendable {
    /// The state before; nil for a job that is being accepted.
    package let from: JobState?
    /// The state after.
    package let to: JobState
    /// What causes it, in words for the documentation.
    package let cause: String

    private init(_ from: JobState?, _ to: JobState, _ cause: String) {
        self.from = from
        self.to = to
        self.cause = cause
    }

    /// Every legal move.
    ///
    /// Anything else is refused.
    package static let all: [Move] = [
        Move(nil, .pending, "the job is accepted"),
        Move(.pending, .queued, "its time has come and its locks are granted"),
        Move(.pending, .failed, "its plan, a dependency or its lock policy refuses it"),
        Move(.pending, .aborted, "a stop was asked, or it is skipped, before anything began"),
        Move(.queued, .running, "a slot is free in its lane"),
        Move(.queued, .rollingBack, "a stop was asked between two steps, or retries ran out"),
        Move(.queued, .failed, "retries ran out and there is nothing to undo"),
        Move(.queued, .aborted, "a stop was asked and there is nothing to undo"),
        Move(.queued, .needsOperator, "a stop was asked and its policy asks for a person"),
        Move(.running, .queued, "the next step waits for a slot, or the step is tried again"),
        Move(.running, .childQueued, "the step is a set of children"),
        Move(.running, .finishing, "the last step is done"),
        Move(.running, .cancelling, "a stop was asked"),
        Move(.running, .rollingBack, "a step failed and steps before it have an undo"),
        Move(.running, .failed, "a step failed and there is nothing to undo"),
        Move(.running, .lost, "the backend does not answer for the step"),
        Move(.running, .needsOperator, "a step failed, or stands still past its return"),
        Move(.childQueued, .childRunning, "a child became active"),
        Move(.childQueued, .queued, "all children ended; the next step waits for a slot"),
        Move(.childQueued, .finishing, "all children ended and there is no other step"),
        Move(.childQueued, .cancelling, "a stop was asked"),
        Move(.childQueued, .rollingBack, "a child failed and steps have an undo"),
        Move(.childQueued, .failed, "a child failed and there is nothing to undo"),
        Move(.childQueued, .needsOperator, "a child failed and the kind asks for a person"),
        Move(.childRunning, .childQueued, "no child is active any more"),
        Move(.childRunning, .queued, "all children ended; the next step waits for a slot"),
        Move(.childRunning, .finishing, "all children ended and there is no other step"),
        Move(.childRunning, .cancelling, "a stop was asked"),
        Move(.childRunning, .rollingBack, "a child failed and steps have an undo"),
        Move(.childRunning, .failed, "a child failed and there is nothing to undo"),
        Move(.childRunning, .needsOperator, "a child failed and the kind asks for a person"),
        Move(.finishing, .completed, "the end action is done"),
        Move(.finishing, .warning, "the end action is done and something needs attention"),
        Move(.finishing, .failed, "the end action failed too often and nothing can be undone"),
        Move(.finishing, .rollingBack, "the end action failed too often"),
        Move(.finishing, .cancelling, "a stop was asked while the end action waits or runs"),
        Move(.finishing, .lost, "the backend does not answer for the end action"),
        Move(.finishing, .needsOperator, "the end action failed, or stands still past its return"),
        Move(.cancelling, .finishing, "the work was done before the stop took effect"),
        Move(.cancelling, .rollingBack, "the stop took effect; steps have an undo"),
        Move(.cancelling, .aborted, "the stop took effect; there is nothing to undo"),
        Move(.cancelling, .failed, "the step failed by itself; there is nothing to undo"),
        Move(.cancelling, .lost, "the backend does not answer the stop"),
        Move(.cancelling, .needsOperator, "its policy asks for a person, or the step stands still"),
        Move(.rollingBack, .failed, "the undo is done"),
        Move(.rollingBack, .aborted, "the undo of a stopped job is done"),
        Move(.rollingBack, .queued, "placement is tried again on another host"),
        Move(
            .rollingBack,
            .needsOperator,
            "an undo failed too often, stands still, or was aborted"
        ),
        Move(.rollingBack, .lost, "the backend does not answer for an undo step"),
        Move(.needsOperator, .rollingBack, "an operator asks for the undo, or leaves one out"),
        Move(.needsOperator, .lost, "its operation is asked about again, or answers"),
        Move(.needsOperator, .failed, "an operator gives the undo up"),
        Move(.needsOperator, .aborted, "an operator gives the undo of a stopped job up"),
        Move(.lost, .running, "the backend knows the step and is at work"),
        Move(.lost, .queued, "the backend did the step, or never began it; the job goes on"),
        Move(.lost, .finishing, "the backend did the last step"),
        Move(.lost, .cancelling, "the backend is at work and a stop was asked"),
        Move(.lost, .rollingBack, "the step failed or vanished; steps have an undo"),
        Move(.lost, .failed, "the step failed or vanished; there is nothing to undo"),
        Move(.lost, .aborted, "an operator abandons it"),
        Move(.lost, .needsOperator, "reconciling gave no answer in its bound"),
    ]

    private static let legal: [Bool] = {
        let count = JobState.allCases.count
        var table = [Bool](repeating: false, count: (count + 1) * count)
        for move in all { table[index(move.from, move.to)] = true }
        return table
    }()

    private static func index(_ from: JobState?, _ to: JobState) -> Int {
        ((from?.code ?? -1) + 1) * JobState.allCases.count + to.code
    }

    /// Whether a job may go from one state to the other; `from` nil means it is being accepted.
    package static func isLegal(from: JobState?, to: JobState) -> Bool {
        legal[index(from, to)]
    }

    /// Checks a change of state.
    ///
    /// - Throws: ``IllegalMove``, naming both states, if the table does not allow it.
    package static func check(from: JobState?, to: JobState) throws(IllegalMove) {
        guard isLegal(from: from, to: to) else { throw IllegalMove(from: from, to: to) }
    }
}

/// A change of state that the table of moves does not allow.
package struct IllegalMove: Error, Hashable, CustomStringConvertible {
    /// The state before; nil for a new job.
    package let from: JobState?
    /// The state that was wanted.
    package let to: JobState

    /// The refusal of that change.
    package init(from: JobState?, to: JobState) {
        self.from = from
        self.to = to
    }

    /// The refusal in words, naming both states.
    package var description: String {
        "a job cannot move from \(from?.rawValue ?? "new") to \(to.rawValue)"
    }
}
