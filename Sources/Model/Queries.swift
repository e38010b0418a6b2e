/// A question for a list of jobs.
package struct JobQuery: Hashable, Sendable {
    /// The order of the list.
    package enum Order: String, CaseIterable, Sendable {
        /// What is alive first, then what ended; newest first in both.
        case activity
        /// By number, newest first.
        case newest
        /// By number, oldest first.
        case oldest
        case state, kind, target, user, progress, priority
        /// Longest alive first.
        case age
    }

    /// Which jobs.
    package var filter: Filter
    /// In which order.
    package var order: Order
    /// Whether the order is turned round.
    package var isReversed: Bool
    /// As trees: roots in that order, each followed by its descendants, except below folded jobs.
    package var isTree: Bool
    /// Jobs whose descendants are left out of a tree.
    package var folded: Set<JobID>
    /// Whether archived jobs are looked at, too.
    package var includesArchive = false
    /// Whether jobs that keep house are left out, unless the filter asks for them.
    package var hidesInternal = false
    /// How many rows are left out at the beginning.
    package var offset: Int
    /// At most that many rows.
    package var limit: Int

    /// A question with what is usual.
    package init(
        filter: Filter = .all,
        order: Order = .activity,
        isReversed: Bool = false,
        isTree: Bool = false,
        folded: Set<JobID> = [],
        offset: Int = 0,
        limit: Int = 100
    ) {
        self.filter = filter
        self.order = order
        self.isReversed = isReversed
        self.isTree = isTree
        self.folded = folded
        self.offset = offset
        self.limit = limit
    }
}

/// One row of a list of jobs.
package struct JobRow: Hashable, Sendable {
    /// The job.
    package var job: Job
    /// How deep in its tree: 0 for a root, and for every row of a flat list.
    package var depth: Int
    /// Whether its descendants are left out.
    package var isFolded: Bool

    /// A row with all its parts.
    package init(job: Job, depth: Int = 0, isFolded: Bool = false) {
        self.job = job
        self.depth = depth
        self.isFolded = isFolded
    }
}

/// A part of a list of jobs.
package struct JobPage: Hashable, Sendable {
    /// The rows asked for.
    package var rows: [JobRow]
    /// How many rows there are in all; nil if counting was cut off at its bound.
    package var total: Int?
    /// How many jobs that fit are left out because they keep house.
    package var hidden = 0
    /// The offset of the first row.
    package var offset: Int

    /// A page with all its parts.
    package init(rows: [JobRow] = [], total: Int? = 0, offset: Int = 0) {
        self.rows = rows
        self.total = total
        self.offset = offset
    }
}

/// Everything about one job, for the detail pane and `job show`.
package struct JobDetail: Hashable, Sendable {
    /// The job.
    package var job: Job
    /// Its parameters, by name; secrets are masked.
    package var parameters: [String: String] = [:]
    /// What happens to work already done when it fails or is stopped.
    package var rollbackPolicy: RollbackPolicy = .automatic
    /// Its steps, in order.
    package var steps: [StepRecord] = []
    /// Its journal, oldest first.
    package var journal: [JournalEntry] = []
    /// The newest lines of its log, oldest first.
    package var log: [LogLine] = []
    /// How many lines its log has in all.
    package var logCount: Int = 0
    /// Its whole tree from the root, depth first.
    package var tree: [JobRow] = []
    /// Its tickets; those it waits for come with the holders ahead of it.
    package var tickets: [LockLine] = []
    /// The jobs it comes after, oldest first, up to a bound.
    package var prerequisites: [JobLink] = []
    /// The jobs that come after it, oldest first, up to a bound.
    package var dependents: [JobLink] = []
    /// What becomes of it if one it comes after does not complete.
    package var afterFailure = AfterFailure.fail
    /// What becomes of it if the engine dies while one of its steps is at work.
    package var onCrash: CrashPolicy = .adopt
    /// Its limits and those of its steps, with what is left of each.
    package var limits: [TimeLimit] = []
    /// What its operations answered too late.
    package var late: [LateResult] = []

    /// A job about which nothing more is known yet.
    package init(job: Job) { self.job = job }
}

/// One line of the list of locks: a ticket and who stands before it.
package struct LockLine: Hashable, Sendable {
    /// The ticket.
    package var ticket: Ticket
    /// The kind of the job that has it.
    package var kind: String
    /// If it waits: the jobs that hold the resource or stand before it, in order.
    package var behind: [JobID]

    /// A line with all its parts.
    package init(ticket: Ticket, kind: String, behind: [JobID] = []) {
        self.ticket = ticket
        self.kind = kind
        self.behind = behind
    }
}

