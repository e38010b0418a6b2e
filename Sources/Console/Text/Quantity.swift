/// Numbers in few columns.
enum Quantity {
    /// A count in at most five columns: `999`, `9999`, `12k`, `1.2M`, `34M`.
    static func short(_ count: Int) -> String {
        switch count {
        case ..<10_000: "\(count)"
        case ..<1_000_000: "\(count / 1000)k"
        case ..<10_000_000: "\(count / 1_000_000).\(count / 100_000 % 10)M"
        default: "\(count / 1_000_000)M"
        }
    }

    /// A count with the right form of its noun: `1 step`, `3 steps`.
    static func of(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A count of children: `1 child`, `3 children`.
    static func children(_ count: Int) -> String { count == 1 ? "1 child" : "\(count) children" }

    /// Memory given in MB: `512 MB`, `16 GB`.
    static func memory(_ megabytes: Int) -> String {
        guard megabytes >= 1024 else { return "\(megabytes) MB" }
        let tenths = megabytes * 10 / 1024
        let fraction = tenths % 10
        return fraction == 0 ? "\(tenths / 10) GB" : "\(tenths / 10).\(fraction) GB"
    }

    /// Jobs a second: `0`, `0.4`, `12`, `25k`.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond > 0 else { return "0" }
        guard perSecond < 10 else { return short(Int(min(perSecond, 1e12))) }
        let tenths = Int((perSecond * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
