/// Finds secrets in a text, and writes the text without them.
struct SecretScanner {
    private let scalars: [Unicode.Scalar]
    private let standIn: (Int) -> String
    private var place = 0
    private var output = String.UnicodeScalarView()
    /// The secrets that were found, in their order.
    private(set) var found: [String] = []

    /// A scanner of a text; `standIn` is what is written in the place of each secret, by its number
    /// from 0.
    init(_ text: String, standIn: @escaping (Int) -> String = { _ in SecretMask.mask }) {
        scalars = Array(text.unicodeScalars)
        self.standIn = standIn
    }

    /// The text with its secrets masked.
    mutating func masked() -> String {
        while place < scalars.count {
            if maskBlock() || maskAddress() { continue }
            let start = place
            let name = skip(while: Self.isNamePart)
            if name.isEmpty {
                copy(1)
            } else if Self.isToken(name) {
                mask(from: start)
            } else {
                output.append(contentsOf: scalars[start..<place])
                maskAfter(name)
            }
        }
        return String(output)
    }

    /// Masks what stands behind a name, if the name says that it is secret.
    private mutating func maskAfter(_ name: String) {
        if SecretMask.isSecret(name: name) {
            if skipSign() || (name.hasPrefix("-") && skipGap()) { maskValue() }
        } else if name.lowercased() == "bearer", wordAfterGap >= Self.shortestToken, skipGap() {
            maskValue()
        }
    }

    // MARK: Kinds of secrets

    private static let tokens = [
        "AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-",
        "xoxa-", "eyJ",
    ]
    private static let shortestToken = 16

    private static func isToken(_ word: String) -> Bool {
        word.utf8.count >= shortestToken && tokens.contains(where: word.hasPrefix)
    }

    /// Masks a private key in PEM, up to its last line or the end of the text.
    private mutating func maskBlock() -> Bool {
        guard starts(with: "-----BEGIN ") else { return false }
        let line = scalars[place...].prefix { $0 != "\n" }
        var header = String.UnicodeScalarView()
        header.append(contentsOf: line.prefix(80))
        guard String(header).contains("PRIVATE KEY-----") else { return false }
        copyThrough("PRIVATE KEY-----")
        let start = place
        while place < scalars.count, !starts(with: "-----END ") { place += 1 }
        mask(from: start)
        if place < scalars.count { copyThrough("PRIVATE KEY-----") }
        return true
    }

    /// Masks the password in an address: `://user:password@`.
    private mutating func maskAddress() -> Bool {
        guard starts(with: "://") else { return false }
        copy(3)
        let authority = scalars[place...].prefix { !Self.endsAuthority($0) }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":"), colon + 1 < at
        else { return true }
        copy(colon + 1 - place)
        let start = place
        place = at
        mask(from: start)
        return true
    }

    private static func endsAuthority(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || "/?#\"'<>".unicodeScalars.contains(scalar)
    }

    private mutating func maskValue() {
        guard place < scalars.count else { return }
        let quote = scalars[place]
        var start = place
        if quote == "\"" || quote == "'" {
            copy(1)
            start = place
            skipQuoted(until: quote)
        } else {
            let word = skip(while: Self.isValuePart)
            guard !word.isEmpty else { return }
            // A scheme such as “Bearer” stands before the secret itself.
            if ["bearer", "basic"].contains(word.lowercased()) {
                _ = skip { $0 == " " }
                _ = skip(while: Self.isValuePart)
            }
        }
        mask(from: start)
    }

    private static func isValuePart(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && !",;&)}]\"'".unicodeScalars.contains(scalar)
    }

    // MARK: Parts

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
        copy(scalars[place...].prefix { $0 == " " }.count)
        return true
    }

    /// Copies the space before a value; false if what follows is another option, or nothing.
    private mutating func skipGap() -> Bool {
        let gap = scalars[place...].prefix { $0 == " " }
        guard !gap.isEmpty, gap.endIndex < scalars.count, scalars[gap.endIndex] != "-" else {
            return false
        }
        copy(gap.count)
        return true
    }

    /// How long the word behind the space that comes next is.
    private var wordAfterGap: Int {
        scalars[place...].drop { $0 == " " }.prefix { !$0.properties.isWhitespace }.count
    }

    private mutating func skipQuoted(until quote: Unicode.Scalar) {
        while place < scalars.count, scalars[place] != quote {
            place += scalars[place] == "\\" ? 2 : 1
        }
        place = min(place, scalars.count)
    }

    private func starts(with text: String) -> Bool {
        scalars[place...].starts(with: text.unicodeScalars)
    }

    /// Copies up to the end of a text, or to the end of all.
    private mutating func copyThrough(_ text: String) {
        let wanted = Array(text.unicodeScalars)
        while place < scalars.count, !scalars[place...].starts(with: wanted) { copy(1) }
        copy(wanted.count)
    }

    private mutating func skip(while fits: (Unicode.Scalar) -> Bool) -> String {
        let found = scalars[place...].prefix(while: fits)
        place = found.endIndex
        var view = String.UnicodeScalarView()
        view.append(contentsOf: found)
        return String(view)
    }

    /// Writes what stands in for the secret that begins there and ends here.
    ///
    /// What stands in for one already is left as it is.
    private mutating func mask(from start: Int) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<place])
        let secret = String(view)
        guard !secret.isEmpty, secret != SecretMask.mask, !SecretMask.hasMark(secret) else {
            return output.append(contentsOf: view)
        }
        output.append(contentsOf: standIn(found.count).unicodeScalars)
        found.append(secret)
    }

    private mutating func copy(_ count: Int) {
        let end = min(place + count, scalars.count)
        output.append(contentsOf: scalars[place..<end])
        place = end
    }
}
