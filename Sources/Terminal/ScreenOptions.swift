/// What a screen is to be started with.
package struct ScreenOptions: Hashable, Sendable {
    /// What the environment says about the terminal.
    package var capabilities: TerminalCapabilities
    /// The descriptor that keys come from.
    package var input: Int32 = 0
    /// The descriptor that frames go to.
    package var output: Int32 = 1
    /// Whether the mouse is reported; selecting text with it is harder then.
    package var mouse = false
    /// Whether it is reported when the window wins or loses the focus.
    package var focus = false
    /// Whether each frame is wrapped so that terminals that know how show it at once (DEC 2026).
    package var synchronizedOutput = false

    /// Starts with what nearly everybody wants: standard input and output, no mouse.
    package init(capabilities: TerminalCapabilities) {
        self.capabilities = capabilities
    }
}

/// The sequences that ncurses does not send: private modes of xterm and those like it.
struct PrivateModes {
    /// Sent with the first frame.
    let enter: [UInt8]
    /// Sent when the terminal is handed back.
    let leave: [UInt8]

    init(_ options: ScreenOptions) {
        var modes = ["2004"]
        if options.focus { modes.append("1004") }
        if options.mouse { modes += ["1002", "1006"] }
        enter = modes.flatMap { Array("\u{1B}[?\($0)h".utf8) }
        if options.synchronizedOutput { modes.append("2026") }
        leave = modes.reversed().flatMap { Array("\u{1B}[?\($0)l".utf8) }
    }

    /// For a terminal that knows none.
    init() {
        enter = []
        leave = []
    }

    /// Begins a frame that is shown at once.
    static let beginUpdate = Array("\u{1B}[?2026h".utf8)
    /// Ends it.
    static let endUpdate = Array("\u{1B}[?2026l".utf8)
}

/// Terminal types to try, the best first.
enum TerminalTypes {
    /// The type itself, before it the twin with direct colours, after it what most understand.
    ///
    /// - Parameter capabilities: What the environment says.
    /// - Returns: Names for the terminal database.
    static func candidates(for capabilities: TerminalCapabilities) -> [String] {
        let term = capabilities.term
        var names: [String] = []
        if capabilities.colors == .truecolor, !term.contains("direct") {
            names += direct(term)
        }
        if !term.isEmpty, term.utf8.count < 128 { names.append(term) }
        for name in ["xterm-256color", "xterm", "vt100"] where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// Twins whose colours are red, green and blue; only for families known to speak alike.
    private static func direct(_ term: String) -> [String] {
        if term.hasPrefix("xterm-256") || term == "xterm" { return ["xterm-direct2"] }
        for family in ["tmux", "kitty", "alacritty", "foot", "wezterm"]
        where term == family || term.hasPrefix(family + "-256") {
            return [family + "-direct"]
        }
        return []
    }

    /// A string of the terminal database without its notes about waiting, `$<5>`.
    ///
    /// - Parameter text: The string as it is kept.
    /// - Returns: The bytes to send.
    static func withoutDelays(_ text: [UInt8]) -> [UInt8] {
        var (result, rest) = ([UInt8](), text[...])
        while let byte = rest.first {
            if byte == 0x24, rest.dropFirst().first == 0x3C, let end = rest.firstIndex(of: 0x3E) {
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
