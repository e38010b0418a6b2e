import Engine
package import Model
import Store

/// What a checker knows of lanes and of the engine's own pause.
struct LaneBook {
    /// What somebody was told last.
    enum Standing {
        case open
        case paused(since: Timestamp, until: Timestamp?, drains: Bool)
    }

    /// By lane; nil if nothing is certain.
    var pauses: [String: Standing] = [:]
    var drain: Standing?
    /// How many slots a lane may use: as many as it had at any time since it was last within its
    /// bounds, because operations at work are not stopped when slots are taken away.
    private var allowed: [String: Int] = [:]

    mutating func allow(_ slots: Int, in lane: String, usual: Int) {
        allowed[lane] = max(allowed[lane] ?? usual, slots)
    }

    /// Whether so many used slots are right in a lane that has `slots` now.
    mutating func bear(_ used: Int, in lane: String, of slots: Int, usual: Int) -> Bool {
        if used <= slots {
            allowed[lane] = slots
            return true
        }
        allow(slots, in: lane, usual: usual)
        return used <= allowed[lane] ?? slots
    }
}

/// Slots, limits across lanes, pauses, and limits of time.
extension InvariantChecker {
    /// The lanes that are paused as far as people were told.
    package var pausedLanes: [String] {
        lanes.pauses.filter { if case .paused = $0.value { true } else { false } }.map(\.key)
            .sorted()
    }

    /// Whether the engine takes no new jobs now.
    package func isDrained(at now: Timestamp) -> Bool {
        let pause = try? store.read { try $0.drain() }
        return pause?.counts(at: now) ?? false
    }

    func checkLanes(
        _ jobs: [StoredJob],
        _ steps: [JobID: [StepRecord]],
        _ reader: any StoreReader,
        at now: Timestamp
    ) throws {
        let saved = Dictionary(try reader.savedLanes().map { ($0.name, $0) }) { first, _ in first }
        try checkUse(jobs.flatMap { steps[$0.job.id] ?? [] }, saved)
        for (name, standing) in lanes.pauses {
            try check(saved[name]?.pause, against: standing, "lane \(name)", at: now)
        }
        if let drain = lanes.drain {
            try check(try reader.drain(), against: drain, "the engine", at: now)
        }
        for stored in jobs {
            for step in steps[stored.job.id] ?? [] where step.isAtWork {
                try checkPause(saved[step.lane]?.pause, stored.job, step, at: now)
            }
        }
    }

    /// No lane is used beyond its slots, and no limit beyond its number; undo steps and end actions
    /// left out.
    private func checkUse(_ steps: [StepRecord], _ saved: [String: LaneLine]) throws {
        var used: [String: Int] = [:]
        var held: [String: Int] = [:]
        for step in steps where step.isAtWork {
            used[step.lane, default: 0] += step.taken
            for name in step.held { held[name, default: 0] += 1 }
        }
        for (lane, count) in used.sorted(by: { $0.key < $1.key }) {
            let line = saved[lane].flatMap { $0.slotsBy == nil ? nil : $0 }
            let slots = line?.slots ?? usualSlots(lane)
            guard lanes.bear(count, in: lane, of: slots, usual: usualSlots(lane)) else {
                throw Violation("lane \(lane) has \(slots) slots, and \(count) are used")
            }
        }
        for (name, count) in held.sorted(by: { $0.key < $1.key }) {
            guard let most = rules.limits[name]?.most, count <= most else {
                throw Violation("\(count) operations count against limit \(name)")
            }
        }
    }

    /// A pause is there as it was asked for, and gone when it is over.
    private func check(
        _ pause: Pause?,
        against standing: LaneBook.Standing,
        _ what: String,
        at now: Timestamp
    ) throws {
        switch standing {
        case .open:
            guard pause == nil else { throw Violation("\(what) was resumed, and is paused") }
        case .paused(_, let until, _):
            if let until, until <= now { return }
            guard let pause, pause.until == until else {
                throw Violation("\(what) was paused, and the pause is lost")
            }
        }
    }

    /// Nothing was begun in a lane since it was paused.
    private func checkPause(
        _ pause: Pause?,
        _ job: Job,
        _ step: StepRecord,
        at now: Timestamp
    ) throws {
        guard let pause, pause.counts(at: now), let began = step.startedAt, began > pause.at,
            // What has begun goes on, also in other lanes than it began in, and with its children.
            !pause.drains || (job.parentID == nil && job.startedAt == began)
        else { return }
        throw Violation("\(job.id) began “\(step.step.name)” in \(step.lane), which is paused")
    }

    /// No limit of time has run out unnoticed.
    func checkTimeLimits(
        _ jobs: [StoredJob],
        _ steps: [JobID: [StepRecord]],
        at now: Timestamp,
        lead: Int64
    ) throws {
        for stored in jobs where stored.job.stop == nil && !stored.extra.limits.isEmpty {
            // Another process wrote it, and the engine was not there to see.
            guard stored.isPlanned || stored.job.waiting != nil else { continue }
            let own = steps[stored.job.id] ?? []
            // Past its point of no return, or with a child that must not be stopped, it goes on.
            guard !own.contains(where: \.isPastReturn), children[stored.job.id] == nil else {
                continue
            }
            switch stored.job.state {
            case .cancelling, .rollingBack, .needsOperator, .lost: continue
            default: break
            }
            let limits = TimeLimit.all(stored.extra.limits, of: stored.job, steps: own, lead: lead)
            guard let over = limits.first(where: { $0.endsAt.map { $0 < now } ?? false }) else {
                continue
            }
            throw Violation(
                "\(stored.job.id) is \(stored.job.state.rawValue), and its \(over.name.rawValue) "
                    + "limit ran out at \(over.endsAt?.description ?? "")"
            )
        }
    }
}

extension StepRecord {
    /// Whether its operation takes its slots.
    fileprivate var isAtWork: Bool {
        guard !step.isEndAction, case .operation = step.work else { return false }
        return state == .issued || state == .running
    }
}
