import Model
import Terminal

/// What stands in one cell of a table.
struct TableCell {
    var text: String
    var role: Role
    /// Progress in percent, drawn as a bar before the text.
    var bar: Int?

    init(_ text: String, _ role: Role = .text, bar: Int? = nil) {
        self.text = text
        self.role = role
        self.bar = bar
    }
}

/// What cells may depend on besides their row.
struct CellContext {
    let now: Timestamp
    let isASCII: Bool
    /// Whether an engine is alive; nothing moves without one.
    var hasEngine = true
    var isTree = false
    var folded: Set<JobID> = []

    func text(_ glyph: Glyph) -> String { glyph.text(ascii: isASCII) }
}

/// One column of a table.
struct TableColumn<Row>: Sendable {
    let title: String
    /// The least width, without which the column is left out.
    let least: Int
    /// The width it takes when there is room; `.max` takes all that is left.
    let most: Int
    /// The width it gets before columns of less importance are shown, or any is widened.
    var comfortable = 0
    /// Smaller is kept longer on a narrow screen.
    let priority: Int
    var isRight = false
    let cell: @Sendable (Row, CellContext) -> TableCell
}

/// A column with the place it got.
struct PlacedColumn<Row> {
    let column: TableColumn<Row>
    var width: Int
}

enum TableLayout {
    /// Which columns fit, in their order, and how wide each is.
    static func place<Row>(_ columns: [TableColumn<Row>], width: Int) -> [PlacedColumn<Row>] {
        var left = width + 1
        var widths = Array(repeating: 0, count: columns.count)
        let ranked = columns.indices.sorted { columns[$0].priority < columns[$1].priority }
        func widen(_ index: Int, to width: Int) {
            let more = max(0, min(left, width - widths[index]))
            widths[index] += more
            left -= more
        }
        // What is left out is always less important than everything that is shown.
        for index in ranked {
            guard left >= columns[index].least + 1 else { break }
            widths[index] = columns[index].least
            left -= columns[index].least + 1
            widen(index, to: columns[index].comfortable)
        }
        let fill = columns.indices.first { columns[$0].most == .max && widths[$0] > 0 }
        if let fill { widen(fill, to: 60) }
        for index in ranked where widths[index] > 0 && columns[index].most < .max {
            widen(index, to: columns[index].most)
        }
        if let fill { widths[fill] += max(0, left) }
        return columns.indices.filter { widths[$0] > 0 }
            .map { PlacedColumn(column: columns[$0], width: widths[$0]) }
    }
}

/// A table as it is to be drawn.
struct Table<Row> {
    let columns: [TableColumn<Row>]
    let top: Int
    let cursor: Int
    let count: Int
    let hasFocus: Bool
    /// Whether all of it is old and drawn faintly.
    let isStale: Bool
    let context: CellContext
    let row: (Int) -> Row?

    /// The width of the sign before the selected row.
    private static var margin: Int { 2 }

    func draw(in rect: Rect, _ pen: inout Pen) {
        let placed = TableLayout.place(columns, width: rect.columns - Self.margin)
        drawHeadings(placed, in: rect.line(0), &pen)
        let body = rect.splitTop(1).rest
        for line in 0..<max(0, min(body.rows, count - top)) {
            draw(top + line, placed, in: body.line(line), &pen)
        }
    }

    private func drawHeadings(_ placed: [PlacedColumn<Row>], in rect: Rect, _ pen: inout Pen) {
        pen.fill(rect, role: .heading)
        var rest = rect.splitLeft(Self.margin).rest
        for item in placed {
            let (cell, more) = rest.splitLeft(item.width)
            if item.column.isRight {
                pen.putRight(item.column.title, in: cell, role: .heading)
            } else {
                pen.put(item.column.title, in: cell, role: .heading)
            }
            rest = more.splitLeft(1).rest
        }
    }

    private func draw(
        _ place: Int,
        _ placed: [PlacedColumn<Row>],
        in rect: Rect,
        _ pen: inout Pen
    ) {
        let (sign, cells) = rect.splitLeft(Self.margin)
        guard let row = row(place) else {
            pen.put("…", in: cells, role: .muted)
            return
        }
        var rest = cells
        for item in placed {
            let (cell, more) = rest.splitLeft(item.width)
            draw(item.column.cell(row, context), item.column.isRight, in: cell, &pen)
            rest = more.splitLeft(1).rest
        }
        if isStale { pen.restyle(rect, role: .muted) }
        guard place == cursor else { return }
        pen.restyle(rect, role: hasFocus ? .selected : .selectedBlurred)
        pen.put("›", in: sign, role: hasFocus ? .selected : .selectedBlurred)
    }

    private func draw(_ cell: TableCell, _ isRight: Bool, in rect: Rect, _ pen: inout Pen) {
        var rect = rect
        if let bar = cell.bar {
            let (left, rest) = rect.splitLeft(max(0, rect.columns - 5))
            if left.columns >= 3 {
                pen.bar(bar, in: left)
                rect = rest
            }
            pen.putRight(cell.text, in: rect, role: cell.role)
        } else if isRight {
            pen.putRight(cell.text, in: rect, role: cell.role)
        } else {
            pen.put(cell.text, in: rect, role: cell.role)
        }
    }
}
