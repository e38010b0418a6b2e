import Model
import Store

/// What an engine has seen fail in a way that would fail again and again.
///
/// A turn is one transaction for many jobs. If something about one of them makes it impossible, the
/// next turn knows whose fault it was, ends that one, and goes on with the others.
struct Suspects {
    /// Jobs about which nothing could be decided, and why.
    var jobs: [JobID: String] = [:]
    /// Requests that could not be carried out, by number, and why.
    var requests: [Int64: String] = [:]
    /// What callers in this process asked for that could not be carried out, by its place.
    var callers: [Int: String] = [:]

    /// How many are remembered at most.
    private static let limit = 1000

    /// Notes whom a failed turn was dealing with.
    ///
    /// - Returns: whether anything new is known; if not, trying again would be in vain.
    mutating func blame(_ suspect: Suspect?, for error: any Error) -> Bool {
        guard jobs.count + requests.count < Self.limit, Self.isAboutData(error) else {
            return false
        }
        let text = String(String(describing: error).prefix(300))
        switch suspect {
        case .job(let id): return jobs.updateValue(text, forKey: id) == nil
        case .request(let number): return requests.updateValue(text, forKey: number) == nil
        case .caller(let place): return callers.updateValue(text, forKey: place) == nil
        case nil: return false
        }
    }

    /// Forgets what was about one inbox only.
    mutating func forgetInbox() { if !callers.isEmpty { callers = [:] } }

    /// Whether what failed is in the rows; a full disk or another owner is nobody's fault.
    private static func isAboutData(_ error: any Error) -> Bool {
        (error as? StoreError).map { $0.code == .refused } ?? (error is Failure)
    }
}

/// Whom a turn is dealing with.
enum Suspect {
    /// A job.
    case job(JobID)
    /// A request from another process.
    case request(Int64)
    /// What a caller in this process asked for: its place in the inbox.
    case caller(Int)
}

/// Jobs whose rows make no sense: they fail by themselves, with a reason.
extension Turn {
    /// Notes what of a job that was just read makes no sense.
    func inspect(_ entry: Entry) {
        guard !entry.state.isTerminal else { return }
        if let why = suspects.jobs[entry.id] {
            entry.stored.extra.damage = why
        } else if entry.stored.extra.damage == nil {
            entry.stored.extra.damage = entry.findDamage()
        }
        if entry.damage != nil { schedule(entry) }
    }

    /// Ends a job whose rows make no sense; what it began stays as it is, and is said to.
    ///
    /// A parent waits for its children, which are stopped.
    func condemn(_ entry: Entry, _ damage: String) throws {
        guard !entry.state.isTerminal else { return }
        let children = try unfinishedChildren(of: entry)
        guard children.isEmpty else {
            for child in children where child.job.stop == nil {
                _ = try stop(
                    child,
                    .abort,
                    by: Self.engineName,
                    reason: "what is stored of its parent makes no sense",
                    cause: .stoppedByParent
                )
            }
            return
        }
        leaveLane(entry)
        wake(entry, at: nil)
        if let flight = entry.inFlight {
            let operation = entry.steps[flight.index].operation
            freeSlot(entry, index: flight.index)
            calls.append(.interrupt(operation: operation, fence: try next(.fence)))
            entry.change(flight.index) { step in
                if flight.isUndo { step.undo = .skipped } else { step.state = .unknown }
            }
            entry.job.backend = .unknown
            log(entry, .error, "operation \(operation) may still be at work")
        }
        for index in entry.steps.indices where entry.steps[index].undo == .waiting {
            entry.change(index) { $0.undo = .skipped }
        }
        entry.job.rollback = entry.rollbackOutcome
        entry.stored.resumeAt = nil
        entry.stored.tally = ChildTally()
        try refuse(entry, .damaged("what is stored of it makes no sense: \(damage)"), cause: .error)
    }
}

extension Entry {
    /// What of its rows cannot be read or makes no sense; nil if all does.
    var damage: String? { stored.extra.damage }

    /// Looks for what makes no sense, so that nothing below has to expect it.
    func findDamage() -> String? {
        if let text = steps.lazy.compactMap(\.damage).first { return text }
        for (index, record) in steps.enumerated() {
            guard record.index == index else { return "step \(index + 1) is missing" }
            if let problem = PlanCheck.problem(of: record.step, at: index) { return problem }
        }
        guard (0...steps.count).contains(stored.currentStep) else {
            return "it stands at step \(stored.currentStep + 1) of \(steps.count)"
        }
        if let first = stored.resumeAt, !steps.indices.contains(first) {
            return "it is to go on at step \(first &+ 1) of \(steps.count)"
        }
        let isAtWork = state == .cancelling || state == .rollingBack || state == .lost
        return isAtWork && steps.isEmpty ? "it is at work and has no steps" : nil
    }
}

extension Failure {
    /// What is stored of a job makes no sense.
    static func damaged(_ text: String) -> Failure {
        Failure(ResultCode(domain: "signalbox", number: 422, name: "DAMAGED"), text)
    }
}
