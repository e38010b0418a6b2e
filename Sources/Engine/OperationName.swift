package import Model

/// The name under which the backend knows one attempt at one step: `5948/2/1`, or `5948/2/u1`.
///
/// It is made from what is stored, so that after a crash the engine can ask for every operation it
/// may have begun, and can tell from any news which job and attempt it is about.
package struct OperationName: Hashable, Sendable, CustomStringConvertible {
    /// The job.
    package let job: JobID
    /// The index of the step.
    package let step: Int
    /// Which attempt, from 1.
    package let attempt: Int
    /// Whether it takes the step back.
    package let isUndo: Bool

    /// The name of an attempt.
    package init(job: JobID, step: Int, attempt: Int, isUndo: Bool = false) {
        self.job = job
        self.step = step
        self.attempt = attempt
        self.isUndo = isUndo
    }

    /// Reads a name; nil if the text is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let job = Int64(parts[0]), let step = Int(parts[1]) else {
            return nil
        }
        let isUndo = parts[2].first == "u"
        guard let attempt = Int(isUndo ? parts[2].dropFirst() : parts[2]) else { return nil }
        self.init(job: JobID(job), step: step, attempt: attempt, isUndo: isUndo)
    }

    /// The name as text.
    package var description: String { "\(job.number)/\(step)/\(isUndo ? "u" : "")\(attempt)" }
}
