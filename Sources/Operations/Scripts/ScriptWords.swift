import Foundation
import Model

/// Arguments and variables as people write them; no shell ever sees them.
enum ScriptWords {
    /// The longest argument or value, in bytes: what the kernel takes.
    static let longest = 120_000
    /// How many arguments or variables there may be.
    static let most = 500

    /// A list of arguments: a JSON list of texts, or words between spaces.
    ///
    /// Quotes of either kind keep spaces in a word, and a backslash before a space, a quote or a
    /// backslash stands for it. Nothing else is special: no `$`, no `*`, no `;`.
    static func arguments(_ text: String) throws(Failure) -> [String] {
        let words = text.first == "[" ? try list(text) : try split(text)
        guard words.count <= most else {
            throw .validation("arguments: \(words.count) are too many; \(most) is the limit")
        }
        for word in words { try check(word, "an argument") }
        return words
    }

    private static func list(_ text: String) throws(Failure) -> [String] {
        guard let words = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
            throw .validation("arguments must be a JSON list of texts such as [\"-v\", \"a b\"]")
        }
        return words
    }

    private static func split(_ text: String) throws(Failure) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let letter = rest.popFirst() {
            if letter == "\\", let next = rest.first, " \\\"'".contains(next), quote != "'" {
                word = (word ?? "") + String(rest.removeFirst())
            } else if letter == quote {
                quote = nil
            } else if quote == nil, letter == "\"" || letter == "'" {
                (quote, word) = (letter, word ?? "")
            } else if quote == nil, letter == " " || letter == "\t" || letter == "\n" {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(letter)
            }
        }
        guard quote == nil else {
            throw .validation("arguments: a quote is opened and not closed in “\(text)”")
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// Variables as a JSON object of texts.
    static func variables(_ text: String) throws(Failure) -> [String: String] {
        guard let map = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else {
            throw .validation("env must be a JSON object of texts such as {\"SIZE\": \"4\"}")
        }
        return map
    }

    /// Refuses a variable that is no variable, or that would change which program is run.
    static func check(variable name: String, _ value: String) throws(Failure) {
        let isPlain = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == 95
        }
        guard isPlain, let first = name.utf8.first, !(48...57).contains(first),
            name.utf8.count <= 128
        else {
            throw .validation(
                "“\(name)” cannot be a variable: letters, digits and “_” can, no digit first"
            )
        }
        guard !isReserved(name) else {
            throw .validation(
                "\(name) cannot be set by a job: it says how programs are found, loaded or told "
                    + "what they do"
            )
        }
        try check(value, name)
    }

    private static func check(_ text: String, _ what: String) throws(Failure) {
        guard !text.utf8.contains(0) else { throw .validation("\(what) contains a zero byte") }
        guard text.utf8.count <= longest else {
            throw .validation("\(what) is longer than \(longest) bytes")
        }
    }

    /// Variables that would let a job run something else than what is allowed.
    private static func isReserved(_ name: String) -> Bool {
        let beginnings = ["LD_", "SIGNALBOX_", "BASH_", "GLIBC_", "DYLD_", "GCONV_"]
        let names: Set = [
            "PATH", "HOME", "TMPDIR", "IFS", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "CDPATH",
            "PERL5LIB", "PERL5OPT", "PERLLIB", "PERL5DB", "PYTHONPATH", "PYTHONHOME",
            "PYTHONSTARTUP", "PYTHONINSPECT", "RUBYLIB", "RUBYOPT", "NODE_OPTIONS", "NODE_PATH",
            "JAVA_TOOL_OPTIONS", "CLASSPATH", "LOCPATH", "NLSPATH", "TERMINFO", "SHELL", "EDITOR",
            "PAGER", "ZDOTDIR", "LUA_PATH", "LUA_INIT", "PHPRC", "GIT_SSH", "GIT_SSH_COMMAND",
        ]
        return names.contains(name) || beginnings.contains(where: name.hasPrefix)
    }
}