/// One lane and how full it is.
package struct LaneLine: Hashable, Sendable {
    /// Its name: `host/kvm-a01`.
    package var name: String
    /// How many slots it has.
    package var slots: Int
    /// How many are taken.
    package var used: Int
    /// How many jobs wait for one.
    package var queued: Int
    /// Closed until then because its host did not answer; nil if open.
    package var closedUntil: Timestamp?
    /// Why it is closed.
    package var reason: String
    /// Who paused it and why; nil if nobody did.
    package var pause: Pause?
    /// Who set its slots while the engine ran; nil if they are those of the configuration.
    package var slotsBy: String?
    /// What counts across lanes and is full or waited for in this one.
    package var limits: [LimitLine] = []

    /// A lane with all its parts; the newer ones are set on the value.
    package init(
        name: String,
        slots: Int,
        used: Int,
        queued: Int,
        closedUntil: Timestamp? = nil,
        reason: String = ""
    ) {
        self.name = name
        self.slots = slots
        self.used = used
        self.queued = queued
        self.closedUntil = closedUntil
        self.reason = reason
    }
}

/// One host as the console and the command line show it.
package struct HostLine: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The cluster it belongs to.
    package var cluster: String
    /// The state in the hypervisor's word, such as `up`, `maintenance` or `unreachable`.
    package var state: String
    /// How many processors it has.
    package var cpus: Int
    /// Its memory, in MB.
    package var memory: Int
    /// How much of it is given to VMs, in MB.
    package var usedMemory: Int
    /// How many VMs it runs.
    package var vms: Int
    /// Its lane, if the engine has used it.
    package var lane: LaneLine?

    /// A host with all its parts.
    package init(
        name: String,
        cluster: String,
        state: String,
        cpus: Int,
        memory: Int,
        usedMemory: Int,
        vms: Int,
        lane: LaneLine? = nil
    ) {
        self.name = name
        self.cluster = cluster
        self.state = state
        self.cpus = cpus
        self.memory = memory
        self.usedMemory = usedMemory
        self.vms = vms
        self.lane = lane
    }
}

/// One VM as the console and the command line show it.
package struct VMLine: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The state in the hypervisor's word, such as `running` or `stopped`.
    package var state: String
    /// The host it is on; empty if none.
    package var host: String
    /// The cluster it belongs to.
    package var cluster: String
    /// Its virtual processors.
    package var cpus: Int
    /// Its memory, in MB.
    package var memory: Int
    /// How many disks it has.
    package var disks: Int
    /// The account it belongs to.
    package var account: String
    /// The unfinished job that holds its lock, if any.
    package var job: JobID?

    /// A VM with all its parts.
    package init(
        name: String,
        state: String,
        host: String,
        cluster: String,
        cpus: Int,
        memory: Int,
        disks: Int,
        account: String,
        job: JobID? = nil
    ) {
        self.name = name
        self.state = state
        self.host = host
        self.cluster = cluster
        self.cpus = cpus
        self.memory = memory
        self.disks = disks
        self.account = account
        self.job = job
    }
}

/// How many jobs there are in each state.
package struct Counts: Hashable, Sendable {
    private var numbers: [Int]

    /// No jobs at all.
    package init() { numbers = Array(repeating: 0, count: JobState.allCases.count) }

    /// The number of jobs in a state.
    package subscript(state: JobState) -> Int {
        get { numbers[state.code] }
        set { numbers[state.code] = newValue }
    }

    /// The number of jobs in all.
    package var total: Int { numbers.reduce(0, +) }
    /// The number of jobs that have not ended.
    package var unfinished: Int { numbers.prefix(JobState.completed.code).reduce(0, +) }
}

/// The engine that owns a store, as others see it.
package struct EngineLine: Hashable, Codable, Sendable {
    /// Its number; grows with each engine that owned the store.
    package var epoch: Int64
    /// Its process.
    package var process: Int32
    /// Its machine.
    package var machine: String
    /// Since when it owns the store.
    package var since: Timestamp
    /// Whether the process is alive, or has to be presumed to be because it is elsewhere.
    package var isAlive: Bool
    /// Milliseconds since it last renewed its lease; nil if that cannot be told from here.
    package var heartbeatAge: Int64?
    /// Whether it is on another machine, where only its lease can tell whether it lives.
    package var isElsewhere = false
    /// The processes that stand by to take over: `process 12 on kvm-a01`.
    package var standbys: [String] = []

    /// An engine with all its parts.
    package init(epoch: Int64, process: Int32, machine: String, since: Timestamp, isAlive: Bool) {
        self.epoch = epoch
        self.process = process
        self.machine = machine
        self.since = since
        self.isAlive = isAlive
    }
}
