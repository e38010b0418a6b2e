import Model
import Terminal

/// What the help says: made from the tables of keys, commands and filter fields.
enum HelpText {
    /// How many lines of it are visible.
    static func height(screenRows: Int) -> Int { max(1, screenRows - 2 - 2 - 1) }

    /// The lines with a word in them, or all.
    static func lines(search: String) -> [StyledLine] {
        let sections = keys + [commands, filters, signs]
        return sections.flatMap { title, lines -> [StyledLine] in
            let found =
                search.isEmpty ? lines : lines.filter { TextSearch.contains($0.plain, search) }
            return found.isEmpty ? [] : [.heading(title)] + found + [.empty]
        }
    }

    private typealias Section = (title: String, lines: [StyledLine])

    private static var keys: [Section] {
        Keymap.groups.map { group in
            let rows = group.bindings.map { binding in
                let names = binding.keys.map(\.description).joined(separator: " ")
                var line = row(names, binding.help)
                line.pieces.append(Piece(places(binding.contexts), .muted))
                return line
            }
            return ("Keys: " + group.title, rows)
        }
    }

    /// Where a key means something, unless that is nearly everywhere.
    private static func places(_ contexts: Set<Context>) -> String {
        guard !contexts.isSuperset(of: Set<Context>.panes) else { return "" }
        let names = Context.allCases.filter(contexts.contains).map(\.title)
        return "  (" + names.joined(separator: ", ") + ")"
    }

    private static var commands: Section {
        (
            "Commands after :",
            CommandTable.all.map { row("\($0.name) \($0.arguments)".trimmed, $0.help, width: 34) }
        )
    }

    private static var filters: Section {
        (
            "Filters after /",
            [row("word", "somewhere in kind, target, user, message, lane or number", width: 24)]
                + FilterFields.all.map { row($0.example, $0.help, width: 24) }
        )
    }

    private static var signs: Section {
        (
            "Signs of the states",
            JobState.allCases.map { state in
                let glyph = Glyphs.state(state)
                return StyledLine([
                    Piece("  \(glyph.full) ", Role(state)), Piece(state.word, Role(state)),
                    Piece(" (in ASCII \(glyph.ascii))", .muted),
                ])
            }
        )
    }

    private static func row(_ left: String, _ right: String, width: Int = 20) -> StyledLine {
        let gap = String(repeating: " ", count: max(1, width - CellWidth.of(left)))
        return StyledLine([Piece("  " + left + gap, .key), Piece(right, .dialog)])
    }
}

/// The help, over everything.
struct HelpView {
    let page: HelpPage

    func draw(in room: Rect, _ pen: inout Pen) {
        let title = page.search.isEmpty ? "Help" : "Help: \(page.search)"
        let inside = pen.box(room, heading: title, headingRole: .dialogTitle)
        let lines = HelpText.lines(search: page.search)
        if lines.isEmpty {
            pen.put(
                "Nothing is called so. / searches for something else.",
                in: inside,
                role: .dialog
            )
        }
        let background = pen.theme[.dialog].background
        for (index, line) in lines.dropFirst(page.scroll).prefix(inside.rows).enumerated() {
            pen.put(line.pieces, in: inside.line(index))
            pen.grid.restyle(inside.line(index)) { $0.background = background }
        }
        let last = min(lines.count, page.scroll + inside.rows)
        if last < lines.count {
            pen.putRight(
                " \(last)/\(lines.count) ",
                in: room.line(room.rows - 1).inset(rows: 0, columns: 2),
                role: .dialog
            )
        }
    }
}

/// The question what becomes of unfinished jobs.
struct QuitView {
    let model: ConsoleModel

    func draw(in room: Rect, _ pen: inout Pen) {
        let width = min(64, room.columns - 2)
        let lines = words.flatMap { Wrap.line($0, width: width - 4) }
        let rect = room.centered(rows: lines.count + 6, columns: width)
        let inside = pen.box(rect, heading: "Leave?", headingRole: .dialogTitle)
        let (text, choices) = inside.splitBottom(3)
        for (index, line) in lines.enumerated() {
            pen.put(line.plain, in: text.line(index), role: .dialog)
        }
        let items: [(Command, String)] = [
            (.leaveRunning, "leave them running"), (.cancelMine, "cancel mine and leave"),
            (.dismiss, "stay"),
        ]
        for (index, item) in items.enumerated() {
            let isDisabled = item.0 == .cancelMine && model.isReadOnly
            let label = item.1 + (isDisabled ? " (this console is read-only)" : "")
            let key = item.0 == .dismiss ? "s" : Keymap.name(of: item.0)
            pen.put(
                "\(key)  \(label)",
                in: choices.line(index),
                role: isDisabled ? .disabled : .dialog
            )
        }
    }

    private var words: [StyledLine] {
        let count = model.snapshot?.counts.unfinished ?? 0
        let jobs = count == 1 ? "1 job has not ended." : "\(count) jobs have not ended."
        let other: String
        if let engine = model.snapshot?.engine, engine.isAlive, model.snapshot?.isOwnEngine == false
        {
            other = "The engine in process \(engine.process) goes on with them."
        } else if model.settings.isStoreTemporary {
            other = "This store is temporary: it goes, and they go with it."
        } else {
            other = "Another engine, or the next start, goes on with them."
        }
        return [StyledLine(jobs), StyledLine(other)]
    }
}
