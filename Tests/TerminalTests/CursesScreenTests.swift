import Glibc
import Terminal
import Testing

/// One after the other: there is one curses screen in a process.
@Suite("Curses screen", .serialized)
@MainActor
struct CursesScreenTests {
    private func options(
        _ pty: Pty,
        term: String = "xterm-256color",
        colors: ColorDepth = .indexed256,
        unicode: Bool = true
    ) -> ScreenOptions {
        var options = ScreenOptions(
            capabilities: TerminalCapabilities(term: term, colors: colors, unicode: unicode)
        )
        options.input = pty.far
        options.output = pty.far
        return options
    }

    private func table(rows: Int, columns: Int, tick: Int) -> Grid {
        var grid = Grid(rows: rows, columns: columns)
        for row in 0..<rows {
            let style = Style(foreground: .ansi(UInt8(row % 7 + 1)))
            grid.put("job-\(5_900 + row)", row: row, column: 0)
            grid.put("running", row: row, column: 12, style: style)
            let age = row % 10 == 0 ? "\(10 + tick) s" : "12 min"
            grid.put(age, row: row, column: columns - 8)
        }
        return grid
    }

    /// Sends a signal to this thread, which may be one of those that block them.
    private func send(_ number: Int32) {
        var (set, before) = (sigset_t(), sigset_t())
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, &before)
        raise(number)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    @Test("a tick that changes a tenth of the rows is one write of at most 300 bytes")
    func budget() throws {
        let pty = try Pty(rows: 60, columns: 200)
        try CursesScreen.run(options(pty)) { screen in
            #expect(screen.size == Rect(rows: 60, columns: 200))
            #expect(screen.present(table(rows: 60, columns: 200, tick: 0)))
            let first = pty.output()
            #expect(first.utf8.count == screen.statistics.bytes)
            for tick in 1...20 {
                screen.present(table(rows: 60, columns: 200, tick: tick))
                let sent = pty.output()
                #expect((1...300).contains(sent.utf8.count))
                #expect(sent.utf8.count == screen.statistics.lastFrameBytes)
            }
            #expect(screen.statistics.writes == 21 && screen.statistics.frames == 21)
        }
    }

