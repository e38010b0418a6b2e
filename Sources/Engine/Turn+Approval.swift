import Model
import Store

/// Jobs to which somebody other than their submitter must agree before anything of them begins.
extension Turn {
    /// Has a job that is accepted now wait for approval, if its kind is configured so.
    func requireApproval(_ entry: Entry) {
        guard !rules.approval.isEmpty, entry.job.parentID == nil,
            entry.stored.extra.approval == nil,
            let pattern = rules.approvalPattern(of: entry.job.kind)
        else { return }
        entry.stored.extra.approval = Approval(source: "approval \(pattern) in the configuration")
        entry.isDirty = true
    }

    /// Whether a pending job still waits for approval; says so.
    func awaitsApproval(_ entry: Entry) -> Bool {
        guard let approval = entry.stored.extra.approval, approval.by == nil else { return false }
        wait(entry, .approval, on: "by somebody other than \(entry.job.user) (\(approval.source))")
        return true
    }

    /// Agrees to a job, which goes on by that.
    func approve(_ entry: Entry, by user: String) -> RequestOutcome {
        if let refusal = refusalOfVerdict(entry, by: user) { return .refused(refusal) }
        entry.stored.extra.approval?.by = user
        entry.stored.extra.approval?.at = now
        entry.isDirty = true
        schedule(entry)
        return .accepted(entry.id)
    }

    /// Does not agree: the job ends, and has done nothing.
    func reject(_ entry: Entry, by user: String, reason: String) throws -> RequestOutcome {
        if let refusal = refusalOfVerdict(entry, by: user) { return .refused(refusal) }
        let text = "rejected" + (reason.isEmpty ? "" : ": \(reason)")
        return try stop(entry, .cancel, by: user, reason: text)
    }

    private func refusalOfVerdict(_ entry: Entry, by user: String) -> String? {
        let id = entry.id
        guard let approval = entry.stored.extra.approval else {
            return "\(id) (\(entry.state.word)) needs nobody's approval"
        }
        if let by = approval.by { return "\(id) was approved by \(by)" }
        guard entry.state == .pending else { return "\(id) has ended (\(entry.state.word))" }
        guard user != entry.job.user else {
            return "\(id) was submitted by \(user) and must be approved by somebody else; its "
                + "submitter can cancel it"
        }
        return nil
    }
}
