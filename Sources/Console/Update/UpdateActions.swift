import Model

/// From a key to a question about a job.
extension ConsoleModel {
    mutating func askSelected(_ action: OperatorAction) {
        guard let id = selectedJob else {
            notice = Piece("no job is selected", .muted)
            return
        }
        ask(action, about: id)
    }

    /// Asks about a job by number; if nothing is known of it, as soon as something is.
    mutating func ask(_ action: OperatorAction, about id: JobID) {
        if let job = known(id) {
            ask(action, about: job)
        } else {
            awaited = (action, id)
            notice = Piece("looks for \(id)…", .muted)
        }
    }

    /// The newest that is known about a job.
    func known(_ id: JobID) -> Job? {
        [jobs.job(id), detail?.detail?.job, watched].compactMap { $0 }
            .filter { $0.id == id }
            .max { $0.updatedAt < $1.updatedAt }
    }

    /// Opens the dialog, or says why the key does nothing.
    mutating func ask(_ action: OperatorAction, about job: Job) {
        let right = action.right(on: .job(job.id))
        let forbidden = snapshot?.standing?.refusal(right, account: job.account)
        let senseless = ActionRules.refusal(action, of: job, isReadOnly: isReadOnly)
        if let reason = isReadOnly ? senseless : forbidden ?? senseless {
            notice = Piece("\(action.title) does nothing to \(job.id): \(reason)", .caution)
            return
        }
        watched = job
        let captured = CapturedJob(job, at: now)
        let typed = action == .stop(.abandon) ? job.id.description : ""
        overlay = .dialog(Dialog(.job(action, captured), at: now, typedWord: typed))
        if case .stop = action { effects.append(.previewStop(job.id)) }
    }

    mutating func openActions() {
        if openView == .vms, !hasDetailFocus {
            guard let vm = vms.selectedRow else { return complainOfNoRow() }
            overlay = .menu(
                Menus.work(
                    WorkAction.ofVM,
                    on: "vm/" + vm.name,
                    state: vm.state,
                    isReadOnly: isReadOnly
                )
            )
        } else if openView == .hosts, !hasDetailFocus {
            guard let host = hosts.selectedRow else { return complainOfNoRow() }
            overlay = .menu(
                Menus.work(
                    WorkAction.ofHost,
                    on: "host/" + host.name,
                    state: host.state,
                    isReadOnly: isReadOnly,
                    more: Menus.lane(of: host, by: self)
                )
            )
        } else if openView == .locks, !hasDetailFocus {
            guard let lock = locks.selectedRow else { return complainOfNoRow() }
            notice = Piece("Enter opens \(lock.ticket.job); its actions are there", .muted)
        } else {
            guard let id = selectedJob, let job = known(id) else { return complainOfNoRow() }
            overlay = .menu(Menus.actions(on: job, at: now, by: self))
        }
    }

    private mutating func complainOfNoRow() { notice = Piece("nothing is selected", .muted) }

    mutating func openCopyMenu() {
        guard let id = selectedJob, let job = known(id) else {
            guard let key = selectedKey else { return complainOfNoRow() }
            effects.append(.copy(key))
            notice = Piece("copied \(key)", .muted)
            return
        }
        overlay = .menu(Menus.copy(job, at: now, program: settings.program))
    }

    private var selectedKey: String? {
        switch openView {
        case .jobs: nil
        case .vms: vms.selectedRow?.name
        case .hosts: hosts.selectedRow?.name
        case .locks: locks.selectedRow?.ticket.resource
        }
    }

    /// Asks before a job is submitted, once its parameters are known.
    mutating func ask(_ action: WorkAction, on target: String, parameters: [String: String]) {
        let submission = Submission(
            kind: action.kind,
            target: Target(target, defaultType: action.type),
            parameters: parameters,
            user: user
        )
        let name = Target(target, defaultType: action.type).name
        let deed = Deed.submit(submission, label: action.label, isDangerous: action.isDangerous)
        overlay = .dialog(Dialog(deed, at: now, typedWord: action.needsTypedName ? name : ""))
    }
}
