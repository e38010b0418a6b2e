import Model
import Terminal

/// A question before something is done: to what, what it comes to, and how to answer.
struct DialogView {
    let model: ConsoleModel
    let dialog: Dialog

    func draw(in room: Rect, _ pen: inout Pen) {
        let frame = frame(in: room, pen)
        let heading = isDangerous ? Role.danger : .dialogTitle
        let inside = pen.box(frame.rect, heading: self.heading, headingRole: heading)
        let (body, foot) = inside.splitBottom(frame.footRows)
        draw(frame.lines, in: body, &pen)
        drawInputs(in: foot.splitBottom(1).rest, &pen)
        drawButtons(in: foot.line(foot.rows - 1), &pen)
    }

    private typealias Frame = (rect: Rect, lines: [StyledLine], footRows: Int)

    private func frame(in room: Rect, _ pen: Pen) -> Frame {
        let width = min(76, room.columns - 2)
        let lines = text(pen).flatMap { Wrap.line($0, width: width - 4) }
        // Where there is little room, none is spent on a blank line.
        let blank = room.rows < 16 ? 0 : 1
        let foot = (dialog.typedWord.isEmpty ? 1 : 2) + blank + 1
        return (room.centered(rows: lines.count + foot + 2, columns: width), lines, foot)
    }

    /// How many lines do not fit.
    var hiddenLines: Int {
        let pen = Pen(rows: 0, columns: 0, theme: model.theme, isASCII: model.settings.isASCII)
        let frame = frame(in: model.layout.screen.splitBottom(2).rest, pen)
        return max(0, frame.lines.count - bodyRows(frame) + 1)
    }

    private func bodyRows(_ frame: Frame) -> Int { max(1, frame.rect.rows - 2 - frame.footRows) }

    /// What does not fit is counted: nobody is to think that this was all.
    private func draw(_ lines: [StyledLine], in rect: Rect, _ pen: inout Pen) {
        guard lines.count > rect.rows else {
            for (index, line) in lines.enumerated() { put(line, in: rect.line(index), &pen) }
            return
        }
        let room = max(0, rect.rows - 1)
        let first = min(dialog.scroll, lines.count - room)
        for (index, line) in lines.dropFirst(first).prefix(room).enumerated() {
            put(line, in: rect.line(index), &pen)
        }
        let hidden = lines.count - first - room
        let rest = hidden > 0 ? "… \(hidden) more lines; j shows them" : "k goes back"
        put(StyledLine(rest, .caution), in: rect.line(room), &pen)
    }

    /// Text in a dialog has the dialog's background, whatever its role.
    private func put(_ line: StyledLine, in rect: Rect, _ pen: inout Pen) {
        pen.put(line.pieces, in: rect)
        let background = pen.theme[.dialog].background
        pen.grid.restyle(rect) { $0.background = background }
    }

    // MARK: Words

    private var isDangerous: Bool {
        switch dialog.deed {
        case .job(let action, _), .lane(let action, _): action.isDangerous
        case .submit(_, _, let isDangerous): isDangerous
        }
    }

    private var heading: String {
        switch dialog.deed {
        case .job(let action, let job): "\(action.title) \(job.id)?"
        case .lane(let action, let lane): "\(action.title) \(lane)?"
        case .submit(let submission, let label, _): "\(label): \(submission.target.name)?"
        }
    }

    private func text(_ pen: Pen) -> [StyledLine] {
        switch dialog.deed {
        case .job(let action, let job): about(job, action, pen)
        case .lane(let action, let lane):
            [.field("Lane", lane), .field("Does", action.meaning)]
        case .submit(let submission, _, _): about(submission)
        }
    }

    private func about(_ submission: Submission) -> [StyledLine] {
        let names = submission.parameters.keys.sorted()
        let parameters = names.enumerated().map { index, name in
            StyledLine.field(
                index == 0 ? "With" : "",
                "\(name) = \(submission.parameters[name] ?? "")"
            )
        }
        return [
            .field("Submits", submission.kind), .field("Target", submission.target.description),
            .field("As", submission.user),
        ] + parameters
    }

    private func about(_ job: CapturedJob, _ action: OperatorAction, _ pen: Pen) -> [StyledLine] {
        let glyph = pen.glyph(Glyphs.state(job.state))
        var lines = [
            StyledLine.field("Job", job.text),
            .field("State", "\(glyph) \(job.state.word) at \(job.at.timeOfDay)", Role(job.state)),
        ]
        lines += changes(since: job, pen)
        lines.append(.field("Does", action.meaning))
        if case .stop(let level) = action { lines += consequences(level, job) }
        return lines
    }

