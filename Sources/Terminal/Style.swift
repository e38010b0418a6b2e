/// How text is set off, besides colour.
package struct Attributes: OptionSet, Hashable, Sendable {
    /// The attributes as bits.
    package let rawValue: UInt8

    /// Makes a set of its bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier, or brighter where the terminal has no heavy type.
    package static let bold = Attributes(rawValue: 1 << 0)
    /// Fainter.
    package static let dim = Attributes(rawValue: 1 << 1)
    /// Foreground and background exchanged.
    package static let reverse = Attributes(rawValue: 1 << 2)
    /// Underlined.
    package static let underline = Attributes(rawValue: 1 << 3)
    /// Slanted, where the terminal can.
    package static let italic = Attributes(rawValue: 1 << 4)
}

/// How a cell looks: two colours and attributes.
package struct Style: Hashable, Sendable {
    /// Colour of the glyph.
    package var foreground: Color
    /// Colour behind the glyph.
    package var background: Color
    /// Bold, dim and their like.
    package var attributes: Attributes

    /// Makes a style; what is left out is the terminal's own.
    package init(
        foreground: Color = .default,
        background: Color = .default,
        attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, without attributes.
    package static let plain = Style()

    /// The same style with attributes added.
    package func adding(_ more: Attributes) -> Style {
        Style(
            foreground: foreground,
            background: background,
            attributes: attributes.union(more)
        )
    }

    /// The same style with its colours fitted to a terminal.
    package func reduced(to depth: ColorDepth) -> Style {
        Style(
            foreground: foreground.reduced(to: depth),
            background: background.reduced(to: depth),
            attributes: attributes
        )
    }
}
