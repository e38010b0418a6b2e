extension Rule {
    /// Comments say why something is so, not what somebody might do later.
    static let unfinished = Rule(name: "unfinished") { source in
        source.comments.sorted { $0.key < $1.key }.compactMap { line, comment in
            let words = comment.split { !$0.isLetter }
            guard let mark = words.first(where: { ["TODO", "FIXME"].contains($0) }) else {
                return nil
            }
            return Finding(line: line, text: "\(mark) is left in a comment")
        }
    }

    /// A type's name is a noun that says what it is.
    static let names = Rule(name: "names") { source in
        let kinds = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        let banned = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Base"]
        return source.tokens.indices.compactMap { index in
            guard source.language == .swift, kinds.contains(source.text(index)),
                source.text(index - 1) != ".",
                let word = words(of: source.text(index + 1)).first(where: banned.contains)
            else { return nil }
            let text = "the name \(source.text(index + 1)) says nothing by \(word)"
            return Finding(line: source.tokens[index].line, text: text)
        }
    }

    /// The words of a name in camel case: `BaseView` has two, `Database` one.
    private static func words(of name: String) -> [String] {
        name.reduce(into: [""]) { words, character in
            if character.isUppercase { words.append("") }
            words[words.count - 1].append(character)
        }
    }
}

/// What no file of the repository says, whatever its kind.
enum Mention {
    /// Places that only exist where something was built; in halves, so as not to be found here.
    static let banned = ["/wo" + "rk/", "npm" + "js", "crates" + ".io", "py" + "pi.org"]

    static func findings(in text: String) -> [Finding] {
        guard banned.contains(where: text.contains) else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { index, line in
            banned.filter { line.contains($0) }
                .map { Finding(line: index + 1, text: "mentions \($0)") }
        }
    }
}
