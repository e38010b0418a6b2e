import Testing

@Suite("Lexer")
struct LexerTests {
    /// Each text holds exactly one `{` that counts, and one `}`.
    @Test(
        "counts no brace that is not code",
        arguments: [
            "f() { } // {",
            "f() { /* { /* { */ } */ }",
            #"f() { "{" }"#,
            #"f() { "\" {" }"#,
            ##"f() { #"\" + "{"# }"##,
            "f() { \"\"\"\n  { \" \"\"\n\"\"\" }",
            ##"f() { #"""{ " """# }"##,
            #"f(/{/) { }"#,
            #"f() { a = /[{"]/ }"#,
            "f() { #/ { \" /# }",
            "f() { `{` }",
            #"f() { "\(g("}"))" }"#,
        ]
    )
    func braces(text: String) {
        let lexer = Lexer(text)

        #expect(lexer.tokens.count { $0.text == "{" } == 1)
        #expect(lexer.tokens.count { $0.text == "}" } == 1)
    }

    @Test("finds the code inside a string")
    func interpolation() {
        let words = Lexer(#"let a = "x \(f("y \(b)", c)) z" + d"#).tokens
            .filter { $0.kind == .word }.map(\.text)

        #expect(words == ["let", "a", "f", "b", "c", "d"])
    }

    @Test("takes a raw string's backslash for what it is")
    func rawString() {
        let words = Lexer(##"let a = #"\(no) \#(yes) \"# + b"##).tokens
            .filter { $0.kind == .word }.map(\.text)

        #expect(words == ["let", "a", "yes", "b"])
    }

    @Test("divides where a division is meant")
    func division() {
        let words = Lexer("let a = b / c { / d").tokens.filter { $0.kind == .word }.map(\.text)

        #expect(words == ["let", "a", "b", "c", "d"])
    }

    @Test("knows the line of each token and each comment")
    func lines() {
        let lexer = Lexer("a /* b\nc */ d\n\"\"\"\n\n\"\"\" e // f")

        #expect(lexer.tokens.filter { $0.kind == .word }.map(\.line) == [1, 2, 5])
        #expect(lexer.comments == [1: "/* b", 2: "c */", 5: "// f"])
    }

    @Test("tells what stands close to the token before")
    func glued() {
        #expect(
            Lexer("a! !b \"\"!").tokens.map(\.isGlued) == [false, true, false, true, false, true]
        )
    }

    @Test("reads C's characters, and its comments that do not nest")
    func c() {
        let lexer = Lexer("f('\"', '\\'', '{'); /* /* */ g", language: .c)

        #expect(lexer.tokens.filter { $0.kind == .word }.map(\.text) == ["f", "g"])
    }

    @Test(
        "ends with the text, however that ends",
        arguments: ["\"", "\"\"\"", "/*", "\"\\(", "`", "#", "#\"", "\"\\", "/", "'", "", "é"]
    )
    func unfinished(text: String) {
        #expect(Lexer("a \(text)").tokens.first?.text == "a")
        #expect(Lexer("a \(text)", language: .c).tokens.first?.text == "a")
    }
}
