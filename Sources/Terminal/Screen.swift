/// What a screen tells besides keys; several can be told at once.
package struct ScreenEvents: OptionSet, Hashable, Sendable {
    /// The events as bits.
    package let rawValue: UInt8

    /// Makes a set of its bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The terminal has another size now; present again.
    package static let resized = ScreenEvents(rawValue: 1 << 0)
    /// The process was asked to end (SIGTERM).
    package static let terminated = ScreenEvents(rawValue: 1 << 1)
    /// The process was interrupted from outside (SIGINT); Ctrl-C is a key.
    package static let interrupted = ScreenEvents(rawValue: 1 << 2)
    /// The terminal is gone; nothing can be shown or read any more.
    package static let hungUp = ScreenEvents(rawValue: 1 << 3)
    /// The process was asked from outside to pause (SIGTSTP); call ``Screen/suspend()``.
    package static let suspendAsked = ScreenEvents(rawValue: 1 << 4)
    /// The process goes on after a pause; present again.
    package static let resumed = ScreenEvents(rawValue: 1 << 5)
    /// The terminal takes output again after a frame was dropped; present again.
    package static let drained = ScreenEvents(rawValue: 1 << 6)

    /// Events after which the screen shows something else than was presented last.
    package static let needsFrame: ScreenEvents = [.resized, .resumed, .drained]
    /// Events after which the program should end.
    package static let mustEnd: ScreenEvents = [.terminated, .interrupted, .hungUp]
}

/// Why a wait ended; empty when its time was over.
package struct Wake: Hashable, Sendable {
    /// Whether ``Screen/readInput()`` has something to tell.
    package var hasInput = false
    /// Those of the awaited descriptors that can be read, or are closed.
    package var descriptors: [Int32] = []
    /// What happened besides.
    package var events: ScreenEvents = []

    /// Makes a reason; for screens made for tests.
    package init(
        hasInput: Bool = false,
        descriptors: [Int32] = [],
        events: ScreenEvents = []
    ) {
        self.hasInput = hasInput
        self.descriptors = descriptors
        self.events = events
    }
}

/// What was sent to the terminal so far.
package struct ScreenStatistics: Hashable, Sendable {
    /// Frames that changed something.
    package var frames = 0
    /// Frames not sent because the terminal was too slow to take them.
    package var dropped = 0
    /// Bytes of all frames.
    package var bytes = 0
    /// Bytes of the last frame that changed something.
    package var lastFrameBytes = 0
    /// Calls of write(2) for frames.
    package var writes = 0

    /// Starts at nought.
    package init() {}
}

/// A terminal's screen as the console's loop sees it; all of it belongs to the main thread.
@MainActor
package protocol Screen: AnyObject {
    /// Rows and columns now.
    var size: Rect { get }
    /// What the screen can show; less than the environment promised, perhaps.
    var capabilities: TerminalCapabilities { get }
    /// What was sent so far.
    var statistics: ScreenStatistics { get }

    /// Shows a grid, sending only what changed, in one write.
    ///
    /// - Parameter grid: What to show; what is beyond the screen's size is cut off.
    /// - Returns: False when the terminal is too slow and the frame was dropped: present the
    ///   newest again after ``ScreenEvents/drained``.
    @discardableResult
    func present(_ grid: Grid) -> Bool

    /// Waits for keys, events, or one of some descriptors to be readable.
    ///
    /// - Parameters:
    ///   - descriptors: What to wait for besides the terminal.
    ///   - milliseconds: The longest wait; negative for no limit.
    /// - Returns: What ended the wait.
    func wait(for descriptors: [Int32], milliseconds: Int) -> Wake

    /// All input that has come; does not wait.
    func readInput() -> [Input]

    /// Sends everything anew with the next frame, should something else have drawn on the screen.
    func invalidate()

    /// Hands the terminal back and pauses the process; returns, screen retaken, when it goes on.
    ///
    /// The size may be another then; present again.
    func suspend()

    /// Hands the terminal back for as long as the body runs, an editor for example; present again
    /// afterwards, to the size of then.
    func released<Result>(_ body: () throws -> Result) rethrows -> Result

    /// Rings the terminal's bell.
    func bell()

    /// Puts a text on the clipboard of the person at the terminal, also over ssh (OSC 52).
    ///
    /// - Parameter text: At most 64 KiB of it are copied.
    func copy(_ text: String)
}
