import Model
import Terminal

/// Keys of the detail pane.
extension ConsoleModel {
    mutating func openDetail(_ job: JobID, tab: DetailTab? = nil) {
        changeDetailJob(to: job)
        jobs.followSelection()
        if let tab { detail?.open(tab) }
        isDetailFocused = true
        keepVisible()
    }

    /// Shows another job on the tab that is open.
    mutating func changeDetailJob(to job: JobID) {
        guard detail?.job != job else { return }
        var pane = DetailPane(job: job, tab: detail?.tab ?? .overview)
        pane.level = detail?.level ?? .debug
        pane.isWrapped = detail?.isWrapped ?? false
        detail = pane
    }

    /// Does what a key means to the detail pane; false if it means nothing there.
    mutating func performInDetail(_ command: Command) -> Bool {
        switch command {
        case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom:
            scrollDetail(command)
        case .previousTab: switchTab(by: -1)
        case .nextTab: switchTab(by: 1)
        case .overview, .steps, .log, .family, .journal, .result:
            if let tab = DetailTab(command) { detail?.open(tab) }
        case .follow: follow()
        case .level: nextLevel()
        case .wrap: detail?.isWrapped.toggle()
        case .nextMatch: findMatch(forward: true)
        case .previousMatch: findMatch(forward: false)
        case .nextError: findError(forward: true)
        case .previousError: findError(forward: false)
        case .parent: goToParent()
        case .cancel: askSelected(.stop(.cancel))
        case .abort: askSelected(.stop(.abort))
        case .retry: askSelected(.retry)
        case .acknowledge: askSelected(.acknowledge)
        default: return false
        }
        return true
    }

    private mutating func switchTab(by step: Int) {
        guard let tab = detail?.tab else { return }
        detail?.open(tab.moved(by: step))
    }

    /// The lines of the open tab, as wide as the pane is.
    var detailLines: [StyledLine] {
        detail.map { DetailText.lines($0, cellContext, width: layout.detail.columns) } ?? []
    }

    private var detailHeight: Int { layout.detailBody.rows }

    private mutating func scrollDetail(_ command: Command) {
        let (count, height) = (detailLines.count, detailHeight)
        let from = min(detail?.scroll ?? 0, max(0, count - height))
        let end = command == .top ? 0 : count
        let delta = Self.distance(command, height: height)
        let wanted = delta.map { from + $0 } ?? end
        detail?.scroll(to: wanted, count: count, height: height)
    }

    mutating func scrollDetail(by delta: Int) {
        let (from, count, height) = (detail?.scroll ?? 0, detailLines.count, detailHeight)
        detail?.scroll(to: from + delta, count: count, height: height)
    }

    /// Makes the lines of the log if they changed, and keeps their end in sight while followed.
    mutating func keepLog() {
        guard let pane = detail, pane.tab == .log, let known = pane.detail else {
            detail?.madeLog = nil
            return
        }
        let source = MadeLog.Source(pane, known, width: max(1, layout.detail.columns - 1))
        if pane.madeLog?.source != source {
            let lines = detailLines
            detail?.madeLog = MadeLog(source: source, lines: lines)
        }
        followLog()
    }

    private mutating func followLog() {
        guard let detail, detail.isFollowing else { return }
        let (count, height) = (detailLines.count, detailHeight)
        self.detail?.scroll(to: .max, count: count, height: height)
        self.detail?.isFollowing = true
    }

    private mutating func follow() {
        guard detail?.tab == .log else {
            detail?.open(.log)
            return
        }
        detail?.isFollowing.toggle()
        let isOn = detail?.isFollowing == true
        notice = Piece(isOn ? "follows the end of the log" : "stays where it is", .muted)
    }

    private mutating func nextLevel() {
        if detail?.tab != .log { detail?.open(.log) }
        let all = LogLevel.allCases
        let place = (detail?.level.code ?? 0) + 1
        let level = all[place % all.count]
        detail?.level = level
        detail?.found = nil
        notice = Piece(
            level == .debug ? "every line is shown" : "lines from \(level.rawValue) on are shown",
            .muted
        )
    }

    private mutating func findMatch(forward: Bool) {
        let search = detail?.search ?? ""
        guard !search.isEmpty else {
            notice = Piece("nothing was searched for; / searches", .muted)
            return
        }
        find(forward: forward, else: "“\(search)” is not found") {
            TextSearch.contains($0.plain, search)
        }
    }

    private mutating func findError(forward: Bool) {
        if detail?.tab != .log { detail?.open(.log) }
        find(forward: forward, else: "no more errors") { $0.level == .error }
    }

    /// Looks for the first match from what is visible on.
    mutating func searchFromHere() {
        let from = detail?.scroll
        detail?.found = from.map { $0 - 1 }
        findMatch(forward: true)
    }

    private mutating func find(
        forward: Bool,
        else complaint: String,
        where matches: (StyledLine) -> Bool
    ) {
        let lines = detailLines
        let start = detail?.found ?? (detail?.scroll ?? 0) - (forward ? 1 : 0)
        let places = lines.indices.filter { matches(lines[$0]) }
        // At the end it goes on at the other end.
        let next =
            forward
            ? places.first { $0 > start } ?? places.first
            : places.last { $0 < start } ?? places.last
        guard let next else {
            notice = Piece(complaint, .caution)
            return
        }
        detail?.found = next
        let height = detailHeight
        let scroll = detail?.scroll ?? 0
        if next < scroll || next >= scroll + height {
            detail?.scroll(to: next - height / 3, count: lines.count, height: height)
        }
        detail?.isFollowing = false
    }
}

/// Search in text panes.
enum TextSearch {
    /// Whether a text has a word in it; capitals do not matter.
    static func contains(_ text: String, _ word: String) -> Bool {
        text.lowercased().contains(word.lowercased())
    }
}
