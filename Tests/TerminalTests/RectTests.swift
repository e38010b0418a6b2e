import Terminal
import Testing

@Suite("Rect")
struct RectTests {
    private static let sizes = [0, 1, 2, 5, 24, 500]
    private static let wishes = [Int.min, -1, 0, 1, 3, 24, 600, Int.max]

    @Test("splits lose and invent no cell", arguments: sizes, wishes)
    func splits(size: Int, wish: Int) {
        let rect = Rect(row: 3, column: 4, rows: size, columns: size)
        let (top, below) = rect.splitTop(wish)
        #expect(top.rows == min(max(wish, 0), size) && top.rows + below.rows == size)
        #expect(below.row == top.endRow && below.endRow == rect.endRow)
        let (above, bottom) = rect.splitBottom(wish)
        #expect(bottom.rows == top.rows && bottom.row == above.endRow)
        let (left, beside) = rect.splitLeft(wish)
        #expect(left.columns == top.rows && left.columns + beside.columns == size)
        let (rest, right) = rect.splitRight(wish)
        #expect(right.columns == left.columns && right.column == rest.endColumn)
        #expect(rect.intersection(rect.inset(rows: wish, columns: wish)).rows <= size)
        let middle = rect.centered(rows: wish, columns: wish)
        #expect(rect.intersection(middle) == middle)
    }

    @Test("intersects, contains and names lines")
    func shares() {
        let rect = Rect(row: 1, column: 1, rows: 3, columns: 4)
        #expect(
            rect.intersection(Rect(rows: 2, columns: 2))
                == Rect(row: 1, column: 1, rows: 1, columns: 1)
        )
        #expect(rect.intersection(Rect(row: 9, column: 9, rows: 1, columns: 1)).isEmpty)
        #expect(rect.contains(row: 3, column: 4) && !rect.contains(row: 4, column: 4))
        #expect(rect.line(2) == Rect(row: 3, column: 1, rows: 1, columns: 4))
        #expect(rect.line(3).isEmpty && rect.line(-1).isEmpty)
        #expect(rect.inset(rows: 1, columns: 1) == Rect(row: 2, column: 2, rows: 1, columns: 2))
    }

    @Test("survives the largest numbers")
    func extremes() {
        let rect = Rect(row: .max, column: .min, rows: .max, columns: .min)
        #expect(rect.rows > 0 && rect.columns == 0)
        #expect(rect.endRow > rect.row)
    }
}
