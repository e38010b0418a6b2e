import Model

/// What may be done to a job, and why not.
///
/// The engine decides in the end; this is so that no key pretends.
enum ActionRules {
    /// Why an action makes no sense now; nil if it does.
    static func refusal(_ action: OperatorAction, of job: Job, isReadOnly: Bool) -> String? {
        if isReadOnly { return "this console is read-only" }
        return switch action {
        case .stop(let level): stopRefusal(level, of: job)
        case .retry: retryRefusal(of: job)
        case .resolve(let resolution): resolveRefusal(resolution, of: job)
        case .acknowledge: acknowledgeRefusal(of: job)
        case .settle(let decision): settleRefusal(decision, of: job)
        case .release: "a lock is released from the command line: signalbox lock release"
        case .pin: job.pin.map { "\($0.by) has pinned it already" }
        case .unpin: job.pin == nil ? "it is not pinned" : nil
        case .prioritize: job.state.isTerminal ? ended(job) : nil
        case .approve, .reject:
            job.waiting?.reason == .approval ? nil : "it waits for nobody's approval"
        default: "that is not done to a job"
        }
    }

    private static func stopRefusal(_ level: StopLevel, of job: Job) -> String? {
        if job.state.isTerminal { return ended(job) }
        switch level {
        case .abandon:
            let isSilent = job.state == .lost || job.state == .cancelling
            return isSilent || job.state == .rollingBack
                ? nil : "its backend answers; abort it first"
        case .cancel, .abort:
            if job.state == .needsOperator { return "it needs a decision: x shows which" }
            if job.state == .rollingBack {
                let hint = "it is being undone already; abort interrupts the undo"
                return level == .abort ? nil : hint
            }
            if let stop = job.stop, stop.level >= level {
                let next: StopLevel = stop.level == .cancel ? .abort : .abandon
                return
                    "\(stop.by) asked to \(stop.level.rawValue) it; \(next.rawValue) goes further"
            }
            return nil
        }
    }

    private static func retryRefusal(of job: Job) -> String? {
        if job.state.isTerminal { return nil }
        return "it is still \(job.state.word); only a job that has ended can be tried again"
    }

    private static func resolveRefusal(_ resolution: Resolution, of job: Job) -> String? {
        if job.state.isTerminal { return ended(job) }
        if job.state == .needsOperator { return nil }
        if job.state == .lost, resolution != .skip { return nil }
        return "only for a job in Needs Operator" + (resolution == .skip ? "" : " or Lost")
    }

    private static func acknowledgeRefusal(of job: Job) -> String? {
        switch job.attention {
        case .open: nil
        case .acked: "it is acknowledged; i shows by whom"
        // Something below it may call for attention.
        case .none: job.childCount > 0 ? nil : "it calls for nobody's attention"
        }
    }

    private static func settleRefusal(_ decision: OperationDecision, of job: Job) -> String? {
        let isOpen = job.backend == .unknown || job.backend == .running
        if job.state.isTerminal {
            return isOpen ? nil : "nothing of it is open at the backend"
        }
        if decision == .interrupt { return "it waits for its operation; abort interrupts it" }
        return isOpen ? nil : "no operation of it is at the backend"
    }

    private static func ended(_ job: Job) -> String {
        let when = job.finishedAt.map { ", \($0.timeOfDay)" } ?? ""
        return "it has ended (\(job.state.word)\(when)); R makes a new job"
    }
}

extension OperatorAction {
    /// What it is called on a button: `Cancel`.
    var title: String {
        switch self {
        case .stop(.cancel): "Cancel"
        case .stop(.abort): "Abort"
        case .stop(.abandon): "Abandon"
        case .retry: "Retry"
        case .resolve(.retry): "Undo again"
        case .resolve(.skip): "Skip the failed undo"
        case .resolve(.giveUp): "Give the undo up"
        case .acknowledge: "Acknowledge"
        case .settle(.ask): "Ask the backend"
        case .settle(.interrupt): "Interrupt what it left"
        case .settle(.settleDone): "Settle as done"
        case .settle(.settleNotDone): "Settle as not done"
        case .release: "Release"
        case .pin: "Pin"
        case .unpin: "Unpin"
        case .prioritize(let priority): "Priority \(priority)"
        case .approve: "Approve"
        case .reject: "Reject"
        case .pause: "Pause"
        case .resume: "Resume"
        default: word
        }
    }

