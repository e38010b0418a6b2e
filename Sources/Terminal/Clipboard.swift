/// The sequence that puts text on the clipboard of whoever sits at the terminal (OSC 52).
enum Clipboard {
    /// The most bytes that are copied.
    static let mostBytes = 64 * 1024

    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The whole sequence; the text is in it as base64 only, so it cannot end or extend it.
    ///
    /// - Parameter text: The text, cut at ``mostBytes``.
    /// - Returns: The bytes to send.
    static func sequence(for text: String) -> [UInt8] {
        Array("\u{1B}]52;c;".utf8) + base64(Array(text.utf8.prefix(mostBytes))) + [0x07]
    }

    /// Bytes as base64, filled up with `=`.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: ASCII.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(0) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let digit = digits[Int(bits >> UInt32(18 - 6 * place)) & 63]
                result.append(place <= group.count ? digit : 0x3D)
            }
        }
        return result
    }
}
