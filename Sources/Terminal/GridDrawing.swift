/// Drawing.
extension Grid {
    /// Writes a text into one row, cut off at the edges of the grid.
    ///
    /// A wide character of which only one half would fit leaves a blank there.
    ///
    /// - Parameters:
    ///   - text: Any text; see ``Sanitizer`` for what becomes of control characters and the like.
    ///   - row: The row; outside the grid nothing is drawn.
    ///   - column: Where the text begins; may lie left of the grid.
    ///   - style: How it looks.
    ///   - limit: The most columns it may take.
    /// - Returns: Columns taken from `column` on, those left of the grid included.
    @discardableResult
    package mutating func put(
        _ text: String,
        row: Int,
        column: Int,
        style: Style = .plain,
        limit: Int? = nil
    ) -> Int {
        put(text[...], row: row, column: column, style: style, limit: limit)
    }

    /// Writes a part of a text; the same as with a whole one.
    @discardableResult
    package mutating func put(
        _ text: Substring,
        row: Int,
        column: Int,
        style: Style = .plain,
        limit: Int? = nil
    ) -> Int {
        guard row >= 0, row < rows, column < columns, column > -(1 << 30) else { return 0 }
        let room = min(columns - column, max(limit ?? .max, 0))
        guard room > 0 else { return 0 }
        let span = Span(row: row, start: column, end: column + room)
        let quick = text.utf8.withContiguousStorageIfAvailable { bytes in
            putASCII(bytes, span, style)
        }
        return (quick ?? nil) ?? putClusters(text, span, style)
    }

    /// Fills a part with one character, wide ones included.
    package mutating func fill(
        _ rect: Rect,
        style: Style = .plain,
        with character: Character = " "
    ) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        var reader = ClusterReader(String(character))
        let cluster = reader.next() ?? Cluster(base: " ", width: 1)
        if cluster.width == 1 { return fill(area, Cell(cluster, style: style)) }
        for row in area.row..<area.endRow {
            let span = Span(row: row, start: area.column, end: area.endColumn)
            var column = area.column
            while column < area.endColumn {
                column += place(cluster, at: column, span, style)
            }
        }
    }

    /// Fills a part that is inside with one narrow cell.
    private mutating func fill(_ area: Rect, _ cell: Cell) {
        for row in area.row..<area.endRow {
            mend(row: row, from: area.column, to: area.endColumn)
            let first = row * columns
            cells.withUnsafeMutableBufferPointer { cells in
                for place in first + area.column..<first + area.endColumn { cells[place] = cell }
            }
        }
    }

    /// Changes how a part of a row looks and leaves its characters.
    package mutating func restyle(row: Int, columns range: Range<Int>, style: Style) {
        let inside = range.clamped(to: 0..<columns)
        let rect = Rect(row: row, column: inside.lowerBound, rows: 1, columns: inside.count)
        restyle(rect) { $0 = style }
    }

    /// Changes the look of each cell in a part and leaves its characters.
    package mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for row in area.row..<area.endRow {
            let start = row * columns
            for column in area.column..<area.endColumn {
                change(&cells[start + column].style)
            }
        }
    }
}