    @Test("nothing is sent when nothing changed")
    func unchanged() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            screen.present(table(rows: 24, columns: 80, tick: 0))
            _ = pty.output()
            screen.present(table(rows: 24, columns: 80, tick: 0))
            #expect(pty.output() == "")
            #expect(screen.statistics.writes == 1)
            screen.invalidate()
            screen.present(table(rows: 24, columns: 80, tick: 0))
            #expect(pty.output().contains("job-5900"))
        }
    }

    @Test("the terminal is given back as it was")
    func restores() throws {
        let pty = try Pty(rows: 24, columns: 80)
        let before = pty.modes
        let screen = try CursesScreen.start(options(pty))
        #expect(pty.modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
        screen.present(Grid(rows: 24, columns: 80))
        #expect(pty.output().contains("\u{1B}[?2004h"))
        screen.stop()
        screen.stop()
        let after = pty.modes
        #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
        #expect(after.c_oflag == before.c_oflag)
        let left = pty.output()
        #expect(left.contains("\u{1B}[?2004l") && left.contains("\u{1B}[?1049l"))
        #expect(screen.present(Grid(rows: 1, columns: 1)))
        #expect(pty.output() == "")
    }

    @Test("keys typed arrive, and a lone ESC after a moment")
    func keys() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            pty.type("j\u{1B}[A\u{03}")
            #expect(screen.wait(for: [], milliseconds: 5_000).hasInput)
            #expect(
                screen.readInput() == [.key(.character("j")), .key(Key(.up)), .key(.ctrl("c"))]
            )
            pty.type("\u{1B}")
            var inputs: [Input] = []
            for _ in 0..<3 where inputs.isEmpty {
                _ = screen.wait(for: [], milliseconds: 5_000)
                inputs = screen.readInput()
            }
            #expect(inputs == [.key(Key(.escape))])
        }
    }

    @Test("a descriptor wakes the wait")
    func descriptors() throws {
        let pty = try Pty(rows: 24, columns: 80)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        try CursesScreen.run(options(pty)) { screen in
            #expect(screen.wait(for: [ends[0]], milliseconds: 0) == Wake())
            write(ends[1], "x", 1)
            #expect(screen.wait(for: [ends[0]], milliseconds: 5_000).descriptors == [ends[0]])
        }
    }

    @Test("another size is adopted and drawn whole")
    func resizes() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            screen.present(table(rows: 24, columns: 80, tick: 0))
            _ = pty.output()
            pty.resize(rows: 10, columns: 40)
            send(SIGWINCH)
            #expect(screen.wait(for: [], milliseconds: 5_000).events.contains(.resized))
            #expect(screen.size == Rect(rows: 10, columns: 40))
            screen.present(table(rows: 24, columns: 80, tick: 0))
            let sent = pty.output()
            #expect(sent.contains("job-5909") && !sent.contains("job-5910"))
        }
    }

    @Test("signals become events", arguments: [SIGTERM, SIGINT, SIGTSTP, SIGHUP])
    func signals(number: Int32) throws {
        let expected: [Int32: ScreenEvents] = [
            SIGTERM: .terminated, SIGINT: .interrupted, SIGTSTP: .suspendAsked, SIGHUP: .hungUp,
        ]
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            send(number)
            #expect(screen.wait(for: [], milliseconds: 5_000).events == expected[number])
            #expect(screen.wait(for: [], milliseconds: 0).events == [])
        }
    }

    @Test("a terminal that is gone is told once and waited for no more")
    func hangUp() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            pty.hangUp()
            var events = screen.wait(for: [], milliseconds: 5_000).events
            if screen.readInput().isEmpty, events == [] {
                events = screen.wait(for: [], milliseconds: 5_000).events
            }
            #expect(events == .hungUp)
            #expect(screen.wait(for: [], milliseconds: 0) == Wake())
            #expect(screen.present(Grid(rows: 1, columns: 1)))
        }
    }

    @Test("nothing in data reaches the terminal as a command", arguments: 1...30)
    func hostile(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pty = try Pty(rows: 20, columns: 70)
        try CursesScreen.run(options(pty)) { screen in
            var grid = Grid(rows: 20, columns: 70)
            for row in 0..<20 {
                grid.put("\u{1B}]52;c;eA==\u{07}\u{9B}6n", row: row, column: 0)
                grid.put(generator.hostileText(length: 60), row: row, column: 12)
            }
            screen.present(grid)
            let sent = pty.output()
            #expect(!sent.contains("\u{1B}]") && !sent.contains("\u{1B}P"))
            let controls = sent.unicodeScalars.filter { scalar in
                scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            }
            #expect(
                controls.allSatisfy { "\u{1B}\r\n\u{08}\u{0F}\u{0E}\t".unicodeScalars.contains($0) }
            )
            #expect(!sent.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x200D })
        }
    }

    @Test(
        "types without colours, or unknown, still work",
        arguments: ["vt100", "linux", "no-such"]
    )
    func types(term: String) throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty, term: term)) { screen in
            var grid = Grid(rows: 24, columns: 80)
            grid.put("red", row: 0, column: 0, style: Style(foreground: .rgb(255, 0, 0)))
            screen.present(grid)
            #expect(pty.output().contains("red"))
            #expect((screen.capabilities.colors == .mono) == (term == "vt100"))
        }
    }

    @Test("without colours and Unicode only ASCII and attributes are sent")
    func modest() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty, colors: .mono, unicode: false)) { screen in
            var grid = Grid(rows: 24, columns: 80)
            let style = Style(foreground: .ansi(1), background: .ansi(4), attributes: .bold)
            grid.put("┌─ 日本 ▶ ok", row: 0, column: 0, style: style)
            screen.present(grid)
            let sent = pty.output()
            #expect(sent.contains("+- ???? > ok"))
            #expect(!sent.contains("[31") && !sent.contains("[44"))
            #expect(sent.utf8.allSatisfy { $0 < 0x80 })
        }
    }

    @Test("starting says clearly why it cannot")
    func refuses() throws {
        let pty = try Pty(rows: 24, columns: 80)
        #expect(throws: StartError.cannotMoveCursor("dumb")) {
            _ = try CursesScreen.start(options(pty, term: "dumb"))
        }
        var none = options(pty)
        none.output = open("/dev/null", O_WRONLY)
        defer { close(none.output) }
        #expect(throws: StartError.notATerminal) { _ = try CursesScreen.start(none) }
        try CursesScreen.run(options(pty)) { _ in
            _ = #expect(throws: StartError.alreadyStarted) {
                _ = try CursesScreen.start(options(pty))
            }
        }
    }

    @Test("the cursor shows where the grid says, and hides again")
    func cursor() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            var grid = Grid(rows: 24, columns: 80)
            screen.present(grid)
            #expect(pty.output().contains("\u{1B}[?25l"))
            grid.cursor = Grid.Cursor(row: 3, column: 4)
            screen.present(grid)
            let shown = pty.output()
            #expect(shown.contains("\u{1B}[4;5H") && shown.contains("\u{1B}[?25h"))
            grid.cursor = nil
            screen.present(grid)
            #expect(pty.output().contains("\u{1B}[?25l"))
        }
    }

    @Test("the clipboard gets text only as base64")
    func clipboard() throws {
        let pty = try Pty(rows: 24, columns: 80)
        try CursesScreen.run(options(pty)) { screen in
            screen.copy("vm-7\u{07}")
            #expect(pty.output() == "\u{1B}]52;c;dm0tNwc=\u{07}")
        }
    }
}
