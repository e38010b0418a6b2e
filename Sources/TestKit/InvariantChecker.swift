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
/// the journal, ``checkAll(at:)`` looks at everything that has not ended.
package final class InvariantChecker {
    /// A job as the journal tells it.
    struct Known {
        var state: JobState
        var parent: JobID?
        var progress = 0
        var cause = Cause.none
    }

    let store: any JobStore
    let ledger: HypervisorLedger
    let slots: (String) -> Int
    private var sequence: Int64 = 0
    private(set) var known: [JobID: Known] = [:]
    private var children: [JobID: [JobID]] = [:]
    private var promised: Set<JobID> = []
    private var stops: [JobID: StopLevel] = [:]
    private var findings: [String] = []
    /// Targets on which somebody stopped tracking a task.
    private(set) var abandoned: Set<Target> = []

    /// A checker of that store and what its engines do to that hypervisor.
    package init(
        store: any JobStore,
        ledger: HypervisorLedger,
        slots: @escaping (String) -> Int
    ) {
        self.store = store
        self.ledger = ledger
        self.slots = slots
    }

    // MARK: What was promised

    /// Notes that somebody was told that this job is accepted.
    package func wasTold(accepted id: JobID) { promised.insert(id) }

    /// Notes that somebody was told that this stop is recorded.
    package func wasTold(stopped id: JobID, _ level: StopLevel) {
        stops[id] = max(stops[id] ?? level, level)
    }

    /// The jobs that have not ended.
    package var unfinished: [JobID] {
        known.filter { !$0.value.state.isTerminal }.map(\.key).sorted()
    }

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

    // MARK: After each turn

    /// Follows the journal, and checks what moved.
    package func checkTurn() throws {
        try store.read { reader in
            let lines = try reader.journal(of: nil, after: sequence, limit: 100_000)
            var moved: Set<JobID> = []
            var ended: [JobID] = []
            for line in lines {
                sequence = line.sequence
                guard line.from != line.to else { continue }
                try follow(line)
                moved.insert(line.job)
                if line.to.isTerminal { ended.append(line.job) }
            }
            let jobs = try reader.jobs(moved.sorted())
            try meet(jobs)
            try checkFamilies(of: moved)
            try checkPromises()
            try checkCounts(reader)
            if !ended.isEmpty { try checkEnded(ended, jobs, reader) }
        }
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
    }

    /// Compares rows that moved with what the journal says of them.
    private func meet(_ jobs: [StoredJob]) throws {
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
            if entry.parent == nil, let parent = job.parentID {
                entry.parent = parent
                children[parent, default: []].append(job.id)
            }
            entry.progress = job.progress
            entry.cause = job.cause
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

    private func checkPromises() throws {
        for id in promised where known[id] == nil {
            throw Violation("\(id) was accepted, and is not in the store")
        }
        promised = []
    }

    private func checkCounts(_ reader: any StoreReader) throws {
        var mine = Counts()
        for entry in known.values { mine[entry.state] += 1 }
        guard try reader.counts() == mine else {
            throw Violation("the counters differ from the journal")
        }
    }

    // MARK: The end of a job

    private func checkEnded(
        _ ids: [JobID],
        _ jobs: [StoredJob],
        _ reader: any StoreReader
    ) throws {
        if let ticket = try reader.tickets(of: ids).first {
            throw Violation("\(ticket.job) has ended and keeps a ticket for \(ticket.resource)")
        }
        let steps = try reader.steps(of: ids)
        for stored in jobs where stored.job.state.isTerminal {
            try checkOutcome(stored.job, steps[stored.job.id] ?? [])
            if stored.job.cause == .abandoned { abandoned.insert(stored.job.target) }
            try checkWorld(stored.job)
        }
    }

    /// Whether what a job says of its rollback agrees with its steps and with the hypervisor.
    private func checkOutcome(_ job: Job, _ steps: [StepRecord]) throws {
        let begun = steps.filter { $0.state.hasBegun && $0.canBeUndone && $0.undo != .replaced }
        let undos = begun.map(\.undo)
        let isRight: Bool
        switch job.rollback {
        case .notNeeded: isRight = undos.allSatisfy { $0 == .none }
        case .clean: isRight = undos.allSatisfy { $0 == .done }
        case .none: isRight = undos.allSatisfy { $0 == .none }
        case .dirty: isRight = undos.contains(.failed)
        case .skipped:
            let isOpen = job.cause == .abandoned || undos.allSatisfy { $0 == .none }
            isRight =
                isOpen || undos.allSatisfy { $0 == .done || $0 == .failed || $0 == .skipped }
        }
        guard isRight else {
            let list = steps.map { "\($0.state.rawValue)/\($0.undo.rawValue)" }
            throw Violation(
                "\(job.id) ended with rollback \(job.rollback.rawValue), but its steps are "
                    + list.joined(separator: ", ")
            )
        }
        for step in begun
        where step.undo == .done && !step.operation.isEmpty && !ledger.wasExecuted(step.operation) {
            throw Violation("the undo \(step.operation) of \(job.id) counts as done and never was")
        }
    }

    /// Checks what was promised of stops, for jobs that have not ended.
    func checkStops(_ jobs: [StoredJob]) throws {
        for stored in jobs {
            guard let level = stops[stored.job.id] else { continue }
            guard let stop = stored.job.stop, stop.level >= level else {
                throw Violation("\(level.rawValue) of \(stored.job.id) was accepted and is lost")
            }
        }
    }

    /// Compares all unfinished rows with what the journal says.
    func checkRows(_ jobs: [StoredJob]) throws {
        guard jobs.count == unfinished.count else {
            throw Violation("a job has vanished from the store")
        }
        try meet(jobs)
        for stored in jobs { try checkTally(stored) }
    }

    /// What a parent counts of its children is what they are.
    private func checkTally(_ stored: StoredJob) throws {
        let states = (children[stored.job.id] ?? []).compactMap { known[$0]?.state }
        let unfinished = states.count { !$0.isTerminal }
        let active = states.count { $0.isActive }
        guard stored.tally.unfinished == unfinished, stored.tally.active == active else {
            throw Violation(
                "\(stored.job.id) counts \(stored.tally.unfinished) unfinished and "
                    + "\(stored.tally.active) active children; "
                    + "there are \(unfinished) and \(active)"
            )
        }
    }
}
