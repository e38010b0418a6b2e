/// Why a filter's text cannot be read.
package struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the text, in characters from its beginning.
    package let position: Int
    /// What is wrong and what would be right, in one sentence.
    package let text: String
    /// Whether the text may only not be finished yet: typing on at its end could make it right.
    package let isIncomplete: Bool

    /// An error with all its parts.
    package init(at position: Int, _ text: String, isIncomplete: Bool = false) {
        self.position = position
        self.text = text
        self.isIncomplete = isIncomplete
    }

    /// The sentence, with the place in the text counted from 1.
    package var description: String { "\(text) (at character \(position + 1))" }
}
