/// What becomes of a job that an engine's death interrupted in the middle of a step.
///
/// Declared by its kind in the plan, stored with the job, and shown before and after. It is for the
/// step at work only: jobs that wait go on waiting, undo and stops that were asked go on, and
/// behind a point of no return every job is taken up.
package enum CrashPolicy: String, CaseIterable, Codable, Sendable {
    /// The next engine asks the backend, and goes on from what is true there.
    case adopt
    /// The step is interrupted, everything done is undone, and the job fails.
    case rollBack
    /// The step is interrupted, everything done is undone, and the job begins anew, a few times.
    case requeue
    /// The step is interrupted and the job fails; what was done stays.
    case fail

    /// What happens, in a few words for people.
    package var text: String {
        switch self {
        case .adopt: "it is taken up where it stands"
        case .rollBack: "it is interrupted and undone, and fails"
        case .requeue: "it is interrupted and undone, and begins anew"
        case .fail: "it is interrupted and fails; what was done stays"
        }
    }
}

/// How a stop that the engine itself asked for ends.
///
/// Stands beside the stop request, which names the engine; a person's stop takes its place.
package enum EngineStop: String, Codable, Sendable {
    /// Undo what was done, then fail.
    case rollBack
    /// Undo what was done, then begin anew.
    case requeue
    /// Fail, and leave what was done.
    case fail
}
