extension Color {
    /// Fits the colour to what a terminal can show, by the nearest one it has.
    ///
    /// - Parameter depth: What the terminal can show.
    /// - Returns: A colour of that depth; `default` stays, and at `mono` all become `default`.
    package func reduced(to depth: ColorDepth) -> Color {
        guard self != .default else { return .default }
        switch (self, depth) {
        case (_, .mono): return .default
        case (_, .truecolor): return self
        case (.ansi(let number), .ansi8): return .ansi(number % 8)
        case (.ansi(let number), _): return .ansi(number % 16)
        case (.indexed(let number), .indexed256): return .indexed(number)
        case (.indexed(let number), .ansi16) where number < 16: return .ansi(number)
        case (.indexed(let number), .ansi8) where number < 16: return .ansi(number % 8)
        case (_, .indexed256): return .indexed(Palette.nearest(to: components))
        case (_, .ansi16): return .ansi(Palette.nearestANSI(to: components, count: 16))
        case (_, .ansi8): return .ansi(Palette.nearestANSI(to: components, count: 8))
        }
    }

    /// Red, green and blue of the colour; what `default` looks like is not known, so it is black.
    package var components: RGB {
        switch self {
        case .default: RGB(red: 0, green: 0, blue: 0)
        case .ansi(let number): Palette.color(number % 16)
        case .indexed(let number): Palette.color(number)
        case .rgb(let red, let green, let blue):
            RGB(red: Int(red), green: Int(green), blue: Int(blue))
        }
    }
}

/// Red, green and blue, 0...255 each, wide enough to calculate with.
package struct RGB: Hashable, Sendable {
    /// Red, 0...255.
    package let red: Int
    /// Green, 0...255.
    package let green: Int
    /// Blue, 0...255.
    package let blue: Int

    /// How far apart two colours look, by a weighing that suits the eye; 0 when equal.
    func distance(to other: RGB) -> Int {
        let mean = (red + other.red) / 2
        let (dr, dg, db) = (red - other.red, green - other.green, blue - other.blue)
        return (512 + mean) * dr * dr + 1024 * dg * dg + (767 - mean) * db * db
    }

    /// Greatest difference between two of the parts; 0 for a grey.
    var spread: Int { max(red, green, blue) - min(red, green, blue) }
}

/// xterm's palette of 256 colours: 16 ANSI, a cube of 6×6×6, and 24 greys.
enum Palette {
    /// The six steps along each side of the cube.
    private static let steps = [0, 95, 135, 175, 215, 255]

    /// The sixteen ANSI colours as xterm shows them unless told otherwise.
    private static let ansi: [(Int, Int, Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
        (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
        (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    /// What the palette shows at a place.
    static func color(_ number: UInt8) -> RGB {
        let place = Int(number)
        if place < 16 {
            let (red, green, blue) = ansi[place]
            return RGB(red: red, green: green, blue: blue)
        }
        if place < 232 {
            let cube = place - 16
            return RGB(
                red: steps[cube / 36],
                green: steps[cube / 6 % 6],
                blue: steps[cube % 6]
            )
        }
        let grey = 8 + 10 * (place - 232)
        return RGB(red: grey, green: grey, blue: grey)
    }

    /// The place whose colour is nearest, never one of the first 16: those follow the user's theme.
    static func nearest(to color: RGB) -> UInt8 {
        let cube = 16 + 36 * step(color.red) + 6 * step(color.green) + step(color.blue)
        let mean = (color.red + color.green + color.blue) / 3
        let grey = 232 + min(max((mean - 3) / 10, 0), 23)
        let candidates = [UInt8(cube), UInt8(grey)]
        return candidates.min { left, right in
            self.color(left).distance(to: color) < self.color(right).distance(to: color)
        } ?? UInt8(cube)
    }

    /// The nearest of the first `count` ANSI colours; what is colourful stays colourful.
    static func nearestANSI(to color: RGB, count: UInt8) -> UInt8 {
        let isGrey = color.spread < 32
        let candidates = (0..<count).filter { isGrey || self.color($0).spread > 0 }
        return candidates.min { left, right in
            self.color(left).distance(to: color) < self.color(right).distance(to: color)
        } ?? 7
    }

    private static func step(_ value: Int) -> Int {
        value < 48 ? 0 : value < 115 ? 1 : min((value - 35) / 40, 5)
    }
}
