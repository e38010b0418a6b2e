import Model

/// What the detail pane says, tab by tab.
enum DetailText {
    /// The lines of the open tab; empty while nothing is known.
    static func lines(
        _ pane: DetailPane,
        _ context: CellContext,
        width: Int
    ) -> [StyledLine] {
        guard let detail = pane.detail else { return [] }
        let room = max(1, width - 1)
        switch pane.tab {
        case .overview:
            return OverviewText(detail: detail, context: context).lines
                .flatMap { Wrap.line($0, width: room) }
        case .steps: return StepsText(detail: detail, context: context).lines(width: room)
        case .log:
            let source = MadeLog.Source(pane, detail, width: room)
            if let made = pane.madeLog, made.source == source { return made.lines }
            return wrapped(LogText.lines(detail, from: pane.level), pane, room, indent: 19)
        case .tree: return TreeText.lines(detail, context)
        case .journal: return wrapped(JournalText.lines(detail), pane, room, indent: 13)
        case .result: return ResultText.lines(detail)
        }
    }

    private static func wrapped(
        _ lines: [StyledLine],
        _ pane: DetailPane,
        _ width: Int,
        indent: Int
    ) -> [StyledLine] {
        guard pane.isWrapped else { return lines }
        return lines.flatMap { Wrap.line($0, width: width, indent: indent) }
    }
}

/// The log of a job.
enum LogText {
    static func lines(_ detail: JobDetail, from level: LogLevel) -> [StyledLine] {
        let shown = detail.log.filter { $0.level >= level }
        guard !shown.isEmpty else {
            if detail.log.isEmpty { return [StyledLine("The log is empty.", .muted)] }
            let count = detail.log.count
            return [
                StyledLine("No line from \(level.rawValue) on; \(count) below it.", .muted),
                StyledLine([Piece("v", .key), Piece(" changes the level", .muted)]),
            ]
        }
        let missing = detail.logCount - detail.log.count
        let head = missing > 0 ? [StyledLine("… \(missing) older lines", .muted)] : []
        return head + shown.map(line)
    }

    private static func line(_ line: LogLine) -> StyledLine {
        let role = Role(line.level)
        let word = line.level.rawValue.uppercased()
        let level = String(word.prefix(5)) + String(repeating: " ", count: max(0, 5 - word.count))
        return StyledLine(
            [
                Piece(line.at.timeOfDayPrecise + " ", .muted), Piece(level + " ", role),
                Piece(line.text, role),
            ],
            level: line.level
        )
    }
}

/// Every move of a job, with who and why.
enum JournalText {
    static func lines(_ detail: JobDetail) -> [StyledLine] {
        guard !detail.journal.isEmpty else { return [StyledLine("Reads the journal…", .muted)] }
        return detail.journal.map { entry in
            var move = entry.to.word
            if let from = entry.from, from != entry.to { move = "\(from.word) → \(entry.to.word)" }
            let words = entry.cause.isEmpty ? "" : ": " + entry.cause
            return StyledLine([
                Piece(entry.at.timeOfDayPrecise + " ", .muted), Piece(move, Role(entry.to)),
                Piece("  \(entry.actor)" + words, .text),
            ])
        }
    }
}

/// The tree that a job belongs to.
enum TreeText {
    static func lines(_ detail: JobDetail, _ context: CellContext) -> [StyledLine] {
        let rows = detail.tree.isEmpty ? [JobRow(job: detail.job)] : detail.tree
        return rows.map { row in
            let job = row.job
            let indent = String(repeating: "  ", count: min(max(row.depth, 0), 12))
            let isSelf = job.id == detail.job.id
            let why = Explanation.of(job, at: context.now, hasEngine: context.hasEngine)
            return StyledLine(
                [
                    Piece(isSelf ? "› " : "  ", .accent), Piece(indent),
                    Piece(
                        context.text(Glyphs.state(job.state)) + " \(job.state.word)",
                        Role(job.state)
                    ),
                    Piece("  \(job.id) ", isSelf ? .accent : .text),
                    Piece("\(job.kind) \(job.target)"),
                    Piece("  \(job.progress)%  " + why, .muted),
                ],
                job: job.id
            )
        }
    }
}

/// What a job gave back.
enum ResultText {
    static func lines(_ detail: JobDetail) -> [StyledLine] {
        let job = detail.job
        var lines: [StyledLine] = []
        if let code = job.code {
            lines.append(.field("Code", "\(code.domain) \(code.number) \(code.name)"))
        }
        if job.state.isTerminal, !job.message.isEmpty {
            lines.append(.field("Message", job.message))
        }
        guard let result = job.result, !result.isEmpty else {
            let word = job.state.isTerminal ? "It gave nothing back." : "There is no result yet."
            return lines + [StyledLine(word, .muted)]
        }
        if !lines.isEmpty { lines.append(.empty) }
        return lines
            + pretty(result).split(separator: "\n", omittingEmptySubsequences: false)
            .map { StyledLine(String($0)) }
    }

    private static func pretty(_ text: String) -> String { JSONText.pretty(text) ?? text }
}

extension Timestamp {
    /// The time of day in UTC with milliseconds: `15:41:20.250`.
    var timeOfDayPrecise: String { String(description.dropFirst(11).prefix(12)) }

    /// Date and time of day in UTC, to the second: `2026-11-22 15:41:20`.
    var dateAndTime: String { "\(description.prefix(10)) \(timeOfDay)" }
}
