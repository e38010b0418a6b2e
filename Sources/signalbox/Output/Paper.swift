import Foundation
import Terminal

/// What standard output is like: a terminal or a file, with colours or without.
struct Paper: Sendable {
    /// Whether somebody is looking.
    let isTerminal: Bool
    /// Whether colours may be used.
    let hasColor: Bool
    /// Whether only ASCII may be written.
    let isASCII: Bool
    /// How wide a line may be; nil where lines may be as long as they like.
    let columns: Int?

    /// Judges by descriptor 1, the environment and the options.
    init(noColor: Bool, isASCII: Bool, environment: [String: String]) {
        isTerminal = isatty(1) == 1
        self.isASCII = isASCII
        let depth = TerminalCapabilities(environment: environment).colors
        hasColor = isTerminal && !noColor && depth != .mono
        columns = isTerminal ? Self.width() : nil
    }

    private static func width() -> Int? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Text from outside made safe to show.
    func safe(_ text: String) -> String { Sanitizer.visible(text, ascii: isASCII) }

    /// Safe text in a colour, where there are colours.
    func tinted(_ text: String, _ tint: Tint) -> String {
        hasColor && tint != .none ? "\u{1B}[\(tint.code)m\(text)\u{1B}[0m" : text
    }
}

/// The few colours of plain output: those of the terminal's own palette.
enum Tint {
    case none, good, bad, attention, active, faint, heading

    /// The number of the terminal's escape sequence.
    var code: String {
        switch self {
        case .none: "0"
        case .good: "32"
        case .bad: "31"
        case .attention: "33"
        case .active: "36"
        case .faint: "2"
        case .heading: "1"
        }
    }
}
