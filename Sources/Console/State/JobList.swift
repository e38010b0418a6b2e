import Model

/// The list of jobs: what is asked of the store, what came of it, and which job is selected.
///
/// Only a window of the rows is known. The selection is a job, not a place: it follows the job
/// when the rows move. While the order is frozen, rows change in place and new ones are counted.
struct JobList: Sendable {
    var filterText = ""
    var filter: Filter = .all
    var showsOnlyTrouble = false
    /// Whether jobs that keep house are among the rows.
    var showsInternal = false
    var order: JobQuery.Order = .activity
    var isReversed = false
    var isTree = false
    var folded: Set<JobID> = []

    /// The row of the selection and the first visible row, counted over the whole list.
    private(set) var cursor = 0
    private(set) var top = 0
    private(set) var selected: JobID?
    /// Whether nobody has moved yet: then the screen stays at the top, where the newest come in.
    private(set) var isWatching = true
    private(set) var page = JobPage()
    private(set) var query: JobQuery?
    private(set) var held: (page: JobPage, query: JobQuery)?
    var frozenUntil: Timestamp?

    /// How many rows the list has, as far as that is known.
    var count: Int {
        if let total = page.total {
            return max(total, page.rows.isEmpty ? 0 : page.offset + page.rows.count)
        }
        let more = page.rows.count == query?.limit ? page.rows.count : 0
        return max(page.offset + page.rows.count + more, 20_000)
    }

    /// How many jobs came while the order was frozen.
    var newCount: Int {
        guard let held else { return 0 }
        if let before = page.total, let after = held.page.total, after > before {
            return after - before
        }
        let known = Set(page.rows.map(\.job.id))
        return held.page.rows.count { !known.contains($0.job.id) }
    }

    var isFiltered: Bool { filter != .all || showsOnlyTrouble }

    func row(at place: Int) -> JobRow? {
        let index = place - page.offset
        return page.rows.indices.contains(index) ? page.rows[index] : nil
    }

    var selectedRow: JobRow? {
        guard let row = row(at: cursor), row.job.id == selected else { return nil }
        return row
    }

    /// The newest that is known about a job, even if the rows are frozen.
    func job(_ id: JobID) -> Job? {
        (held?.page.rows ?? page.rows).first { $0.job.id == id }?.job
            ?? page.rows.first { $0.job.id == id }?.job
    }

    /// What is to be asked of the store, for a screen of that many rows.
    func wanted(screenRows: Int) -> JobQuery {
        let height = max(8, screenRows)
        var query = JobQuery(
            filter: showsOnlyTrouble ? Self.trouble(and: filter) : filter,
            order: order,
            isReversed: isReversed,
            isTree: isTree,
            folded: folded,
            offset: max(0, top / height * height - height),
            limit: 4 * height
        )
        query.hidesInternal = !showsInternal
        return query
    }

    private static func trouble(and filter: Filter) -> Filter {
        let trouble = FilterReading.trouble
        return filter == .all ? trouble : .and([trouble, filter])
    }
}

// MARK: - What the store found

extension JobList {
    /// Takes a page in, or holds it back while the order is frozen.
    mutating func accept(_ new: JobPage, for query: JobQuery, isFrozen: Bool, height: Int) {
        guard isFrozen, query == self.query, !page.rows.isEmpty else {
            show(new, for: query, height: height)
            return
        }
        held = (new, query)
        let newest = Dictionary(
            new.rows.map { ($0.job.id, $0.job) },
            uniquingKeysWith: { first, _ in first }
        )
        for index in page.rows.indices {
            if let job = newest[page.rows[index].job.id] { page.rows[index].job = job }
        }
    }

    /// Lets the rows move again.
    mutating func thaw(height: Int) {
        guard let held else { return }
        show(held.page, for: held.query, height: height)
    }

    private mutating func show(_ new: JobPage, for query: JobQuery, height: Int) {
        let isSameList = self.query.map { Self.isSameList($0, query) } ?? false
        page = new
        self.query = query
        held = nil
        if isWatching { return watchTop(height) }
        if let index = new.rows.firstIndex(where: { $0.job.id == selected }) {
            let place = new.offset + index
            if isSameList, top > 0 { top = max(0, top + place - cursor) }
            cursor = place
        } else {
            cursor = min(cursor, max(0, count - 1))
            selected = row(at: cursor)?.job.id
        }
        keepVisible(height)
    }

    /// Keeps the selection as long as its row is on the screen's first page, and the page in place.
    private mutating func watchTop(_ height: Int) {
        top = 0
        cursor = page.rows.prefix(max(1, height)).firstIndex { $0.job.id == selected } ?? 0
        selected = row(at: cursor)?.job.id
    }

    /// Whether two questions differ in nothing but the window.
    static func isSameList(_ left: JobQuery, _ right: JobQuery) -> Bool {
        var left = left
        (left.offset, left.limit) = (right.offset, right.limit)
        return left == right
    }
}

// MARK: - Moving

extension JobList {
    mutating func move(by delta: Int, height: Int) { move(to: cursor + delta, height: height) }

    mutating func move(to place: Int, height: Int) {
        cursor = min(max(place, 0), max(0, count - 1))
        selected = row(at: cursor)?.job.id
        isWatching = cursor == 0
        keepVisible(height)
    }

    /// Has the list follow the selected job from now on, because somebody is looking at it.
    mutating func followSelection() { isWatching = false }

    /// Selects a job if its row is known.
    mutating func select(_ id: JobID, height: Int) -> Bool {
        guard let index = page.rows.firstIndex(where: { $0.job.id == id }) else { return false }
        move(to: page.offset + index, height: height)
        return true
    }

    /// Begins at the top again, because other rows are asked for.
    mutating func restart(keepingSelection: Bool = true) {
        (cursor, top) = (0, 0)
        if !keepingSelection { selected = nil }
    }

    mutating func keepVisible(_ height: Int) {
        let height = max(1, height)
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, max(0, count - height)))
    }
}
