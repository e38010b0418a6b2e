import Model
import Store

/// One job while the engine has it in hand: what is stored, what is to be stored.
///
/// A class, because a turn follows many paths to the same job (a child's move, a lock's release, a
/// news item) and all must see the same one. Only the engine's thread touches it.
final class Entry {
    /// The row as it stands in the store; nil while the job is new.
    var before: JobStamp?
    /// The job as this turn leaves it.
    var stored: StoredJob
    /// The row that this turn writes; nil if it writes none.
    var row: SavedJob?
    /// Its steps, as this turn leaves them.
    var steps: [StepRecord]
    /// Which steps this turn changed.
    var changedSteps: [Int] = []
    /// For a child that is new: the index of the parent's step that made it.
    var ofStep: Int?
    /// The queues it stands in; nil if not known.
    var ticketKeys: [TicketKey]?
    /// Locks asked for by the plan that was made in this turn; nil if none was made.
    var requestedLocks: [LockRequest]?
    /// Whether its steps come from a plan that was made in this turn.
    var hasNewPlan = false
    /// Whether a new plan has fewer steps than are stored.
    var hasFewerSteps = false
    /// The first of the steps that this turn added behind those that are stored; nil if none was.
    var firstAdded: Int?
    /// Whether the turn changed it.
    var isDirty = false
    /// Whether it counts among the queued jobs of its lane.
    var isEnqueued: Bool
    /// When the backend was last heard of it, progress or not; only in memory.
    var heardAt: Timestamp?
    /// When its operation was last found standing still; only in memory.
    var stillAt: Timestamp?
    /// Whether its operation was begun by an engine before this one, whose calls may still be on
    /// their way; only in memory.
    var needsClaim = false
    /// When its operation is asked about if it is quiet until then; only in memory.
    var deadline: Timestamp?
    /// Whether some limit of time was set for it.
    var hasLimits: Bool
    /// Whether limits were set in this turn, which may have run out before anybody knew of them.
    var hasNewLimits = false
    /// Whether it must be looked at before the turn ends.
    var isOnAgenda = false

    init(before: JobStamp?, stored: StoredJob, steps: [StepRecord] = []) {
        self.before = before
        self.stored = stored
        self.steps = steps
        hasLimits =
            !stored.extra.limits.isEmpty || steps.contains { $0.step.timeLimit != nil }
        isEnqueued =
            before?.state == .queued && stored.wakeAt == nil && !stored.queue.isEmpty
    }

    /// The public part of the job.
    var job: Job {
        get { stored.job }
        _modify { yield &stored.job }
    }

    var id: JobID { stored.job.id }
    var state: JobState { stored.job.state }
    /// Whether it was moved to the archive: nothing of it changes any more but its journal.
    var isArchived: Bool { stored.job.archivedAt != nil }

    /// The step at work or next to be; nil behind the last one.
    var current: StepRecord? {
        steps.indices.contains(stored.currentStep) ? steps[stored.currentStep] : nil
    }

    /// Changes one step and remembers that it has to be saved.
    func change(_ index: Int, _ body: (inout StepRecord) -> Void) {
        body(&steps[index])
        isDirty = true
        if !changedSteps.contains(index) { changedSteps.append(index) }
    }

    /// The step whose operation or undo is at the backend now, if any.
    var inFlight: (index: Int, isUndo: Bool)? {
        for (index, step) in steps.enumerated() {
            if step.undo == .issued || step.undo == .running { return (index, true) }
            guard step.state == .issued || step.state == .running else { continue }
            if case .operation = step.step.work { return (index, false) }
        }
        return nil
    }

    /// The name of the operation or undo that is at the backend now, if any.
    var flightName: OperationName? {
        inFlight.flatMap { OperationName(steps[$0.index].operation) }
    }

    /// Whether some step has begun whose plan says that there is no way back.
    var isPastReturn: Bool { steps.contains(where: \.isPastReturn) }

    /// Progress of the whole job in per cent, from its steps' weights.
    var weightedProgress: Int {
        var done = 0
        var total = 0
        for step in steps {
            total += max(1, step.step.weight) * 100
            done += max(1, step.step.weight) * step.progress
        }
        return total == 0 ? 0 : done * 100 / total
    }
}
