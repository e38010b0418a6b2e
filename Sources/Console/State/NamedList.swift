import Model

/// A row of a list that is known as a whole.
protocol NamedRow: Sendable {
    /// Tells the row from all others.
    var key: String { get }
    /// Everything a filter looks at.
    var words: String { get }
}

/// A list that is known as a whole: VMs, hosts, locks.
struct NamedList<Row: NamedRow>: Sendable {
    /// All rows; nil until they came.
    private(set) var all: [Row]?
    var filter = "" {
        didSet { refilter() }
    }
    private(set) var rows: [Row] = []
    private(set) var cursor = 0
    private(set) var top = 0
    private(set) var selected: String?

    var selectedRow: Row? { rows.indices.contains(cursor) ? rows[cursor] : nil }

    mutating func accept(_ new: [Row], height: Int) {
        all = new
        refilter()
        keepVisible(height)
    }

    mutating func move(by delta: Int, height: Int) { move(to: cursor + delta, height: height) }

    mutating func move(to place: Int, height: Int) {
        cursor = min(max(place, 0), max(0, rows.count - 1))
        selected = selectedRow?.key
        keepVisible(height)
    }

    mutating func keepVisible(_ height: Int) {
        let height = max(1, height)
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, max(0, rows.count - height)))
    }

    private mutating func refilter() {
        let wanted = filter.lowercased().split(separator: " ")
        rows = (all ?? []).filter { row in
            guard !wanted.isEmpty else { return true }
            let words = row.words.lowercased()
            return wanted.allSatisfy { words.contains($0) }
        }
        if let place = rows.firstIndex(where: { $0.key == selected }) {
            cursor = place
        } else {
            cursor = min(cursor, max(0, rows.count - 1))
            selected = selectedRow?.key
        }
    }
}

extension VMLine: NamedRow {
    var key: String { name }
    var words: String {
        "\(name) \(state) \(host) \(cluster) \(account) \(job.map(\.description) ?? "")"
    }
}

extension HostLine: NamedRow {
    var key: String { name }
    var words: String { "\(name) \(state) \(cluster)" }
}

extension LockLine: NamedRow {
    var key: String { "\(ticket.number)" }
    var words: String {
        "\(ticket.resource) \(ticket.job) \(kind) \(ticket.isGranted ? "held" : "waits")"
    }
}
