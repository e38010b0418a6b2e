/// A part of a grid: where it starts and how large it is; never of negative size.
package struct Rect: Hashable, Sendable {
    /// The topmost row.
    package let row: Int
    /// The leftmost column.
    package let column: Int
    /// Height in rows, 0 or more.
    package let rows: Int
    /// Width in columns, 0 or more.
    package let columns: Int

    /// The furthest that any place or size can lie from zero; more is cut down to it.
    private static let furthest = 1 << 24

    /// Makes a rectangle; negative sizes become 0.
    package init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = min(max(row, -Self.furthest), Self.furthest)
        self.column = min(max(column, -Self.furthest), Self.furthest)
        self.rows = min(max(rows, 0), Self.furthest)
        self.columns = min(max(columns, 0), Self.furthest)
    }

    /// Makes a rectangle whose corner is the grid's own.
    package init(rows: Int, columns: Int) {
        self.init(row: 0, column: 0, rows: rows, columns: columns)
    }

    /// The first row below it.
    package var endRow: Int { row + rows }
    /// The first column right of it.
    package var endColumn: Int { column + columns }
    /// Whether there is no cell in it.
    package var isEmpty: Bool { rows == 0 || columns == 0 }

    /// Whether a cell lies in it.
    package func contains(row: Int, column: Int) -> Bool {
        row >= self.row && row < endRow && column >= self.column && column < endColumn
    }

    /// What two rectangles share; empty when they share nothing.
    package func intersection(_ other: Rect) -> Rect {
        let (top, left) = (max(row, other.row), max(column, other.column))
        return Rect(
            row: top,
            column: left,
            rows: min(endRow, other.endRow) - top,
            columns: min(endColumn, other.endColumn) - left
        )
    }
}

/// Splits: the first part gets what it asks for as far as there is room, the rest what remains.
extension Rect {
    /// Takes rows off the top.
    package func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
        let taken = min(max(count, 0), rows)
        return (
            Rect(row: row, column: column, rows: taken, columns: columns),
            Rect(row: row + taken, column: column, rows: rows - taken, columns: columns)
        )
    }

    /// Takes rows off the bottom.
    package func splitBottom(_ count: Int) -> (rest: Rect, bottom: Rect) {
        let (top, bottom) = splitTop(rows - min(max(count, 0), rows))
        return (top, bottom)
    }

    /// Takes columns off the left.
    package func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
        let taken = min(max(count, 0), columns)
        return (
            Rect(row: row, column: column, rows: rows, columns: taken),
            Rect(row: row, column: column + taken, rows: rows, columns: columns - taken)
        )
    }

    /// Takes columns off the right.
    package func splitRight(_ count: Int) -> (rest: Rect, right: Rect) {
        let (left, right) = splitLeft(columns - min(max(count, 0), columns))
        return (left, right)
    }

    /// The same with a margin taken off on each side.
    package func inset(rows margin: Int, columns side: Int) -> Rect {
        let (down, right) = (min(max(margin, 0), rows), min(max(side, 0), columns))
        return Rect(
            row: row + down,
            column: column + right,
            rows: rows - 2 * down,
            columns: columns - 2 * right
        )
    }

    /// A rectangle of the wanted size, or as much as fits, in the middle of this one.
    package func centered(rows height: Int, columns width: Int) -> Rect {
        let (height, width) = (min(max(height, 0), rows), min(max(width, 0), columns))
        return Rect(
            row: row + (rows - height) / 2,
            column: column + (columns - width) / 2,
            rows: height,
            columns: width
        )
    }

    /// One row of it, counted from its top; empty when there is no such row.
    package func line(_ number: Int) -> Rect {
        let exists = number >= 0 && number < rows
        return Rect(
            row: row + (exists ? number : 0),
            column: column,
            rows: exists ? 1 : 0,
            columns: columns
        )
    }
}
