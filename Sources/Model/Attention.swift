/// Whether somebody has to know of a job, and whether somebody does.
///
/// A job raises attention when it ends badly, leaves something behind, or stands still until a
/// person looks at it. An operator acknowledges it; what goes on by itself takes it back.
package enum Attention: String, CaseIterable, Codable, Sendable {
    /// Nobody has to know.
    case none
    /// Somebody has to, and nobody has said so far that he does.
    case open
    /// Somebody has acknowledged it, or a later attempt made it good.
    case acked

    /// Its code in the store; ``none`` is stored as nothing.
    package var code: Int? {
        switch self {
        case .none: nil
        case .open: 1
        case .acked: 2
        }
    }

    /// The attention with that code; nil if there is none such.
    package init?(code: Int) {
        guard let known = Self.allCases.first(where: { ($0.code ?? 0) == code }) else { return nil }
        self = known
    }

    /// Whether a job in that state can call for attention.
    package static func mayBeCalled(in state: JobState) -> Bool {
        state == .lost || state == .needsOperator || state.isTerminal
    }

    /// What a job calls for that has just moved to the state it is in.
    ///
    /// How the children of a job ended shows in how the job itself ends, so their own ends call for
    /// nobody, unless something was left behind: one trouble is acknowledged once.
    package static func called(by job: Job) -> Attention {
        switch job.state {
        case .lost, .needsOperator: return .open
        case _ where !job.state.isTerminal: return .none
        case _ where job.rollback == .dirty: return .open
        case _ where job.parentID != nil: return .none
        case .failed, .warning: return .open
        case .aborted: return isWanted(job.cause) ? .none : .open
        default: return .none
        }
    }

    /// The states in which a job can call for attention.
    package static let states: Set<JobState> = Set(
        JobState.allCases.filter { $0.isTerminal || $0 == .lost || $0 == .needsOperator }
    ).subtracting([.completed])

    /// Whether a person wanted the end that has this cause.
    private static func isWanted(_ cause: Cause) -> Bool {
        cause == .stoppedByUser || cause == .abandoned
    }
}
