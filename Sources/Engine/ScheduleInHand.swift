import Model
import Store

/// One schedule while a turn has it in hand: what is stored, and what is to be stored.
///
/// A class, because several paths of a turn lead to the same one. Only the engine's thread touches
/// it.
final class ScheduleInHand {
    let schedule: Schedule
    var state: ScheduleState
    /// Runs that wait or whose job has not ended, oldest first.
    private var runs: [ScheduleRun]
    private var changedRuns: Set<Int64> = []
    /// Runs that are finished and changed in this turn.
    private var finished: [ScheduleRun] = []
    /// Whether the turn changed it.
    var isDirty = false

    init(_ stored: StoredSchedule, runs: [ScheduleRun]) {
        schedule = stored.schedule
        state = stored.state
        self.runs = runs
    }

    /// Whether its row makes no sense: it is left as it is.
    var isDamaged: Bool { state.damage != nil }

    /// The row as this turn leaves it.
    var stored: StoredSchedule { StoredSchedule(schedule, state) }

    /// The runs this turn made or changed.
    var changed: [ScheduleRun] {
        (runs.filter { changedRuns.contains($0.number) } + finished).sorted {
            $0.number < $1.number
        }
    }

    /// Runs that wait, oldest first.
    var waiting: [ScheduleRun] { runs.filter { $0.outcome == .waiting } }

    /// Jobs of its runs that were not seen to end.
    var openJobs: [JobID] { runs.compactMap(\.job) }

    /// How many due instants are run at most.
    var limit: Int {
        if case .all(let cap) = schedule.missed { cap } else { 1 }
    }

    /// A run with the next number; it counts only when it is given to one of the calls below.
    func newRun(due: Timestamp, at now: Timestamp, _ outcome: ScheduleRun.Outcome) -> ScheduleRun {
        ScheduleRun(number: state.runs + 1, due: due, at: now, outcome: outcome)
    }

    // MARK: What becomes of a run

    func made(_ run: inout ScheduleRun, _ job: JobID) {
        run.outcome = .made
        run.job = job
        state.made += 1
        keep(run)
    }

    func keep(_ run: ScheduleRun, saying text: String) {
        var run = run
        run.text = text
        keep(run)
    }

    func refuse(_ run: inout ScheduleRun, _ why: String) {
        run.outcome = .refused
        run.text = why
        state.refused += 1
        finish(run)
    }

    func skip(_ run: inout ScheduleRun, _ why: String) {
        run.outcome = .skipped
        run.text = why
        state.skipped += 1
        finish(run)
    }

    func replace(_ run: ScheduleRun) {
        var run = run
        run.outcome = .replaced
        run.text = "a newer run took its place"
        state.skipped += 1
        finish(run)
    }

    func refuse(due: Timestamp, at now: Timestamp, _ why: String) {
        var run = newRun(due: due, at: now, .refused)
        refuse(&run, why)
    }

    func miss(_ count: Int, from first: Timestamp, _ isExact: Bool, at now: Timestamp) {
        guard count > 0 else { return }
        var run = newRun(due: first, at: now, .missed)
        run.count = count
        run.text =
            (isExact ? "\(count)" : "more than \(count)")
            + (count == 1 ? " instant" : " instants")
            + " passed while no engine was alive; policy \(schedule.missed.text)"
        state.missed += Int64(count)
        finish(run)
    }

    func end(_ job: JobID, as end: JobState) {
        guard let index = runs.firstIndex(where: { $0.job == job }) else { return }
        var run = runs[index]
        run.ended = end
        finish(run)
    }

    private func keep(_ run: ScheduleRun) {
        count(run)
        if let index = runs.firstIndex(where: { $0.number == run.number }) {
            runs[index] = run
        } else {
            runs.append(run)
        }
        changedRuns.insert(run.number)
    }

    private func finish(_ run: ScheduleRun) {
        count(run)
        runs.removeAll { $0.number == run.number }
        finished.removeAll { $0.number == run.number }
        finished.append(run)
    }

    private func count(_ run: ScheduleRun) {
        state.runs = max(state.runs, run.number)
        isDirty = true
    }
}
