/// How many colours a terminal can show.
package enum ColorDepth: Int, Sendable, CaseIterable, Comparable {
    /// No colour at all; only attributes tell things apart.
    case mono = 1
    /// The eight ANSI colours.
    case ansi8 = 8
    /// The eight ANSI colours and their bright twins.
    case ansi16 = 16
    /// The 256-colour palette of xterm.
    case indexed256 = 256
    /// Any red, green and blue.
    case truecolor = 16_777_216

    /// Fewer colours come first.
    package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A colour as a theme names it, before it is fitted to a terminal.
package enum Color: Hashable, Sendable {
    /// Whatever the terminal uses when nobody asks for a colour.
    case `default`
    /// One of the sixteen ANSI colours, 0...15; larger numbers count modulo 16.
    case ansi(UInt8)
    /// A place in xterm's palette of 256.
    case indexed(UInt8)
    /// Red, green and blue, 0...255 each.
    case rgb(UInt8, UInt8, UInt8)
}

extension Color {
    /// Names of the first eight ANSI colours, in their order.
    private static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    ]

    /// Reads a colour as people write it; nothing when the text is none.
    ///
    /// Understood are `default`, the eight ANSI names, the same after `bright-`, `gray` (also
    /// `grey`), `#rgb`, `#rrggbb` and a palette number 0...255; capitals do not matter.
    ///
    /// - Parameter text: The colour's name or number.
    package init?(_ text: String) {
        let name = text.lowercased()
        if name == "default" || name == "none" {
            self = .default
        } else if name == "gray" || name == "grey" {
            self = .ansi(8)
        } else if let place = Self.names.firstIndex(of: name) {
            self = .ansi(UInt8(place))
        } else if name.hasPrefix("bright-"),
            let place = Self.names.firstIndex(of: String(name.dropFirst(7)))
        {
            self = .ansi(UInt8(place + 8))
        } else if name.hasPrefix("#"), let color = Color(hex: name.dropFirst()) {
            self = color
        } else if name.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt8(name) {
            self = .indexed(number)
        } else {
            return nil
        }
    }

    /// Reads three or six hexadecimal digits.
    private init?(hex digits: Substring) {
        let values = digits.compactMap(\.hexDigitValue).map { UInt8($0) }
        guard values.count == digits.count, digits.utf8.count == digits.count else { return nil }
        switch values.count {
        case 3: self = .rgb(values[0] * 17, values[1] * 17, values[2] * 17)
        case 6:
            self = .rgb(
                values[0] * 16 + values[1],
                values[2] * 16 + values[3],
                values[4] * 16 + values[5]
            )
        default: return nil
        }
    }
}

extension Color: CustomStringConvertible {
    /// The colour as ``init(_:)`` reads it.
    package var description: String {
        switch self {
        case .default: return "default"
        case .ansi(let number):
            let name = Self.names[Int(number % 8)]
            return number % 16 < 8 ? name : "bright-" + name
        case .indexed(let number): return String(number)
        case .rgb(let red, let green, let blue):
            let digits = [red, green, blue].map { value in
                (value < 16 ? "0" : "") + String(value, radix: 16)
            }
            return "#" + digits.joined()
        }
    }
}
