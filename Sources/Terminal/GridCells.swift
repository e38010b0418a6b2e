extension Grid {
    /// The columns of one row that a text may fill; the start may lie left of the grid.
    struct Span {
        let row: Int
        let start: Int
        let end: Int
    }

    /// Writes plain ASCII, the usual case, without looking at clusters.
    ///
    /// - Returns: Columns taken, or nothing when there is more than printable ASCII.
    mutating func putASCII(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ span: Span,
        _ style: Style
    ) -> Int? {
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        let count = min(bytes.count, span.end - span.start)
        let skipped = min(max(-span.start, 0), count)
        let first = span.row * columns + span.start
        guard count > skipped else { return count }
        mend(row: span.row, from: span.start + skipped, to: span.start + count)
        cells.withUnsafeMutableBufferPointer { cells in
            for index in skipped..<count {
                cells[first + index] = Cell(ascii: bytes[index], style: style)
            }
        }
        return count
    }

    /// Writes any text, cluster by cluster.
    mutating func putClusters(_ text: Substring, _ span: Span, _ style: Style) -> Int {
        var reader = ClusterReader(text)
        var column = span.start
        while column < span.end, let cluster = reader.next() {
            column += place(cluster, at: column, span, style)
        }
        return column - span.start
    }

    /// Writes one cluster, or a blank for each half of it that is inside when the other is not.
    ///
    /// - Returns: Columns taken, 1 or 2.
    mutating func place(_ cluster: Cluster, at column: Int, _ span: Span, _ style: Style) -> Int {
        let end = min(column + cluster.width, span.end)
        let visible = max(column, 0)..<max(end, 0)
        guard !visible.isEmpty else { return end - column }
        mend(row: span.row, from: visible.lowerBound, to: visible.upperBound)
        let first = span.row * columns
        guard visible.count == cluster.width else {
            for place in visible { cells[first + place] = Cell(ascii: 0x20, style: style) }
            return end - column
        }
        cells[first + column] = Cell(cluster, style: style)
        if cluster.width == 2 { cells[first + column + 1] = .trailing(style: style) }
        return cluster.width
    }

    /// Before columns are overwritten: blanks the half that a cut wide character would leave.
    mutating func mend(row: Int, from start: Int, to end: Int) {
        let first = row * columns
        if start > 0, cells[first + start].isTrailing {
            cells[first + start - 1] = cells[first + start - 1].erased
        }
        if end < columns, cells[first + end].isTrailing {
            cells[first + end] = cells[first + end].erased
        }
    }
}

/// Reading.
extension Grid {
    /// The text of one row without trailing blanks; empty outside the grid.
    package func text(row: Int) -> String {
        guard row >= 0, row < rows else { return "" }
        var line = cells[(row * columns)..<((row + 1) * columns)]
        while let last = line.last, last.isBlank, !last.isTrailing { line.removeLast() }
        return line.reduce(into: "") { $0 += $1.text }
    }

    /// All rows without trailing blanks, one a line.
    package var text: String {
        (0..<rows).map { text(row: $0) }.joined(separator: "\n")
    }
}
