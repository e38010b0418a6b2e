import Terminal

/// Draws on a grid in the roles of a theme, in ASCII where nothing else may be used.
struct Pen {
    var grid: Grid
    let theme: Theme
    let isASCII: Bool

    init(rows: Int, columns: Int, theme: Theme, isASCII: Bool) {
        grid = Grid(rows: rows, columns: columns, style: theme[.text])
        self.theme = theme
        self.isASCII = isASCII
    }

    /// The text as it will be drawn, so that it can be measured before.
    func shown(_ text: String) -> String {
        isASCII ? Sanitizer.visible(text, ascii: true) : text
    }

    func width(_ text: String) -> Int { CellWidth.of(shown(text)) }

    func glyph(_ glyph: Glyph) -> String { glyph.text(ascii: isASCII) }

    /// Writes a text that may not leave `rect`'s first row; cut with an ellipsis.
    @discardableResult
    mutating func put(_ text: String, in rect: Rect, role: Role, ending: String = "…") -> Int {
        guard !rect.isEmpty else { return 0 }
        var text = shown(text)
        if CellWidth.of(text) > rect.columns {
            text = CellWidth.cut(text, to: rect.columns, ending: shown(ending))
        }
        return grid.put(
            text,
            row: rect.row,
            column: rect.column,
            style: theme[role],
            limit: rect.columns
        )
    }

    /// Writes at the right end of `rect`'s first row.
    mutating func putRight(_ text: String, in rect: Rect, role: Role) {
        let width = min(width(text), rect.columns)
        put(text, in: rect.splitRight(width).right, role: role)
    }

    /// Writes pieces one after the other.
    @discardableResult
    mutating func put(_ pieces: [Piece], in rect: Rect) -> Int {
        var rest = rect
        for piece in pieces where !rest.isEmpty {
            rest = rest.splitLeft(put(piece.text, in: rest, role: piece.role)).rest
        }
        return rect.columns - rest.columns
    }

    mutating func fill(_ rect: Rect, role: Role) { grid.fill(rect, style: theme[role]) }

    mutating func horizontalRule(_ rect: Rect, role: Role = .border) {
        let line = rect.line(0)
        grid.fill(line, style: theme[role], with: isASCII ? "-" : "─")
    }

    mutating func verticalRule(_ rect: Rect, role: Role = .border) {
        grid.fill(rect.splitLeft(1).left, style: theme[role], with: isASCII ? "|" : "│")
    }

    /// Draws a frame with a heading and returns what is inside.
    mutating func box(_ rect: Rect, heading: String, headingRole: Role) -> Rect {
        fill(rect, role: .dialog)
        guard rect.rows >= 3, rect.columns >= 4 else { return rect }
        let style = theme[.dialog]
        let signs: [Character] =
            isASCII ? ["-", "|", "+", "+", "+", "+"] : ["─", "│", "┌", "┐", "└", "┘"]
        let (bottom, right) = (rect.endRow - 1, rect.endColumn - 1)
        for line in [rect.line(0), rect.line(rect.rows - 1)] {
            grid.fill(line, style: style, with: signs[0])
        }
        grid.fill(rect.splitLeft(1).left, style: style, with: signs[1])
        grid.fill(rect.splitRight(1).right, style: style, with: signs[1])
        grid.put(String(signs[2]), row: rect.row, column: rect.column, style: style)
        grid.put(String(signs[3]), row: rect.row, column: right, style: style)
        grid.put(String(signs[4]), row: bottom, column: rect.column, style: style)
        grid.put(String(signs[5]), row: bottom, column: right, style: style)
        put(" \(heading) ", in: rect.line(0).inset(rows: 0, columns: 2), role: headingRole)
        return rect.inset(rows: 1, columns: 2)
    }

    /// Gives cells another role and leaves what they say.
    mutating func restyle(_ rect: Rect, role: Role) {
        let style = theme[role]
        grid.restyle(rect) { $0 = style }
    }

    /// A bar of progress, as wide as `columns`.
    mutating func bar(_ progress: Int, in rect: Rect) {
        let rect = rect.line(0)
        let done = min(max(progress, 0), 100) * rect.columns / 100
        let (left, right) = rect.splitLeft(done)
        grid.fill(left, style: theme[.barDone], with: isASCII ? "#" : "█")
        grid.fill(right, style: theme[.barRest], with: isASCII ? "." : "░")
    }
}
