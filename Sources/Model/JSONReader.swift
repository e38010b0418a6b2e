extension JSONValue {
    /// The value that a text is; nil if it is not JSON, or nested too deep.
    package init?(json text: String) {
        guard let value = JSONReader.value(of: text) else { return nil }
        self = value
    }
}

/// Reads JSON strictly, keeping the order of keys and the way in which numbers are written.
struct JSONReader {
    /// How deep lists and objects may be nested.
    static let deepestNesting = 64

    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    /// The value that a text is; nil if it is not JSON, or nested too deep.
    static func value(of text: String) -> JSONValue? {
        var reader = JSONReader(bytes: Array(text.utf8))
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        return reader.place == reader.bytes.count ? value : nil
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func value() -> JSONValue? {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            return list(closedBy: "}") { $0.member() }.map(JSONValue.object)
        case UInt8(ascii: "["): return list(closedBy: "]") { $0.value() }.map(JSONValue.array)
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func list<Element>(
        closedBy close: String,
        element: (inout Self) -> Element?
    ) -> [Element]? {
        place += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { return nil }
        var elements: [Element] = []
        skipSpace()
        if take(close) { return [] }
        repeat {
            guard let element = element(&self) else { return nil }
            elements.append(element)
            skipSpace()
        } while take(",")
        return take(close) ? elements : nil
    }

    private mutating func member() -> JSONValue.Member? {
        skipSpace()
        guard next == UInt8(ascii: "\""), let key = string() else { return nil }
        skipSpace()
        guard take(":"), let value = value() else { return nil }
        return JSONValue.Member(key, value)
    }

    private mutating func number() -> JSONValue? {
        let start = place
        _ = take("-")
        let whole = digits()
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        if take("."), digits().isEmpty { return nil }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            if digits().isEmpty { return nil }
        }
        return .number(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func digits() -> ArraySlice<UInt8> {
        let found = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        place = found.endIndex
        return found
    }

    private mutating func string() -> String? {
        place += 1
        var units: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case ..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                units.append(contentsOf: UTF8.encode(scalar) ?? .init())
            default: units.append(byte)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return unicode()
        default: return nil
        }
    }

    /// A character of four digits, or of two halves; a half that stands alone is replaced.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let before = place
        guard take("\\u"), let second = hexadecimal(), UTF16.isTrailSurrogate(second) else {
            place = before
            return "\u{FFFD}"
        }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(value)
    }

    private mutating func hexadecimal() -> UInt16? {
        guard place + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[place..<(place + 4)], as: UTF8.self)
        place += 4
        return digits.allSatisfy(\.isHexDigit) ? UInt16(digits, radix: 16) : nil
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[place...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }
}
