/// One job in the chain of who waits for whom.
package struct ChainLink: Hashable, Sendable {
    /// The job.
    package var job: Job
    /// What it waits for, in words; empty if it is the root of the matter.
    package var waitsFor: String

    /// A link with all its parts.
    package init(job: Job, waitsFor: String = "") {
        self.job = job
        self.waitsFor = waitsFor
    }
}

/// An operation at the backend, as the store knows it.
package struct OperationEvidence: Hashable, Sendable {
    /// The job that began it.
    package var job: JobID
    /// The step it belongs to.
    package var record: StepRecord
    /// Whether the job still waits for it; otherwise it was left behind.
    package var isInFlight: Bool
    /// When anything was last heard of it.
    package var heardAt: Timestamp
    /// The limit that was set for its step; nil for none.
    package var limit: TimeLimit?

    /// The open operation of a job: the one it waits for, else the newest that it left behind.
    package init?(_ job: Job, steps: [StepRecord], limits: [TimeLimit] = []) {
        let flight = steps.first(where: \.isInFlight)
        guard let record = flight ?? steps.last(where: { $0.isUnsettled(job.backend) }) else {
            return nil
        }
        self.job = job.id
        self.record = record
        isInFlight = flight != nil
        heardAt = job.updatedAt
        limit = limits.first { $0.step == record.index }
    }

    /// What it does; for an undo, what takes the step back.
    package var operation: Operation? {
        if record.isOperationUndo { return record.undoOperation }
        guard case .operation(let operation) = record.step.work else { return nil }
        return operation
    }
}

/// What the backend says of an operation, and how that was learned.
package struct BackendSaying: Hashable, Sendable {
    /// What it says, in words that follow the operation's name.
    package var text: String
    /// `engine` if the living engine asked it, `picture` if its log was read, `program` if a
    /// program outside speaks for itself.
    package var source: String

    /// A saying with its source.
    package init(_ text: String, source: String) {
        self.text = text
        self.source = source
    }
}

/// Why a job stands where it stands, and what can be done about it.
package struct Evidence: Hashable, Sendable {
    /// How a line of a job's log begins that holds what the backend answered to a person.
    package static let mark = "evidence: "

    /// Who waits for whom, from the job that was asked about to the root of the matter.
    package var chain: [ChainLink]
    /// The open operation of the root; nil if it has none.
    package var operation: OperationEvidence?
    /// What the backend says of that operation; nil if it was not asked or did not answer.
    package var backend: BackendSaying?
    /// What can be done, the safest first.
    package var remedies: [Remedy]

    /// What is known without asking the backend.
    package init(
        chain: [ChainLink],
        steps: [StepRecord],
        limits: [TimeLimit] = [],
        engineAlive: Bool
    ) {
        self.chain = chain
        operation = chain.last.flatMap {
            OperationEvidence($0.job, steps: steps, limits: limits)
        }
        remedies = Remedy.all(
            chain: chain,
            steps: steps,
            operation: operation,
            engineAlive: engineAlive
        )
    }
}

extension Evidence {
    /// The evidence as the members of an object.
    package var members: [JSONValue.Member] {
        JSONValue.object(of: [
            "chain": .array(chain.map(Self.object)),
            "operation": operation.map(Self.object) ?? .null,
            "backend": backend.map {
                .object(of: ["says": JSONValue($0.text), "source": JSONValue($0.source)])
            } ?? .null,
            "remedies": .array(
                remedies.map {
                    .object(of: [
                        "command": JSONValue($0.command), "effect": JSONValue($0.effect),
                    ])
                }
            ),
        ]).members
    }

    private static func object(_ link: ChainLink) -> JSONValue {
        .object(of: [
            "job": JSONValue(link.job.id),
            "kind": JSONValue(link.job.kind),
            "target": JSONValue(link.job.target == .none ? nil : link.job.target.description),
            "state": JSONValue(link.job.state.rawValue),
            "waitsFor": JSONValue(link.waitsFor.isEmpty ? nil : link.waitsFor),
            "since": JSONValue(link.job.waiting?.since),
        ])
    }

    private static func object(_ evidence: OperationEvidence) -> JSONValue {
        let record = evidence.record
        return .object(of: [
            "name": JSONValue(record.operation),
            "job": JSONValue(evidence.job),
            "step": JSONValue(record.step.name),
            "isUndo": .bool(record.isOperationUndo),
            "verb": JSONValue(evidence.operation?.verb),
            "subject": JSONValue(evidence.operation?.subject),
            "lane": JSONValue(record.lane),
            "fence": JSONValue(record.fence),
            "inFlight": .bool(evidence.isInFlight),
            "beganAt": JSONValue(record.startedAt),
            "heardAt": JSONValue(evidence.heardAt),
            "limit": JSONValue(evidence.limit?.milliseconds),
            "asksAfter": JSONValue(record.step.stallAfter),
        ])
    }
}
