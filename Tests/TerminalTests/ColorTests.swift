import Terminal
import Testing

@Suite("Color")
struct ColorTests {
    @Test(
        "reads names and numbers",
        arguments: [
            ("default", Color.default), ("red", .ansi(1)), ("bright-red", .ansi(9)),
            ("Gray", .ansi(8)), ("white", .ansi(7)), ("bright-black", .ansi(8)),
            ("#ff8000", .rgb(255, 128, 0)), ("#F80", .rgb(255, 136, 0)), ("208", .indexed(208)),
            ("0", .indexed(0)),
        ]
    )
    func reads(text: String, color: Color) {
        #expect(Color(text) == color)
    }

    @Test(
        "refuses what is no colour",
        arguments: [
            "", "#", "#ff", "#ff80000", "#gg0000", "256", "-1", "+1", "reddish", "bright-", "#１２３",
            "bright-bright-red", " red",
        ]
    )
    func refuses(text: String) {
        #expect(Color(text) == nil)
    }

    @Test(
        "writes what it reads",
        arguments: [
            Color.default, .ansi(0), .ansi(15), .indexed(99), .rgb(1, 2, 255), .rgb(0, 0, 0),
        ]
    )
    func roundTrip(color: Color) {
        #expect(Color(color.description) == color)
    }

    struct Reduction {
        var color: Color
        var depth: ColorDepth
        var result: Color
    }

    @Test(
        "finds the nearest colour of a depth",
        arguments: [
            Reduction(color: .rgb(255, 0, 0), depth: .mono, result: .default),
            Reduction(color: .default, depth: .ansi8, result: .default),
            Reduction(color: .rgb(1, 2, 3), depth: .truecolor, result: .rgb(1, 2, 3)),
            Reduction(color: .rgb(255, 0, 0), depth: .indexed256, result: .indexed(196)),
            Reduction(color: .rgb(0, 0, 0), depth: .indexed256, result: .indexed(16)),
            Reduction(color: .rgb(255, 255, 255), depth: .indexed256, result: .indexed(231)),
            Reduction(color: .rgb(128, 128, 128), depth: .indexed256, result: .indexed(244)),
            Reduction(color: .rgb(255, 0, 0), depth: .ansi16, result: .ansi(9)),
            Reduction(color: .rgb(200, 10, 10), depth: .ansi16, result: .ansi(1)),
            Reduction(color: .rgb(200, 10, 10), depth: .ansi8, result: .ansi(1)),
            Reduction(color: .rgb(250, 250, 250), depth: .ansi8, result: .ansi(7)),
            Reduction(color: .ansi(9), depth: .ansi8, result: .ansi(1)),
            Reduction(color: .ansi(9), depth: .indexed256, result: .ansi(9)),
            Reduction(color: .indexed(196), depth: .ansi16, result: .ansi(9)),
            Reduction(color: .indexed(12), depth: .ansi8, result: .ansi(4)),
            Reduction(color: .indexed(240), depth: .truecolor, result: .indexed(240)),
        ]
    )
    func reduces(_ item: Reduction) {
        #expect(item.color.reduced(to: item.depth) == item.result)
    }

    @Test("a palette colour is its own nearest", arguments: 16...255)
    func palette(number: UInt8) {
        let (red, green, blue) = {
            let parts = Color.indexed(number).components
            return (UInt8(parts.red), UInt8(parts.green), UInt8(parts.blue))
        }()
        let nearest = Color.rgb(red, green, blue).reduced(to: .indexed256)
        #expect(nearest.components == Color.indexed(number).components)
    }

    @Test("reducing once more changes nothing", arguments: ColorDepth.allCases)
    func idempotent(depth: ColorDepth) {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let part = { (generator: inout SeededGenerator) in
                UInt8.random(in: 0...255, using: &generator)
            }
            let color = Color.rgb(part(&generator), part(&generator), part(&generator))
            let once = color.reduced(to: depth)
            #expect(once.reduced(to: depth) == once)
        }
    }
}
