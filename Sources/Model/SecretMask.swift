/// Keeps secrets out of what is shown, logged and exported.
package enum SecretMask {
    /// What stands in the place of a secret.
    package static let mask = "********"

    /// Parts of names that make a name look secret, wherever they stand in it.
    private static let telling = [
        "password", "passwd", "passphrase", "passwort", "pwd", "secret", "token", "credential",
        "apikey", "privatekey", "accesskey", "authorization",
    ]
    /// Words that make a name look secret only as a whole word of it.
    private static let whole: Set<String> = ["key", "pass", "auth", "cookie"]

    /// Whether a parameter of that name looks like a secret: `rootPassword`, `api-key`, `TOKEN`.
    package static func isSecret(name: String) -> Bool {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if telling.contains(where: plain.contains) { return true }
        let words = words(of: name)
        return !words.contains("public") && words.contains(where: whole.contains)
    }

    /// The parameters with the values of those that look secret masked.
    package static func masked(_ parameters: [String: String]) -> [String: String] {
        var result = parameters
        for name in parameters.keys where isSecret(name: name) { result[name] = mask }
        return result
    }

    /// The text with the values of `name=value`, `name: value` and `"name": "value"` masked where
    /// the name looks secret.
    package static func masked(_ text: String) -> String {
        guard text.contains(where: { $0 == "=" || $0 == ":" }) else { return text }
        var scanner = PairScanner(text)
        return scanner.masked()
    }

    /// The words of a name: `rootSSHKey` and `root_ssh-key` have `root`, `ssh` or `sshkey`, `key`.
    private static func words(of name: String) -> [String] {
        var words = [""]
        var before: Character = " "
        for letter in name {
            let isBoundary = letter.isUppercase && before.isLowercase
            if isBoundary || !(letter.isLetter || letter.isNumber) { words.append("") }
            if letter.isLetter || letter.isNumber { words[words.count - 1] += letter.lowercased() }
            before = letter
        }
        return words
    }
}

/// Finds names with their values in a text.
private struct PairScanner {
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var output = String.UnicodeScalarView()

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func masked() -> String {
        while place < scalars.count {
            let name = take(while: Self.isNamePart)
            if name.isEmpty {
                copy(1)
            } else if SecretMask.isSecret(name: name), skipSign() {
                maskValue()
            }
        }
        return String(output)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
            || scalar == "-" || scalar == "."
    }

    /// Copies the quotation mark, the sign and the space after a name; false if no sign is there.
    private mutating func skipSign() -> Bool {
        let rest = scalars[place...]
        let quote = rest.prefix { $0 == "\"" || $0 == "'" }
        let space = rest[quote.endIndex...].prefix { $0 == " " }
        guard quote.count <= 1, space.endIndex < scalars.count,
            scalars[space.endIndex] == "=" || scalars[space.endIndex] == ":"
        else { return false }
        copy(space.endIndex + 1 - place)
        _ = take { $0 == " " }
        return true
    }

    private mutating func maskValue() {
        guard place < scalars.count else { return }
        let quote = scalars[place]
        if quote == "\"" || quote == "'" {
            copy(1)
            skipQuoted(until: quote)
        } else {
            let word = skip {
                !$0.properties.isWhitespace && !",;&)}]\"'".unicodeScalars.contains($0)
            }
            guard !word.isEmpty else { return }
            // A scheme such as “Bearer” stands before the secret itself.
            if ["bearer", "basic"].contains(word.lowercased()) {
                _ = skip { $0 == " " }
                _ = skip { !$0.properties.isWhitespace }
            }
        }
        output.append(contentsOf: SecretMask.mask.unicodeScalars)
    }

    private mutating func skipQuoted(until quote: Unicode.Scalar) {
        while place < scalars.count, scalars[place] != quote {
            place += scalars[place] == "\\" ? 2 : 1
        }
        place = min(place, scalars.count)
    }

    private mutating func skip(while fits: (Unicode.Scalar) -> Bool) -> String {
        let found = scalars[place...].prefix(while: fits)
        place = found.endIndex
        var view = String.UnicodeScalarView()
        view.append(contentsOf: found)
        return String(view)
    }

    private mutating func take(while fits: (Unicode.Scalar) -> Bool) -> String {
        let text = skip(while: fits)
        output.append(contentsOf: text.unicodeScalars)
        return text
    }

    private mutating func copy(_ count: Int) {
        let end = min(place + count, scalars.count)
        output.append(contentsOf: scalars[place..<end])
        place = end
    }
}
