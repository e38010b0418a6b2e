import Model
import Terminal

extension ConsoleModel {
    /// Takes an event in and says what is to be done about it.
    package mutating func update(_ event: Event) -> [Effect] {
        switch event {
        case .input(let input, let at):
            advance(to: at)
            take(input)
        case .tick(let at): advance(to: at)
        case .resized(let rows, let columns): resize(rows: rows, columns: columns)
        case .snapshot(let snapshot): take(snapshot)
        case .detail(let id, let detail): take(detail, of: id)
        case .preview(let preview): take(preview)
        case .vms(let lines): vms.accept(lines.sorted { $0.name < $1.name }, height: listHeight)
        case .hosts(let lines): hosts.accept(lines.sorted { $0.name < $1.name }, height: listHeight)
        case .locks(let lines): locks.accept(lines, height: listHeight)
        case .actionResult(let result): take(result)
        case .trouble(let text): trouble = text
        case .themes(let themes): take(themes)
        case .bell: effects.append(.bell)
        case .hangup: effects.append(.quit(.leaveRunning))
        }
        thawIfDue()
        keepLog()
        return takeEffects()
    }

    var listHeight: Int { layout.listHeight }

    /// Time never goes back, whatever the order in which events arrive.
    private mutating func advance(to moment: Timestamp) { now = max(now, moment) }

    private mutating func thawIfDue() {
        guard !isFrozen else { return }
        jobs.frozenUntil = nil
        jobs.thaw(height: listHeight)
    }

    private mutating func resize(rows: Int, columns: Int) {
        (self.rows, self.columns) = (max(0, rows), max(0, columns))
        keepVisible()
    }

    /// After the room for lists changed.
    mutating func keepVisible() {
        let height = listHeight
        jobs.keepVisible(height)
        vms.keepVisible(height)
        hosts.keepVisible(height)
        locks.keepVisible(height)
    }

    private mutating func take(_ snapshot: Snapshot) {
        advance(to: snapshot.now)
        self.snapshot = snapshot
        // An answer to what was asked before the filter or the order changed comes too late.
        let wanted = jobs.wanted(screenRows: rows)
        guard jobs.query == nil || JobList.isSameList(snapshot.query, wanted) else { return }
        jobs.accept(
            snapshot.page,
            for: snapshot.query,
            isFrozen: isFrozen,
            height: listHeight
        )
    }

    private mutating func take(_ detail: JobDetail?, of id: JobID) {
        if self.detail?.job == id {
            self.detail?.accept(detail)
        }
        if dialogJob?.id == id { watched = detail?.job }
        guard let awaited, awaited.job == id else { return }
        self.awaited = nil
        if let job = detail?.job {
            ask(awaited.action, about: job)
        } else {
            toasts.append("there is no \(id)")
        }
    }

    private mutating func take(_ preview: StopPreview) {
        guard case .dialog(var dialog) = overlay, dialog.job?.id == preview.job else { return }
        dialog.preview = preview
        overlay = .dialog(dialog)
    }

    private mutating func take(_ result: ActionResult) {
        guard let record = actions.finish(result) else { return }
        if result.isOK {
            notice = Piece(record.line, .success)
        } else {
            toasts.append(record.line)
            effects.append(.bell)
        }
    }

    private mutating func take(_ themes: [Theme]) {
        settings.themes = themes
        theme = settings.currentTheme
    }
}

// MARK: - Input

extension ConsoleModel {
    private mutating func take(_ input: Input) {
        switch input {
        case .key(let key): press(key)
        case .paste(let text): paste(text)
        case .mouse(let mouse): point(mouse)
        case .focus, .unknown: break
        }
    }

    private mutating func press(_ key: Key) {
        let hadToasts = !toasts.isEmpty
        toasts = []
        notice = nil
        if hadToasts, key == Key(.escape), overlay == nil { return }
        let place = context
        let command = Keymap.command(for: key, in: place)
        switch overlay {
        case .dialog(let dialog): pressInDialog(dialog, key, command)
        case .quit: pressInQuit(command)
        case .menu(let menu): pressInMenu(menu, key, command)
        case .form(let form): pressInForm(form, key, command)
        case .line(let prompt): pressInLine(prompt, key, command)
        case .help(let page): pressInHelp(page, command)
        case nil:
            guard let command else {
                notice = Piece("\(key) means nothing here; ? shows every key", .muted)
                return
            }
            perform(command)
        }
    }

    /// What was pasted is text, or nothing: it never acts.
    private mutating func paste(_ text: String) {
        switch overlay {
        case .dialog(var dialog) where dialog.editor != nil:
            dialog.editor?.insert(text)
            overlay = .dialog(dialog)
        case .form(var form):
            guard form.fields.indices.contains(form.focus) else { return }
            form.fields[form.focus].editor.insert(text)
            overlay = .form(form)
        case .line(var prompt):
            prompt.editor.insert(text)
            edited(prompt)
        default:
            notice = Piece("pasted text means nothing here and was left out", .muted)
        }
    }

    private mutating func point(_ mouse: Mouse) {
        guard overlay == nil else { return }
        let layout = layout
        let isOverDetail = layout.detail.contains(row: mouse.row, column: mouse.column)
        switch mouse.action {
        case .wheelUp: scroll(by: -3, inDetail: isOverDetail)
        case .wheelDown: scroll(by: 3, inDetail: isOverDetail)
        case .press(1):
            let isOverList = layout.list.contains(row: mouse.row, column: mouse.column)
            isDetailFocused = isOverDetail
            guard isOverList, mouse.row > layout.list.row else { return }
            freezeRows()
            selectVisible(mouse.row - layout.list.row - 1)
        default: break
        }
    }
}
