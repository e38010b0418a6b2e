import Model

/// Keys of the panes: what they mean where no overlay is open.
extension ConsoleModel {
    mutating func perform(_ command: Command) {
        if hasDetailFocus, performInDetail(command) { return }
        if openView == .jobs, performOnJobs(command) { return }
        switch command {
        case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom: navigate(command)
        case .open: open()
        case .back: back()
        case .leave: if !back() { askToQuit() }
        case .quit: askToQuit()
        case .nextPane, .previousPane: switchPane()
        case .zoom: zoom()
        case .viewJobs: show(.jobs)
        case .viewVMs: show(.vms)
        case .viewHosts: show(.hosts)
        case .viewLocks: show(.locks)
        case .filter: overlay = .line(LinePrompt(.filter, text: filterText))
        case .search: overlay = .line(LinePrompt(.search, text: detail?.search ?? ""))
        case .actions: openActions()
        case .copyMenu: openCopyMenu()
        case .commandLine: overlay = .line(LinePrompt(.command))
        case .help: overlay = .help(HelpPage())
        case .redraw: effects.append(.redraw)
        case .suspend: effects.append(.suspend)
        default: break
        }
    }

    mutating func show(_ name: ViewName) {
        openView = name
        isDetailFocused = false
        isZoomed = false
        if name != .jobs { detail = nil }
        keepVisible()
    }

    private mutating func switchPane() {
        guard detail != nil else {
            notice = Piece("there is one pane only; Enter opens a job's details", .muted)
            return
        }
        isDetailFocused.toggle()
        if !isDetailFocused { isZoomed = false }
        keepVisible()
    }

    private mutating func zoom() {
        guard detail != nil else {
            notice = Piece("nothing to enlarge; Enter opens a job's details", .muted)
            return
        }
        isZoomed.toggle()
        isDetailFocused = true
        keepVisible()
    }

    /// Backs out by one level; false if there is none left.
    @discardableResult
    private mutating func back() -> Bool {
        if hasDetailFocus, detail?.search.isEmpty == false {
            detail?.search = ""
            detail?.found = nil
        } else if isZoomed {
            isZoomed = false
        } else if detail != nil {
            closeDetail()
        } else if !filterText.isEmpty {
            setFilter("")
        } else if jobs.showsOnlyTrouble, openView == .jobs {
            jobs.showsOnlyTrouble = false
            jobs.restart()
        } else if openView != .jobs {
            show(.jobs)
        } else {
            return false
        }
        keepVisible()
        return true
    }

    private mutating func closeDetail() {
        detail = nil
        (isDetailFocused, isZoomed) = (false, false)
        keepVisible()
    }

    private mutating func open() {
        switch openView {
        case .jobs: if let job = jobs.selectedRow?.job { openDetail(job.id) }
        case .vms:
            guard let vm = vms.selectedRow else { return }
            showJobs(filter: "target:" + FilterReading.quoted("vm/" + vm.name))
        case .hosts:
            guard let host = hosts.selectedRow else { return }
            showJobs(filter: "lane:" + FilterReading.quoted("host/" + host.name))
        case .locks:
            guard let lock = locks.selectedRow else { return }
            show(.jobs)
            openDetail(lock.ticket.job)
        }
    }

    private mutating func showJobs(filter: String) {
        show(.jobs)
        jobs.showsOnlyTrouble = false
        setFilter(filter)
    }

    /// The filter of the view that is open.
    var filterText: String {
        switch openView {
        case .jobs: jobs.filterText
        case .vms: vms.filter
        case .hosts: hosts.filter
        case .locks: locks.filter
        }
    }

    /// Filters the view that is open; gives back why the text is not understood.
    ///
    /// The former filter then stays.
    @discardableResult
    mutating func setFilter(_ text: String) -> FilterError? {
        switch openView {
        case .jobs:
            switch FilterReading.read(text) {
            case .failure(let error): return error
            case .success(let filter):
                if filter != jobs.filter { jobs.restart() }
                (jobs.filter, jobs.filterText) = (filter, text)
            }
        case .vms: vms.filter = text
        case .hosts: hosts.filter = text
        case .locks: locks.filter = text
        }
        keepVisible()
        return nil
    }
}

// MARK: - Moving

extension ConsoleModel {
    /// How many rows a moving key goes; nil for all the way.
    static func distance(_ command: Command, height: Int) -> Int? {
        let page = max(1, height - 1)
        return switch command {
        case .up: -1
        case .down: 1
        case .halfUp: -max(1, height / 2)
        case .halfDown: max(1, height / 2)
        case .pageUp: -page
        case .pageDown: page
        default: nil
        }
    }

    private mutating func navigate(_ command: Command) {
        freezeRows()
        if let delta = Self.distance(command, height: listHeight) {
            moveSelection(by: delta)
        } else {
            let end = command == .top ? 0 : Int.max / 4
            switch openView {
            case .jobs: jobs.move(to: min(end, jobs.count - 1), height: listHeight)
            case .vms: vms.move(to: end, height: listHeight)
            case .hosts: hosts.move(to: end, height: listHeight)
            case .locks: locks.move(to: end, height: listHeight)
            }
        }
        followSelection()
    }

    private mutating func moveSelection(by delta: Int) {
        switch openView {
        case .jobs: jobs.move(by: delta, height: listHeight)
        case .vms: vms.move(by: delta, height: listHeight)
        case .hosts: hosts.move(by: delta, height: listHeight)
        case .locks: locks.move(by: delta, height: listHeight)
        }
    }

    /// Rows stand still for a moment, so that the next key meets the row that the eye sees.
    mutating func freezeRows() {
        if openView == .jobs { jobs.frozenUntil = now + settings.paced(Self.freezeTime) }
    }

    /// How long the order stands still after a moving key, in milliseconds of
    /// the person's time.
    static let freezeTime: Int64 = 400

    mutating func scroll(by delta: Int, inDetail: Bool) {
        if inDetail {
            scrollDetail(by: delta)
        } else {
            freezeRows()
            moveSelection(by: delta)
            followSelection()
        }
    }

    /// Selects the row that is that far below the first visible one.
    mutating func selectVisible(_ line: Int) {
        switch openView {
        case .jobs: jobs.move(to: jobs.top + line, height: listHeight)
        case .vms: vms.move(to: vms.top + line, height: listHeight)
        case .hosts: hosts.move(to: hosts.top + line, height: listHeight)
        case .locks: locks.move(to: locks.top + line, height: listHeight)
        }
        followSelection()
    }

    /// An open detail pane shows the job that was moved to.
    mutating func followSelection() {
        guard openView == .jobs, let detail, let job = jobs.selectedRow?.job.id, detail.job != job
        else { return }
        changeDetailJob(to: job)
    }
}
