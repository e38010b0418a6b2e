import CNcurses
import Glibc

/// The real terminal, drawn on by ncurses into memory and sent in one write a frame.
///
/// There is one in a process. It is taken by ``start(_:)`` or ``run(_:_:)``, and given back by
/// ``stop()``, at exit, and by handlers when the process crashes or is ended.
@MainActor
package final class CursesScreen: Screen {
    private static var current: CursesScreen?

    /// Rows and columns now.
    package private(set) var size: Rect
    /// What is really used: never more than was asked for.
    package let capabilities: TerminalCapabilities
    /// What was sent so far.
    package private(set) var statistics = ScreenStatistics()

    private let options: ScreenOptions
    private let modes: PrivateModes
    private var painter: Painter
    private var keyboard: Keyboard
    private var isStopped = false
    private var isBehind = false
    private var mustEnter = true
    private var buffer: [UInt8] = []
    private var saver = LookSaver()

    private init(_ options: ScreenOptions, term: String, unicode: Bool, size: Rect) {
        self.options = options
        self.size = size
        painter = Painter(wanted: options.capabilities.colors, unicode: unicode)
        capabilities = TerminalCapabilities(term: term, colors: painter.colors, unicode: unicode)
        modes = Self.knowsPrivateModes ? PrivateModes(options) : PrivateModes()
        keyboard = Keyboard(descriptor: options.input)
    }

    // MARK: Beginning and end

    /// Takes the terminal over.
    ///
    /// - Parameter options: Which terminal, and how.
    /// - Returns: The screen; ``stop()`` must be called in the end.
    /// - Throws: When it is no terminal, or one that cannot show the console.
    package static func start(_ options: ScreenOptions) throws(StartError) -> CursesScreen {
        guard current == nil else { throw .alreadyStarted }
        guard isatty(options.input) == 1, isatty(options.output) == 1 else { throw .notATerminal }
        let unicode = cn_set_locale(options.capabilities.unicode) && options.capabilities.unicode
        // Before ncurses, which would else install handlers of its own.
        try check("sigaction", cn_watch_signals())
        let size = measure(options.output)
        do {
            let term = try startCurses(options.capabilities, size)
            let screen = CursesScreen(options, term: term, unicode: unicode, size: size)
            try screen.takeTerminal()
            current = screen
            return screen
        } catch {
            cn_stop()
            cn_unwatch_signals()
            throw error
        }
    }

    /// Takes the terminal over for as long as `body` runs, and gives it back however that ends.
    ///
    /// - Parameters:
    ///   - options: Which terminal, and how.
    ///   - body: What is done with the screen.
    /// - Returns: What the body returns.
    /// - Throws: ``StartError``, or what the body throws.
    package static func run<Result>(
        _ options: ScreenOptions,
        _ body: (CursesScreen) throws -> Result
    ) throws -> Result {
        let screen = try start(options)
        defer { screen.stop() }
        return try body(screen)
    }

    /// Gives the terminal back; further calls do nothing.
    package func stop() {
        guard !isStopped else { return }
        isStopped = true
        cn_release()
        cn_stop()
        cn_unwatch_signals()
        Self.current = nil
    }

    private static func startCurses(
        _ wanted: TerminalCapabilities,
        _ size: Rect
    ) throws(StartError) -> String {
        for term in TerminalTypes.candidates(for: wanted) {
            let result = cn_start(
                term,
                Int32(size.rows),
                Int32(size.columns),
                wanted.colors != .mono
            )
            switch Int(result) {
            case CN_OK: return term
            case CN_NO_CURSOR_MOVES where term == wanted.term: throw .cannotMoveCursor(term)
            case CN_NO_MEMORY: throw .system(call: "memfd_create", errno: errno)
            default: continue
            }
        }
        throw .unknownType(wanted.term)
    }

    private static func check(_ call: String, _ error: Int32) throws(StartError) {
        if error != 0 { throw .system(call: call, errno: error) }
    }

    /// Takes the modes, with all that leaves the terminal clean made ready beforehand.
    private func takeTerminal() throws(StartError) {
        var restore = modes.leave
        for name in ["sgr0", "op", "cnorm", "rmcup"] {
            restore += TerminalTypes.withoutDelays(Self.capability(name))
        }
        // Without a second screen to leave, at least the prompt gets a line of its own.
        if Self.capability("rmcup").isEmpty { restore += [0x0D, 0x0A] }
        let error = restore.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { cn_take(options.input, options.output, $0, text.count) } ?? 0
            }
        }
        try Self.check("tcsetattr", error)
    }

    private static func capability(_ name: String) -> [UInt8] {
        guard let text = cn_capability(name) else { return [] }
        return Array(UnsafeBufferPointer(start: text, count: strlen(text))).map(
            UInt8.init(bitPattern:)
        )
    }

    /// Terminals with mouse reports know, or quietly skip, xterm's private modes.
    private static var knowsPrivateModes: Bool { !capability("kmous").isEmpty }

    private static func measure(_ output: Int32) -> Rect {
        var (rows, columns): (Int32, Int32) = (24, 80)
        _ = cn_size(output, &rows, &columns)
        return Rect(
            rows: min(Int(rows), Grid.largest),
            columns: min(Int(columns), Grid.largest)
        )
    }

    // MARK: Showing

    /// Shows a grid in one write; see ``Screen/present(_:)``.
    @discardableResult
    package func present(_ grid: Grid) -> Bool {
        guard !isStopped, !keyboard.isGone else { return true }
        let frame = grid.resized(rows: size.rows, columns: size.columns)
        guard mustEnter || isBehind || !painter.isShown(frame) else { return true }
        guard cn_can_write(options.output) else {
            isBehind = true
            statistics.dropped += 1
            return false
        }
        isBehind = false
        painter.draw(frame)
        gather()
        guard !buffer.isEmpty else { return true }
        send()
        return true
    }

    /// Puts the bytes of a frame together.
    private func gather() {
        buffer.removeAll(keepingCapacity: true)
        var length = 0
        let bytes = cn_update(&length)
        guard length > 0 || mustEnter else { return }
        if options.synchronizedOutput, !modes.enter.isEmpty { buffer += PrivateModes.beginUpdate }
        if let bytes {
            bytes.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
                saver.append(UnsafeBufferPointer(start: bytes, count: length), to: &buffer)
            }
        }
        if mustEnter {
            buffer += modes.enter
            mustEnter = false
        }
        if options.synchronizedOutput, !modes.enter.isEmpty { buffer += PrivateModes.endUpdate }
    }

    private func send() {
        let (error, writes) = write(buffer)
        statistics.frames += 1
        statistics.bytes += buffer.count
        statistics.lastFrameBytes = buffer.count
        statistics.writes += writes
        switch error {
        case 0: break
        case EINTR, EAGAIN: invalidate()  // cut off in the middle; what is shown is not known
        default: keyboard.lose()
        }
    }

    /// Sends bytes to the terminal.
    ///
    /// - Returns: An errno or 0, and the calls it took.
    private func write(_ bytes: [UInt8]) -> (error: Int32, calls: Int) {
        var calls: Int32 = 0
        let error = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { cn_write(options.output, $0, text.count, &calls) } ?? 0
            }
        }
        return (error, Int(calls))
    }

    /// Sends everything anew with the next frame.
    package func invalidate() {
        guard !isStopped else { return }
        painter.forget()
        saver.forget()
        cn_invalidate()
    }

    /// Rings the bell.
    package func bell() {
        guard !isStopped, !keyboard.isGone else { return }
        _ = write([0x07])
    }

    /// Puts text on the clipboard, where the terminal has one; see ``Screen/copy(_:)``.
    package func copy(_ text: String) {
        guard !isStopped, !keyboard.isGone, !modes.enter.isEmpty else { return }
        _ = write(Clipboard.sequence(for: text))
    }

    // MARK: Waiting

    /// Waits for keys, signals, descriptors, or the end of the time.
    package func wait(for descriptors: [Int32], milliseconds: Int) -> Wake {
        guard !isStopped else { return Wake() }
        var wake = keyboard.wait(
            for: descriptors,
            output: isBehind ? options.output : nil,
            milliseconds: milliseconds
        )
        let signals = Int(cn_take_signals())
        if signals & CN_TERMINATED != 0 { wake.events.insert(.terminated) }
        if signals & CN_INTERRUPTED != 0 { wake.events.insert(.interrupted) }
        if signals & CN_STOP_ASKED != 0 { wake.events.insert(.suspendAsked) }
        if signals & CN_HUNG_UP != 0 { keyboard.lose() }
        if keyboard.tellLoss() { wake.events.insert(.hungUp) }
        if signals & CN_CONTINUED != 0 {
            // Stopped by a signal that nobody can catch: a shell may have had the terminal since.
            retake()
            wake.events.insert(.resumed)
        }
        if signals & (CN_RESIZED | CN_CONTINUED) != 0, adoptSize() { wake.events.insert(.resized) }
        return wake
    }

    /// All input that has come; an ESC alone comes once it is sure that nothing follows.
    package func readInput() -> [Input] {
        isStopped ? [] : keyboard.read()
    }

    /// Takes over the terminal's size.
    ///
    /// - Returns: Whether it is another one.
    private func adoptSize() -> Bool {
        let now = Self.measure(options.output)
        guard now != size else { return false }
        size = now
        cn_resize(Int32(now.rows), Int32(now.columns))
        painter.forget()
        return true
    }

    // MARK: Handing the terminal back for a while

    /// Pauses the process' group with the terminal handed back; present again afterwards.
    package func suspend() {
        guard !isStopped else { return }
        released { cn_pause() }
        // The pause's own end is no news.
        let others = Int(cn_take_signals()) & ~(CN_CONTINUED | CN_STOP_ASKED)
        cn_post_signals(UInt32(others))
    }

    /// Hands the terminal back while the body runs; present again afterwards.
    package func released<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard !isStopped else { return try body() }
        cn_leave()
        cn_release()
        defer {
            retake()
            _ = adoptSize()
        }
        return try body()
    }

    private func retake() {
        cn_retake()
        cn_leave()
        painter.forget()
        saver.forget()
        mustEnter = true
    }
}
