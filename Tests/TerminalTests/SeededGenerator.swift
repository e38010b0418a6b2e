/// Chance that is the same in each run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text of bytes and scalars that nobody would write with good intent.
    mutating func hostileText(length: Int) -> String {
        let nasty: [UInt32] = [
            0x1B, 0x07, 0x9B, 0x90, 0x0D, 0x0A, 0x09, 0x7F, 0x200B, 0x200D, 0x202E, 0x2066,
            0xFEFF, 0xFE0F, 0x301, 0x20E3, 0x1F468, 0x1F3FD, 0x1F1F8, 0x1F1EA, 0x65E5, 0x41,
            0x1100, 0x1161, 0xE0041, 0xAD, 0x2028, 0x5B, 0x5D, 0x3B, 0x10FFFF, 0xFFFE, 0x2764,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<length {
            let value =
                Int.random(in: 0..<4, using: &self) == 0
                ? UInt32.random(in: 0...0x10FFFF, using: &self)
                : nasty[Int.random(in: 0..<nasty.count, using: &self)]
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}
