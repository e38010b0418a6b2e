import Engine
import Model
import Store
import Synchronization
import TestKit

/// A store that undoes every twentieth write and reports success; right after that the power fails.
final class LyingStore: JobStore {
    private struct Undone: Error {}

    private let inner: any JobStore
    private let writes = Counter()
    private let isDead = Mutex(false)

    init(_ inner: any JobStore) { self.inner = inner }

    func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R {
        if epoch == nil {
            isDead.withLock { $0 = false }
        } else if isDead.withLock({ $0 }) {
            throw CrashingStore.Crash(moment: .beforeCommit)
        }
        guard epoch != nil, writes.next() % 20 == 0 else {
            return try inner.write(as: epoch, body)
        }
        isDead.withLock { $0 = true }
        var result: R?
        do {
            try inner.write(as: epoch) { tx in
                result = try body(tx)
                throw Undone()
            }
        } catch is Undone {}
        guard let result else { throw StoreError(.other, action: "write") }
        return result
    }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try inner.read(body) }
}

/// A store that asks nobody whether he owns it.
final class OpenStore: JobStore {
    private let inner: any JobStore

    init(_ inner: any JobStore) { self.inner = inner }

    func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R { try inner.write(as: nil, body) }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try inner.read(body) }
}

/// A store that changes something of its own in every few of an engine's transactions.
final class SpoiltStore: JobStore {
    typealias Change = @Sendable (any StoreTransaction, ManualClock, Int) throws -> Void

    private let inner: any JobStore
    private let clock: ManualClock
    private let change: Change
    private let writes = Counter()

    init(_ inner: any JobStore, _ clock: ManualClock, _ change: @escaping Change) {
        self.inner = inner
        self.clock = clock
        self.change = change
    }

    func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R {
        guard epoch != nil else { return try inner.write(as: nil, body) }
        let number = writes.next()
        return try inner.write(as: epoch) { tx in
            let result = try body(tx)
            try change(tx, clock, number)
            return result
        }
    }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try inner.read(body) }
}

extension Sabotage {
    /// What is changed in a transaction, given how many there were before; nil if nothing is.
    var change: SpoiltStore.Change? {
        switch self {
        case .droppedTickets: Self.dropTicket
        case .overtakingTickets: Self.overtake
        case .doubledRuns: Self.doubleRun
        case .forgottenRuns: Self.forgetRun
        case .limitsByTheWall: Self.followWall
        case .greedyRetention: Self.archiveUnfinished
        case .forgottenPauses: Self.forgetPause
        case .forgottenRates: Self.forgetRates
        case .ownApprovals: Self.approve { $0.user }
        case .forgedApprovals: Self.approve { _ in "operator" }
        case .forgottenApprovals: Self.forgetApproval
        default: nil
        }
    }

    private static let dropTicket: SpoiltStore.Change = { tx, _, number in
        guard number % 10 == 0, let job = try tx.jobs(in: [.running, .lost]).first else { return }
        try tx.deleteTickets(of: [job])
    }

    private static let overtake: SpoiltStore.Change = { tx, clock, number in
        guard number % 10 == 0 else { return }
        let waiting = try tx.locks(limit: 50).first { !$0.ticket.isGranted }
        if let waiting { try tx.grant([waiting.ticket.number], at: clock.now()) }
    }

    private static let doubleRun: SpoiltStore.Change = { tx, clock, number in
        let new = try tx.schedules().first { stored in
            stored.state.lastRun.map { $0.outcome == .made && $0.at == clock.now() } ?? false
        }
        guard let new else { return }
        var chance = SeededChance(seed: UInt64(number))
        let order = new.schedule.submission
        _ = try OutsideSubmission.insert(order, into: tx, chance: &chance, at: clock.now())
    }

    private static let forgetRun: SpoiltStore.Change = { tx, clock, _ in
        for var stored in try tx.schedules() {
            guard let run = stored.state.lastRun, run.outcome != .missed, !run.isManual,
                run.at == clock.now(), let next = stored.state.nextAt
            else { continue }
            let zone = try NamedZone(stored.schedule.zone)
            stored.state.lastDue = next
            stored.state.nextAt = stored.schedule.next(after: next, in: zone)
            try tx.save([stored])
        }
    }

    private static let followWall: SpoiltStore.Change = { tx, clock, _ in
        let lead = clock.wall() - clock.now()
        let open = JobState.allCases.filter { !$0.isTerminal }
        let ids = try tx.jobs(in: open)
        let steps = try tx.steps(of: ids)
        for stored in try tx.jobs(ids) where !stored.extra.limits.isEmpty {
            let own = steps[stored.job.id] ?? []
            let limits = TimeLimit.all(stored.extra.limits, of: stored.job, steps: own)
            guard let next = limits.compactMap(\.endsAt).min() else { continue }
            try tx.setLimit(next + lead, of: stored.job.id)
        }
    }

    private static let archiveUnfinished: SpoiltStore.Change = { tx, clock, number in
        guard number % 10 == 0, let id = try tx.jobs(in: [.queued, .running]).first,
            let job = try tx.jobs([id]).first?.job, job.parentID == nil, job.childCount == 0
        else { return }
        try tx.archive([EndedTree(root: id, members: [id: job.state])], at: clock.now())
    }

    private static let forgetRates: SpoiltStore.Change = { tx, _, _ in
        try tx.save(rates: [], forgetting: tx.rates().keys.sorted())
    }

    private static func approve(by user: @escaping @Sendable (Job) -> String)
        -> SpoiltStore.Change
    {
        { tx, _, _ in
            try changeApprovals(tx) { stored in
                let name = user(stored.job)
                stored.extra.approval?.by = name
            }
        }
    }

    private static let forgetApproval: SpoiltStore.Change = { tx, _, _ in
        try changeApprovals(tx) { $0.extra.approval = nil }
    }

    /// Changes the jobs that wait for approval, and has the engine look at them again.
    private static func changeApprovals(
        _ tx: any StoreTransaction,
        _ change: (inout StoredJob) -> Void
    ) throws {
        let waiting = try tx.jobs(try tx.jobs(in: [.pending])).filter {
            $0.job.waiting?.reason == .approval && $0.extra.approval?.by == nil
        }
        for stored in waiting {
            var changed = stored
            change(&changed)
            changed.wakeAt = changed.wakeAt ?? stored.job.createdAt
            try tx.update([(JobStamp(stored.job), changed)])
        }
    }

    private static let forgetPause: SpoiltStore.Change = { tx, _, _ in
        let paused = try tx.savedLanes().filter { $0.pause != nil }
        let open = paused.map { line in
            var line = line
            line.pause = nil
            return line
        }
        if !open.isEmpty { try tx.save(open) }
    }
}
