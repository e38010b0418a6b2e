import Model

/// What the detail pane can show of a job.
package enum DetailTab: String, CaseIterable, Sendable {
    case overview = "Overview"
    case steps = "Steps"
    case log = "Log"
    case tree = "Tree"
    case journal = "Journal"
    case result = "Result"

    /// The parts that must be known for it.
    var parts: Set<DetailPart> {
        switch self {
        case .overview: [.steps, .tickets, .tree]
        case .steps: [.steps]
        case .log: [.log]
        case .tree: [.tree]
        case .journal: [.journal]
        case .result: []
        }
    }

    /// The tab that many places on, round the corner.
    func moved(by step: Int) -> DetailTab {
        let all = Self.allCases
        let place = all.firstIndex(of: self) ?? 0
        return all[((place + step) % all.count + all.count) % all.count]
    }
}

/// The pane with everything about one job.
struct DetailPane: Sendable {
    var job: JobID
    var tab: DetailTab = .overview
    var detail: JobDetail?
    /// Whether the store said that there is no such job.
    var isMissing = false
    var scroll = 0
    var isFollowing = true
    var level: LogLevel = .debug
    var isWrapped = false
    var search = ""
    /// The line that a search or a jump found.
    var found: Int?
    /// The lines of the log as they were last made: there may be thousands.
    var madeLog: MadeLog?

    /// The newest lines of a log that are read; the store keeps no more.
    static let logLimit = 2000

    init(job: JobID, tab: DetailTab = .overview) {
        self.job = job
        self.tab = tab
    }

    var watch: DetailWatch {
        DetailWatch(
            job: job,
            parts: tab.parts,
            logLimit: tab == .log ? Self.logLimit : 0
        )
    }

    mutating func open(_ tab: DetailTab) {
        self.tab = tab
        (scroll, found) = (0, nil)
        isFollowing = tab == .log
    }

    mutating func accept(_ new: JobDetail?) {
        isMissing = new == nil
        guard var new else { return }
        // Parts that are not asked for any more are kept: they are better than nothing.
        if let old = detail, old.job.id == new.job.id {
            if new.steps.isEmpty { new.steps = old.steps }
            if new.journal.isEmpty { new.journal = old.journal }
            if new.log.isEmpty {
                (new.log, new.logCount) = (old.log, max(new.logCount, old.logCount))
            }
            if new.tree.isEmpty { new.tree = old.tree }
        }
        detail = new
    }

    /// Scrolls within `count` lines, of which `height` are visible.
    mutating func scroll(to line: Int, count: Int, height: Int) {
        let last = max(0, count - max(1, height))
        scroll = min(max(line, 0), last)
        isFollowing = tab == .log && scroll == last
    }
}

/// The lines of a log, with everything they were made from.
struct MadeLog: Sendable {
    /// What the lines depend on.
    struct Source: Hashable, Sendable {
        let job: JobID
        let level: LogLevel
        let isWrapped: Bool
        let width: Int
        let count: Int
        let first: Int64?
        let last: LogLine?
        let total: Int
    }

    let source: Source
    let lines: [StyledLine]
}

extension MadeLog.Source {
    init(_ pane: DetailPane, _ detail: JobDetail, width: Int) {
        self.init(
            job: detail.job.id,
            level: pane.level,
            isWrapped: pane.isWrapped,
            width: width,
            count: detail.log.count,
            first: detail.log.first?.sequence,
            last: detail.log.last,
            total: detail.logCount
        )
    }
}
