package import Model
import Terminal

/// The views between which 1 to 4 choose.
package enum ViewName: String, CaseIterable, Sendable {
    case jobs = "Jobs"
    case vms = "VMs"
    case hosts = "Hosts"
    case locks = "Locks"

    var context: Context {
        switch self {
        case .jobs: .jobs
        case .vms: .vms
        case .hosts: .hosts
        case .locks: .locks
        }
    }
}

/// Everything the console knows: what it shows is a function of this, and of nothing else.
package struct ConsoleModel: Sendable {
    var settings: ConsoleSettings
    var theme: Theme
    var rows: Int
    var columns: Int
    var now: Timestamp
    var snapshot: Snapshot?
    var trouble: String?
    /// The view that is open.
    package internal(set) var openView: ViewName = .jobs
    var jobs = JobList()
    var vms = NamedList<VMLine>()
    var hosts = NamedList<HostLine>()
    var locks = NamedList<LockLine>()
    var detail: DetailPane?
    var isDetailFocused = false
    var isZoomed = false
    var overlay: Overlay?
    /// What the last key came to; gone with the next.
    var notice: Piece?
    /// What went wrong; stays until a key is pressed.
    var toasts: [String] = []
    var actions = ActionLog()
    var histories: [LinePrompt.Purpose: LineHistory] = [:]
    /// An action on a job about which nothing is known yet.
    var awaited: (action: OperatorAction, job: JobID)?
    /// The newest about the job that the open dialog is about, when no pane shows it.
    var watched: Job?
    private var lastWatch: Watch?
    var effects: [Effect] = []

    /// A console that knows nothing yet.
    ///
    /// Feed it any event to learn what it wants to be told.
    package init(settings: ConsoleSettings, rows: Int, columns: Int, now: Timestamp) {
        self.settings = settings
        theme = settings.currentTheme
        self.rows = rows
        self.columns = columns
        self.now = now
    }

    /// The job that an action would be about now.
    package var selectedJob: JobID? {
        if hasDetailFocus, let detail { return detail.job }
        return openView == .jobs ? jobs.selectedRow?.job.id : nil
    }

    /// Whether keys are for the detail pane; always, where there is no room for a list beside it.
    var hasDetailFocus: Bool { detail != nil && (isDetailFocused || layout.list.isEmpty) }

    /// Where keys go.
    package var context: Context {
        switch overlay {
        case .dialog(let dialog): dialog.editor == nil ? .dialog : .dialogText
        case .menu: .menu
        case .form: .form
        case .help: .help
        case .quit: .quitDialog
        case .line: .line
        case nil: hasDetailFocus ? .detail : openView.context
        }
    }

    /// The job that the open dialog is about, as it stood when the key was pressed.
    package var dialogJob: CapturedJob? {
        if case .dialog(let dialog) = overlay { return dialog.job }
        return nil
    }

    /// When the next ``Event/tick(_:)`` makes a difference.
    ///
    /// Something on the screen then changes by itself; until then nothing need wake the program.
    package var nextTick: Timestamp {
        let period: Int64 = isBusy ? 1000 : 60_000
        var next = Timestamp(milliseconds: (now.milliseconds / period + 1) * period)
        if let until = jobs.frozenUntil, until > now { next = min(next, until) }
        if let opened = guardedSince, opened + guardTime > now {
            next = min(next, opened + guardTime)
        }
        return next
    }

    /// Whether ages and the clock are shown to the second.
    var isBusy: Bool { (snapshot?.counts.unfinished ?? 0) > 0 || trouble != nil }

    /// Since when the open dialog waits out the keys that were not meant for it.
    var guardedSince: Timestamp? {
        switch overlay {
        case .dialog(let dialog): dialog.openedAt
        case .quit(let dialog): dialog.openedAt
        default: nil
        }
    }

    var isGuarded: Bool { guardedSince.map { now - $0 < guardTime } ?? false }
    private var guardTime: Int64 { settings.paced(Dialog.guardTime) }
    var isReadOnly: Bool { snapshot?.isReadOnly ?? false }
    var user: String { snapshot?.user ?? "" }

    var isFrozen: Bool {
        overlay?.freezesRows == true || jobs.frozenUntil.map { $0 > now } == true
    }

    var layout: Layout {
        Layout(rows: rows, columns: columns, hasDetail: detail != nil, isZoomed: isZoomed)
    }

    /// What the console wants to be told at the moment.
    package var watch: Watch {
        var lists: Set<ListName> = []
        switch openView {
        case .jobs: break
        case .vms: lists = [.vms]
        case .hosts: lists = [.hosts]
        case .locks: lists = [.locks]
        }
        var wanted = detail?.watch
        if let awaited {
            wanted = DetailWatch(job: awaited.job, parts: [.steps], logLimit: 0)
        } else if wanted == nil, let job = dialogJob?.id {
            wanted = DetailWatch(job: job, parts: [], logLimit: 0)
        }
        return Watch(jobs: jobs.wanted(screenRows: rows), detail: wanted, lists: lists)
    }

    /// The effects collected since the last call, with a new wish if there is one.
    mutating func takeEffects() -> [Effect] {
        let wanted = watch
        if wanted != lastWatch {
            lastWatch = wanted
            effects.append(.watch(wanted))
        }
        defer { effects = [] }
        return effects
    }
}