    private func changes(since job: CapturedJob, _ pen: Pen) -> [StyledLine] {
        guard let now = model.known(job.id), now.state != job.state else { return [] }
        let state = "\(pen.glyph(Glyphs.state(now.state))) \(now.state.word)"
        guard model.hasMoved(job) else { return [.field("Now", state, Role(now.state))] }
        return [
            .field(
                "Now",
                "\(pen.glyph(Glyphs.alert)) \(state): it has moved on, Yes would be refused",
                .problem
            )
        ]
    }

    private func consequences(_ level: StopLevel, _ job: CapturedJob) -> [StyledLine] {
        guard let preview = dialog.preview else {
            return [.field("Undo", "finds out what will be undone…", .muted)]
        }
        return step(preview, level) + children(preview.children, job) + undo(preview.undo, level)
            + preview.warnings.map { .field("Note", $0, .caution) }
    }

    private func step(_ preview: StopPreview, _ level: StopLevel) -> [StyledLine] {
        guard let step = preview.step else { return [.field("Step", "none is at work", .muted)] }
        if level == .cancel { return [.field("Step", "“\(step)” runs to its end first")] }
        return preview.isInterruptible
            ? [.field("Step", "“\(step)” is interrupted")]
            : [
                .field(
                    "Step",
                    "“\(step)” cannot be interrupted: it runs to its end first",
                    .caution
                )
            ]
    }

    private func children(_ counts: Counts, _ job: CapturedJob) -> [StyledLine] {
        guard counts.unfinished > 0 else { return [] }
        let parts = JobState.allCases.filter { counts[$0] > 0 && !$0.isTerminal }
            .map { "\(counts[$0]) \($0.word)" }
        let sum = Quantity.children(counts.unfinished)
        let verb = counts.unfinished == 1 ? "is" : "are"
        return [
            .field(
                "Children",
                "\(sum) \(verb) stopped too: " + parts.joined(separator: ", "),
                .caution
            )
        ]
    }

    private func undo(_ names: [String], _ level: StopLevel) -> [StyledLine] {
        guard !names.isEmpty else { return [.field("Undo", "nothing has to be undone", .muted)] }
        if level == .abandon {
            return [
                .field(
                    "Undo",
                    "nothing is undone: \(Quantity.of(names.count, "step")) stay done",
                    .problem
                )
            ]
        }
        let head = "\(Quantity.of(names.count, "step")) will be undone, newest first:"
        return [.field("Undo", head)]
            + names.enumerated().map { .field("", "\($0 + 1). \($1)", .rollingBack) }
    }

    // MARK: Answering

    private func drawInputs(in rect: Rect, _ pen: inout Pen) {
        var line = 0
        if !dialog.typedWord.isEmpty {
            InputLine(
                editor: dialog.typed,
                label: "Type \(dialog.typedWord): ",
                hasCursor: dialog.focus == .typed
            ).draw(in: rect.line(0), &pen)
            line = 1
        }
        InputLine(editor: dialog.reason, label: "Reason     ", hasCursor: dialog.focus == .reason)
            .draw(in: rect.line(line), &pen)
    }

    private func drawButtons(in rect: Rect, _ pen: inout Pen) {
        let isComplete = dialog.isTypedRight && !dialog.lacksReason
        let isReady = isComplete && dialog.focus == .buttons && !isRefused
        let yes = Piece(" y \(verb) ", isReady ? (isDangerous ? .danger : .dialogTitle) : .disabled)
        let no = Piece(" n Leave it ", .selected)
        pen.put([yes, Piece("  ", .dialog), no, Piece("  " + note, .disabled)], in: rect)
    }

    private var isRefused: Bool { dialog.job.map(model.hasMoved) ?? false }

    private var verb: String {
        switch dialog.deed {
        case .job(let action, let job): "\(action.title) \(job.id)"
        case .lane(let action, let lane): "\(action.title) \(lane)"
        case .submit(let submission, _, _): "Submit \(submission.kind)"
        }
    }

    private var note: String {
        if isRefused { return "u looks again" }
        if !dialog.isTypedRight { return "the word first" }
        guard dialog.focus == .buttons else { return "Enter when done" }
        return dialog.lacksReason ? "r says why, first" : "r gives a reason"
    }
}
