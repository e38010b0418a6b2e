import Model
import Testing

@Suite("Lengths of time")
struct SpanTests {
    @Test(
        "are read as people write them",
        arguments: [
            ("90s", 90_000), ("5m", 300_000), ("2h30m", 9_000_000), ("1500ms", 1500),
            ("3d", 259_200_000), ("0.5h", 1_800_000), ("1D2H", 93_600_000), ("0s", 0),
        ] as [(String, Int64)]
    )
    func read(text: String, milliseconds: Int64) {
        #expect(Span.milliseconds(text) == milliseconds)
    }

    @Test(
        "are not read from other texts",
        arguments: ["", "5", "m", "5x", "5m3", "-5m", "5 m", "1.2.3s", ".s", "9999999999s", "٥m"]
    )
    func refused(text: String) {
        #expect(Span.milliseconds(text) == nil)
    }

    @Test("that are longer than numbers go are refused, not counted wrong")
    func tooLong() {
        #expect(Span.milliseconds(String(repeating: "999999999d", count: 200)) == nil)
    }

    @Test(
        "are shown in six columns at most",
        arguments: [
            (-5, "0ms"), (850, "850ms"), (1000, "1s"), (42_000, "42s"), (303_000, "5m03s"),
            (7_800_000, "2h10m"), (273_600_000, "3d04h"), (86_399_999, "23h59m"),
        ] as [(Int64, String)]
    )
    func short(milliseconds: Int64, text: String) {
        #expect(Span.short(milliseconds) == text)
        #expect(text.count <= 6)
    }

    @Test(
        "is told in its largest unit where it should not change each second",
        arguments: [
            (-5, "0s"), (42_000, "42s"), (192_000, "3m"), (3_960_000, "1h06m"), (180_000_000, "2d"),
        ] as [(Int64, String)]
    )
    func coarse(milliseconds: Int64, text: String) {
        #expect(Span.coarse(milliseconds) == text)
    }
}
