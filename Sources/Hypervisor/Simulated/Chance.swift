import Foundation

/// Chance drawn from names: the same seed and the same words give the same number.
///
/// Nothing is kept between draws, so the order of calls does not matter.
package enum Chance {
    /// A number in 0..<1.
    package static func unit(_ seed: UInt64, _ words: String...) -> Double {
        Double(bits(seed, words) >> 11) / Double(1 << 53)
    }

    /// A whole number in 0..<bound.
    package static func below(_ bound: Int, _ seed: UInt64, _ words: String...) -> Int {
        Int(bits(seed, words) % UInt64(max(1, bound)))
    }

    /// How long a run takes, in milliseconds: half no longer than `median`, 19 of 20 than `p95`.
    ///
    /// Long runs are rare and long, as in real life; none is longer than four times `p95`.
    package static func duration(
        median: Int64,
        p95: Int64,
        seed: UInt64,
        id: String,
        verb: String
    ) -> Int64 {
        let first = max(unit(seed, id, verb, "radius"), .leastNormalMagnitude)
        let second = unit(seed, id, verb, "angle")
        let normal = (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
        let spread = log(Double(p95) / Double(median)) / 1.645
        let drawn = Double(median) * exp(spread * normal)
        return Int64(min(max(drawn, Double(median) / 8), Double(p95) * 4).rounded())
    }

    private static func bits(_ seed: UInt64, _ words: [String]) -> UInt64 {
        // FNV-1a over the bytes, then the finisher of SplitMix64, which spreads what FNV leaves.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ mixed(seed)
        for word in words {
            for byte in word.utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
            hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
        }
        return mixed(hash)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
