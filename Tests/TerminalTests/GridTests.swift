import Terminal
import Testing

@Suite("Grid")
struct GridTests {
    @Test("starts blank and trims what is blank")
    func blank() {
        var grid = Grid(rows: 3, columns: 6)
        #expect(grid.text == "\n\n")
        grid.put("ab", row: 1, column: 2)
        #expect(grid.text == "\n  ab\n")
        #expect(grid.text(row: 1) == "  ab")
        #expect(grid.text(row: 7) == "")
    }

    struct Clip: CustomTestStringConvertible {
        var text: String
        var column: Int
        var limit: Int?
        var row = 0
        var shown: String
        var used: Int
        var testDescription: String { "\(text) at \(row), \(column), limit \(limit ?? -1)" }
    }

    @Test(
        "cuts text off at its edges and at a limit",
        arguments: [
            Clip(text: "hello", column: 0, shown: "hello", used: 5),
            Clip(text: "hello", column: 3, shown: "   hel", used: 3),
            Clip(text: "hello", column: 6, shown: "", used: 0),
            Clip(text: "hello", column: -2, shown: "llo", used: 5),
            Clip(text: "hello", column: -5, shown: "", used: 5),
            Clip(text: "hello there", column: -2, shown: "llo th", used: 8),
            Clip(text: "hello", column: 0, limit: 2, shown: "he", used: 2),
            Clip(text: "hello", column: -1, limit: 3, shown: "el", used: 3),
            Clip(text: "hello", column: 0, limit: 0, shown: "", used: 0),
            Clip(text: "hello", column: 0, limit: -4, shown: "", used: 0),
            Clip(text: "hello", column: 0, row: 1, shown: "", used: 0),
            Clip(text: "hello", column: 0, row: -1, shown: "", used: 0),
            Clip(text: "hello", column: .max, row: .max, shown: "", used: 0),
            Clip(text: "hello", column: .min, limit: .max, row: 0, shown: "", used: 0),
            Clip(text: "日本語", column: 0, shown: "日本語", used: 6),
            Clip(text: "日本語", column: 1, shown: " 日本", used: 5),
            Clip(text: "日本語", column: -1, shown: " 本語", used: 6),
            Clip(text: "日本語", column: 0, limit: 3, shown: "日", used: 3),
            Clip(text: "é√e\u{301}x", column: 1, shown: " é√e\u{301}x", used: 4),
        ]
    )
    func clips(_ clip: Clip) {
        var grid = Grid(rows: 1, columns: 6)
        let used = grid.put(
            clip.text,
            row: clip.row,
            column: clip.column,
            style: .plain,
            limit: clip.limit
        )
        #expect(grid.text == clip.shown)
        #expect(used == clip.used)
    }

    @Test("keeps the two halves of a wide character together")
    func wideHalves() {
        var grid = Grid(rows: 1, columns: 4)
        grid.put("日本", row: 0, column: 0)
        #expect(grid[0, 0].isLeading)
        #expect(grid[0, 1].isTrailing)
        grid.put("x", row: 0, column: 1)
        #expect(grid.text == " x本")
        grid.put("y", row: 0, column: 2)
        #expect(grid.text == " xy")
        #expect(!grid[0, 3].isTrailing)
        grid.put("語", row: 0, column: 1)
        #expect(grid.text == " 語")
    }

    @Test("a wide character over two halves leaves no half behind")
    func wideOverWide() {
        var grid = Grid(rows: 1, columns: 4)
        grid.put("日本", row: 0, column: 0)
        grid.put("語", row: 0, column: 1)
        #expect(grid.text == " 語")
        #expect((0..<4).map { grid[0, $0].isTrailing } == [false, false, true, false])
    }

    @Test("shows control characters instead of obeying them")
    func sanitizes() {
        var grid = Grid(rows: 1, columns: 20)
        grid.put("a\u{1B}[31m\u{202E}b\r\nc\td", row: 0, column: 0)
        #expect(grid.text == "a␛[31m·b␍␊c d")
    }

    @Test("fills and restyles only what is inside")
    func fills() {
        var grid = Grid(rows: 2, columns: 5)
        let red = Style(foreground: .ansi(1))
        grid.fill(Rect(row: -1, column: 3, rows: 2, columns: 9), style: red, with: "-")
        #expect(grid.text == "   --\n")
        #expect(grid.style(row: 0, column: 3) == red)
        #expect(grid.style(row: 0, column: 2) == .plain)
        grid.restyle(row: 0, columns: -5..<99, style: .plain)
        #expect(grid.style(row: 0, column: 4) == .plain)
        grid.restyle(row: 5, columns: 0..<2, style: red)
        grid.restyle(grid.bounds) { $0.attributes.insert(.reverse) }
        #expect(grid.style(row: 1, column: 4).attributes == .reverse)
        grid.fill(grid.bounds, with: "語")
        #expect(grid.text == "語語\n語語")
        #expect(grid.style(row: 9, column: 9) == .plain)
    }

    @Test("takes any size", arguments: [(-1, 3), (0, 0), (1, 1), (3, 0)])
    func sizes(rows: Int, columns: Int) {
        var grid = Grid(rows: rows, columns: columns)
        grid.put("日x", row: 0, column: 0)
        grid.fill(Rect(rows: 99, columns: 99), with: "#")
        #expect(grid.rows == max(rows, 0))
        #expect(grid[0, 0].text == (rows == 1 ? "#" : " "))
    }

    @Test("limits its size")
    func largest() {
        #expect(Grid(rows: 1, columns: .max).columns == Grid.largest)
        #expect(Grid(rows: .max, columns: 1).rows == Grid.largest)
    }

    @Test("changes its size without leaving half a character")
    func resizes() {
        var grid = Grid(rows: 2, columns: 4)
        grid.put("a日c", row: 0, column: 0)
        grid.put("x", row: 1, column: 0)
        #expect(grid.resized(rows: 1, columns: 2).text == "a")
        #expect(!grid.resized(rows: 1, columns: 2)[0, 1].isLeading)
        #expect(grid.resized(rows: 3, columns: 6).text == "a日c\nx\n")
        #expect(grid.resized(rows: 0, columns: 0).text == "")
    }

    @Test("no text puts a cell out of place", arguments: 1...40)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var grid = Grid(rows: 4, columns: 13)
        for _ in 0..<60 {
            let text = generator.hostileText(length: Int.random(in: 0..<12, using: &generator))
            let row = Int.random(in: -1...4, using: &generator)
            let column = Int.random(in: -4...13, using: &generator)
            grid.put(text, row: row, column: column)
        }
        for row in 0..<4 {
            for column in 0..<13 {
                let cell = grid[row, column]
                #expect(cell.isTrailing == (column > 0 && grid[row, column - 1].isLeading))
                #expect(!(cell.isLeading && column == 12))
            }
        }
        #expect(Sanitizer.visible(grid.text(row: 0)) == grid.text(row: 0))
    }
}
