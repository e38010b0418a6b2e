/// Why the console cannot use the terminal; each says what can be done.
package enum StartError: Error, Hashable, CustomStringConvertible {
    /// Input or output is a file or a pipe.
    case notATerminal
    /// Nothing is known about the terminal's type, nor about those tried instead.
    case unknownType(String)
    /// The terminal's type has no way to move the cursor.
    case cannotMoveCursor(String)
    /// There is one screen in a process, and it is in use.
    case alreadyStarted
    /// The operating system refused; the call and its errno.
    case system(call: String, errno: Int32)

    /// A sentence for the person at the terminal.
    package var description: String {
        switch self {
        case .notATerminal:
            "The console needs a terminal, but its input or output is not one."
        case .unknownType(let term):
            "Nothing is known about the terminal type '\(Sanitizer.visible(term))'; set TERM, "
                + "for example to xterm-256color."
        case .cannotMoveCursor(let term):
            "A terminal of type '\(Sanitizer.visible(term))' cannot move its cursor; set TERM, "
                + "for example to xterm-256color, if yours can."
        case .alreadyStarted:
            "The screen is in use already."
        case .system(let call, let errno):
            "The terminal could not be set up: \(call) failed with error \(errno)."
        }
    }
}
