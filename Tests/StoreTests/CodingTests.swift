import Testing

@testable import Store

@Suite("Coding of parameters and batches")
struct CodingTests {
    @Test(
        "parameters come back as they were",
        arguments: [
            [:], ["a": "b"], ["": ""], ["q\"": "\\", "n\n": "\u{0}\u{1f}"], ["ü": "日本\u{2028}"],
            ["emoji": "🚂"],
        ]
    )
    func roundTrip(_ values: [String: String]) {
        #expect(FlatJSON.decode(FlatJSON.encode(values)) == values)
    }

    @Test("names are sorted, so that equal parameters are equal text")
    func sorted() {
        #expect(
            FlatJSON.encode(["b": "2", "a": "1\t\"", "c": ""])
                == "{\"a\":\"1\\u0009\\\"\",\"b\":\"2\",\"c\":\"\"}"
        )
        #expect(FlatJSON.encode([:]) == nil)
    }

    @Test(
        "other text is refused",
        arguments: [
            "", "{", "{}x", "[]", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\"", "{\"a\":\"b\",}",
            "{\"a\":\"\\", "{\"a\":\"\\u00\"}", "{\"a\":\"\\uffff\"}", "null",
        ]
    )
    func refused(_ text: String) {
        #expect(FlatJSON.decode(text) == nil)
    }

    @Test("batches hold every row once", arguments: [0, 1, 7, 8, 9, 31, 32, 33, 72, 500])
    func batches(_ count: Int) {
        let full = Batch.fullParts(of: count, sizes: [32, 8, 1])
        let loose = Batch.parts(of: count, sizes: [256, 16, 1])

        #expect(full.flatMap { Array($0.rows) } == Array(0..<count))
        #expect(full.allSatisfy { $0.rows.count == $0.size })
        #expect(loose.flatMap { Array($0.rows) } == Array(0..<count))
        #expect(loose.allSatisfy { $0.rows.count <= $0.size })
    }
}
