import Model
import Terminal

/// Keys of dialogs, menus, forms and help.
extension ConsoleModel {
    mutating func pressInDialog(_ dialog: Dialog, _ key: Key, _ command: Command?) {
        // Typed ahead, or a key that repeats: meant for what was there before.
        guard !isGuarded else { return }
        var dialog = dialog
        if dialog.editor != nil {
            type(in: &dialog, key, command)
            return
        }
        switch command {
        case .confirm: confirm(dialog)
        case .refuse: overlay = nil
        case .quit: askToQuit()
        case .editReason:
            dialog.moveFocus(by: 1)
            overlay = .dialog(dialog)
        case .lookAgain: lookAgain(dialog)
        case .up, .down:
            dialog.scroll = max(0, dialog.scroll + (command == .down ? 1 : -1))
            let last = DialogView(model: self, dialog: dialog).hiddenLines
            dialog.scroll = min(dialog.scroll, last)
            overlay = .dialog(dialog)
        default: notice = Piece("y does it, n or Esc leaves it; Enter does nothing here", .muted)
        }
    }

    private mutating func type(in dialog: inout Dialog, _ key: Key, _ command: Command?) {
        switch command {
        case .accept, .nextField: dialog.moveFocus(by: 1)
        case .previousField: dialog.moveFocus(by: -1)
        case .dismiss:
            overlay = nil
            return
        default: dialog.editor?.type(key, command)
        }
        overlay = .dialog(dialog)
    }

    /// Whether the job is no longer as the dialog says, so that the answer would be refused.
    func hasMoved(_ job: CapturedJob) -> Bool {
        guard let known = known(job.id) else { return false }
        return !job.expecting.contains(known.state)
    }

    private mutating func confirm(_ dialog: Dialog) {
        guard dialog.isTypedRight else {
            notice = Piece("type \(dialog.typedWord) first; Tab goes there", .caution)
            return
        }
        guard !dialog.lacksReason else {
            notice = Piece("say why first; r goes there", .caution)
            return
        }
        let reason = dialog.reason.text.trimmed
        switch dialog.deed {
        case .lane(let action, let lane):
            let request = OperatorRequest(action, on: .lane(lane), by: user, reason: reason)
            effects.append(.perform(request, actions.begin("\(action.word) \(lane)", at: now)))
        case .job(let action, let job):
            guard !hasMoved(job) else {
                notice = Piece("\(job.id) has moved on; u looks again, n leaves it", .caution)
                return
            }
            let request = OperatorRequest(
                action,
                job: job.id,
                by: user,
                reason: reason,
                expecting: job.state.isTerminal ? [job.state] : job.expecting
            )
            let id = actions.begin("\(action.word) \(job.id)", at: now)
            effects.append(.perform(request, id))
        case .submit(let submission, _, _):
            submit(submission)
        }
        overlay = nil
    }

    mutating func submit(_ submission: Submission) {
        let id = actions.begin("\(submission.kind) \(submission.target)".trimmed, at: now)
        effects.append(.submit(submission, id))
    }

    /// Asks the same about the job as it is now.
    private mutating func lookAgain(_ dialog: Dialog) {
        guard case .job(let action, let captured) = dialog.deed, let job = known(captured.id)
        else { return }
        overlay = nil
        ask(action, about: job)
    }
}

// MARK: - Menus and forms

extension ConsoleModel {
    mutating func pressInMenu(_ menu: Menu, _ key: Key, _ command: Command?) {
        var menu = menu
        switch command {
        case .dismiss: overlay = nil
        case .quit: askToQuit()
        case .choose:
            if menu.items.indices.contains(menu.cursor) { choose(menu.items[menu.cursor]) }
        case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom:
            let count = menu.items.count
            let delta = command.flatMap { Self.distance($0, height: count) }
            menu.move(by: delta ?? (command == .top ? -count : count))
            overlay = .menu(menu)
        default:
            guard case .character(let character) = key.code, key.modifiers.isEmpty,
                let item = menu.items.first(where: { $0.key == character })
            else { return }
            choose(item)
        }
    }