    /// What it comes to, in a sentence.
    var meaning: String {
        switch self {
        case .stop(.cancel): "Stops at the next step boundary, then undoes what was done."
        case .stop(.abort): "Interrupts the running step now, then undoes what was done."
        case .stop(.abandon):
            "Stops tracking a backend that does not answer. What may still run there stays on "
                + "record."
        case .retry: "Makes a new job that does the same."
        case .resolve(.retry): "Tries the undo once more, or waits for the step again."
        case .resolve(.skip): "Leaves that one out and goes on with the others."
        case .resolve(.giveUp): "Undoes nothing more and ends the job; what is left stays behind."
        case .acknowledge: "Notes that you know of it. Nothing happens to the job."
        case .settle(.ask): "Asks the backend what became of its operation; changes nothing else."
        case .settle(.interrupt):
            "Stops the operation that it left behind; what that holds at the backend is free again."
        case .settle(.settleDone): "Declares that its operation was done, as you have verified."
        case .settle(.settleNotDone):
            "Declares that its operation was not done and is over, as you have verified."
        case .release: "Takes the lock from the job, which ends by that."
        case .pin: "Keeps the job and its tree for as long as it is pinned."
        case .unpin: "Leaves the job and its tree to retention again."
        case .prioritize: "Changes how soon it gets the next slot that it waits for."
        case .approve: "Agrees to a job of somebody else, which goes on by that."
        case .reject: "Does not agree: the job ends, and has done nothing."
        case .pause(_, true): "Begins nothing new; jobs that have begun go on."
        case .pause: "Begins nothing more there, until somebody resumes it. What runs, goes on."
        case .resume: "Begins work there again."
        default: ""
        }
    }

    /// Whether what it does cannot be taken back.
    var isDangerous: Bool {
        switch self {
        case .retry, .resolve(.retry), .settle(.ask), .acknowledge, .pin, .unpin, .prioritize,
            .approve, .resume:
            false
        default: true
        }
    }

    /// Its key in the menu of a job's actions.
    func menuKey(for job: Job) -> Character {
        switch self {
        case .stop(.cancel): "C"
        case .stop(.abort): "A"
        case .stop(.abandon): "B"
        case .retry: "R"
        case .resolve(.retry): "U"
        case .resolve(.skip): "S"
        case .resolve(.giveUp): "P"
        case .acknowledge: "N"
        case .settle(.ask): "Q"
        case .settle(.interrupt): "I"
        case .settle(.settleDone): "D"
        case .settle(.settleNotDone): "O"
        case .pin: "K"
        case .unpin: "L"
        case .prioritize(let priority): priority > job.priority ? "+" : "-"
        case .approve: "V"
        case .reject: "J"
        default: " "
        }
    }

    /// What is always in the menu, in its order.
    static let everything: [OperatorAction] = [
        .stop(.cancel), .stop(.abort), .retry, .stop(.abandon), .resolve(.retry), .resolve(.skip),
        .resolve(.giveUp), .acknowledge,
    ]

    /// What is in the menu for some jobs only.
    static func more(for job: Job) -> [OperatorAction] {
        verdicts(on: job) + urgency(of: job) + [job.pin == nil ? .pin : .unpin] + unsticking(job)
    }

    private static func verdicts(on job: Job) -> [OperatorAction] {
        job.waiting?.reason == .approval ? [.approve, .reject] : []
    }

    /// How much more or less urgent a job becomes by one choice: ten minutes of waiting, usually.
    private static let urgencyStep = 10

    private static func urgency(of job: Job) -> [OperatorAction] {
        guard job.state == .pending || job.state == .queued else { return [] }
        return [job.priority + urgencyStep, job.priority - urgencyStep]
            .filter { Priority.range.contains($0) }.map { .prioritize($0) }
    }

    /// What can be done about an operation of a job whose outcome nobody knows; nothing for others.
    private static func unsticking(_ job: Job) -> [OperatorAction] {
        let isOpen = job.backend == .unknown || job.backend == .running
        let declared: [OperatorAction] = [.settle(.settleDone), .settle(.settleNotDone)]
        if job.state.isTerminal {
            return isOpen ? [.settle(.ask), .settle(.interrupt)] + declared : []
        }
        return job.state == .lost ? [.settle(.ask)] + declared : []
    }

    /// Whether it takes a reason, because others will ask why.
    var needsReason: Bool {
        switch self {
        case .reject, .settle(.settleDone), .settle(.settleNotDone), .pause: true
        default: false
        }
    }
}
