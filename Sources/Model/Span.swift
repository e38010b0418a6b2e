/// Lengths of time as people write them: `90s`, `5m`, `2h30m`, `1500ms`.
package enum Span {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Milliseconds of a written span; nil if it is not one.
    ///
    /// A bare number is not a span.
    package static func milliseconds(_ text: String) -> Int64? {
        var total: Int64 = 0
        var rest = Substring(text.lowercased())
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), number < 1e9,
                let unit = units.first(where: { $0.name == name })
            else { return nil }
            let (sum, isTooLong) = total.addingReportingOverflow(
                Int64(number * Double(unit.milliseconds))
            )
            guard !isTooLong else { return nil }
            total = sum
        }
        return total
    }

    /// The same with a minus sign allowed before it.
    static func signedMilliseconds(_ text: String) -> Int64? {
        guard text.hasPrefix("-") else { return milliseconds(text) }
        return milliseconds(String(text.dropFirst())).map { -$0 }
    }

    /// A span that reads back as the same number of milliseconds: `1h30m`, `90s500ms`.
    package static func exact(_ milliseconds: Int64) -> String {
        guard milliseconds != 0 else { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for (name, length) in units.reversed() where rest >= UInt64(length) {
            text += "\(rest / UInt64(length))\(name)"
            rest %= UInt64(length)
        }
        return text
    }

    /// A span in at most six columns, for tables: `850ms`, `42s`, `5m03s`, `2h10m`, `3d04h`.
    package static func short(_ milliseconds: Int64) -> String {
        let value = max(0, milliseconds)
        let seconds = value / 1000
        return switch value {
        case ..<1000: "\(value)ms"
        case ..<60_000: "\(seconds)s"
        case ..<3_600_000: "\(seconds / 60)m\(twoDigits(seconds % 60))s"
        case ..<86_400_000: "\(seconds / 3600)h\(twoDigits(seconds / 60 % 60))m"
        default: "\(seconds / 86_400)d\(twoDigits(seconds / 3600 % 24))h"
        }
    }

    /// A span in its largest unit only, for text that should not change each second: `42s`, `5m`.
    package static func coarse(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3600)h\(twoDigits(seconds / 60 % 60))m"
        default: "\(seconds / 86_400)d"
        }
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
