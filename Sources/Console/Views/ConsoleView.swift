import Model
package import Terminal

extension ConsoleModel {
    /// The screen, drawn anew from what is known.
    package func view() -> Grid {
        let theme = settings.isMono ? theme.withoutColor : theme
        var pen = Pen(rows: rows, columns: columns, theme: theme, isASCII: settings.isASCII)
        let layout = layout
        guard !layout.isTooSmall else {
            drawTooSmall(&pen)
            return pen.grid
        }
        HeaderView(model: self).draw(in: layout.header, &pen)
        ListView(model: self).draw(in: layout.list, &pen)
        if !layout.divider.isEmpty { pen.verticalRule(layout.divider) }
        if let detail {
            DetailView(model: self, pane: detail).draw(in: layout.detail, &pen)
        }
        FooterView(model: self).draw(status: layout.status, hints: layout.hints, &pen)
        drawOverlay(&pen, above: layout)
        return pen.grid
    }

    /// What everything in tables and text panes may depend on.
    var cellContext: CellContext {
        CellContext(
            now: now,
            isASCII: settings.isASCII,
            hasEngine: hasEngine,
            isTree: jobs.isTree,
            folded: jobs.folded
        )
    }

    /// Whether an engine is alive on the store, as far as is known.
    var hasEngine: Bool { snapshot?.engine?.isAlive ?? (snapshot == nil) }

    private func drawOverlay(_ pen: inout Pen, above layout: Layout) {
        let room = layout.screen.splitBottom(2).rest
        switch overlay {
        case .dialog(let dialog): DialogView(model: self, dialog: dialog).draw(in: room, &pen)
        case .menu(let menu): MenuView(menu: menu).draw(in: room, &pen)
        case .form(let form): FormView(form: form).draw(in: room, &pen)
        case .help(let page): HelpView(page: page).draw(in: room, &pen)
        case .quit: QuitView(model: self).draw(in: room, &pen)
        case .line, nil: break
        }
    }

    private func drawTooSmall(_ pen: inout Pen) {
        let need = Layout.smallest
        var lines = [
            "\(columns)×\(rows) is too small", "needs \(need.columns)×\(need.rows)", "Q leaves",
        ]
        // The question must be seen here too: nobody is to be caught on a small screen.
        if case .quit = overlay {
            lines = ["jobs have not ended", "l leaves them running", "s stays"]
        }
        let room = Rect(rows: rows, columns: columns)
        let middle = room.centered(rows: lines.count, columns: columns)
        for (index, line) in lines.enumerated() {
            pen.put(line, in: middle.line(index), role: .text)
        }
    }
}
