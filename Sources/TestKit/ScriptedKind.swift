package import Engine
package import Model

/// A job kind that a test writes in place: a name and a closure that makes the plan.
package struct ScriptedKind: JobKind {
    /// Its name.
    package let name: String
    /// What it does, in one line.
    package let summary = "Does what a test says"
    /// The type of its target; empty if it needs none.
    package let targetType: String
    /// What it can be told.
    package let parameters: [ParameterSpec]
    /// Whether equal orders that have not begun share one job.
    package var coalesces = false
    private let make: @Sendable (Order) throws(Failure) -> Plan

    /// A kind of that name, which takes these parameters.
    package init(
        _ name: String,
        targetType: String = "",
        parameters: [String] = [],
        secrets: [String] = [],
        _ make: @escaping @Sendable (Order) throws(Failure) -> Plan
    ) {
        self.name = name
        self.targetType = targetType
        self.parameters =
            parameters.map { ParameterSpec($0, "what a test says") }
            + secrets.map { ParameterSpec($0, "what a test hides", isSecret: true) }
        self.make = make
    }

    /// A kind whose plan is always the same.
    package init(_ name: String, steps: [Step], locks: [LockRequest] = []) {
        self.init(name) { _ in Plan(summary: "Do \(name)", steps: steps, locks: locks) }
    }

    /// The plan that the test's closure makes.
    package func plan(_ order: Order) throws(Failure) -> Plan { try make(order) }
}

extension Step {
    /// A step that runs one verb, whose name is also the step's.
    package static func doing(
        _ verb: String,
        on subject: String = "thing/1",
        lane: String = Operation.controlLane,
        undo: String? = nil,
        retry: RetryPolicy = .never
    ) -> Step {
        Step(
            verb,
            .operation(Operation(verb, on: subject, lane: lane)),
            undo: undo.map { Operation($0, on: subject, lane: lane) },
            retry: retry
        )
    }

    /// A step that makes one child of each of these kinds.
    package static func children(
        _ kinds: [String],
        concurrency: Int = .max,
        onFailure: FailurePolicy = .fail
    ) -> Step {
        Step(
            "children",
            .children(
                Children(
                    kinds.map { ChildSpec($0, .none) },
                    concurrency: concurrency,
                    onFailure: onFailure
                )
            )
        )
    }
}

extension Failure {
    /// A failure of a test's making.
    package static func scripted(_ text: String, kind: FailureClass = .permanent) -> Failure {
        Failure(ResultCode(domain: "signalbox", number: 999, name: "SCRIPTED"), text, kind: kind)
    }
}
