/// What can follow `is:`; each stands for a filter made of the others.
package enum FilterWord: String, CaseIterable, Sendable {
    case active, waiting, finished, unfinished, stuck, failed, attention
    case unacked, acked, root, child, pinned, archived, `internal`

    /// A job older than this many milliseconds that waits for a lock counts as stuck.
    static let longWait: Int64 = 300_000

    /// The filter that the word stands for.
    package var filter: Filter {
        switch self {
        case .active: .states(Self.states { $0.isActive })
        case .waiting: .states([.pending, .queued, .childQueued])
        case .finished: .states(Self.states { $0.isTerminal })
        case .unfinished: .states(Self.states { !$0.isTerminal })
        case .stuck: Self.stuckFilter
        case .failed: .states([.failed])
        case .attention: .states(Self.states { $0.needsAttention })
        case .unacked: .field(.attention, pattern: Attention.open.rawValue)
        case .acked: .field(.attention, pattern: Attention.acked.rawValue)
        case .root: .number(.parent, .equal, 0)
        case .child: .number(.parent, .greater, 0)
        case .pinned: .number(.pinned, .equal, 1)
        case .archived: .number(.archived, .equal, 1)
        case .internal: .number(.internal, .equal, 1)
        }
    }

    /// What the word means, in a line of help.
    package var help: String {
        switch self {
        case .active: "something of the job is at work now"
        case .waiting: "pending, queued, or waiting for children none of which is active"
        case .finished: "the job has ended"
        case .unfinished: "the job has not ended"
        case .stuck:
            "lost, needs an operator, stalled, waits for an unreachable host or a paused lane, "
                + "or is older than five minutes and waits for a lock"
        case .failed: "ended with an error"
        case .attention: "lost, needs an operator, failed, or ended with a warning"
        case .unacked: "calls for attention, and nobody has acknowledged it"
        case .acked: "called for attention, and somebody has acknowledged it"
        case .root: "no other job made it"
        case .child: "another job made it"
        case .pinned: "somebody pinned it: retention leaves it and its tree alone"
        case .archived: "it was moved to the archive"
        case .internal: "it keeps house, and nobody submitted it; lists leave such jobs out"
        }
    }

    private static let stuckFilter = Filter.or([
        .states([.lost, .needsOperator]),
        .field(.waiting, pattern: Waiting.Reason.stalled.rawValue),
        .field(.waiting, pattern: Waiting.Reason.unreachable.rawValue),
        .field(.waiting, pattern: Waiting.Reason.pausedLane.rawValue),
        .and([
            .field(.waiting, pattern: Waiting.Reason.lock.rawValue),
            .number(.age, .greater, longWait),
        ]),
    ])

    private static func states(where isMeant: (JobState) -> Bool) -> Set<JobState> {
        Set(JobState.allCases.filter(isMeant))
    }
}
