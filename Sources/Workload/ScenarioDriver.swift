package import Hypervisor
package import Model

/// Something that is to be done now for a scenario.
package enum ScenarioEvent: Hashable, Sendable {
    /// Submit a job; tell the driver its number if it has a label.
    case submit(Submission, label: String?)
    /// Add a rule of trouble to the hypervisor.
    case fault(FaultRule)
    /// Remove the rule of that name.
    case heal(String)
    /// Hand an operator's request to the engine.
    case request(OperatorRequest)
    /// Nothing: the event speaks of a job that was never accepted; the text says which.
    case missed(String)
}

/// Says step by step what a scenario brings: the script and the synthetic load, in order of time.
///
/// A pure value: it has no clock. Whoever drives it asks for ``nextEvent``, lets time pass until
/// then, and carries out what ``take(at:inventory:unfinished:)`` returns.
package struct ScenarioDriver: Sendable {
    private let opening: Timestamp
    private var script: ArraySlice<ScriptedEvent>
    private var load: SyntheticLoad?
    private var nextLoad: Timestamp?
    private var labels: [String: JobID] = [:]

    /// A driver of a scenario whose screen opens at that moment.
    package init(_ scenario: Scenario, opening: Timestamp) {
        self.opening = opening
        script = scenario.events[...]
        guard let profile = scenario.load else { return }
        // What the script uses stays as it is until the script comes to it.
        let reserved = scenario.events.compactMap { event in
            if case .submit(let submission, _) = event.deed { return submission.target }
            return nil
        }
        var load = SyntheticLoad(profile, seed: scenario.seed, reserved: Set(reserved))
        nextLoad = load.next(after: opening + -scenario.past)
        self.load = load
    }

    /// When it has something next; nil if never again.
    package var nextEvent: Timestamp? {
        let scripted = script.first.map { opening + $0.at }
        guard let nextLoad else { return scripted }
        return scripted.map { min($0, nextLoad) } ?? nextLoad
    }

    /// Notes under which number a labelled job was accepted.
    package mutating func accepted(_ label: String, as job: JobID) { labels[label] = job }

    /// What is to be done at a moment.
    ///
    /// That is everything scripted up to then, and at most one synthetic job. Ask again while
    /// ``nextEvent`` is not later.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - inventory: What there is now.
    ///   - unfinished: The targets of unfinished jobs that are known; their count bounds the load.
    /// - Returns: What to carry out, in order.
    package mutating func take(
        at now: Timestamp,
        inventory: Inventory,
        unfinished: [Target]
    ) -> [ScenarioEvent] {
        var events: [ScenarioEvent] = []
        while let next = script.first, opening + next.at <= now {
            script.removeFirst()
            events.append(event(next.deed))
        }
        if let due = nextLoad, due <= now {
            if let submission = load?.submission(inventory: inventory, unfinished: unfinished) {
                events.append(.submit(submission, label: nil))
            }
            nextLoad = load?.next(after: due)
        }
        return events
    }

    private func event(_ deed: ScriptedEvent.Deed) -> ScenarioEvent {
        switch deed {
        case .submit(var submission, let label):
            submission.dueAt = submission.dueAt.map { opening + $0.milliseconds }
            return .submit(submission, label: label)
        case .heal(let id): return .heal(id)
        case .fault(var rule):
            rule.from = rule.from.map { (opening + $0).milliseconds }
            rule.until = rule.until.map { (opening + $0).milliseconds }
            return .fault(rule)
        case .act(let action, let label, let user, let reason):
            guard let job = labels[label] else {
                return .missed("\(action.word) of “\(label)”, which was never accepted")
            }
            return .request(OperatorRequest(action, job: job, by: user, reason: reason))
        }
    }
}
