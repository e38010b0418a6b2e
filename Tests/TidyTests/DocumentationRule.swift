extension Rule {
    /// What other modules can use says what it means.
    ///
    /// Members whose meaning is wholly that of a protocol of the standard library are free.
    static let documentation = Rule(name: "documentation") { source in
        source.tokens.indices.compactMap { index in
            guard source.text(index) == "package", source.text(index - 1) != ".",
                let name = declaredName(after: index, in: source),
                !hasDocumentation(above: index, in: source)
            else { return nil }
            return Finding(line: source.tokens[index].line, text: "\(name) has no /// above it")
        }
    }

    private static let modifiers: Set = [
        "static", "final", "mutating", "nonmutating", "nonisolated", "indirect", "lazy", "weak",
        "unowned", "override", "convenience", "required", "consuming", "borrowing", "isolated",
        "distributed",
    ]

    private static let declarations: Set = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "func", "var", "let", "init",
        "subscript", "macro",
    ]

    /// The name declared by the words after `package`; `nil` if nothing is that must be explained.
    private static func declaredName(after index: Int, in source: SourceText) -> String? {
        var word = index + 1
        while isModifier(at: word, in: source) {
            word += source.text(word + 1) == "(" ? 4 : 1
        }
        guard declarations.contains(source.text(word)),
            !isExplainedElsewhere(word, in: source)
        else { return nil }
        return source.text(word) == "init" ? "init" : source.text(word + 1)
    }

    /// Whether the word at an index comes before the declaration: `class` may do both.
    private static func isModifier(at word: Int, in source: SourceText) -> Bool {
        guard source.text(word) == "class" else { return modifiers.contains(source.text(word)) }
        let next = source.text(word + 1)
        return modifiers.contains(next) || declarations.contains(next)
    }

    private static func isExplainedElsewhere(_ word: Int, in source: SourceText) -> Bool {
        [
            ["func", "=", "="], ["func", "<"], ["func", "hash", "(", "into"],
            ["func", "encode", "(", "to"], ["init", "(", "from", "decoder"],
        ].contains { source.reads($0, at: word) }
    }

    /// Goes up over attributes and plain comments until it meets documentation or something else.
    private static func hasDocumentation(above index: Int, in source: SourceText) -> Bool {
        var line = source.tokens[index].line - 1
        while line > 0 {
            let first = source.tokens.firstIndex { $0.line == line }
            let comment = source.comments[line]
            switch (first, comment) {
            case (nil, let comment?):
                if comment.hasPrefix("///") || comment.contains("*/") { return true }
            case (let first?, _):
                guard let start = attributeStart(at: first, in: source) else { return false }
                line = start
            case (nil, nil):
                return false
            }
            line -= 1
        }
        return false
    }

    /// The line on which the attribute begins that the token at an index begins or goes on with.
    private static func attributeStart(at index: Int, in source: SourceText) -> Int? {
        if source.text(index) == "@" { return source.tokens[index].line }
        let line = source.tokens[index].line
        guard let last = source.tokens.lastIndex(where: { $0.line == line }),
            source.text(last) == ")", let open = source.partners[last], open > 1,
            source.text(open - 2) == "@"
        else { return nil }
        return source.tokens[open].line
    }
}
