import Engine
import Model
import Store
import TestKit
import Testing

/// A bench with one schedule, whose jobs do `work`.
struct ScheduleStage {
    let bench: EngineBench
    let backend: ScriptedBackend
    static let start = ManualClock.beginning

    /// A schedule that is due every so many seconds, the first time after as many.
    init(
        every seconds: Int64 = 60,
        _ change: (inout Schedule) -> Void = { _ in }
    ) throws {
        backend = ScriptedBackend(slotsPerLane: 200)
        bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("job", steps: [.doing("work")]),
                ScriptedKind("picky") { _ throws(Failure) in throw .scripted("not today") },
            ]
        )
        var schedule = Self.schedule(every: seconds)
        change(&schedule)
        try ask { try $0.add(schedule) }
    }

    static func schedule(_ name: String = "nightly", every seconds: Int64) -> Schedule {
        let rule = ScheduleRule.every(milliseconds: seconds * 1000, anchor: start)
        return Schedule(name: name, kind: "job", user: "ann", rule: rule)
    }

    /// Changes schedules as another process does, and has the engine notice.
    @discardableResult
    func ask(_ change: (ScheduleDesk) throws -> RequestOutcome) throws -> RequestOutcome {
        let outcome = try bench.store.write(as: nil) { tx in
            try change(ScheduleDesk(tx, by: "ann", reason: "why not", at: bench.clock.now()))
        }
        try notice()
        return outcome
    }

    /// A turn in which the engine looks for what others wrote.
    func notice() throws {
        var inbox = Inbox()
        inbox.checksStore = true
        try bench.turn(inbox)
    }

    /// Runs the engine up to so many seconds after the beginning.
    func run(to seconds: Int64) throws { try bench.run(until: Self.start + seconds * 1000) }

    /// Lets time pass without an engine, and starts another one.
    func beAway(to seconds: Int64) throws {
        bench.clock.advance(to: Self.start + seconds * 1000)
        try bench.takeOver()
    }

    func stored(_ name: String = "nightly") throws -> StoredSchedule {
        try #require(try bench.store.read { try $0.schedule(named: name) })
    }

    /// Its runs, oldest first.
    func runs() throws -> [ScheduleRun] {
        let number = try stored().state.number
        return try bench.store.read { try $0.runs(ofSchedule: number, limit: 1000) }.reversed()
    }

    /// What became of its instants, in order: `60 made, 120 skipped`; of a job that has ended also
    /// how.
    func history() throws -> String {
        try runs().map { run in
            let due = (run.due - Self.start) / 1000
            let count = run.count == 1 ? "" : " ×\(run.count)"
            return "\(due) \(run.outcome.rawValue)\(count)"
                + (run.ended.map { " \($0.rawValue)" } ?? "")
        }.joined(separator: ", ")
    }

    /// The jobs of the store, oldest first.
    func jobs() throws -> [Job] {
        let query = JobQuery(order: .oldest, limit: 1000)
        return try bench.store.read { try $0.page(query, at: bench.clock.now()) }.rows.map(\.job)
    }
}
