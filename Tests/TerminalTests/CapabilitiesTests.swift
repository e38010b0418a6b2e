import Terminal
import Testing

@Suite("Terminal capabilities")
struct CapabilitiesTests {
    @Test(
        "colours follow TERM, COLORTERM and NO_COLOR",
        arguments: [
            ("xterm-256color", nil, nil, ColorDepth.indexed256),
            ("xterm-256color", "truecolor", nil, .truecolor),
            ("xterm-256color", "24bit", nil, .truecolor),
            ("xterm-256color", "truecolor", "1", .mono),
            ("xterm-256color", "truecolor", "", .truecolor),
            ("xterm", nil, nil, .ansi8), ("screen", nil, nil, .ansi8),
            ("linux", nil, nil, .ansi8), ("xterm-16color", nil, nil, .ansi16),
            ("xterm-direct", nil, nil, .truecolor), ("xterm-kitty", nil, nil, .indexed256),
            ("foot", nil, nil, .indexed256), ("vt100", nil, nil, .mono),
            ("vt100", "truecolor", nil, .mono), ("dumb", nil, nil, .mono),
            ("", nil, nil, .mono), (nil, "truecolor", nil, .mono), ("rxvt-m", nil, nil, .mono),
        ] as [(String?, String?, String?, ColorDepth)]
    )
    func colors(term: String?, colorTerm: String?, noColor: String?, depth: ColorDepth) {
        var environment: [String: String] = [:]
        environment["TERM"] = term
        environment["COLORTERM"] = colorTerm
        environment["NO_COLOR"] = noColor
        let capabilities = TerminalCapabilities(environment: environment)
        #expect(capabilities.colors == depth)
        #expect(capabilities.term == term ?? "")
    }

    @Test(
        "characters follow the first locale that is set",
        arguments: [
            (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
            ([:], false), (["LC_ALL": "C", "LANG": "de_DE.UTF-8"], false),
            (["LC_ALL": "", "LANG": "de_DE.UTF-8"], true),
            (["LC_CTYPE": "sv_SE.UTF-8", "LANG": "C"], true),
            (["LC_ALL": "POSIX", "LC_CTYPE": "sv_SE.UTF-8"], false),
            (["LANG": "de_DE.ISO-8859-1"], false),
        ]
    )
    func unicode(environment: [String: String], expected: Bool) {
        #expect(TerminalCapabilities(environment: environment).unicode == expected)
    }
}
