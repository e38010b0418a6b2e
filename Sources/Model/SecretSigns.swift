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

    /// Which bytes begin a sign, for a test of one byte that costs next to nothing.
    private static let begins: [Bool] = byFirst.map { !$0.isEmpty }

    /// Whether the text has to be looked at closely.
    static func mayStand(in text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { mayStand(in: $0) }
            ?? Array(text.utf8).withUnsafeBufferPointer { mayStand(in: $0) }
    }

    private static func mayStand(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        begins.withUnsafeBufferPointer { begins in
            for place in bytes.indices {
                let first = lower(bytes[place])
                guard begins[Int(first)] else { continue }
                for sign in byFirst[Int(first)] where fits(sign, bytes, place) { return true }
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
