/// A picture made of cells: what a view draws on, a test reads, and a screen shows.
///
/// No place and no text can harm it: what lies outside is cut off, what a terminal must not be
/// sent is made visible as ``Sanitizer`` says.
package struct Grid: Hashable, Sendable {
    /// Height, 0...``largest``.
    package let rows: Int
    /// Width, 0...``largest``.
    package let columns: Int
    /// Where the cursor is shown; hidden when nothing.
    package var cursor: Cursor?
    var cells: [Cell]

    /// The greatest height and width; what asks for more gets this.
    package static let largest = 2_000

    /// A place where the cursor stands.
    package struct Cursor: Hashable, Sendable {
        /// Rows from the top, from 0.
        package let row: Int
        /// Columns from the left, from 0.
        package let column: Int

        /// Names a place, inside the grid or not.
        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// Makes an empty grid.
    package init(rows: Int, columns: Int) {
        self.rows = min(max(rows, 0), Self.largest)
        self.columns = min(max(columns, 0), Self.largest)
        cells = Array(repeating: .blank, count: self.rows * self.columns)
    }

    /// The whole of it.
    package var bounds: Rect { Rect(rows: rows, columns: columns) }

    /// The cell at a place; outside the grid all is blank.
    package subscript(row: Int, column: Int) -> Cell {
        guard bounds.contains(row: row, column: column) else { return .blank }
        return cells[row * columns + column]
    }

    /// How a cell looks; plain outside the grid.
    package func style(row: Int, column: Int) -> Style {
        self[row, column].style
    }
}

extension Grid {
    /// The same picture, cut off or filled up with blanks to another size.
    package func resized(rows: Int, columns: Int) -> Grid {
        if rows == self.rows, columns == self.columns { return self }
        var grid = Grid(rows: rows, columns: columns)
        grid.cursor = cursor
        let width = min(self.columns, grid.columns)
        for row in 0..<min(self.rows, grid.rows) {
            for column in 0..<width {
                grid.cells[row * grid.columns + column] = cells[row * self.columns + column]
            }
            let last = row * grid.columns + width - 1
            // The other half of a wide character was cut off.
            if width > 0, grid.cells[last].isLeading { grid.cells[last] = grid.cells[last].erased }
        }
        return grid
    }

    /// The cells of a row that exists.
    func line(_ row: Int) -> ArraySlice<Cell> {
        cells[(row * columns)..<((row + 1) * columns)]
    }
}
