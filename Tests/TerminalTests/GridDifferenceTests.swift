import Testing

@testable import Terminal

@Suite("What differs between two grids")
struct GridDifferenceTests {
    private static func grid(_ text: String, _ change: (inout Grid) -> Void = { _ in }) -> Grid {
        var grid = Grid(rows: 2, columns: 8)
        grid.put(text, row: 1, column: 0)
        change(&grid)
        return grid
    }

    @Test("all of a row if nothing was shown before, nothing if it is the same")
    func ends() {
        let grid = Self.grid("hello")
        #expect(grid.columns(of: 1, differingFrom: nil) == 0..<8)
        #expect(grid.columns(of: 1, differingFrom: grid).isEmpty)
    }

    @Test(
        "from the first to the last column that differ",
        arguments: [
            ("hello", "hallo", 1..<2), ("hello", "jello", 0..<1), ("hello", "hell", 4..<5),
            ("hello", "hxlxo", 1..<4), ("hello", "hello  x", 7..<8),
            // Both halves of a wide character, whichever grid has it.
            ("a日c", "a本c", 1..<3), ("abbc", "a日c", 1..<3), ("a日c", "abbc", 1..<3),
            ("ab日", "aab日", 1..<5),
        ]
    )
    func columns(_ before: String, _ after: String, _ expected: Range<Int>) {
        let found = Self.grid(after).columns(of: 1, differingFrom: Self.grid(before))
        #expect(found == expected)
    }

    @Test("a look alone makes a difference, of both halves of a wide character")
    func looks() {
        let plain = Self.grid("a日c")
        let styled = Self.grid("a日c") {
            $0.restyle(row: 1, columns: 2..<3, style: Style(foreground: .ansi(1)))
        }
        #expect(styled.columns(of: 1, differingFrom: plain) == 1..<3)
        #expect(plain.columns(of: 0, differingFrom: styled).isEmpty)
    }
}
