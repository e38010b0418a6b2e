import Foundation
import Model
import Testing

@Suite("JSON as text")
struct JSONTextTests {
    @Test(
        "escapes what would break a line, a string or a terminal",
        arguments: [
            ("plain", "\"plain\""), ("", "\"\""), ("a\"b", "\"a\\\"b\""), ("a\\b", "\"a\\\\b\""),
            ("a\nb\tc\r", "\"a\\nb\\tc\\r\""), ("\u{0}\u{1B}[2J", "\"\\u0000\\u001b[2J\""),
            ("\u{7F}\u{9B}", "\"\\u007f\\u009b\""), ("\u{2028}\u{2029}", "\"\\u2028\\u2029\""),
            ("\u{202E}abc", "\"\\u202eabc\""), ("\r\n", "\"\\r\\n\""), ("é日本😀", "\"é日本😀\""),
            ("\u{E0001}", "\"\\udb40\\udc01\""), ("</script>", "\"</script>\""),
        ]
    )
    func escapes(text: String, json: String) {
        #expect(JSONText.quoted(text) == json)
    }

    @Test("reads back as what was written, whatever it is", arguments: UInt64(0)..<100)
    func readsBack(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var scalars = String.UnicodeScalarView()
        for _ in 0..<40 {
            let value = UInt32.random(in: 0..<0x400, using: &numbers)
            if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
        }
        let value = JSONValue.array([.string(String(scalars)), .object([])])
        let read = try JSONSerialization.jsonObject(with: Data(value.text.utf8)) as? [Any]
        let text = try #require(read?.first as? String)
        #expect(Array(text.unicodeScalars) == Array(scalars))
    }

    @Test("is written in one line, or in lines indented by two spaces")
    func forms() {
        let value = JSONValue.object(of: [
            "b": JSONValue(1), "a": .array([.null, .bool(true), JSONValue("x")]),
            "empty": .array([]), "none": .object([]),
        ])
        #expect(value.text == #"{"b":1,"a":[null,true,"x"],"empty":[],"none":{}}"#)
        let lines = """
            {
              "b": 1,
              "a": [
                null,
                true,
                "x"
              ],
              "empty": [],
              "none": {}
            }
            """
        #expect(value.pretty == lines)
        #expect(JSONText.pretty(value.text) == lines)
    }

    @Test("is made pretty without changing keys' order or numbers' digits")
    func keepsOrder() {
        #expect(
            JSONText.pretty("{\"z\":1.50e+3,\"a\":-0}") == "{\n  \"z\": 1.50e+3,\n  \"a\": -0\n}"
        )
        #expect(JSONText.pretty(" \"a\\u00e9\\ud83d\\ude00\\/\" ") == "\"aé😀/\"")
        #expect(JSONText.pretty(#""\ud83d x \udc00""#) == "\"\u{FFFD} x \u{FFFD}\"")
    }

    @Test(
        "is not made pretty if it is no JSON",
        arguments: [
            "", "x", "{", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", ".5", "+1", "1e", "\"a",
            "\"\\x\"",
            "\"\\u12\"", "\"\\u+123\"", "nul", "true false", "'a'", "[1 2]", "\"a\nb\"",
            "{\"a\":1,}", "NaN",
            "--1", "\u{FEFF}1",
        ]
    )
    func refused(text: String) {
        #expect(JSONText.pretty(text) == nil)
    }

    @Test("is read as deep as 64 levels, and not deeper")
    func depth() {
        let nested: (Int) -> String = {
            String(repeating: "[", count: $0) + String(repeating: "]", count: $0)
        }
        #expect(JSONText.pretty(nested(64)) != nil)
        #expect(JSONText.pretty(nested(65)) == nil)
        #expect(JSONText.pretty(String(repeating: "[{\"a\":", count: 50_000)) == nil)
    }

    @Test("lists one value a line")
    func list() {
        #expect(JSONText.list([]) == "[]")
        #expect(JSONText.list([JSONValue(1), .null]) == "[\n  1,\n  null\n]")
    }
}
