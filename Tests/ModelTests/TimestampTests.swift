import Foundation
import Model
import Testing

@Suite("Moments")
struct TimestampTests {
    static let table: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_362_080_123, "2026-11-22T15:41:20.123Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (13_574_563_200_000, "2400-02-29T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-86_400_000, "1969-12-31T00:00:00.000Z"),
        (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
    ]

    @Test("are written and read as RFC 3339 in UTC with milliseconds", arguments: table)
    func text(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.description == text)
        #expect(Timestamp(rfc3339: text) == moment)
    }

    @Test("agree with Foundation's calendar on the days of every year from 1970 to 2400")
    func everyYear() throws {
        let style = Date.ISO8601FormatStyle()
        for year in 1970...2400 {
            for day in ["01-01", "02-28", "03-01", "12-31"] {
                let date = try style.parse("\(year)-\(day)T12:34:56Z")
                #expect(Timestamp(date).description == "\(year)-\(day)T12:34:56.000Z")
            }
        }
    }

    @Test(
        "are read with offsets and any fraction",
        arguments: [
            ("2026-11-22T16:41:20.5+01:00", Int64(1_795_362_080_500)),
            ("2026-11-22T15:41:20Z", 1_795_362_080_000),
            ("2026-11-22T10:41:20-05:00", 1_795_362_080_000),
        ]
    )
    func offsets(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "are not read from other texts",
        arguments: ["", "now", "2026", "2026-13-01T00:00:00Z", "22.11.2026", "15:41:20"]
    )
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("can be as far away as their numbers go", arguments: [Int64.min, Int64.max])
    func extremes(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).description.hasSuffix("Z"))
    }

    @Test("are compared, moved and subtracted in milliseconds")
    func arithmetic() {
        let later = Samples.start + 1500
        #expect(later > Samples.start)
        #expect(later - Samples.start == 1500)
        #expect(later.timeOfDay == "15:41:21")
    }

    @Test("are one plain number in stored JSON")
    func coded() throws {
        let data = try JSONEncoder().encode([Samples.start])
        #expect(String(decoding: data, as: UTF8.self) == "[1795362080000]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [Samples.start])
    }
}
