package import Model
import Store

/// What a checker knows of schedules: what they said at which time, and their runs.
struct ScheduleBook {
    /// A schedule as it was from one edit of its times to the next.
    struct Version {
        var schedule: Schedule
        /// Instants after this moment of the wall's clock are its own.
        let from: Timestamp
        /// Runs up to this number were before it.
        let runsBefore: Int64
        /// What was counted of earlier instants is not counted again.
        var upTo: Timestamp
        var counted = 0
    }

    /// One schedule, by its number.
    struct Page {
        var name: String
        var revision: Int64
        var versions: [Version]
        var runs: [Int64: ScheduleRun] = [:]
        /// The instants for which it ran.
        var dues: Set<Timestamp> = []
        /// Numbers of the runs whose instants were looked at.
        var looked: Set<Int64> = []
        /// Whether its runs were ever allowed to overlap.
        var mayOverlap: Bool
    }

    var pages: [Int64: Page] = [:]
    /// Jobs that schedules made, with their names.
    var jobs: [JobID: String] = [:]
    /// Names of schedules that somebody wanted to remove.
    var mayVanish: Set<String> = []
    /// Names of those that were removed, with their runs.
    var gone: Set<String> = []
}

/// Schedules: each due instant has exactly one record, and each job of a schedule exactly one run.
extension InvariantChecker {
    /// Notes that somebody is about to remove a schedule.
    package func mayVanish(schedule name: String) { schedules.mayVanish.insert(name) }

    /// Notes which schedules there are, at the moment of the wall at which somebody changed them.
    package func noticeSchedules(wall: Timestamp) throws {
        try store.read { reader in
            let stored = try reader.schedules()
            let there = Set(stored.map(\.state.number))
            for (number, page) in schedules.pages where !there.contains(number) {
                guard schedules.mayVanish.contains(page.name) else {
                    throw Violation("schedule \(page.name) has vanished")
                }
                schedules.pages[number] = nil
                schedules.gone.insert(page.name)
            }
            for item in stored { try notice(item, reader, wall: wall) }
        }
    }

    private func notice(
        _ item: StoredSchedule,
        _ reader: any StoreReader,
        wall: Timestamp
    ) throws {
        let (schedule, state) = (item.schedule, item.state)
        let from = max(wall, state.lastDue ?? wall)
        let version = ScheduleBook.Version(
            schedule: schedule,
            from: from,
            runsBefore: state.runs,
            upTo: from
        )
        guard var page = schedules.pages[state.number] else {
            schedules.pages[state.number] = ScheduleBook.Page(
                name: schedule.name,
                revision: state.revision,
                versions: [version],
                mayOverlap: schedule.overlap == .parallel
            )
            return
        }
        guard page.revision != state.revision, let newest = page.versions.last else { return }
        page.revision = state.revision
        page.mayOverlap = page.mayOverlap || schedule.overlap == .parallel
        if schedule.hasSameTimes(as: newest.schedule) {
            page.versions[page.versions.count - 1].schedule = schedule
        } else {
            try check(item, &page, reader)
            page.versions.append(version)
        }
        schedules.pages[state.number] = page
    }

    /// Compares the records of all schedules with their instants.
    func checkSchedules(_ reader: any StoreReader, wall: Timestamp) throws {
        for item in try reader.schedules() {
            // An engine may have died right after somebody's commit.
            try notice(item, reader, wall: wall)
            guard var page = schedules.pages[item.state.number] else {
                throw Violation("nobody added schedule \(item.schedule.name)")
            }
            try check(item, &page, reader)
            schedules.pages[item.state.number] = page
            if let next = item.state.nextAt, next <= wall {
                throw Violation(
                    "schedule \(item.schedule.name) was due at \(next), and did not run"
                )
            }
        }
        try checkJobs()
    }

    private func check(
        _ item: StoredSchedule,
        _ page: inout ScheduleBook.Page,
        _ reader: any StoreReader
    ) throws {
        try follow(try reader.runs(ofSchedule: item.state.number, limit: 1000), &page)
        try checkDues(&page)
        guard let newest = page.versions.last, newest.schedule.isEnabled else { return }
        // Every instant up to the newest that was looked at is in exactly one record.
        let end = item.state.lastDue ?? newest.from
        let zone = try NamedZone(newest.schedule.zone)
        var version = newest
        while let next = version.schedule.next(after: version.upTo, in: zone), next <= end {
            version.upTo = next
            version.counted += 1
        }
        page.versions[page.versions.count - 1] = version
        let recorded = page.runs.values.filter { !$0.isManual && $0.number > newest.runsBefore }
            .reduce(0) { $0 + $1.count }
        guard recorded == version.counted else {
            throw Violation(
                "schedule \(page.name) was due \(version.counted) times up to \(end), and has "
                    + "records of \(recorded)"
            )
        }
    }

    /// Takes in what is new of the runs, and checks how known ones changed.
    private func follow(_ runs: [ScheduleRun], _ page: inout ScheduleBook.Page) throws {
        for run in runs {
            if let before = page.runs[run.number] {
                let isRight =
                    before.due == run.due && before.isManual == run.isManual
                    && before.count == run.count && (before.job == nil || before.job == run.job)
                    && (before.outcome == run.outcome || before.outcome == .waiting)
                    && (before.ended == nil || before.ended == run.ended)
                guard isRight else {
                    throw Violation("run \(run.number) of \(page.name) changed: \(before), \(run)")
                }
            }
            page.runs[run.number] = run
            if let job = run.job, let state = known[job]?.state, let end = run.ended, state != end {
                throw Violation(
                    "\(job) is \(state.rawValue), and its schedule says \(end.rawValue)"
                )
            }
        }
    }

    /// What the clock brought was due, and came once.
    private func checkDues(_ page: inout ScheduleBook.Page) throws {
        for run in page.runs.values
        where !run.isManual && run.outcome != .missed && !page.looked.contains(run.number) {
            page.looked.insert(run.number)
            guard page.dues.insert(run.due).inserted else {
                throw Violation("schedule \(page.name) ran twice for \(run.due)")
            }
            let isDue = try page.versions.contains { version in
                let zone = try NamedZone(version.schedule.zone)
                return version.schedule.next(after: run.due + -1, in: zone) == run.due
            }
            guard isDue, run.count == 1 else {
                throw Violation("schedule \(page.name) ran for \(run.due), which is not due")
            }
        }
    }

    /// Each job of a schedule is in one run, and each run's job is there.
    private func checkJobs() throws {
        var places: [JobID: String] = [:]
        for page in schedules.pages.values {
            for case let job? in page.runs.values.map(\.job) {
                guard places.updateValue(page.name, forKey: job) == nil else {
                    throw Violation("\(job) stands for two runs of \(page.name)")
                }
                guard known[job] != nil else {
                    throw Violation("schedule \(page.name) made \(job), which never was")
                }
            }
            // A schedule whose runs do not overlap has one open job of the clock's at most.
            guard !page.mayOverlap else { continue }
            let open = page.runs.values.filter { run in
                !run.isManual && run.job.map { known[$0]?.state.isTerminal == false } ?? false
            }
            guard open.count < 2 else {
                throw Violation("schedule \(page.name) has \(open.count) open jobs at once")
            }
        }
        for (job, name) in schedules.jobs where places[job] != name {
            if schedules.gone.contains(name) { continue }
            throw Violation("\(job) says that schedule \(name) made it, which has no such run")
        }
    }
}
