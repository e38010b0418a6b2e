/// Tells quickly that a text holds no secret, which is so of nearly all texts.
enum SecretSigns {
    /// What some secret or its name would have in it, in lower case.
    private static let signs: [[UInt8]] = [
        "pass", "pwd", "secret", "token", "cred", "key", "auth", "cookie", "://", "-----begin",
        "bearer", "akia", "asia", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xox",
        "eyj",
    ].map { Array($0.utf8) }

    /// The signs that begin with each byte.
    private static let byFirst: [[[UInt8]]] = (0...255).map { byte in
        signs.filter { $0.first == UInt8(byte) }
    }

    /// Which two bytes begin a sign, one bit a pair: hardly any pair of a usual text does.
    private static let begins: [UInt64] = {
        var bits = [UInt64](repeating: 0, count: 1 << 10)
        for sign in signs {
            let pair = Int(sign[0]) << 8 | Int(sign[1])
            bits[pair >> 6] |= 1 << UInt64(pair & 63)
        }
        return bits
    }()

    /// Whether the text has to be looked at closely.
    static func mayStand(in text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { mayStand(in: $0) }
            ?? Array(text.utf8).withUnsafeBufferPointer { mayStand(in: $0) }
    }

    private static func mayStand(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > 1 else { return false }
        return begins.withUnsafeBufferPointer { begins in
            var first = lower(bytes[0])
            for place in 1..<bytes.count {
                let second = lower(bytes[place])
                let pair = Int(first) << 8 | Int(second)
                if begins[pair >> 6] & 1 << UInt64(pair & 63) != 0,
                    byFirst[Int(first)].contains(where: { fits($0, bytes, place - 1) })
                {
                    return true
                }
                first = second
            }
            return false
        }
    }

    private static func fits(
        _ sign: [UInt8],
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ place: Int
    ) -> Bool {
        guard place + sign.count <= bytes.count else { return false }
        for offset in 1..<sign.count where lower(bytes[place + offset]) != sign[offset] {
            return false
        }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }
}
