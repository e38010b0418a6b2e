import Model
import Terminal

/// The lines at the top: what runs here, how many jobs stand where, and what is being looked at.
struct HeaderView {
    let model: ConsoleModel

    func draw(in rect: Rect, _ pen: inout Pen) {
        drawTitle(in: rect.line(0), &pen)
        if rect.rows > 2 { drawCounts(in: rect.line(1), &pen) }
        drawTabs(in: rect.line(rect.rows - 1), &pen)
    }

    // MARK: The title

    private func drawTitle(in rect: Rect, _ pen: inout Pen) {
        pen.fill(rect, role: .title)
        let clock = model.isBusy ? model.now.timeOfDay : String(model.now.timeOfDay.prefix(5))
        var right = clock + "Z "
        if let throughput = model.snapshot?.throughput {
            let minute = "\(Quantity.short(throughput.endedLastMinute)) ended/min"
            let rate = "\(Quantity.rate(throughput.perSecond)) jobs/s"
            right = (rect.columns >= 100 ? rate + ", " + minute : rate) + "  " + right
        }
        let width = pen.width(right)
        pen.putRight(right, in: rect, role: .title)
        var pieces = [Piece(" signalbox", .title)] + place(rect.columns)
        if model.isReadOnly { pieces += [Piece("  ", .title), Piece(" READ-ONLY ", .danger)] }
        pieces += [Piece("  ", .title), engine(isNarrow: rect.columns < 100)]
        pen.put(pieces, in: rect.splitRight(width + 1).rest)
    }

    private func place(_ columns: Int) -> [Piece] {
        guard let snapshot = model.snapshot else { return [] }
        var text = ""
        if !snapshot.scenario.isEmpty { text += "  demo " + snapshot.scenario }
        if columns >= 120, !snapshot.storePath.isEmpty { text += "  " + snapshot.storePath }
        return text.isEmpty ? [] : [Piece(text, .title)]
    }

    private func engine(isNarrow: Bool) -> Piece {
        guard let snapshot = model.snapshot else { return Piece("engine …", .title) }
        guard let engine = snapshot.engine, engine.isAlive else {
            return Piece(isNarrow ? " NO ENGINE " : " NO ENGINE IS ALIVE: jobs wait ", .danger)
        }
        if snapshot.isOwnEngine { return Piece("engine in this process", .title) }
        let place = isNarrow ? "" : " on \(engine.machine)"
        return Piece("engine: process \(engine.process)\(place)", .title)
    }

    // MARK: The counts

    /// The states in the order in which they matter to whoever looks.
    private static let order: [JobState] = [
        .running, .childRunning, .childQueued, .queued, .pending, .finishing, .cancelling,
        .rollingBack, .needsOperator, .lost, .failed, .warning, .aborted, .completed,
    ]

    private func drawCounts(in rect: Rect, _ pen: inout Pen) {
        guard let counts = model.snapshot?.counts else {
            pen.put(" counts …", in: rect, role: .muted)
            return
        }
        let states = Self.order.filter { counts[$0] > 0 }
        guard !states.isEmpty else {
            pen.put(" no jobs", in: rect, role: .muted)
            return
        }
        let wide = states.map { piece($0, word: " " + $0.word, counts, pen) }
        if width(of: wide, pen) <= rect.columns {
            pen.put(wide, in: rect)
            return
        }
        var short = states.map { piece($0, word: " " + $0.shortWord, counts, pen, isTight: true) }
        // What matters least loses its word first.
        for index in states.indices.reversed() where width(of: short, pen) > rect.columns {
            short[index] = piece(states[index], word: "", counts, pen, isTight: true)
        }
        pen.put(short, in: rect)
    }

    private func piece(
        _ state: JobState,
        word: String,
        _ counts: Counts,
        _ pen: Pen,
        isTight: Bool = false
    ) -> Piece {
        let glyph = pen.glyph(Glyphs.state(state)) + (isTight ? "" : " ")
        let count = Quantity.short(counts[state])
        return Piece(" \(glyph)\(count)\(word)\(isTight ? "" : " ")", Role(state))
    }

    // MARK: The views and what is looked at

    private func drawTabs(in rect: Rect, _ pen: inout Pen) {
        let used = pen.put(tabs, in: rect)
        var facts = facts(pen)
        let room = rect.splitLeft(used + 1).rest
        // What matters least goes first when there is no room.
        while facts.count > 1, width(of: facts, pen) > room.columns { facts.removeLast() }
        let wide = min(width(of: facts, pen), room.columns)
        pen.put(facts, in: room.splitRight(wide).right)
    }

    private func width(of pieces: [Piece], _ pen: Pen) -> Int {
        pieces.reduce(0) { $0 + pen.width($1.text) }
    }

    private var tabs: [Piece] {
        ViewName.allCases.enumerated().map { index, name in
            Piece(" \(index + 1) \(name.rawValue) ", name == model.openView ? .activeTab : .heading)
        }
    }

    private func facts(_ pen: Pen) -> [Piece] {
        var facts: [Piece] = []
        if let age = staleAge {
            facts.append(Piece("\(pen.glyph(Glyphs.alert)) old: \(age) ", .problem))
        }
        if let open = model.snapshot?.unacknowledged, open > 0 {
            facts.append(Piece("\(Quantity.short(open)) unacked ", .caution))
        }
        if model.jobs.newCount > 0, model.openView == .jobs {
            facts.append(Piece("+\(Quantity.short(model.jobs.newCount)) new ", .accent))
        }
        if model.openView == .jobs, model.jobs.showsOnlyTrouble {
            facts.append(Piece("! failed/stuck ", .accent))
        }
        if !model.filterText.isEmpty {
            facts.append(Piece("filter \(model.filterText) ", .accent))
        }
        if model.openView == .jobs, model.jobs.page.hidden > 0 {
            facts.append(Piece("\(Quantity.short(model.jobs.page.hidden)) internal ", .muted))
        }
        if model.openView == .jobs {
            let jobs = model.jobs
            let sign = pen.glyph(jobs.isReversed ? Glyphs.ascending : Glyphs.descending)
            facts.append(
                Piece("\(jobs.isTree ? "tree, " : "")by \(jobs.order.title) \(sign) ", .muted)
            )
        }
        return facts
    }

    private var staleAge: String? {
        guard let snapshot = model.snapshot, model.isStale else { return nil }
        return Span.short(model.now - snapshot.now)
    }
}

extension ConsoleModel {
    /// Whether what is shown is older than it should be.
    var isStale: Bool { trouble != nil || snapshot?.isStale == true }
}
