import Terminal

/// A few lines to fill in.
struct FormView {
    let form: Form

    func draw(in room: Rect, _ pen: inout Pen) {
        let rect = room.centered(rows: form.fields.count + 5, columns: min(64, room.columns - 2))
        let heading = "\(form.action.label): \(form.target)"
        let inside = pen.box(rect, heading: heading, headingRole: .dialogTitle)
        let width = (form.fields.map { pen.width($0.spec.label) }.max() ?? 0) + 2
        for (index, field) in form.fields.enumerated() {
            let gap = String(repeating: " ", count: max(1, width - pen.width(field.spec.label)))
            InputLine(
                editor: field.editor,
                label: field.spec.label + gap,
                hasCursor: index == form.focus
            )
            .draw(in: inside.line(index), &pen)
        }
        let foot = inside.line(inside.rows - 1)
        if let problem = form.problem {
            pen.put(problem, in: foot, role: .problem)
        } else {
            pen.put(
                "Enter goes on; you are asked before it is submitted",
                in: foot,
                role: .disabled
            )
        }
    }
}
