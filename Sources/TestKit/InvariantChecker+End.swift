import Hypervisor
package import Model
import Store

/// What must hold at the end of a job.
extension InvariantChecker {
    func checkEnded(
        _ ids: [JobID],
        _ jobs: [StoredJob],
        _ reader: any StoreReader
    ) throws {
        if let ticket = try reader.tickets(of: ids).first {
            throw Violation("\(ticket.job) has ended and keeps a ticket for \(ticket.resource)")
        }
        let steps = try reader.steps(of: ids)
        for stored in jobs where stored.job.state.isTerminal {
            // Retention may have taken it in the turn in which it ended.
            let isHere = stored.job.archivedAt == nil
            let id = stored.job.id
            let own = try (isHere ? steps : reader.archivedSteps(of: [id]))[id] ?? []
            try checkOutcome(stored.job, own)
            try checkCause(stored, own)
            if stored.job.cause == .abandoned { doubt(stored.job) }
            try checkWorld(stored.job, own)
            archive.finals[stored.job.id] = ArchiveBook.Final(stored: stored, steps: own)
            tickets[stored.job.id] = nil
        }
    }

    /// Nothing can be said any more of what a job acted on.
    func doubt(_ job: Job) { abandoned.insert(job.target) }

    /// Whether what a job says of its rollback agrees with its steps and with the hypervisor.
    private func checkOutcome(_ job: Job, _ steps: [StepRecord]) throws {
        let begun = steps.filter { step in
            // What a program outside took back, it took back itself.
            let hasUndo = step.canBeUndone || job.kind == External.kind
            return step.state.hasBegun && hasUndo && step.undo != .replaced
        }
        let undos = begun.map(\.undo)
        let isRight: Bool
        switch job.rollback {
        case .notNeeded: isRight = undos.allSatisfy { $0 == .none }
        case .clean: isRight = undos.allSatisfy { $0 == .done }
        case .none: isRight = undos.allSatisfy { $0 == .none }
        case .dirty: isRight = undos.contains(.failed)
        case .skipped:
            let isOpen = job.cause == .abandoned || undos.allSatisfy { $0 == .none }
            isRight =
                isOpen || undos.allSatisfy { $0 == .done || $0 == .failed || $0 == .skipped }
        }
        guard isRight else {
            let list = steps.map { "\($0.state.rawValue)/\($0.undo.rawValue)" }
            throw Violation(
                "\(job.id) ended with rollback \(job.rollback.rawValue), but its steps are "
                    + list.joined(separator: ", ")
            )
        }
        guard !declared.contains(job.id), job.kind != External.kind else { return }
        for step in begun
        where step.undo == .done && !step.operation.isEmpty && !ledger.wasExecuted(step.operation) {
            throw Violation("the undo \(step.operation) of \(job.id) counts as done and never was")
        }
    }

    /// Whether a job's cause is one that it can have.
    private func checkCause(_ stored: StoredJob, _ steps: [StepRecord]) throws {
        let job = stored.job
        if job.cause == .dependencyFailed { try checkDependencyFailed(job) }
        // A parent has the code of a child that failed.
        guard job.code?.domain == "signalbox", job.code?.number == 408, job.childCount == 0
        else { return }
        let limits = stored.extra.limits
        let all =
            TimeLimit.Name.allCases.compactMap { limits.effective($0)?.milliseconds }
            + steps.compactMap(\.step.timeLimit)
        let passed = (job.finishedAt ?? latest) - job.createdAt
        guard let least = all.min(), passed >= least else {
            throw Violation(
                "\(job.id) ended because of a limit after \(passed) ms; its limits are \(all) ms"
            )
        }
    }

    // MARK: Jobs that come after others

    /// Notes what an accepted job comes after.
    package func wasTold(_ id: JobID, comesAfter ids: [JobID], _ policy: AfterFailure) {
        if !ids.isEmpty { after[id] = (ids, policy) }
    }

    /// A job goes on only when all it comes after have ended, and have completed unless it does not
    /// mind.
    func checkPrerequisites(of id: JobID) throws {
        guard let (ids, policy) = after[id] else { return }
        for other in ids {
            let state = known[other]?.state
            let isDone = state == .completed || state == .warning
            guard isDone || (policy == .run && state?.isTerminal ?? false) else {
                throw Violation(
                    "\(id) goes on, and \(other), which it comes after, is "
                        + (state?.rawValue ?? "unknown")
                )
            }
        }
    }

    private func checkDependencyFailed(_ job: Job) throws {
        guard let (ids, policy) = after[job.id] else { return }
        let hasFailed = ids.contains { known[$0]?.state == .failed || known[$0]?.state == .aborted }
        let wanted: JobState? =
            switch policy {
            case .fail: .failed
            case .skip: .aborted
            case .run: nil
            }
        // What was removed meanwhile counts as failed too.
        guard hasFailed || !archive.removed.isDisjoint(with: ids), job.state == wanted else {
            throw Violation("\(job.id) is \(job.state.rawValue) for those it comes after, in vain")
        }
    }

    // MARK: Equal orders

    /// Whether an order may share that job.
    package func checkJoined(_ order: Submission, _ id: JobID) throws {
        guard let twin = known[id], twin.kind == order.kind, twin.target == order.target,
            order.key == nil, order.after.isEmpty, order.dueAt == nil
        else { throw Violation("an order for \(order.kind) joined \(id), which is another one") }
        guard !twin.state.isTerminal else { throw Violation("an order joined \(id) after its end") }
    }
}
