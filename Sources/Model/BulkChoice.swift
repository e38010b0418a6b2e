/// Which of the jobs that a filter selects an action is asked for.
///
/// Left out is what the action would change nothing about any more. So an action that was broken
/// off is carried on with by asking for it again, and what others did meanwhile is no error.
package struct BulkChoice: Sendable {
    /// A job that is left out, and why.
    package struct Skipped: Hashable, Sendable {
        /// The job.
        package let job: Job
        /// Why nothing is to be done about it: `it has ended`.
        package let why: String

        /// A job that is left out.
        package init(_ job: Job, _ why: String) {
            self.job = job
            self.why = why
        }
    }

    /// What is asked for.
    package let action: OperatorAction
    /// For how many jobs at most.
    package let most: Int
    /// Those it is asked for, by number.
    package private(set) var jobs: [Job] = []
    /// Those that are left out.
    package private(set) var skipped: [Skipped] = []
    /// How many more there are, beyond what is asked for at once.
    package private(set) var beyond = 0
    /// Jobs that are chosen, or below such.
    private var covered: Set<JobID> = []

    /// A choice from no jobs yet.
    package init(_ action: OperatorAction, most: Int) {
        self.action = action
        self.most = most
    }

    /// Takes a job into account; parents come before their children, as their numbers do.
    package mutating func take(_ job: Job, retriedBy retry: JobID? = nil) {
        if let why = Self.over(action, job, retriedBy: retry) {
            skipped.append(Skipped(job, why))
        } else if let parent = job.parentID, covered.contains(parent) {
            covered.insert(job.id)
            skipped.append(Skipped(job, "it goes with its parent \(parent)"))
        } else if jobs.count < most {
            if action.coversChildren { covered.insert(job.id) }
            jobs.append(job)
        } else {
            beyond += 1
        }
    }

    /// Why an action would change nothing about a job any more; nil if it would.
    package static func over(
        _ action: OperatorAction,
        _ job: Job,
        retriedBy retry: JobID? = nil
    ) -> String? {
        switch action {
        case .stop, .prioritize:
            if job.state.isTerminal { return "it has ended" }
        case .resolve, .settle:
            if job.state != .needsOperator && job.state != .lost && job.backend != .unknown {
                return "nothing about it is to be decided"
            }
        default: break
        }
        switch action {
        case .stop(let level):
            return job.stop.flatMap { $0.level >= level ? "its stop was asked already" : nil }
        case .approve, .reject:
            return job.waiting?.reason == .approval ? nil : "it waits for nobody's approval"
        case .retry, .retryFrom:
            if !job.state.isTerminal { return "it has not ended" }
            if let retry { return "\(retry) tries it again" }
            return job.parentID.map { "it is a child of \($0)" }
        case .acknowledge: return job.attention == .open ? nil : "it calls for nobody"
        case .pin: return job.pin == nil ? nil : "it is pinned"
        case .unpin: return job.pin == nil ? "it is not pinned" : nil
        case .prioritize(let priority):
            return job.priority == priority ? "it has that priority" : nil
        case .resolve, .settle, .release, .pause, .resume, .setSlots, .drain, .report: return nil
        }
    }

    /// How many jobs are left out for each reason, the most frequent first: `3 have …`.
    package var skippedText: String {
        let counts = Dictionary(grouping: skipped) { entry in
            // Which parent it is matters for one job only.
            entry.why.split(separator: " ").filter { !$0.hasPrefix("job-") }
                .joined(separator: " ")
        }.mapValues(\.count)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value): \($0.key)" }.joined(separator: "; ")
    }
}

extension OperatorAction {
    /// Whether what it does to a job is done to those below it, too.
    fileprivate var coversChildren: Bool {
        switch self {
        case .stop, .prioritize, .acknowledge, .pin: true
        default: false
        }
    }
}
