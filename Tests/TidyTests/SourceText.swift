/// One source file: its lines, its tokens and its comments.
struct SourceText: Sendable {
    /// Where it is, seen from the root of the repository.
    let path: String
    let lines: [String]
    let tokens: [Token]
    let comments: [Int: String]
    let language: Lexer.Language
    /// For each opening bracket the index of the one that closes it, and the other way round.
    let partners: [Int: Int]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        language = path.hasSuffix(".swift") ? .swift : .c
        let lexer = Lexer(text, language: language)
        tokens = lexer.tokens
        comments = lexer.comments
        partners = SourceText.partners(in: lexer.tokens)
    }

    /// The module it belongs to: the folder below `Sources`, or `nil` for anything else.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var isTest: Bool { path.hasPrefix("Tests/") }

    /// The token at an index, or an empty text beyond either end.
    func text(_ index: Int) -> String {
        tokens.indices.contains(index) ? tokens[index].text : ""
    }

    /// Whether the tokens from an index on read as the pattern does: its words parted by blanks.
    func reads(_ pattern: [String], at index: Int) -> Bool {
        pattern.indices.allSatisfy { text(index + $0) == pattern[$0] }
    }

    private static func partners(in tokens: [Token]) -> [Int: Int] {
        let closing = ["(": ")", "[": "]", "{": "}"]
        var open: [Int] = []
        var partners: [Int: Int] = [:]
        for (index, token) in tokens.enumerated() where token.kind == .symbol {
            if closing[token.text] != nil {
                open.append(index)
            } else if let last = open.last, closing[tokens[last].text] == token.text {
                open.removeLast()
                partners[last] = index
                partners[index] = last
            }
        }
        return partners
    }
}
