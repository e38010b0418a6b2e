import Terminal

/// A list of things to choose from.
struct MenuView {
    let menu: Menu

    func draw(in room: Rect, _ pen: inout Pen) {
        let label = menu.items.map { pen.width($0.label) }.max() ?? 0
        let note = menu.items.map { pen.width($0.refusal ?? $0.note) }.max() ?? 0
        let width = max(pen.width(menu.title) + 8, label + note + 12)
        let rect = room.centered(rows: menu.items.count + 2, columns: min(room.columns - 2, width))
        let inside = pen.box(rect, heading: menu.title, headingRole: .dialogTitle)
        // A long menu is moved so that what the cursor is on stays inside.
        let first = max(0, menu.cursor - inside.rows + 1)
        for (line, item) in menu.items.dropFirst(first).prefix(inside.rows).enumerated() {
            draw(
                item,
                isChosen: first + line == menu.cursor,
                label: label,
                in: inside.line(line),
                &pen
            )
        }
    }

    private func draw(
        _ item: MenuItem,
        isChosen: Bool,
        label: Int,
        in rect: Rect,
        _ pen: inout Pen
    ) {
        let isDisabled = item.refusal != nil
        let gap = String(repeating: " ", count: max(0, label - pen.width(item.label)))
        let pieces = [
            Piece(isChosen ? "› " : "  ", .dialog),
            Piece("\(item.key)  ", isDisabled ? .disabled : .key),
            Piece(item.label + gap + "  ", isDisabled ? .disabled : .dialog),
            Piece(item.refusal ?? item.note, .disabled),
        ]
        pen.put(pieces, in: rect)
        let background = pen.theme[.dialog].background
        pen.grid.restyle(rect) { $0.background = background }
        if isChosen { pen.restyle(rect, role: .selected) }
    }
}
