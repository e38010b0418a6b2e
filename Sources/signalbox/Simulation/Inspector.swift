import Hypervisor
import Model
import Store

/// Follows the journal of a simulation and looks, as the time passes, whether what must hold holds.
///
/// It remembers the jobs that have not ended and some numbers, nothing of those that have: so it
/// can go on for years, and what retention removes is not missed.
final class Inspector {
    /// A job that has not ended.
    struct Open {
        var state: JobState
        let parent: JobID?
        let kind: String
        /// How many of its children have not ended.
        var children = 0
    }

    /// What was found so far.
    var findings = Findings()
    private(set) var open: [JobID: Open] = [:]
    /// How many jobs of each kind ended in each state.
    private(set) var ended: [String: Counts] = [:]
    /// How many jobs ended in each state.
    private(set) var totals = Counts()
    /// How many jobs there were.
    private(set) var jobs = 0
    /// Jobs that failed, for whoever tries them again, which is done once; the newest few.
    ///
    /// Those that have failed several times are left out: what never fits would be tried for ever.
    var failures: [JobID] = []
    /// Jobs of which something was left at the hypervisor, and when; the oldest first.
    var leftBehind: [(job: JobID, at: Timestamp)] = []
    /// VMs that may stand between two states, because a job on them said so.
    var excused: Set<String> = []
    /// What is known of the store's bounds.
    var bounds = BoundsMemory()
    let store: SQLiteStore
    private var sequence: Int64 = 0
    private var newest = JobID(0)

    /// An inspector that has seen nothing yet.
    init(_ store: SQLiteStore) { self.store = store }

    private static let window = 5000
    private static let failuresKept = 50
    private static let attempts = 3
    private static let leftBehindKept = 1000

    /// Reads what was written since the last look, and checks it.
    func look() throws {
        while try store.read({ try look($0) }) {}
        findings.note(.moves)
    }

    private func look(_ reader: any StoreReader) throws -> Bool {
        let lines = try reader.wholeJournal(after: sequence, limit: Self.window)
        guard let last = lines.last else { return false }
        sequence = last.sequence
        let moves = lines.filter { $0.from != $0.to }
        let wanted = Set(moves.filter { $0.from == nil || $0.to.isTerminal }.map(\.job)).sorted()
        let rows = Dictionary(try reader.shownJobs(wanted).map { ($0.id, $0) }) { one, _ in one }
        let limit = newest
        for line in moves { follow(line, rows[line.job], knownUpTo: limit) }
        let finished = wanted.filter { open[$0] == nil }
        findings.note(
            .locks,
            try reader.tickets(of: finished).map { "\($0.resource) of \($0.job)" }
        )
        // Only the newest state can be compared: a row may have moved on since.
        if lines.count < Self.window { compare(rows) }
        return lines.count == Self.window
    }

    // MARK: One line

    private func follow(_ line: JournalEntry, _ row: Job?, knownUpTo limit: JobID) {
        guard let from = line.from else { return begin(line, row, knownUpTo: limit) }
        guard let state = open[line.job]?.state, state == from,
            Move.isLegal(from: from, to: line.to)
        else {
            let known = open[line.job]?.state.word ?? "not open"
            findings.note(.moves, ["\(line.job): \(from.word) to \(line.to.word), was \(known)"])
            return
        }
        open[line.job]?.state = line.to
        if line.to.isTerminal { end(line, row) }
    }

    private func begin(_ line: JournalEntry, _ row: Job?, knownUpTo limit: JobID) {
        // Numbers only grow, so one that is not higher than those known before was used twice.
        guard line.job > limit, open[line.job] == nil, let row else {
            return findings.note(.moves, ["\(line.job) began, and is not new, or has no row"])
        }
        newest = max(newest, line.job)
        jobs += 1
        open[line.job] = Open(state: line.to, parent: row.parentID, kind: row.kind)
        if let parent = row.parentID {
            guard open[parent] != nil else {
                return findings.note(.families, ["\(line.job) was made by \(parent), which ended"])
            }
            open[parent]?.children += 1
        }
        if line.to.isTerminal { end(line, row) }
    }

    private func end(_ line: JournalEntry, _ row: Job?) {
        guard let job = open.removeValue(forKey: line.job) else { return }
        ended[job.kind, default: Counts()][line.to] += 1
        totals[line.to] += 1
        let early = job.children > 0 ? ["\(line.job) before \(job.children) children"] : []
        findings.note(.families, early)
        if let parent = job.parent { open[parent]?.children -= 1 }
        guard let row else {
            return findings.note(.rows, ["\(line.job) ended, and has no row"])
        }
        let isWhole = row.rollback == .clean || row.rollback == .notNeeded
        if !isWhole || row.cause == .abandoned { excused.insert(row.target.name) }
        if line.to == .failed, row.parentID == nil, row.attempt < Self.attempts {
            failures = failures.suffix(Self.failuresKept - 1) + [line.job]
        }
        if row.cause == .abandoned, leftBehind.count < Self.leftBehindKept {
            leftBehind.append((line.job, line.at))
        }
    }

    private func compare(_ rows: [JobID: Job]) {
        let wrong = rows.values.filter { row in
            open[row.id].map { $0.state != row.state } ?? !row.state.isTerminal
        }
        findings.note(.rows, wrong.map { "\($0.id) (\($0.state.word))" }.sorted())
    }
}
