package import Engine
package import Model

/// Does nothing, in one step, with or without a lock; for measurements and tests.
package struct Noop: JobKind {
    /// Its name: `noop`.
    package let name = "noop"
    /// What it does, in one line.
    package let summary = "Do nothing; for measurements"
    /// None: it acts on nothing.
    package let targetType = ""
    /// An optional lock.
    package let parameters = [ParameterSpec("lock", "what to hold alone meanwhile: vm/web-1")]

    /// The verb that the bridge itself answers: done.
    static let verb = "noop"

    /// A kind that does nothing.
    package init() {}

    /// One step that does nothing, under the lock that was asked for.
    package func plan(_ order: Order) throws(Failure) -> Plan {
        let step = Step(
            "Do nothing",
            .operation(Operation(Self.verb, on: order.target.description))
        )
        return Plan(
            summary: "Do nothing",
            steps: [step],
            locks: order.text("lock").map { [.exclusive($0)] } ?? [],
            // Nothing comes of doing nothing twice.
            onCrash: .requeue
        )
    }
}
