/// What stands for a character on a terminal that has only ASCII; one column each.
package enum ASCIITwin {
    /// The twin of a character; itself when it is printable ASCII, `?` when it has none.
    package static func of(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x20..<0x7F: return scalar
        case 0x2400...0x2421: return "^"
        case 0x2500...0x257F: return line(scalar)
        case 0x2580...0x259F: return block(scalar)
        case 0x2800: return " "
        case 0x2801...0x28FF: return braille(scalar)
        default: return table[scalar] ?? "?"
        }
    }

    private static func line(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "─", "━", "┄", "┅", "┈", "┉", "╌", "╍", "╴", "╶", "╸", "╺", "╼", "╾": "-"
        case "│", "┃", "┆", "┇", "┊", "┋", "╎", "╏", "╵", "╷", "╹", "╻", "╽", "╿", "║": "|"
        case "═": "="
        case "╱": "/"
        case "╲": "\\"
        default: "+"
        }
    }

    /// Fuller blocks get fuller signs.
    private static func block(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "▁", "▂", "░", "▏", "▎", "▔", "▕": "."
        case "▃", "▄", "▍", "▌": ":"
        case "▅", "▆", "▒", "▋", "▊", "▐", "▀": "+"
        default: "#"
        }
    }

    private static func braille(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch (scalar.value & 0xFF).nonzeroBitCount {
        case 0...2: "."
        case 3...5: ":"
        default: "#"
        }
    }

    private static let table: [Unicode.Scalar: Unicode.Scalar] = [
        "\u{A0}": " ", "·": ".", "•": "*", "‣": ">", "…": "~", "–": "-", "—": "-", "−": "-",
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "«": "<", "»": ">", "‹": "<", "›": ">",
        "×": "x", "÷": "/", "±": "+", "°": "o", "µ": "u", "≤": "<", "≥": ">", "≠": "#", "≈": "~",
        "←": "<", "→": ">", "↑": "^", "↓": "v", "↔": "-", "↕": "|", "⇐": "<", "⇒": ">",
        "↳": "`", "↵": "<", "↻": "@", "↺": "@", "⟳": "@", "⟲": "@", "⇡": "^", "⇣": "v",
        "▶": ">", "▸": ">", "►": ">", "▷": ">", "◀": "<", "◂": "<", "◄": "<", "◁": "<",
        "▲": "^", "▴": "^", "△": "^", "▵": "^", "▼": "v", "▾": "v", "▽": "v", "▿": "v",
        "●": "*", "○": "o", "◌": ".", "◍": "o", "◎": "o", "◉": "*", "◐": "o", "◑": "o",
        "◒": "o", "◓": "o", "◔": "o", "◕": "o", "◦": "o", "■": "#", "□": "o", "▪": "*", "▫": "o",
        "◆": "*", "◇": "o", "◈": "*", "★": "*", "☆": "*", "✓": "+", "✔": "+", "✗": "x", "✘": "x",
        "✕": "x", "✖": "x", "⚠": "!", "⊘": "0", "⊗": "x", "⊙": "o", "⏸": "=", "⏵": ">", "⏹": "#",
        "☐": "o", "☑": "+", "☒": "x", "⌛": "%", "⧗": "%", "⋯": "~", "⋮": ":", "§": "S",
        "\u{FFFD}": "?",
    ]
}
