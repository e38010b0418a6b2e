/// A planned step that the copies of a record share.
///
/// It is wide and hardly ever changes: to copy it is to count one more holder.
package final class SharedStep: Hashable, Sendable {
    /// The step.
    package let step: Step

    init(_ step: Step) { self.step = step }

    /// Whether both are the same, which is seen at once where they are shared.
    package static func == (left: SharedStep, right: SharedStep) -> Bool {
        left === right || left.step == right.step
    }

    /// Adds the step.
    package func hash(into hasher: inout Hasher) { hasher.combine(step) }
}
