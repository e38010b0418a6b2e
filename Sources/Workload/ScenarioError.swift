/// What is wrong with a scenario file, and where.
package struct ScenarioError: Error, Hashable, CustomStringConvertible {
    /// The file's name as it was given.
    package let file: String
    /// The line, from 1; 0 if it concerns the whole file.
    package let line: Int
    /// The place within the file: `events[2].submit.kind`; empty for the whole file.
    package let path: String
    /// What is wrong, and what would be right.
    package let text: String

    /// The error in one line: `pxe.yaml:12: events[2].submit.kind: there is no kind …`.
    package var description: String {
        [line > 0 ? "\(file):\(line)" : file, path, text].filter { !$0.isEmpty }
            .joined(separator: ": ")
    }
}
