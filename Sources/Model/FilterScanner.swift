/// One piece of a filter's text.
struct FilterToken: Sendable {
    enum Kind: Sendable {
        case open, close, or, and, not
        case term(FilterTerm)
    }

    let kind: Kind
    /// Where it begins, in Unicode scalars.
    let position: Int
}

/// One term of a filter's text: a word, or a field with its values.
struct FilterTerm: Sendable {
    /// One value, or the word itself.
    struct Value: Sendable {
        var text: String
        var isQuoted: Bool
        var position: Int
        /// Whether it reaches the end of the whole text, so that typing on may change it.
        var isLast: Bool
    }

    /// The field's name and the sign after it; nil for a word.
    var field: (name: String, sign: String)?
    var values: [Value]
    var position: Int
}

/// Cuts a filter's text into pieces.
///
/// It works on Unicode scalars, so that a combining mark after a quotation mark cannot hide it.
struct FilterScanner {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The piece that a bare word is, if it is one of the language's own words.
    static func keyword(_ word: String) -> FilterToken.Kind? {
        switch word.lowercased() {
        case "or": .or
        case "and": .and
        case "not": .not
        default: nil
        }
    }

    /// The job that a bare word names: `job-5948` or a UUID.
    ///
    /// A bare number is a word like others.
    static func reference(_ word: String) -> JobReference? {
        switch JobReference(word) {
        case .id(let id): word.lowercased().hasPrefix("job-") ? .id(id) : nil
        case .uuid(let uuid): .uuid(uuid)
        case nil: nil
        }
    }

    /// All pieces of the text, in order.
    mutating func tokens() throws(FilterError) -> [FilterToken] {
        var found: [FilterToken] = []
        skipSpace()
        while place < scalars.count {
            found.append(try next())
            skipSpace()
        }
        return found
    }

    private mutating func next() throws(FilterError) -> FilterToken {
        let start = place
        switch scalars[place] {
        case "(": return symbol(.open)
        case ")": return symbol(.close)
        case "-", "!": return symbol(.not)
        case "|":
            place += 1
            if place < scalars.count, scalars[place] == "|" { place += 1 }
            return FilterToken(kind: .or, position: start)
        default:
            let term = try term()
            let isPlainWord = term.field == nil && term.values.first?.isQuoted == false
            let word = isPlainWord ? term.values.first?.text : nil
            let kind = word.flatMap(Self.keyword) ?? .term(term)
            return FilterToken(kind: kind, position: start)
        }
    }

    private mutating func symbol(_ kind: FilterToken.Kind) -> FilterToken {
        place += 1
        return FilterToken(kind: kind, position: place - 1)
    }

    private mutating func term() throws(FilterError) -> FilterTerm {
        let start = place
        guard let field = head() else {
            return FilterTerm(field: nil, values: [try value(isWord: true)], position: start)
        }
        var values = [try value(isWord: false)]
        while place < scalars.count, scalars[place] == "," {
            place += 1
            values.append(try value(isWord: false))
        }
        return FilterTerm(field: field, values: values, position: start)
    }

    /// A field's name and its sign, if that is what stands here.
    private mutating func head() -> (name: String, sign: String)? {
        let isLetter: (Unicode.Scalar) -> Bool = {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0)
        }
        let name = scalars[place...].prefix(while: isLetter)
        let rest = scalars[name.endIndex...]
        let signs = ["<=", ">=", "!=", "<", ">", "=", ":"]
        guard !name.isEmpty, let sign = signs.first(where: { rest.starts(with: $0.unicodeScalars) })
        else { return nil }
        place = name.endIndex + sign.unicodeScalars.count
        return (Self.string(name), sign)
    }

    private mutating func value(isWord: Bool) throws(FilterError) -> FilterTerm.Value {
        let start = place
        if place < scalars.count, scalars[place] == "\"" {
            return FilterTerm.Value(
                text: try quoted(),
                isQuoted: true,
                position: start,
                isLast: false
            )
        }
        let text = scalars[place...].prefix { scalar in
            !scalar.properties.isWhitespace && !"()|\"".unicodeScalars.contains(scalar)
                && (isWord || scalar != ",")
        }
        place = text.endIndex
        return FilterTerm.Value(
            text: Self.string(text),
            isQuoted: false,
            position: start,
            isLast: place == scalars.count
        )
    }

    private mutating func quoted() throws(FilterError) -> String {
        let start = place
        var text = String.UnicodeScalarView()
        place += 1
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            if scalar == "\"" { return String(text) }
            if scalar == "\\", place < scalars.count {
                text.append(scalars[place])
                place += 1
            } else {
                text.append(scalar)
            }
        }
        throw FilterError(at: start, "a second quotation mark is missing", isIncomplete: true)
    }

    private mutating func skipSpace() {
        while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
