/// What a plan or an order must keep to, so that one that does not hurts only its own job.
///
/// The bounds are far beyond what anybody needs; they keep sums from overflowing and rows from
/// growing without end.
package enum PlanCheck {
    /// How many steps a plan may have.
    package static let steps = 1000
    /// How many children one step may make.
    package static let children = 10_000
    /// How many locks a plan may ask for.
    package static let locks = 20_000
    /// How long a name may be, in bytes.
    package static let name = 500
    /// How long a text may be, in bytes.
    package static let text = 4000
    /// How much all parameters of one operation or job may take, in bytes.
    package static let parameters = 256 << 10
    /// Shares of progress.
    package static let weights = 1...1_000_000
    /// Milliseconds that a pause, a limit or the time until a stall may have: ten years at most.
    package static let stallRange: ClosedRange<Int64> = 1...315_360_000_000

    /// Why a plan cannot be carried out, in one line; nil if it can.
    package static func problem(of plan: Plan) -> String? {
        if plan.steps.count > steps {
            return "it has \(plan.steps.count) steps; at most \(steps) are possible"
        }
        if plan.locks.count > locks {
            return "it asks for \(plan.locks.count) locks; at most \(locks) are possible"
        }
        if plan.summary.utf8.count > text { return tooLong("its summary", text) }
        for lock in plan.locks {
            if let problem = problem(ofName: lock.resource, "the name of a lock") { return problem }
        }
        if let problem = problem(of: plan.limits) { return problem }
        for index in plan.steps.indices {
            if let problem = problem(of: plan.steps[index], at: index) { return problem }
        }
        return nil
    }

    /// Why a step in that place of its plan cannot be carried out; nil if it can.
    package static func problem(of step: Step, at index: Int) -> String? {
        var which: String { "step \(index + 1)" }
        guard weights.contains(step.weight) else {
            return "\(which) has weight \(step.weight); it must be in \(weights)"
        }
        if let first = step.retryFrom, !(0...index).contains(first) {
            return "\(which) goes back to step \(first &+ 1), which is not before it"
        }
        if step.retry.attempts < 1 || step.retry.base < 0 || step.retry.limit < 0 {
            return "\(which) is to be tried \(step.retry.attempts) times, after a pause of "
                + "\(step.retry.base) ms; once and 0 ms are the least"
        }
        guard stallRange.contains(step.stallAfter), stallRange.contains(step.timeLimit ?? 1) else {
            return "\(which) has a limit that is not between 1 ms and ten years"
        }
        if let problem = problem(ofName: step.name, "the name of \(which)", mayBeEmpty: true)
            ?? step.undo.flatMap({ problem(of: $0, "the undo of \(which)") })
        {
            return problem
        }
        switch step.work {
        case .operation(let operation): return problem(of: operation, which)
        case .children(let children): return problem(of: children, which)
        }
    }

    private static func problem(
        of operation: Operation,
        _ which: @autoclosure () -> String
    ) -> String? {
        problem(ofName: operation.verb, "the verb of \(which())")
            ?? problem(ofName: operation.subject, "the subject of \(which())", mayBeEmpty: true)
            ?? problem(ofName: operation.lane, "the lane of \(which())", mayBeEmpty: true)
            ?? problem(ofParameters: operation.parameters, which())
    }

    private static func problem(of set: Children, _ which: String) -> String? {
        if set.jobs.count > children {
            return "\(which) makes \(set.jobs.count) children; at most \(children) are possible"
        }
        if set.concurrency < 1 { return "\(which) lets no child run" }
        for child in set.jobs {
            if !weights.contains(child.weight) {
                return "a child of \(which) has weight \(child.weight); it must be in \(weights)"
            }
            if let problem = problem(ofName: child.kind, "the kind of a child of \(which)")
                ?? problem(ofName: child.target.name, "a target in \(which)", mayBeEmpty: true)
                ?? problem(ofParameters: child.parameters, "a child of \(which)")
            {
                return problem
            }
        }
        return nil
    }

    /// Why nobody can be asked for that; nil if somebody can.
    package static func problem(of submission: Submission) -> String? {
        if submission.account.utf8.count > text { return tooLong("the account", text) }
        if let key = submission.key, key.utf8.count > text { return tooLong("the key", text) }
        let target = submission.target
        if let problem = problem(ofName: submission.kind, "the kind", mayBeEmpty: true)
            ?? problem(ofName: target.name, "the target", mayBeEmpty: true)
            ?? problem(ofName: target.type, "the target's type", mayBeEmpty: true)
            ?? problem(ofName: submission.user, "the user", mayBeEmpty: true)
        {
            return problem
        }
        if submission.after.count > steps {
            return "it waits for \(submission.after.count) jobs; at most \(steps) are possible"
        }
        return submission.limits.flatMap(problem(of:))
            ?? problem(ofParameters: submission.parameters, "the job")
    }

    private static func problem(of limits: TimeLimits) -> String? {
        for name in TimeLimit.Name.allCases {
            guard let limit = limits[name], !stallRange.contains(limit) else { continue }
            return "its \(name.rawValue) limit is \(limit) ms; it must be 1 ms to ten years"
        }
        return nil
    }

    private static func problem(
        ofName value: String,
        _ what: @autoclosure () -> String,
        mayBeEmpty: Bool = false
    ) -> String? {
        if value.utf8.count > name { return tooLong(what(), name) }
        return value.isEmpty && !mayBeEmpty ? "\(what()) is empty" : nil
    }

    private static func problem(
        ofParameters values: [String: String],
        _ what: @autoclosure () -> String
    ) -> String? {
        let size = values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        return size > parameters ? tooLong("what \(what()) is told", parameters) : nil
    }

    private static func tooLong(_ what: String, _ limit: Int) -> String {
        "\(what) is longer than \(limit) bytes"
    }
}
