import Terminal

/// Rows in columns, as plain text.
struct Table {
    /// One column.
    struct Column {
        let title: String
        var isRight = false
        /// How wide it is at least, for rows that are printed before the others are known.
        var least = 0

        init(_ title: String, isRight: Bool = false, least: Int = 0) {
            self.title = title
            self.isRight = isRight
            self.least = least
        }
    }

    /// One cell: text from anywhere, and its colour.
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var tint: Tint = .none

        init(_ text: String, _ tint: Tint = .none) {
            self.text = text
            self.tint = tint
        }

        init(stringLiteral value: String) { text = value }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row with one cell a column.
    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    var isEmpty: Bool { rows.isEmpty }

    /// The lines, heading first; the last column is cut where the paper ends.
    func lines(on paper: Paper, hasHeading: Bool = true) -> [String] {
        let texts = rows.map { row in row.map { paper.safe($0.text) } }
        let widths = columns.indices.map { place in
            let least = max(columns[place].least, CellWidth.of(columns[place].title))
            return texts.reduce(least) { width, row in
                place < row.count ? max(width, CellWidth.of(row[place])) : width
            }
        }
        let titles = columns.map { Cell($0.title, .heading) }
        var lines = hasHeading ? [line(titles, columns.map(\.title), widths, paper)] : []
        for (row, text) in zip(rows, texts) { lines.append(line(row, text, widths, paper)) }
        return lines
    }

    private func line(
        _ cells: [Cell],
        _ texts: [String],
        _ widths: [Int],
        _ paper: Paper
    ) -> String {
        var line = ""
        var used = 0
        for (place, text) in texts.enumerated() {
            let isLast = place == texts.count - 1
            var shown = text
            if isLast, let columns = paper.columns {
                let ending = paper.isASCII ? "~" : "…"
                shown = CellWidth.cut(text, to: max(columns - used, 8), ending: ending)
            }
            let gap = String(repeating: " ", count: max(0, widths[place] - CellWidth.of(shown)))
            let tinted = paper.tinted(shown, cells[place].tint)
            if columns[place].isRight {
                line += gap + tinted
            } else {
                line += tinted + (isLast ? "" : gap)
            }
            if !isLast { line += "  " }
            used += widths[place] + 2
        }
        return line
    }

    /// Prints the table.
    func print(on paper: Paper, hasHeading: Bool = true) {
        for line in lines(on: paper, hasHeading: hasHeading) { StandardOutput.line(line) }
    }
}
