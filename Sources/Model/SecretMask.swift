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
        if isPlain(name), !SecretSigns.mayStand(in: name) { return false }
        let plain = Array(name.lowercased().filter { $0.isLetter || $0.isNumber }.utf8)
        if tellingBytes.contains(where: { isPart($0, of: plain) }) { return true }
        let words = words(of: name)
        return !words.contains("public") && words.contains(where: whole.contains)
    }

    /// Looked for byte by byte: this is asked of every parameter of every job.
    private static let tellingBytes = telling.map { Array($0.utf8) }

    /// Whether a name has no separators, so that what it tells stands in it as it is.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            (48..<58).contains(byte) || (65..<91).contains(byte) || (97..<123).contains(byte)
        }
    }

    private static func isPart(_ word: [UInt8], of name: [UInt8]) -> Bool {
        guard word.count <= name.count else { return false }
        return (0...name.count - word.count).contains { name[$0...].starts(with: word) }
    }

    /// The parameters with the values of those that look secret masked.
    package static func masked(_ parameters: [String: String]) -> [String: String] {
        var result = parameters
        for name in parameters.keys where isSecret(name: name) { result[name] = mask }
        return result
    }

    /// The text with what looks like a secret in it masked.
    ///
    /// That is: the values of `name=value`, `name: value`, `"name": "value"` and `--name value`
    /// where the name looks secret, what follows `Bearer`, the password in an address such as
    /// `https://user:password@host`, private keys in PEM, and the tokens of well-known services.
    package static func masked(_ text: String) -> String {
        guard SecretSigns.mayStand(in: text) else { return text }
        var scanner = SecretScanner(text)
        return scanner.masked()
    }

    /// The values with those masked whose names look secret, and what looks like one in the others.
    package static func masked(texts values: [String: String]) -> [String: String] {
        guard
            values.contains(where: { name, text in
                SecretSigns.mayStand(in: name) || SecretSigns.mayStand(in: text)
            })
        else { return values }
        return masked(values).mapValues { masked($0) }
    }

    // MARK: Stand-ins

    /// A parameter's value with stand-ins for what looks like a secret in it, and what they stand
    /// for, by the names of the stand-ins; the value itself if nothing does.
    package static func taken(
        outOf value: String,
        of name: String
    ) -> (text: String, secrets: [String: String]) {
        guard SecretSigns.mayStand(in: value) else { return (value, [:]) }
        func label(_ number: Int) -> String { number == 0 ? name : "\(name)#\(number + 1)" }
        var scanner = SecretScanner(value) { mark(of: label($0)) }
        let text = scanner.masked()
        let pairs = scanner.found.enumerated().map { (label($0.offset), $0.element) }
        return (text, Dictionary(pairs) { first, _ in first })
    }

    /// What stands for a secret wherever a job's parameters are kept or shown: `<secret:password>`.
    package static func mark(of name: String) -> String { opening + name + ">" }

    /// Whether a stand-in for a secret is in the text.
    package static func hasMark(_ text: String) -> Bool { text.contains(opening) }

    private static let opening = "<secret:"

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
