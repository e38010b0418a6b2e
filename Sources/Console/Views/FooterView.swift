import Model
import Terminal

/// The lines at the bottom: what happened, or what is being typed; and the keys.
struct FooterView {
    let model: ConsoleModel

    func draw(status: Rect, hints: Rect, _ pen: inout Pen) {
        if case .line(let prompt) = model.overlay {
            draw(prompt, in: status, &pen)
            if let problem = prompt.problem {
                pen.put(" " + problem, in: hints, role: .inputProblem)
                return
            }
            if !prompt.completions.isEmpty {
                pen.put(" " + prompt.completions.joined(separator: "  "), in: hints, role: .hint)
                return
            }
        } else {
            drawStatus(in: status, &pen)
        }
        drawHints(in: hints, &pen)
    }

    private func draw(_ prompt: LinePrompt, in rect: Rect, _ pen: inout Pen) {
        InputLine(editor: prompt.editor, label: prompt.sign, hasCursor: true).draw(in: rect, &pen)
    }

    private func drawStatus(in rect: Rect, _ pen: inout Pen) {
        guard let piece = status else { return }
        if piece.role == .toast { pen.fill(rect, role: .toast) }
        pen.put(" " + piece.text, in: rect, role: piece.role)
    }

    /// What matters most of all that could be said.
    private var status: Piece? {
        if let toast = model.toasts.last {
            let more = model.toasts.count > 1 ? " (and \(model.toasts.count - 1) before)" : ""
            return Piece(toast + more, .toast)
        }
        if let notice = model.notice { return notice }
        if let trouble = model.trouble { return Piece(trouble, .problem) }
        if let record = model.actions.records.last, record.result == nil {
            return Piece(record.line, .caution)
        }
        if model.openView == .jobs, model.detail == nil, let job = model.jobs.selectedRow?.job {
            return Piece(JobWhy.line(job, engineAlive: model.hasEngine, now: model.now), .muted)
        }
        return model.actions.records.last.map { Piece($0.line, .muted) }
    }

    private func drawHints(in rect: Rect, _ pen: inout Pen) {
        var rest = rect
        for hint in Keymap.hints(in: model.context) {
            let pieces = [Piece(" \(hint.key)", .key), Piece(" \(hint.label) ", .hint)]
            let width = pieces.reduce(0) { $0 + pen.width($1.text) }
            guard width <= rest.columns else { return }
            rest = rest.splitLeft(pen.put(pieces, in: rest)).rest
        }
    }
}

/// A line being typed, with its cursor in sight.
struct InputLine {
    let editor: LineEditor
    let label: String
    let hasCursor: Bool

    func draw(in rect: Rect, _ pen: inout Pen) {
        let used = pen.put(label, in: rect, role: hasCursor ? .key : .muted)
        let line = rect.splitLeft(used).rest
        guard !line.isEmpty else { return }
        pen.fill(line, role: .input)
        let head = pen.shown(editor.head)
        // A long line is moved to the left so that its cursor stays inside.
        let hidden = max(0, CellWidth.of(head) - line.columns + 1)
        let row = line.row
        var shown = Pen(rows: 1, columns: line.columns, theme: pen.theme, isASCII: pen.isASCII)
        shown.grid.put(pen.shown(editor.text), row: 0, column: -hidden, style: pen.theme[.input])
        for column in 0..<line.columns where !shown.grid[0, column].isTrailing {
            let text = shown.grid[0, column].text
            pen.grid.put(text, row: row, column: line.column + column, style: pen.theme[.input])
        }
        guard hasCursor else { return }
        let column = line.column + CellWidth.of(head) - hidden
        pen.grid.cursor = Grid.Cursor(row: row, column: column)
    }
}
