/// Takes Swift or C apart into tokens and comments, just well enough for the rules.
///
/// It knows nested comments, strings of every form with what they interpolate, escaped names
/// and regular expressions, because a brace or a quote in one of these must not be counted.
struct Lexer {
    enum Language: Sendable {
        case swift, c
    }

    private(set) var tokens: [Token] = []
    /// The comments on each line, with their marks.
    private(set) var comments: [Int: String] = [:]
    private let bytes: [UInt8]
    private let language: Language
    private var position = 0
    private var line = 1
    private var lastEnd = 0

    init(_ text: String, language: Language = .swift) {
        bytes = Array(text.utf8)
        self.language = language
        run(insideString: false)
    }

    /// Reads to the end of the text or, inside a string, to the `)` that ends an interpolation.
    private mutating func run(insideString: Bool) {
        var depth = 0
        while let byte = peek() {
            if insideString, byte == UInt8(ascii: ")"), depth == 0 { return }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            step(byte)
        }
    }

    private mutating func step(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            advance()
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
            lineComment()
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
            blockComment()
        case UInt8(ascii: "/") where language == .swift && regexStartsHere():
            regex(hashes: 0)
        case UInt8(ascii: "\""):
            string(hashes: 0)
        case UInt8(ascii: "'") where language == .c:
            character()
        case UInt8(ascii: "#") where language == .swift:
            hash()
        case UInt8(ascii: "`"):
            escapedName()
        case _ where Lexer.isWord(byte):
            word()
        default:
            take(.symbol, length: 1)
        }
    }
}

// MARK: - Moving

extension Lexer {
    private func peek(_ offset: Int = 0) -> UInt8? {
        let index = position + offset
        return index < bytes.count ? bytes[index] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        let end = min(position + count, bytes.count)
        line += bytes[position..<end].count { $0 == UInt8(ascii: "\n") }
        position = end
    }

    private mutating func take(_ kind: Token.Kind, length: Int) {
        let end = min(position + length, bytes.count)
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        append(kind, text)
        advance(length)
        lastEnd = position
    }

    private mutating func append(_ kind: Token.Kind, _ text: String) {
        let isGlued = position == lastEnd && position > 0
        tokens.append(Token(kind: kind, text: text, line: line, isGlued: isGlued))
    }

    private func startsHere(_ text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"): true
        default: byte >= 0x80
        }
    }

    private mutating func word() {
        var length = 0
        while let byte = peek(length), Lexer.isWord(byte) { length += 1 }
        take(.word, length: length)
    }

    private mutating func escapedName() {
        var length = 1
        while let byte = peek(length), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") {
            length += 1
        }
        take(.word, length: length + 1)
    }
}

// MARK: - Comments

extension Lexer {
    private mutating func lineComment() {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
        note(String(decoding: bytes[start..<position], as: UTF8.self), on: line)
    }

    private mutating func blockComment() {
        let (start, first) = (position, line)
        var depth = 0
        repeat {
            if startsHere("/*"), depth == 0 || language == .swift {
                depth += 1
                advance(2)
            } else if startsHere("*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && position < bytes.count
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        for (offset, part) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            note(String(part), on: first + offset)
        }
    }

    private mutating func note(_ text: String, on line: Int) {
        comments[line, default: ""] += text
    }
}

// MARK: - Literals

extension Lexer {
    private mutating func hash() {
        var hashes = 0
        while peek(hashes) == UInt8(ascii: "#") { hashes += 1 }
        switch peek(hashes) {
        case UInt8(ascii: "\""): string(hashes: hashes)
        case UInt8(ascii: "/"): regex(hashes: hashes)
        default: take(.symbol, length: 1)
        }
    }

    private mutating func string(hashes: Int) {
        append(.string, "\"")
        advance(hashes)
        let quote = startsHere("\"\"\"") ? "\"\"\"" : "\""
        let fence = String(repeating: "#", count: hashes)
        advance(quote.utf8.count)
        while let byte = peek(), !startsHere(quote + fence) {
            if byte == UInt8(ascii: "\n"), quote == "\"" { break }
            if startsHere("\\" + fence) { escape(hashes: hashes) } else { advance() }
        }
        advance(quote.utf8.count + hashes)
        lastEnd = position
    }

    private mutating func escape(hashes: Int) {
        advance(1 + hashes)
        guard language == .swift, peek() == UInt8(ascii: "(") else { return advance() }
        advance()
        run(insideString: true)
        advance()
    }

    private mutating func character() {
        append(.string, "'")
        advance()
        while let byte = peek(), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\n") {
            advance(byte == UInt8(ascii: "\\") ? 2 : 1)
        }
        advance()
        lastEnd = position
    }

    /// Whether the `/` here begins a regular expression rather than divides.
    private func regexStartsHere() -> Bool {
        let before = tokens.last?.text ?? "("
        guard ["(", "=", ",", ":", "[", "{", "return", "in", "case"].contains(before) else {
            return false
        }
        guard let next = peek(1), !" \t\n),".utf8.contains(next) else { return false }
        let rest = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        return rest.contains(UInt8(ascii: "/"))
    }

    private mutating func regex(hashes: Int) {
        append(.string, "/")
        advance(hashes + 1)
        let end = "/" + String(repeating: "#", count: hashes)
        while let byte = peek(), !startsHere(end) {
            if byte == UInt8(ascii: "\n"), hashes == 0 { return }
            advance(byte == UInt8(ascii: "\\") ? 2 : 1)
        }
        advance(hashes + 1)
        lastEnd = position
    }
}
