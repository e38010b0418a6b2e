/// JSON objects whose values are all strings: parameters by name.
///
/// Written by hand because parameters are written with most jobs and steps, and a general coder
/// takes longer than the insert itself. Names are sorted, so that equal parameters are equal text.
enum FlatJSON {
    /// The object as JSON text; nil for no parameters.
    static func encode(_ values: [String: String]) -> String? {
        guard !values.isEmpty else { return nil }
        var out: [UInt8] = [UInt8(ascii: "{")]
        out.reserveCapacity(values.count * 32)
        // Most have one.
        for key in values.count == 1 ? Array(values.keys) : values.keys.sorted() {
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            append(key, to: &out)
            out.append(UInt8(ascii: ":"))
            append(values[key] ?? "", to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return String(decoding: out, as: UTF8.self)
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        defer { out.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: mustBeEscaped) else {
            return out.append(contentsOf: text.utf8)
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case ..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                out.append(contentsOf: "\\u00".utf8)
                out.append(hex[Int(byte >> 4)])
                out.append(hex[Int(byte & 15)])
            default: out.append(byte)
            }
        }
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// The parameters in JSON text as ``encode(_:)`` writes it; nil if it is something else.
    static func decode(_ text: String?) -> [String: String]? {
        guard let text else { return [:] }
        var parser = Parser(bytes: Array(text.utf8))
        return parser.object()
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        mutating func take(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func object() -> [String: String]? {
            var values: [String: String] = [:]
            guard take(UInt8(ascii: "{")) else { return nil }
            if take(UInt8(ascii: "}")) { return position == bytes.count ? values : nil }
            repeat {
                guard let key = string(), take(UInt8(ascii: ":")), let value = string()
                else { return nil }
                values[key] = value
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "}")) && position == bytes.count ? values : nil
        }

        mutating func string() -> String? {
            guard take(UInt8(ascii: "\"")) else { return nil }
            var out: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: out, as: UTF8.self) }
                guard byte == UInt8(ascii: "\\") else {
                    out.append(byte)
                    continue
                }
                guard let escaped = escape() else { return nil }
                out.append(escaped)
            }
            return nil
        }

        /// Only what ``FlatJSON/encode(_:)`` escapes: quotes, backslashes and control characters.
        mutating func escape() -> UInt8? {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "u") else { return byte }
            guard position + 4 <= bytes.count else { return nil }
            let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
            position += 4
            return UInt8(digits, radix: 16)
        }
    }
}
