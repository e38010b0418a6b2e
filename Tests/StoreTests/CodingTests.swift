import Model
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
        let loose = Batch.parts(of: count, sizes: [256, 16, 1])

        #expect(loose.flatMap { Array($0.rows) } == Array(0..<count))
        #expect(loose.allSatisfy { $0.rows.count <= $0.size })
    }

    @Test(
        "inserts write every row once, whatever the batches",
        arguments: [1, 7, 8, 9, 31, 32, 33, 72, 99]
    )
    func inserts(_ count: Int) throws {
        let store = try SQLiteStore()
        let jobs = (1...Int64(count)).map { stored($0) }

        try store.insert(jobs)

        let found = try store.read { try $0.jobs(jobs.map(\.job.id)) }
        #expect(found.sorted { $0.job.id < $1.job.id } == jobs)
        #expect(try store.read { try $0.recount().total } == count)
    }

    @Test(
        "marks stand where the list belongs",
        arguments: [
            ("a IN (?)", "a IN (?,?)"), ("f(1) IN (?) AND g(?)", "f(1) IN (?,?) AND g(?)"),
            ("(?)(?)", "(?,?)(?)"), ("(", "("), ("", ""),
        ]
    )
    func marks(_ sql: String, _ filled: String) {
        #expect(Batch.filled(sql, "?,?") == filled)
    }
}