    private mutating func choose(_ item: MenuItem) {
        if let refusal = item.refusal {
            notice = Piece("\(item.label): \(refusal)", .caution)
            return
        }
        overlay = nil
        switch item.choice {
        case .job(let action, let captured):
            // The menu was about the job of the moment it was opened; its news are taken along.
            ask(action, about: captured.id)
        case .work(let action, let target): begin(action, on: target)
        case .lane(let action, let lane):
            overlay = .dialog(Dialog(.lane(action, lane), at: now))
        case .sort(let order): sort(order)
        case .copy(let text):
            effects.append(.copy(text))
            notice = Piece("copied \(text)", .muted)
        }
    }

    private mutating func begin(_ action: WorkAction, on target: String) {
        guard !action.fields.isEmpty else {
            ask(action, on: target, parameters: [:])
            return
        }
        var presets: [String: String] = [:]
        if action.kind == "vm.resize", let vm = vms.selectedRow, target == "vm/" + vm.name {
            presets = ["cpus": "\(vm.cpus)", "memory": "\(vm.memory)"]
        }
        overlay = .form(Form(action, on: target, presets: presets))
    }

    mutating func pressInForm(_ form: Form, _ key: Key, _ command: Command?) {
        var form = form
        form.problem = nil
        switch command {
        case .dismiss:
            overlay = nil
            return
        case .nextField: form.moveFocus(by: 1)
        case .previousField: form.moveFocus(by: -1)
        case .accept where form.focus < form.fields.count - 1: form.moveFocus(by: 1)
        case .accept:
            guard let problem = form.firstProblem else {
                ask(form.action, on: form.target, parameters: form.parameters)
                return
            }
            form.focus = problem.field
            form.problem = problem.text
        default:
            if form.fields.indices.contains(form.focus) {
                form.fields[form.focus].editor.type(key, command)
            }
        }
        overlay = .form(form)
    }
}

// MARK: - Leaving and help

extension ConsoleModel {
    mutating func askToQuit() {
        // Who may change nothing, and runs no engine, leaves without a trace.
        let isOnlooker = isReadOnly && snapshot?.isOwnEngine == false
        guard let counts = snapshot?.counts, counts.unfinished > 0, !isOnlooker else {
            effects.append(.quit(.leaveRunning))
            return
        }
        overlay = .quit(QuitDialog(openedAt: now))
    }

    mutating func pressInQuit(_ command: Command?) {
        guard !isGuarded else { return }
        switch command {
        case .leaveRunning: effects.append(.quit(.leaveRunning))
        case .cancelMine where isReadOnly:
            notice = Piece("this console is read-only", .caution)
        case .cancelMine: effects.append(.quit(.cancelMineAndQuit))
        case .dismiss: overlay = nil
        default: break
        }
    }

    mutating func pressInHelp(_ page: HelpPage, _ command: Command?) {
        var page = page
        switch command {
        case .dismiss:
            overlay = nil
            return
        case .quit:
            askToQuit()
            return
        case .search:
            overlay = .line(LinePrompt(.helpSearch, text: page.search))
            return
        case .redraw: effects.append(.redraw)
        case .suspend: effects.append(.suspend)
        case let command?:
            let height = HelpText.height(screenRows: rows)
            let last = max(0, HelpText.lines(search: page.search).count - height)
            let delta = Self.distance(command, height: height)
            let wanted = delta.map { page.scroll + $0 } ?? (command == .top ? 0 : last)
            page.scroll = min(max(wanted, 0), last)
        case nil: break
        }
        overlay = .help(page)
    }
}

extension LineEditor {
    /// Types a character, or does what an editing key means.
    mutating func type(_ key: Key, _ command: Command?) {
        if let command, take(command, key: key) { return }
        guard case .character(let character) = key.code, key.modifiers.isEmpty else { return }
        insert(String(character))
    }
}
