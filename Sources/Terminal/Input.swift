/// What a mouse did, and where.
package struct Mouse: Hashable, Sendable {
    /// What happened.
    package enum Action: Hashable, Sendable {
        /// A button went down: 1 left, 2 middle, 3 right.
        case press(Int)
        /// A button, or one nobody named (0), came up.
        case release(Int)
        /// The mouse moved with a button held.
        case drag(Int)
        /// The mouse moved with none held.
        case move
        /// The wheel turned away from the user.
        case wheelUp
        /// The wheel turned towards the user.
        case wheelDown
    }

    /// What happened.
    package let action: Action
    /// The row under the pointer, from 0.
    package let row: Int
    /// The column under the pointer, from 0.
    package let column: Int
    /// Keys held meanwhile.
    package let modifiers: Modifiers

    /// Makes a report.
    package init(action: Action, row: Int, column: Int, modifiers: Modifiers = []) {
        self.action = action
        self.row = row
        self.column = column
        self.modifiers = modifiers
    }
}

/// What came from the terminal.
package enum Input: Hashable, Sendable {
    /// A key was struck.
    case key(Key)
    /// Text was pasted; line ends are `\n`, and nothing in it may act as a key.
    case paste(String)
    /// The terminal's window won (true) or lost the focus.
    case focus(Bool)
    /// The mouse did something.
    case mouse(Mouse)
    /// Bytes that mean nothing here: a broken sequence, or an answer nobody waits for.
    case unknown
}
