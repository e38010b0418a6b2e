import Model

/// Keys of the list of jobs.
extension ConsoleModel {
    /// Does what a key means to the list of jobs; false if it means nothing there.
    mutating func performOnJobs(_ command: Command) -> Bool {
        switch command {
        case .cancel: askSelected(.stop(.cancel))
        case .abort: askSelected(.stop(.abort))
        case .retry: askSelected(.retry)
        case .acknowledge: askSelected(.acknowledge)
        case .onlyTrouble:
            jobs.showsOnlyTrouble.toggle()
            jobs.restart()
        case .tree:
            jobs.isTree.toggle()
            jobs.restart()
        case .fold: fold()
        case .unfold: unfold()
        case .unfoldAll: jobs.folded = []
        case .parent: goToParent()
        case .sortNext: sort(by: 1)
        case .sortPrevious: sort(by: -1)
        case .sortInvert: jobs.isReversed.toggle()
        case .sortMenu: overlay = .menu(Menus.sort(jobs.order))
        case .overview, .steps, .log, .family, .journal, .result:
            guard let job = jobs.selectedRow?.job.id, let tab = DetailTab(command) else {
                notice = Piece("no job is selected", .muted)
                return true
            }
            openDetail(job, tab: tab)
        default: return false
        }
        return true
    }

    private mutating func fold() {
        guard jobs.isTree else {
            notice = Piece("t shows the jobs as trees, which can be folded", .muted)
            return
        }
        guard let row = jobs.selectedRow else { return }
        if row.job.childCount > 0, !jobs.folded.contains(row.job.id) {
            jobs.folded.insert(row.job.id)
        } else {
            goToParent()
        }
    }

    private mutating func unfold() {
        guard jobs.isTree else {
            notice = Piece("t shows the jobs as trees, which can be folded", .muted)
            return
        }
        if let row = jobs.selectedRow { jobs.folded.remove(row.job.id) }
    }

    mutating func goToParent() {
        guard let id = selectedJob else { return }
        let job = detail?.detail.flatMap { $0.job.id == id ? $0.job : nil } ?? jobs.job(id)
        guard let parent = job?.parentID else {
            notice = Piece("\(id) has no parent", .muted)
            return
        }
        if !hasDetailFocus, jobs.select(parent, height: listHeight) {
            followSelection()
        } else {
            openDetail(parent, tab: detail?.tab ?? .overview)
        }
    }

    private mutating func sort(by step: Int) {
        let all = JobQuery.Order.allCases
        let place = all.firstIndex(of: jobs.order) ?? 0
        sort(all[((place + step) % all.count + all.count) % all.count])
    }

    mutating func sort(_ order: JobQuery.Order) {
        jobs.order = order
        jobs.restart()
    }
}

extension DetailTab {
    /// The tab that a key opens.
    init?(_ command: Command) {
        switch command {
        case .overview: self = .overview
        case .steps: self = .steps
        case .log: self = .log
        case .family: self = .tree
        case .journal: self = .journal
        case .result: self = .result
        default: return nil
        }
    }
}
