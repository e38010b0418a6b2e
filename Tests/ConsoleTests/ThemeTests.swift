import Console
import Foundation
import Model
import Terminal
import Testing

@Suite("Themes")
struct ThemeTests {
    static let names = ["dark", "light", "high-contrast", "mono"]

    static func theme(_ name: String) throws -> Theme {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "themes/\(name).yaml")
        return try Theme.parse(text: String(contentsOf: file, encoding: .utf8), name: name)
    }

    @Test("the file of the dark theme is the built-in one")
    func builtIn() throws {
        #expect(try Self.theme("dark") == .builtIn)
    }

    @Test("every pair of colours can be read: a contrast of 4.5 at least", arguments: names)
    func contrast(name: String) throws {
        let theme = try Self.theme(name)
        let dialog = theme[.dialog].background
        for role in Role.allCases {
            let style = theme[role]
            // Dialogs and help draw any role on the dialog's background.
            for background in [style.background, dialog] {
                guard case .rgb = style.foreground, case .rgb = background else { continue }
                let isOwn = background == style.background
                let hasOwnBackground = style.background != theme[.text].background
                guard isOwn || !hasOwnBackground || role == .heading else { continue }
                let ratio = Self.contrast(style.foreground.components, background.components)
                #expect(ratio >= 4.5, "\(name): \(role.rawValue) has \(ratio)")
            }
        }
    }

    private static func contrast(_ one: RGB, _ other: RGB) -> Double {
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    private static func luminance(_ color: RGB) -> Double {
        let parts = [color.red, color.green, color.blue].map { value in
            let part = Double(value) / 255
            return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test("done and failed differ without telling red from green", arguments: names.dropLast())
    func colorBlind(name: String) throws {
        let theme = try Self.theme(name)
        let good = theme[.completed].foreground.components
        let bad = theme[.failed].foreground.components
        // Blue tells them apart: that is what is left to most who cannot tell red from green.
        #expect(abs(good.blue - bad.blue) > 80)
    }

    @Test("every state has a sign of its own, in ASCII too")
    func signs() {
        for ascii in [false, true] {
            var settings = ConsoleSettings()
            settings.isASCII = ascii
            let jobs = JobState.allCases.enumerated().map { index, state in
                Sample.job(Int64(100 + index), "vm.start", "vm/a", state)
            }
            let grid = Pilot(jobs: jobs, settings: settings).model.view()
            let signs = (4..<18).map { grid[$0, 8].text }
            #expect(Set(signs).count == JobState.allCases.count, "\(signs)")
        }
    }

    @Test("a state is drawn in its role; the selection covers the row")
    func styles() {
        let grid = Pilot().model.view()

        #expect(grid.style(row: 4, column: 8) == Theme.builtIn[.selected])
        #expect(grid.style(row: 5, column: 8) == Theme.builtIn[.pending])
        #expect(grid.style(row: 13, column: 8) == Theme.builtIn[.failed])
    }

    @Test(
        "what is wrong in a theme is said with its line and what is allowed",
        arguments: [
            (
                "text: { fg: red }\nrunnin: { fg: blue }",
                "line 2: no role is called “runnin”; did you mean running?"
            ),
            ("text: { fg: pinkish }", "line 1: text: “pinkish” is no colour"),
            (
                "text: { fg: red, colour: blue }",
                "line 1: text has no part “colour”; there are fg, bg, attributes"
            ),
            ("text: { attributes: [loud] }", "no attribute is called “loud”; there are bold, dim"),
            ("text: { attributes: bold }", "attributes must be a list"),
            ("text: blue", "text must be { fg:"), ("- text", "expected a mapping"),
            ("text: { fg: [", "is no YAML"), ("qqqqqqqqqqqqqqqqqq: {}", "there are text, muted"),
        ]
    )
    func errors(text: String, words: String) {
        let error = #expect(throws: ThemeError.self) { try Theme.parse(text: text, name: "mine") }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("what a theme leaves out looks as in the built-in one")
    func missing() throws {
        let theme = try Theme.parse(text: "running: { fg: \"#ffffff\" }", name: "mine")

        #expect(theme[.running].foreground == .rgb(255, 255, 255))
        #expect(theme[.failed] == Theme.builtIn[.failed])
        #expect(try Theme.parse(text: "", name: "mine")[.text] == Theme.builtIn[.text])
    }

    @Test("a command changes the theme")
    func command() throws {
        var settings = ConsoleSettings()
        settings.themes = [try Self.theme("light")]
        var pilot = Pilot(settings: settings)

        pilot.command("theme light")

        #expect(pilot.effects.contains(.setTheme("light")))
        let style = pilot.model.view().style(row: 6, column: 20)
        #expect(style.background == .rgb(0xFB, 0xFC, 0xFD))
        pilot.command("theme nothing")
        pilot.sees("themes are dark, light")
    }
}
