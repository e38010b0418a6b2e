import Model
import Terminal

/// The list of the open view, or what is to be said instead.
struct ListView {
    let model: ConsoleModel

    func draw(in rect: Rect, _ pen: inout Pen) {
        guard !rect.isEmpty else { return }
        switch model.openView {
        case .jobs: drawJobs(in: rect, &pen)
        case .vms: draw(model.vms, VMColumns.all, noun: "VM", in: rect, &pen)
        case .hosts: draw(model.hosts, HostColumns.all, noun: "host", in: rect, &pen)
        case .locks: draw(model.locks, LockColumns.all, noun: "lock", in: rect, &pen)
        }
    }

    private func drawJobs(in rect: Rect, _ pen: inout Pen) {
        let jobs = model.jobs
        let table = Table(
            columns: JobColumns.all(
                idWidth: JobColumns.idWidth(jobs.page.rows),
                isTree: jobs.isTree
            ),
            top: jobs.top,
            cursor: jobs.cursor,
            count: jobs.query == nil ? 0 : jobs.count,
            hasFocus: !model.hasDetailFocus,
            isStale: model.isStale,
            context: model.cellContext,
            row: jobs.row(at:)
        )
        table.draw(in: rect, &pen)
        guard table.count == 0 else { return }
        let isFiltered = jobs.isFiltered
        let state = EmptyState(
            isLoaded: model.snapshot != nil,
            trouble: model.trouble,
            filter: isFiltered ? filterWords : nil,
            noun: "job",
            hint: ":submit vm.start web-1 submits one"
        )
        state.draw(in: rect.splitTop(1).rest, &pen)
    }

    private var filterWords: String {
        let jobs = model.jobs
        let trouble = jobs.showsOnlyTrouble ? ["only failed and stuck"] : []
        return (trouble + (jobs.filterText.isEmpty ? [] : [jobs.filterText])).joined(
            separator: ", "
        )
    }

    private func draw<Row: NamedRow>(
        _ list: NamedList<Row>,
        _ columns: [TableColumn<Row>],
        noun: String,
        in rect: Rect,
        _ pen: inout Pen
    ) {
        let table = Table(
            columns: columns,
            top: list.top,
            cursor: list.cursor,
            count: list.rows.count,
            hasFocus: true,
            isStale: model.isStale,
            context: model.cellContext,
            row: { list.rows.indices.contains($0) ? list.rows[$0] : nil }
        )
        table.draw(in: rect, &pen)
        guard list.rows.isEmpty else { return }
        let state = EmptyState(
            isLoaded: list.all != nil,
            trouble: model.trouble,
            filter: list.filter.isEmpty ? nil : list.filter,
            noun: noun,
            hint: ""
        )
        state.draw(in: rect.splitTop(1).rest, &pen)
    }
}

/// What a list says when it has nothing to show.
struct EmptyState {
    let isLoaded: Bool
    let trouble: String?
    /// The filter, if there is one.
    let filter: String?
    let noun: String
    /// What to do about it.
    let hint: String

    func draw(in rect: Rect, _ pen: inout Pen) {
        let room = rect.inset(rows: rect.rows > 4 ? 1 : 0, columns: 2)
        for (index, line) in lines(width: room.columns).prefix(room.rows).enumerated() {
            pen.put(line.pieces, in: room.line(index))
        }
    }

    private func lines(width: Int) -> [StyledLine] {
        if !isLoaded, let trouble {
            let text = Wrap.lines(trouble, width: width).map { StyledLine($0, .problem) }
            return [StyledLine("There is nothing to show yet:", .text)] + text
                + [StyledLine("It is tried again by itself. Q leaves.", .muted)]
        }
        if !isLoaded { return [StyledLine("Reads the \(noun)s…", .muted)] }
        if let filter {
            return [
                StyledLine([Piece("No \(noun) fits "), Piece(filter, .accent)]),
                StyledLine([Piece("Esc", .key), Piece(" shows them all", .muted)]),
            ]
        }
        return [StyledLine("There are no \(noun)s.")]
            + (hint.isEmpty ? [] : [StyledLine(hint, .muted)])
    }
}
