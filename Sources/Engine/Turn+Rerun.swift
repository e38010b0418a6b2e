import Model
import Store

/// Trying an ended job again from one of its steps: what was done before is not done again.
extension Turn {
    /// Makes the job that goes on with an ended one at a step, which is named or numbered from 1.
    func retry(_ old: Entry, from word: String, by user: String) throws -> RequestOutcome {
        if let refusal = refusalOfRetry(old) { return refusal }
        guard let first = Self.step(word, of: old) else {
            let names = old.steps.prefix(20).map { "\($0.index + 1) \($0.step.name)" }
            return .refused(
                "\(old.id) has no one step “\(word)”; its steps are "
                    + (names.isEmpty ? "none" : names.joined(separator: ", "))
            )
        }
        guard first > 0 else { return try retry(old, by: user) }
        if let refusal = Self.refusal(of: first, in: old) { return .refused(refusal) }
        if let refusal = try refusalOfNewJobs(of: old.job.account) { return .refused(refusal) }
        do {
            return try makeRerun(of: old, from: first, by: user)
        } catch let failure as Failure {
            return .refused(failure.text)
        }
    }

    private func makeRerun(
        of old: Entry,
        from first: Int,
        by user: String
    ) throws -> RequestOutcome {
        let submission = submission(retrying: old, by: user)
        let rest = old.steps[first...].map { record in
            record.step.with { step in
                // Where it was placed is behind; there is no way back to the choice.
                step.retryFrom = step.retryFrom.flatMap { $0 < first ? nil : $0 - first }
            }
        }
        let plan = try rerunPlan(Self.order(of: submission), kind: old.job.kind, steps: rest)
        let new = try insertRow(submission, parent: nil)
        new.stored.extra.rerunFrom = first
        new.stored.extra.results = old.stored.extra.results
        new.job.attempt = old.job.attempt + 1
        install(plan, in: new)
        requireApproval(new)
        try noteRetry(of: old, by: new.id)
        let names = old.steps[..<first].map { "“\($0.step.name)”" }.joined(separator: ", ")
        log(new, .info, "goes on with \(old.id) at step \(first + 1); left out are \(names)")
        schedule(new)
        return .accepted(new.id)
    }

    /// A plan of these steps, under the locks and policies that their kind asks for now.
    ///
    /// The kind does not look at the state that things are in: it is not what it makes plans from,
    /// because half of the work is done.
    func rerunPlan(_ order: Order, kind: String, steps: [Step]) throws(Failure) -> Plan {
        var order = order
        order.isTentative = true
        var plan = try kinds.plan(kind: kind, order)
        plan.steps = steps
        if let problem = PlanCheck.problem(of: plan) {
            throw .validation("what is left of the plan cannot be carried out: \(problem)")
        }
        return plan
    }

    /// The index of the step that a word means: its number from 1, or its name if no other has it.
    private static func step(_ word: String, of old: Entry) -> Int? {
        if let number = Int(word) {
            return old.steps.indices.contains(number - 1) ? number - 1 : nil
        }
        let found = old.steps.filter { $0.step.name.lowercased() == word.lowercased() }
        return found.count == 1 ? found.first?.index : nil
    }

    /// Why what stands before a step cannot be left out; nil if it can.
    private static func refusal(of first: Int, in old: Entry) -> String? {
        let start = "retry it from its beginning"
        if old.job.rollback == .clean || old.job.rollback == .dirty {
            return "the work of \(old.id) was undone (rollback \(old.job.rollback.rawValue)); "
                + start
        }
        for record in old.steps[..<first] {
            let name = "step \(record.index + 1) “\(record.step.name)” of \(old.id)"
            guard record.state == .done else {
                return "\(name) was not done (\(record.state.rawValue)); \(start), or from there"
            }
            if record.undo != .none && record.undo != .skipped {
                return "\(name) was undone, or may have been; \(start)"
            }
        }
        return nil
    }
}
