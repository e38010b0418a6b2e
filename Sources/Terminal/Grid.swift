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

    /// Makes an empty grid, all of it in one look.
    package init(rows: Int, columns: Int, style: Style = .plain) {
        self.rows = min(max(rows, 0), Self.largest)
        self.columns = min(max(columns, 0), Self.largest)
        let blank = Cell(ascii: 0x20, style: style)
        cells = Array(repeating: blank, count: self.rows * self.columns)
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

    /// Some cells of a row that exists.
    func line(_ row: Int, _ columns: Range<Int>) -> ArraySlice<Cell> {
        let first = row * self.columns
        return cells[first + columns.lowerBound..<first + columns.upperBound]
    }

    /// From the first to the last column of a row that differ from a grid of the same size; all of
    /// them if there is none.
    ///
    /// Both halves of a wide character are in, or none.
    func columns(of row: Int, differingFrom other: Grid?) -> Range<Int> {
        guard let other else { return 0..<columns }
        let first = row * columns
        return cells.withUnsafeBufferPointer { cells in
            other.cells.withUnsafeBufferPointer { others in
                var (start, end) = (first, first + columns)
                while start < end, cells[start] == others[start] { start += 1 }
                while end > start, cells[end - 1] == others[end - 1] { end -= 1 }
                guard start < end else { return 0..<0 }
                if start > first, cells[start].isTrailing || others[start].isTrailing { start -= 1 }
                if end < first + columns, cells[end].isTrailing || others[end].isTrailing {
                    end += 1
                }
                return start - first..<end - first
            }
        }
    }
}
