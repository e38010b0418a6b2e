package import Engine
import Hypervisor
package import Model
package import Store

/// Something that must hold always and does not.
package struct Violation: Error, CustomStringConvertible {
    /// What does not hold, in a sentence.
    package let description: String

    /// A violation with that sentence.
    package init(_ description: String) { self.description = description }
}

/// Reads a store after each turn and says whether what must hold holds.
///
/// It remembers what it has read, so that each look costs only what is new: ``checkTurn()`` follows
/// the journal, ``checkAll(at:wall:)`` looks at everything that has not ended. What people were
/// told is told to it too, and is found again in the store, whatever has crashed since.
package final class InvariantChecker {
    /// A job as the journal tells it.
    struct Known {
        var state: JobState
        var parent: JobID?
        var progress = 0
        var cause = Cause.none
        var kind = ""
        var target = Target.none
        var account = ""
        var user = ""
        var startedAt: Timestamp?
    }

    let store: any JobStore
    let ledger: HypervisorLedger
    let rules: EngineRules
    let usualSlots: (String) -> Int
    var sequence: Int64 = 0
    var latest = Timestamp(milliseconds: 0)
    var known: [JobID: Known] = [:]
    /// How many jobs are in each state by the journal, those in the archive left out.
    var counted = Counts()
    var children: [JobID: [JobID]] = [:]
    var promised: Set<JobID> = []
    var stops: [JobID: StopLevel] = [:]
    /// What accepted jobs come after, and what they do if that fails.
    var after: [JobID: (ids: [JobID], policy: AfterFailure)] = [:]
    var findings: [String] = []
    /// Targets on which somebody stopped tracking a task, or said himself what became of it.
    var abandoned: Set<Target> = []
    /// Jobs of whose operations a person said what became of them.
    var declared: Set<JobID> = []
    var undos = UndoBook()
    var beginnings = BeginBook()
    var lanes = LaneBook()
    var archive = ArchiveBook()
    var schedules = ScheduleBook()
    /// The tickets of jobs past `pending`, which they keep to their end.
    var tickets: [JobID: Set<Int64>] = [:]
    var audited: Int64 = 0
    var looks = 0
    /// The journal as far as it was followed, with what was archived or removed since.
    package private(set) var journal: [JournalEntry] = []
    /// What jobs were seen to wait for.
    package var waits: Set<Wait> = []
    /// How long jobs that ended are kept; nil for ever.
    package var retention: Retention?

    /// A checker of that store and what its engines do to that hypervisor.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - ledger: the hypervisor.
    ///   - rules: how much of anything may happen at once.
    ///   - slots: how many slots a lane has unless somebody changes that.
    package init(
        store: any JobStore,
        ledger: HypervisorLedger,
        rules: EngineRules = EngineRules(),
        slots: @escaping (String) -> Int
    ) {
        self.store = store
        self.ledger = ledger
        self.rules = rules
        usualSlots = slots
    }

    // MARK: Looking

    /// The jobs that have not ended.
    package var unfinished: [JobID] {
        known.filter { !$0.value.state.isTerminal }.map(\.key).sorted()
    }

    /// The jobs of a kind that have not ended.
    package func unfinished(ofKind kind: String) -> [JobID] {
        known.filter { !$0.value.state.isTerminal && $0.value.kind == kind }.map(\.key).sorted()
    }

    /// The jobs that have ended and were not removed.
    package var ended: [JobID] {
        known.filter { $0.value.state.isTerminal && !archive.removed.contains($0.key) }
            .map(\.key).sorted()
    }

    /// Jobs of which some operation may be open: lost ones, those that wait for a person, and those
    /// that nobody waits for any more.
    package var doubtful: [JobID] {
        known.filter { _, entry in
            entry.state == .lost || entry.state == .needsOperator || entry.cause == .abandoned
        }.map(\.key).sorted()
    }

    /// Jobs that somebody was told are pinned.
    package var pinnedJobs: [JobID] { archive.pinned.sorted() }

    /// The state of a job as the journal tells it.
    package func state(of id: JobID) -> JobState? { known[id]?.state }

    /// How many jobs there are.
    package var jobCount: Int { known.count }

    /// Notes something that must not happen; the next check throws it.
    package func note(_ finding: String) { findings.append(finding) }

    /// Whether a job is one of those, or above one of them.
    package func isAncestor(_ id: JobID, ofAny jobs: Set<JobID>) -> Bool {
        jobs.contains { job in
            var next: JobID? = job
            while let present = next {
                if present == id { return true }
                next = known[present]?.parent
            }
            return false
        }
    }

    /// The oldest ancestor of a job.
    func root(of id: JobID) -> JobID {
        var root = id
        while let parent = known[root]?.parent { root = parent }
        return root
    }

    // MARK: After each turn

    /// Follows the journal, and checks what moved.
    package func checkTurn() throws {
        try store.read { reader in
            let lines = try reader.wholeJournal(after: sequence, limit: 100_000)
            journal += lines
            var moved: Set<JobID> = []
            var ended: [JobID] = []
            for line in lines {
                sequence = line.sequence
                guard line.at >= latest else {
                    throw Violation("the time of \(line.job) goes back to \(line.at)")
                }
                latest = line.at
                guard line.from != line.to else { continue }
                try follow(line)
                moved.insert(line.job)
                if line.to.isTerminal { ended.append(line.job) }
            }
            let jobs = try reader.jobs(moved.sorted())
            try meet(jobs)
            try checkBeginnings()
            if !moved.isEmpty { try checkAccounts() }
            try checkFamilies(of: moved)
            try checkPromises()
            if !ended.isEmpty { try checkEnded(ended, jobs, reader) }
            try checkCounts(reader)
        }
        try checkUndos()
        if let finding = (findings + ledger.findings).first { throw Violation(finding) }
    }

    private func follow(_ line: JournalEntry) throws {
        let state = known[line.job]?.state
        guard state == line.from else {
            throw Violation(
                "\(line.job) moved from \(line.from?.rawValue ?? "new") to \(line.to.rawValue), "
                    + "but was \(state?.rawValue ?? "unknown")"
            )
        }
        guard Move.isLegal(from: line.from, to: line.to) else {
            throw Violation("\(line.job): \(IllegalMove(from: line.from, to: line.to))")
        }
        known[line.job, default: Known(state: line.to)].state = line.to
        if let from = line.from { counted[from] -= 1 }
        counted[line.to] += 1
        if line.from == .pending, line.to == .queued { try checkPrerequisites(of: line.job) }
        if line.from == .rollingBack, line.to == .queued { undos.beginAnew(line.job) }
    }

    /// Compares rows that moved with what the journal says of them.
    func meet(_ jobs: [StoredJob]) throws {
        for stored in jobs {
            let job = stored.job
            guard var entry = known[job.id], entry.state == job.state else {
                throw Violation(
                    "\(job.id) is \(job.state.rawValue), but its journal says "
                        + "\(known[job.id]?.state.rawValue ?? "nothing")"
                )
            }
            guard job.progress >= entry.progress else {
                throw Violation(
                    "\(job.id) went back from \(entry.progress) to \(job.progress) per cent"
                )
            }
            guard job.state.isTerminal || job.archivedAt == nil else {
                throw Violation("\(job.id) is \(job.state.rawValue), and in the archive")
            }
            if entry.parent == nil, let parent = job.parentID {
                entry.parent = parent
                children[parent, default: []].append(job.id)
            }
            if let name = job.schedule { schedules.jobs[job.id] = name }
            if let waiting = job.waiting { waits.insert(Wait(waiting)) }
            try noteBeginning(stored, before: entry)
            entry.progress = job.progress
            entry.cause = job.cause
            (entry.kind, entry.target) = (job.kind, job.target)
            (entry.account, entry.user) = (job.account, job.user)
            entry.startedAt = job.startedAt
            known[job.id] = entry
        }
    }

    private func checkFamilies(of moved: Set<JobID>) throws {
        let parents = Set(moved.compactMap { known[$0]?.parent }).union(moved)
        for id in parents {
            guard let state = known[id]?.state, let below = children[id] else { continue }
            let states = below.compactMap { known[$0]?.state }
            let isRight =
                switch state {
                case .childQueued:
                    states.contains { !$0.isTerminal } && !states.contains { $0.isActive }
                case .childRunning: states.contains { $0.isActive }
                case _ where state.isTerminal: states.allSatisfy { $0.isTerminal }
                default: true
                }
            guard isRight else {
                let list = states.map(\.rawValue).joined(separator: ", ")
                throw Violation("\(id) is \(state.rawValue), but its children are \(list)")
            }
        }
    }

    private func checkCounts(_ reader: any StoreReader) throws {
        let counts = try reader.counts()
        guard counts != counted else { return }
        // Some may have been archived since.
        try noteArchived(reader)
        guard counts == counted else { throw Violation("the counters differ from the journal") }
    }
}
