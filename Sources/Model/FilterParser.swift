/// Reads the filter language.
///
/// Terms side by side mean both, `or` (or `|`) means either and binds less, a `-` (or `!`, or
/// `not`) before a term or a parenthesis means the opposite. A term is a field with a sign and a
/// value (``FilterFields/all``), or a word or quoted text that is looked for everywhere.
package struct FilterParser {
    /// The longest text that is read, in characters.
    package static let longestText = 2000
    /// How deep parentheses and negations may be nested.
    package static let deepestNesting = 24

    private let tokens: [FilterToken]
    private let end: Int
    private var place = 0
    private var depth = 0

    /// The filter that a text means; the empty text means every job.
    ///
    /// - Throws: ``FilterError`` with the place, and whether typing on could make it right.
    package static func parse(_ text: String) throws(FilterError) -> Filter {
        guard text.unicodeScalars.count <= longestText else {
            throw FilterError(
                at: longestText,
                "a filter may have at most \(longestText) characters"
            )
        }
        do throws(FilterError) {
            var scanner = FilterScanner(text)
            let tokens = try scanner.tokens()
            guard !tokens.isEmpty else { return .all }
            var parser = FilterParser(tokens: tokens, end: text.unicodeScalars.count)
            return try parser.whole()
        } catch {
            let before = String(text.unicodeScalars.prefix(error.position)).count
            throw FilterError(at: before, error.text, isIncomplete: error.isIncomplete)
        }
    }

    private init(tokens: [FilterToken], end: Int) {
        self.tokens = tokens
        self.end = end
    }

    private mutating func whole() throws(FilterError) -> Filter {
        let filter = try either()
        guard place == tokens.count else {
            throw FilterError(
                at: tokens[place].position,
                "this parenthesis closes nothing; leave it out"
            )
        }
        return filter
    }

    private mutating func either() throws(FilterError) -> Filter {
        var parts = [try both()]
        while place < tokens.count, case .or = tokens[place].kind {
            place += 1
            parts.append(try both())
        }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func both() throws(FilterError) -> Filter {
        var parts = [try one()]
        while place < tokens.count {
            switch tokens[place].kind {
            case .or, .close: return Self.and(parts)
            case .and: place += 1
            default: break
            }
            parts.append(try one())
        }
        return Self.and(parts)
    }

    private static func and(_ parts: [Filter]) -> Filter {
        parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func one() throws(FilterError) -> Filter {
        guard place < tokens.count else {
            throw FilterError(at: end, "something to look for must follow here", isIncomplete: true)
        }
        let token = tokens[place]
        place += 1
        switch token.kind {
        case .term(let term): return try term.filter()
        case .not:
            return .not(try nested(at: token) { parser throws(FilterError) in try parser.one() })
        case .open:
            return try nested(at: token) { parser throws(FilterError) in try parser.group(token) }
        case .close, .or, .and:
            throw FilterError(
                at: token.position,
                "a term must stand before this; put the word itself in quotes"
            )
        }
    }

    private mutating func group(_ open: FilterToken) throws(FilterError) -> Filter {
        let inner = try either()
        guard place < tokens.count else {
            throw FilterError(
                at: open.position,
                "a closing parenthesis is missing",
                isIncomplete: true
            )
        }
        place += 1
        return inner
    }

    private mutating func nested(
        at token: FilterToken,
        _ body: (inout Self) throws(FilterError) -> Filter
    ) throws(FilterError) -> Filter {
        depth += 1
        guard depth <= Self.deepestNesting else {
            throw FilterError(
                at: token.position,
                "a filter may be nested \(Self.deepestNesting) deep at most"
            )
        }
        let inner = try body(&self)
        depth -= 1
        return inner
    }
}
