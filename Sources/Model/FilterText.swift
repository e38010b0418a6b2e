extension Filter: CustomStringConvertible {
    /// The filter as text that reads back as the same filter; empty for every job.
    package var description: String { self == .all ? "" : text(within: .top) }

    /// What stands around a part, and so whether it needs parentheses.
    private enum Surrounding {
        case top, and, or, not
    }

    private func text(within outer: Surrounding) -> String {
        switch self {
        case .all: "*"
        case .and(let parts): Self.join(parts, by: " ", inner: .and, outer: outer) ?? "*"
        case .or(let parts): Self.join(parts, by: " or ", inner: .or, outer: outer) ?? "-*"
        case .not(let inner): "-" + inner.text(within: .not)
        case .states(let states): Self.text(of: states)
        case .field(let field, let pattern):
            field.rawValue + ":" + Self.quoted(pattern, ifUnsafe: "._/@+-*")
        case .number(let field, let comparison, let number):
            field.rawValue + comparison.text + field.text(of: number)
        case .word(let word): Self.isBare(word) ? word : Self.quoted(word, ifUnsafe: nil)
        }
    }

    private static func join(
        _ parts: [Filter],
        by separator: String,
        inner: Surrounding,
        outer: Surrounding
    ) -> String? {
        guard let first = parts.first else { return nil }
        guard parts.count > 1 else { return first.text(within: outer) }
        let text = parts.map { $0.text(within: inner) }.joined(separator: separator)
        let isLoose = outer == .top || (inner == .and && outer == .or)
        return isLoose ? text : "(" + text + ")"
    }

    private static func text(of states: Set<JobState>) -> String {
        guard !states.isEmpty else { return "-*" }
        let ordered = states.sorted { $0.code < $1.code }
        return "state:" + ordered.map(\.rawValue).joined(separator: ",")
    }

    /// Whether a word stands for itself without quotes.
    private static func isBare(_ word: String) -> Bool {
        let scalars = word.unicodeScalars
        guard let first = scalars.first, isPlain(first, besides: "") else { return false }
        guard scalars.allSatisfy({ isPlain($0, besides: "._/@+-") }) else { return false }
        guard FilterScanner.keyword(word) == nil else { return false }
        return FilterScanner.reference(word) == nil
    }

    private static func isPlain(_ scalar: Unicode.Scalar, besides others: String) -> Bool {
        let properties = scalar.properties
        if others.unicodeScalars.contains(scalar) || ("0"..."9").contains(scalar) { return true }
        return properties.isAlphabetic && properties.canonicalCombiningClass == .notReordered
    }

    /// The text itself if all of it is plain, else in quotes; nil puts it in quotes always.
    private static func quoted(_ text: String, ifUnsafe others: String?) -> String {
        let scalars = text.unicodeScalars
        if let others, !text.isEmpty, scalars.allSatisfy({ isPlain($0, besides: others) }) {
            return text
        }
        var escaped = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar == "\"" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return "\"" + String(escaped) + "\""
    }
}

extension Filter.Comparison {
    /// The sign in the text of a filter: equality is written with a colon.
    fileprivate var text: String { self == .equal ? ":" : rawValue }
}

extension Filter.NumberField {
    /// Whether the number is a length of time, in milliseconds.
    package var isSpan: Bool { self == .age || self == .duration }

    fileprivate func text(of number: Int64) -> String {
        isSpan ? Span.exact(number) : String(number)
    }
}
