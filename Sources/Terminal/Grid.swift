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
