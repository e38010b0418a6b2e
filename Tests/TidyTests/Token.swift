/// The smallest piece of a source file that means something to a rule.
struct Token: Sendable {
    enum Kind: Sendable {
        /// A name, a keyword or a number.
        case word
        /// A whole string literal; what it interpolates follows as tokens of its own.
        case string
        /// One character of punctuation.
        case symbol
    }

    let kind: Kind
    let text: String
    let line: Int
    /// Whether nothing, not even a blank, stands between this token and the one before.
    let isGlued: Bool
}
