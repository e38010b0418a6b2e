import Console
import Model
import Terminal
import Testing

@Suite("Whole screens")
struct ScreenGoldenTests {
    struct Screen: Sendable, CustomTestStringConvertible {
        let name: String
        let rows: Int
        let columns: Int
        var isASCII = false
        let drive: @Sendable (inout Pilot) -> Void

        init(
            _ name: String,
            _ rows: Int,
            _ columns: Int,
            ascii: Bool = false,
            _ drive: @escaping @Sendable (inout Pilot) -> Void = { _ in }
        ) {
            self.name = name
            self.rows = rows
            self.columns = columns
            isASCII = ascii
            self.drive = drive
        }

        var testDescription: String { name }
    }

    static let tables: [Screen] = [
        Screen("jobs-80x24", 24, 80),
        Screen("jobs-200x60", 60, 200),
        Screen("jobs-40x10", 10, 40),
        Screen("jobs-ascii-80x24", 24, 80, ascii: true),
        Screen("tree-80x24", 24, 80) {
            $0.press("t"); $0.refresh()
        },
        Screen("vms-80x24", 24, 80) {
            $0.press("2"); $0.send(.vms(Sample.vms))
        },
        Screen("vms-200x60", 60, 200) {
            $0.press("2"); $0.send(.vms(Sample.vms))
        },
        Screen("hosts-80x24", 24, 80) {
            $0.press("3"); $0.send(.hosts(Sample.hosts))
        },
        Screen("locks-80x24", 24, 80) {
            $0.press("4"); $0.send(.locks(Sample.locks))
        },
    ]

    static let details: [Screen] = [
        Screen("overview-80x24", 24, 80) { $0.open("Enter") },
        Screen("overview-zoomed-80x24", 24, 80) {
            $0.open("Enter"); $0.press("O")
        },
        Screen("overview-200x60", 60, 200) { $0.open("Enter") },
        Screen("steps-80x24", 24, 80) { $0.open("S") },
        Screen("steps-ascii-80x24", 24, 80, ascii: true) { $0.open("S") },
        Screen("log-80x24", 24, 80) { $0.open("L") },
        Screen("journal-80x24", 24, 80) { $0.open("i") },
        Screen("result-80x24", 24, 80) { pilot in
            pilot.command("job 5939")
            pilot.press("y")
            pilot.send(.detail(JobID(5939), Sample.detail(5939)))
        },
    ]

    static let overlays: [Screen] = [
        Screen("abort-80x24", 24, 80) { $0.ask("A") },
        Screen("abort-200x60", 60, 200) { $0.ask("A") },
        Screen("abort-40x10", 10, 40) { $0.ask("A") },
        Screen("abort-ascii-80x24", 24, 80, ascii: true) { $0.ask("A") },
        Screen("actions-80x24", 24, 80) { $0.press("x") },
        Screen("sort-80x24", 24, 80) { $0.press("s") },
        Screen("vm-actions-80x24", 24, 80) { pilot in
            pilot.press("2")
            pilot.send(.vms(Sample.vms))
            pilot.press("x")
        },
        Screen("resize-80x24", 24, 80) { pilot in
            pilot.press("2")
            pilot.send(.vms(Sample.vms))
            pilot.press("x", "z")
        },
        Screen("help-80x24", 24, 80) { $0.press("?") },
        Screen("leave-80x24", 24, 80) { $0.press("q") },
        Screen("filter-80x24", 24, 80) {
            $0.press("/"); $0.type("state:fai")
        },
        Screen("command-80x24", 24, 80) {
            $0.press(":"); $0.type("s"); $0.press("Tab")
        },
    ]

    @Test("are as they were agreed on", arguments: tables + details + overlays)
    func screens(screen: Screen) {
        var settings = ConsoleSettings()
        settings.isASCII = screen.isASCII
        var pilot = Pilot(rows: screen.rows, columns: screen.columns, settings: settings)
        screen.drive(&pilot)

        let grid = pilot.model.view()

        Golden.check(grid, screen.name)
        if screen.isASCII { #expect(grid.text.utf8.allSatisfy { $0 < 0x80 }) }
    }

    @Test("say the same without colours", arguments: tables + details + overlays)
    func mono(screen: Screen) {
        var settings = ConsoleSettings()
        (settings.isASCII, settings.isMono) = (screen.isASCII, true)
        var pilot = Pilot(rows: screen.rows, columns: screen.columns, settings: settings)
        screen.drive(&pilot)

        let grid = pilot.model.view()

        Golden.check(grid, screen.name)
        let styles = (0..<grid.rows).flatMap { row in
            (0..<grid.columns).map { grid.style(row: row, column: $0) }
        }
        #expect(styles.allSatisfy { $0.foreground == .default && $0.background == .default })
    }
}

extension Pilot {
    /// Opens the first job's details with a key, and answers what is wanted then.
    mutating func open(_ key: String) {
        press(key)
        send(.detail(JobID(5948), Sample.detail()))
    }

    /// Asks to stop the first job, and answers with a preview.
    mutating func ask(_ key: String) {
        press(key)
        send(.preview(Sample.preview(5948)))
    }
}
