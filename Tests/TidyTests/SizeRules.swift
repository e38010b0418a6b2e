extension Rule {
    static let fileLength = Rule(name: "file length") { source in
        let limit = source.isTest ? 600 : 400
        guard source.lines.count > limit else { return [] }
        return [Finding(line: 1, text: "has \(source.lines.count) lines; \(limit) is the limit")]
    }

    static let lineLength = Rule(name: "line length") { source in
        source.lines.enumerated().compactMap { index, line in
            guard line.count > 100 else { return nil }
            return Finding(line: index + 1, text: "has \(line.count) columns; 100 is the limit")
        }
    }

    static let functionLength = Rule(name: "function length") { source in
        FunctionSpan.all(in: source).compactMap { span in
            guard span.length > 70 else { return nil }
            let text = "\(span.name) has \(span.length) lines; 70 is the limit"
            return Finding(line: span.lines.lowerBound, text: text)
        }
    }
}

/// From where to where a function goes, or an initialiser, or a computed property.
struct FunctionSpan: Equatable {
    let name: String
    let lines: ClosedRange<Int>

    var length: Int { lines.count }

    /// The functions of a file, in the order in which they begin.
    static func all(in source: SourceText) -> [FunctionSpan] {
        source.tokens.indices.compactMap { index in
            guard
                let open = source.language == .c
                    ? bodyInC(at: index, of: source) : body(at: index, of: source),
                let close = source.partners[open]
            else { return nil }
            let name = source.language == .c ? source.text(index) : heading(at: index, of: source)
            let first = source.tokens[index].line
            return FunctionSpan(name: name, lines: first...source.tokens[close].line)
        }
    }

    private static func heading(at index: Int, of source: SourceText) -> String {
        ["func", "var"].contains(source.text(index)) ? source.text(index + 1) : source.text(index)
    }

    /// Where the body opens of the function that the word at an index introduces, if it does.
    private static func body(at index: Int, of source: SourceText) -> Int? {
        guard source.text(index - 1) != "." else { return nil }
        switch source.text(index) {
        case "func":
            return bodyAfterParameters(from: index + 2, of: source)
        case "init" where ["(", "<", "?", "!"].contains(source.text(index + 1)),
            "subscript" where ["(", "<"].contains(source.text(index + 1)):
            return bodyAfterParameters(from: index + 1, of: source)
        case "deinit":
            return source.text(index + 1) == "{" ? index + 1 : nil
        case "var":
            return bodyOfProperty(from: index + 1, of: source)
        default:
            return nil
        }
    }

    private static func bodyAfterParameters(from start: Int, of source: SourceText) -> Int? {
        var index = start
        while !source.text(index).isEmpty, source.text(index) != "(" { index += 1 }
        let next = [
            "func", "init", "deinit", "subscript", "var", "let", "case", "typealias", "struct",
            "enum", "class", "actor", "protocol", "extension", "associatedtype", "static",
            "mutating", "package", "private", "",
        ]
        while true {
            index = max(source.partners[index] ?? index, index) + 1
            if source.text(index) == "{" { return index }
            if ["}", ")"].contains(source.text(index)) { return nil }
            if next.contains(source.text(index)) { return nil }
        }
    }

    private static func bodyOfProperty(from start: Int, of source: SourceText) -> Int? {
        var index = start
        var line = source.tokens[start - 1].line
        while source.tokens.indices.contains(index), source.tokens[index].line == line {
            if source.text(index) == "{" { return index }
            if ["=", "}", ")"].contains(source.text(index)) { return nil }
            if ["(", "["].contains(source.text(index)), let close = source.partners[index] {
                index = close
                line = source.tokens[close].line
            }
            index += 1
        }
        return nil
    }

    /// In C a function is a name, its parameters and at once its body.
    private static func bodyInC(at index: Int, of source: SourceText) -> Int? {
        guard source.tokens[index].kind == .word, source.text(index + 1) == "(",
            !["if", "for", "while", "switch"].contains(source.text(index)),
            let close = source.partners[index + 1], source.text(close + 1) == "{"
        else { return nil }
        return close + 1
    }
}
