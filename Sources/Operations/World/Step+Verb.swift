import Hypervisor
import Model

extension Step {
    /// A step that runs one verb, with the weight and the interruptibility of the catalogue.
    init(
        _ name: String,
        _ verb: Verb,
        on subject: String,
        lane: String = Operation.controlLane,
        _ parameters: [String: String] = [:],
        undo: Operation? = nil
    ) {
        let entry = VerbCatalogue[verb]
        let operation = Operation(
            verb.rawValue,
            on: subject,
            lane: lane,
            parameters: parameters
        )
        self.init(
            name,
            .operation(operation),
            undo: undo,
            weight: max(1, Int(entry.median / 1000))
        )
        isInterruptible = entry.isInterruptible
    }

    /// A step that waits for other jobs, as heavy as the rounds it takes to run them all.
    init(_ name: String, _ children: Children, each verb: Verb) {
        let rounds = children.jobs.count.dividedRoundingUp(by: children.concurrency)
        let seconds = max(1, Int(VerbCatalogue[verb].median / 1000))
        self.init(name, .children(children), weight: seconds * max(1, rounds))
    }
}

extension Int {
    fileprivate func dividedRoundingUp(by divisor: Int) -> Int {
        self / divisor + (self % divisor == 0 ? 0 : 1)
    }
}

extension Operation {
    /// An operation that runs a verb.
    init(
        _ verb: Verb,
        on subject: String,
        lane: String = Operation.controlLane,
        _ parameters: [String: String] = [:]
    ) {
        self.init(verb.rawValue, on: subject, lane: lane, parameters: parameters)
    }
}
