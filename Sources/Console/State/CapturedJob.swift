package import Model

/// A job as it stood when a key was pressed on it: what an action is about, whatever moves since.
package struct CapturedJob: Hashable, Sendable {
    /// Its number.
    package let id: JobID
    /// What it does.
    package let kind: String
    /// What it acts on.
    package let target: Target
    /// Where it stood.
    package let state: JobState
    /// How many children it had.
    package let childCount: Int
    /// When the key was pressed.
    package let at: Timestamp

    init(_ job: Job, at now: Timestamp) {
        id = job.id
        kind = job.kind
        target = job.target
        state = job.state
        childCount = job.childCount
        at = now
    }

    /// The job in a line: `job-12 vm.start vm/web-1`.
    var text: String { "\(id) \(kind) \(target)" }

    /// The states in which the action still means what it meant: a job that is at work changes
    /// between these from step to step, and nothing else about it changes.
    var expecting: [JobState] {
        let atWork: [JobState] = [.queued, .running, .childQueued, .childRunning, .finishing]
        return state == .pending
            ? [.pending, .queued] : atWork.contains(state) ? atWork : [state]
    }
}
