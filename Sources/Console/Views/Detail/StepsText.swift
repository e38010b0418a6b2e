import Model
import Terminal

/// The steps of a job: how far each is, how often it was begun, and what takes it back.
struct StepsText {
    let detail: JobDetail
    let context: CellContext

    func lines(width: Int) -> [StyledLine] {
        guard !detail.steps.isEmpty else {
            return [StyledLine("Its plan is not made yet.", .muted)]
        }
        let longest = detail.steps.map { CellWidth.of($0.step.name) }.max() ?? 0
        let name = min(longest, max(12, width - 44))
        return detail.steps.flatMap { lines(for: $0, nameWidth: name) } + legend
    }

    private func lines(for record: StepRecord, nameWidth: Int) -> [StyledLine] {
        let role = Glyphs.role(record.state)
        var pieces = [
            Piece("\(context.text(Glyphs.step(record.state))) ", role),
            Piece(padded("\(record.index + 1)", 3)),
            Piece(padded(record.step.name, nameWidth) + " "),
            Piece(padded(record.state.rawValue, 12), role),
        ]
        pieces.append(Piece(padded(record.attempts > 0 ? "\(record.attempts)x" : "", 4), .muted))
        pieces.append(Piece(padded(time(record), 7), .muted))
        pieces += marks(record)
        var lines = [StyledLine(pieces)]
        if !record.message.isEmpty, record.state != .done {
            lines.append(StyledLine([Piece("      "), Piece(record.message, .muted)]))
        }
        return lines
    }

    private func time(_ record: StepRecord) -> String {
        guard let started = record.startedAt else { return "" }
        return Span.short((record.finishedAt ?? context.now) - started)
    }

    private func marks(_ record: StepRecord) -> [Piece] {
        var marks: [Piece] = []
        let step = record.step
        if record.undo != .none {
            let role: Role = record.undo == .failed ? .problem : .rollingBack
            let tries = record.undoAttempts > 1 ? " \(record.undoAttempts)x" : ""
            marks.append(
                Piece("\(context.text(Glyphs.undo)) undo \(record.undo.rawValue)\(tries) ", role)
            )
        } else if let undo = step.undo {
            marks.append(Piece("\(context.text(Glyphs.undo)) \(undo.verb) ", .muted))
        }
        if step.isPointOfNoReturn {
            marks.append(Piece("\(context.text(Glyphs.pointOfNoReturn)) no return ", .caution))
        }
        if !step.isInterruptible {
            marks.append(Piece("\(context.text(Glyphs.uninterruptible)) no interrupt ", .caution))
        }
        if step.isEndAction { marks.append(Piece("end action ", .muted)) }
        if case .children(let children) = step.work {
            marks.append(Piece(Quantity.children(children.jobs.count) + " ", .muted))
        }
        return marks
    }

    private var legend: [StyledLine] {
        [
            .empty,
            StyledLine(
                "\(context.text(Glyphs.undo)) has an undo   "
                    + "\(context.text(Glyphs.pointOfNoReturn)) after it nothing is undone   "
                    + "\(context.text(Glyphs.uninterruptible)) cannot be interrupted",
                .muted
            ),
        ]
    }

    private func padded(_ text: String, _ width: Int) -> String {
        let text = CellWidth.cut(text, to: width)
        return text + String(repeating: " ", count: max(0, width - CellWidth.of(text)))
    }
}
