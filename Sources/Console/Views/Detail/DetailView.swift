import Model
import Terminal

/// The pane with everything about one job.
struct DetailView {
    let model: ConsoleModel
    let pane: DetailPane

    func draw(in rect: Rect, _ pen: inout Pen) {
        guard !rect.isEmpty else { return }
        drawHeading(in: rect.line(0), &pen)
        let lines = DetailText.lines(pane, model.cellContext, width: rect.columns)
        drawTabs(in: rect.line(1), count: lines.count, &pen)
        drawBody(lines, in: model.layout.detailBody, &pen)
    }

    private func drawHeading(in rect: Rect, _ pen: inout Pen) {
        let role: Role = model.hasDetailFocus ? .focus : .border
        pen.horizontalRule(rect, role: role)
        let inside = rect.inset(rows: 0, columns: 1)
        guard let job = pane.detail?.job ?? model.known(pane.job) else {
            pen.put(" \(pane.job) ", in: inside, role: role)
            return
        }
        let state = " \(pen.glyph(Glyphs.state(job.state))) \(job.state.word) \(job.progress)% "
        pen.put(
            [Piece(" \(job.id) \(job.kind) \(job.target) ", role), Piece(state, Role(job.state))],
            in: inside
        )
    }

    private func drawTabs(in rect: Rect, count: Int, _ pen: inout Pen) {
        let tabs = DetailTab.allCases.map { tab in
            Piece(" \(tab.rawValue) ", tab == pane.tab ? .activeTab : .heading)
        }
        let used = pen.put(tabs, in: rect)
        pen.putRight(place(count), in: rect.splitLeft(used + 1).rest, role: .muted)
    }

    /// What part of the lines is visible, and how they were chosen.
    private func place(_ count: Int) -> String {
        var facts: [String] = []
        if pane.tab == .log {
            if pane.isFollowing { facts.append("follows") }
            if pane.level > .debug { facts.append("\(pane.level.rawValue)+") }
        }
        if !pane.search.isEmpty { facts.append("/\(pane.search)") }
        let height = model.layout.detailBody.rows
        if count > height {
            let first = min(pane.scroll, max(0, count - height))
            facts.append("\(first + 1)-\(min(count, first + height))/\(count)")
        }
        return facts.joined(separator: " ")
    }

    private func drawBody(_ lines: [StyledLine], in rect: Rect, _ pen: inout Pen) {
        guard !rect.isEmpty else { return }
        if pane.isMissing {
            pen.put(" There is no \(pane.job). Esc closes this.", in: rect.line(0), role: .problem)
            return
        }
        guard pane.detail != nil else {
            let text = model.trouble ?? "Reads \(pane.job)…"
            pen.put(" " + text, in: rect.line(0), role: model.trouble == nil ? .muted : .problem)
            return
        }
        // The pane may have grown, or the lines become fewer, since it was scrolled.
        let first = min(max(0, pane.scroll), max(0, lines.count - rect.rows))
        for line in 0..<min(rect.rows, lines.count - first) {
            draw(lines[first + line], at: first + line, in: rect.line(line), &pen)
        }
    }

    private func draw(_ line: StyledLine, at place: Int, in rect: Rect, _ pen: inout Pen) {
        let inside = rect.splitLeft(1).rest
        pen.put(line.pieces, in: inside)
        if place == pane.found { pen.restyle(rect, role: .selectedBlurred) }
        guard !pane.search.isEmpty else { return }
        let text = pen.shown(line.plain).lowercased()
        let word = pane.search.lowercased()
        var from = text.startIndex
        while let range = text.range(of: word, in: from) {
            let start = CellWidth.of(text[..<range.lowerBound])
            let width = CellWidth.of(text[range])
            let column = inside.column + start
            let hit = Rect(row: rect.row, column: column, rows: 1, columns: width)
            pen.restyle(hit.intersection(rect), role: .match)
            from = range.upperBound
        }
    }
}

extension String {
    /// Where a word is found from some place on; nil for an empty word.
    fileprivate func range(of word: String, in from: Index) -> Range<Index>? {
        guard !word.isEmpty else { return nil }
        var start = from
        while start < endIndex {
            if self[start...].hasPrefix(word) { return start..<index(start, offsetBy: word.count) }
            start = index(after: start)
        }
        return nil
    }
}
