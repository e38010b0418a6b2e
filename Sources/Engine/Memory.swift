import HeapModule
import Model
import Store

/// What the engine remembers between two turns.
///
/// Nothing here is truth: all of it can be read from the store again, and is after a crash or a
/// failed commit. It holds jobs whose operations are at work (bounded by the slots), never the
/// backlog.
struct Memory {
    /// Jobs that have an operation at the backend.
    var entries: [JobID: Entry] = [:]
    /// Parents of which a child is at work: each of its moves concerns them.
    var parents: [JobID: Entry] = [:]
    /// Lanes that were used, by name.
    var lanes: [String: Lane] = [:]
    /// How many operations at work count against each limit; none for those not named.
    var limitUse: [String: Int] = [:]
    /// Lanes in which some job waits that counts against a limit.
    var limitLanes: [String: Set<String>] = [:]
    /// When jobs began that count against each rate; none for those not named.
    var rates: [String: RateLog] = [:]
    /// When full rates that somebody waits for have room again.
    var rateWakes: [String: Timestamp] = [:]
    /// How many jobs without a parent each account has that have begun and not ended.
    var accountUse: [String: Int] = [:]
    /// How many unfinished ones those accounts had that were asked about.
    var accountOpen: [String: Int] = [:]
    /// Why no new jobs are taken; nil if they are.
    var drain: Pause?
    /// How many jobs without a parent had not ended at the last commit; nil if not known.
    var openRoots: Int?
    /// Queues in which some ticket waits: others need not be looked at when a lock is released.
    var contended: Set<TicketKey> = []
    /// Unfinished jobs that some other job waits for.
    var dependedOn: Set<JobID> = []
    /// The earliest moment at which some job wants to be looked at.
    var nextWake: Timestamp?
    /// The earliest moment at which some schedule is due.
    var nextSchedule: Timestamp?
    /// When to ask the backend about operations that are quiet.
    var deadlines = Heap<Deadline>()
    /// Fences and ticket numbers taken from the store ahead of need, and the end of each block.
    var blocks: [Sequence: Range<Int64>] = [:]
    /// The earliest moment at which a quiet operation is asked about.
    var firstDeadline: Timestamp? { deadlines.min?.at }
    /// When the first limit of time of any job runs out.
    var nextLimit: Timestamp?
    /// Whether an engine before this one died, and what it left is being taken up.
    var isTakingOver = false
    /// By how much the wall's clock was ahead in the newest turn.
    var lead: Int64?
    /// By how much it was ahead when jobs with due times were looked at last.
    var reckonedLead: Int64?
    /// Whether a turn has been made since the memory was filled.
    var hasTurned = false
    /// Whether the store held more requests than one turn takes.
    var hasMoreRequests = false
    /// What is known of jobs whose time to be archived comes; nil if none ever are.
    var sweep: SweepMemory?
    /// Operations about which a person asked and the backend has not answered.
    var asked: Set<OperationName> = []
    /// Jobs that ended since the engine started.
    var ended: Int64 = 0

    /// Whether a deadline counts: its operation is the one that its job waits for now, and no later
    /// deadline was set.
    func isAtWork(_ deadline: Deadline) -> Bool {
        guard let entry = entries[deadline.operation.job], entry.deadline == deadline.at else {
            return false
        }
        return entry.flightName == deadline.operation
    }
}

/// A moment at which a quiet operation is asked about.
struct Deadline: Comparable {
    var at: Timestamp
    var operation: OperationName

    static func < (left: Deadline, right: Deadline) -> Bool {
        let (one, other) = (left.operation, right.operation)
        return (left.at, one.job, one.step, one.attempt)
            < (right.at, other.job, other.step, other.attempt)
    }
}
