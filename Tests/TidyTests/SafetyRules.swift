extension Rule {
    /// No data can make the program trap.
    static let force = Rule(name: "force") { source in
        guard source.language == .swift else { return [] }
        return source.tokens.indices.compactMap { index in
            let token = source.tokens[index]
            guard token.text == "!", token.isGlued, index > 0, !isInequality(index, in: source)
            else { return nil }
            let before = source.tokens[index - 1]
            switch before.text {
            case "try", "as", ")", "]", "}", ">":
                return Finding(line: token.line, text: "\(before.text)! can trap")
            case "init", "is":
                return nil
            default:
                guard before.kind == .word else { return nil }
                return Finding(line: token.line, text: "\(before.text)! can trap")
            }
        }
    }

    /// An application has no outside users: `package` is what its modules share.
    static let access = Rule(name: "access") { source in
        source.tokens.indices.compactMap { index in
            guard source.language == .swift, source.text(index) == "public",
                source.text(index - 1) != ".", source.text(index + 1) != ":"
            else { return nil }
            return Finding(line: source.tokens[index].line, text: "public has no use here")
        }
    }

    /// What the compiler cannot check, a comment argues.
    static let reasons = Rule(name: "reasons") { source in
        let promises = [["@", "unchecked", "Sendable"], ["nonisolated", "(", "unsafe", ")"]]
        return source.tokens.indices.compactMap { index in
            guard let promise = promises.first(where: { source.reads($0, at: index) }) else {
                return nil
            }
            let line = source.tokens[index].line
            guard source.comments[line] == nil, source.comments[line - 1] == nil else { return nil }
            return Finding(line: line, text: "\(promise.joined()) has no reason beside it")
        }
    }

    private static func isInequality(_ index: Int, in source: SourceText) -> Bool {
        source.text(index + 1) == "=" && source.tokens[index + 1].isGlued
    }
}

extension Rule {
    /// What a person changes passes the gate, which knows who that is and what is allowed.
    static let gate = Rule(name: "gate") { source in
        guard source.module == "signalbox" else { return [] }
        let ways = [
            [".", "write", "(", "as"]: "write(as:) goes past the gate",
            [".", "byMachine"]: "byMachine is not for what a person asks",
            ["OutsideSubmission"]: "OutsideSubmission goes past the gate",
        ]
        return ways.flatMap { words, text in
            source.tokens.indices.filter { source.reads(words, at: $0) }
                .map { Finding(line: source.tokens[$0].line, text: text) }
        }
    }
}
