/// The simulated hypervisor as a value: the same calls with the same times lead to the same state.
///
/// Things happen at their own times and in their own order, however seldom somebody looks.
struct Simulation: Sendable {
    /// No time beyond this is believed, so that sums of times cannot overflow.
    static let latest: Int64 = 1 << 52

    let seed: UInt64
    let tick: Int64?
    /// How many tasks are kept at most.
    let capacity: Int
    var clock: Int64 = 0
    var revision = 0
    var nextOrdinal = 0
    var inventory: Inventory
    var tasks: [String: TaskRecord] = [:]
    var rules = RuleBook()
    var fences = Fences()

    // What follows can be told from the above, and is not saved.
    var holds: [String: Hold] = [:]
    var shows = Agenda()
    var losses = Agenda()
    var nextEdge: Int64?
    var unread: Set<String> = []

    init(inventory: Inventory, seed: UInt64, tick: Int64?, capacity: Int) {
        self.inventory = inventory
        self.seed = seed
        self.tick = tick.map { min(max($0, 1), Simulation.latest / 1_024) }
        self.capacity = capacity
    }

    /// A time as it counts here: never before the newest one seen.
    func clamped(_ now: Int64) -> Int64 { max(clock, min(max(now, 0), Simulation.latest)) }

    /// Lets everything happen that is due up to a time, in the order of its times.
    mutating func advance(to time: Int64) {
        let now = clamped(time)
        while let event = nextEvent(upTo: now) {
            clock = max(clock, event.at)
            switch event.what {
            case .edge: passEdge()
            case .show: show(until: now)
            case .loss: lose()
            }
        }
        clock = now
    }

    private enum What {
        case edge, show, loss
    }

    private func nextEvent(upTo now: Int64) -> (at: Int64, what: What)? {
        var next: (at: Int64, what: What)?
        if let edge = nextEdge { next = (edge, .edge) }
        if let first = shows.first, first.at < next?.at ?? .max { next = (first.at, .show) }
        if let first = losses.first, first.at < next?.at ?? .max { next = (first.at, .loss) }
        guard let next, next.at <= now else { return nil }
        return next
    }

    private mutating func passEdge() {
        refreshReach()
        nextEdge = rules.nextEdge(after: clock)
    }

    /// Tells the inventory which hosts answer; needed whenever the rules or their times change.
    mutating func refreshReach() {
        let cuts = rules.cutsHosts(at: clock)
        for host in inventory.hosts.all {
            let site = Site(host: host.name, cluster: host.cluster, zone: zone(host.cluster))
            let isCut =
                cuts && rules.unreachable(site, verb: "*", at: clock) != nil
            guard isCut == host.isReachable else { continue }
            inventory.hosts.update(host.name) { $0.isReachable = !isCut }
            revision += 1
        }
    }

    private func zone(_ cluster: String) -> String? { inventory.zone(ofCluster: cluster) }

    /// Where a task or a call is, for the rules.
    func site(vm: String?, host: String?) -> Site {
        let cluster =
            host.flatMap { inventory.hosts[$0]?.cluster }
            ?? vm.flatMap { inventory.vms[$0]?.cluster }
        return Site(vm: vm, host: host, cluster: cluster, zone: cluster.flatMap(zone))
    }

    /// Whether nothing can be heard of a task, because its host does not answer.
    func isMuted(_ record: TaskRecord) -> Bool {
        guard record.work.host != nil, rules.cutsHosts(at: clock) else { return false }
        let site = site(vm: record.work.vm, host: record.work.host)
        return rules.unreachable(site, verb: record.call.verb, at: clock) != nil
    }

    private mutating func show(until now: Int64) {
        guard let entry = shows.removeFirst(), let record = tasks[entry.task],
            record.ordinal == entry.ordinal, record.endedAt == nil
        else { return }
        if isEnding(record, at: entry.at) {
            complete(record)
        } else {
            unread.insert(entry.task)
            schedule(record, after: now)
        }
    }

    private func isEnding(_ record: TaskRecord, at time: Int64) -> Bool {
        switch record.ending {
        case .done, .failed: time >= record.limitAt
        case .hangs, .vanishes: false
        }
    }

    /// Puts a task's next appointments into the agenda.
    mutating func schedule(_ record: TaskRecord, after now: Int64) {
        guard let at = record.nextShow(after: now, tick: tick) else { return }
        shows.add(Appointment(at: at, ordinal: record.ordinal, task: record.call.id))
        guard shows.entries.count > 2 * tasks.count + 64 else { return }
        shows.keep { tasks[$0.task]?.ordinal == $0.ordinal && tasks[$0.task]?.endedAt == nil }
    }

    private mutating func complete(_ record: TaskRecord) {
        if case .failed(let fault) = record.ending { return end(record, .failed(fault)) }
        guard !record.work.isInert else { return end(record, .done) }
        do {
            try inventory.finish(record.work, at: clock)
            end(record, .done)
        } catch {
            end(record, .failed(error))
        }
    }

    /// Ends a task now, and puts its subject into a stable state unless it is done.
    mutating func end(_ record: TaskRecord, _ status: TaskStatus) {
        var record = record
        record.lastProgress = status == .done ? 100 : record.progress(at: clock)
        record.status = status
        record.endedAt = clock
        settle(record)
        tasks[record.call.id] = record
        unread.insert(record.call.id)
    }

    private mutating func settle(_ record: TaskRecord) {
        guard !record.work.isInert else { return }
        if record.status != .done { inventory.undo(record.work) }
        for hold in record.work.holds { holds[hold] = nil }
        revision += 1
    }

    private mutating func lose() {
        guard let entry = losses.removeFirst(), let record = tasks[entry.task],
            record.ordinal == entry.ordinal, record.endedAt == nil
        else { return }
        settle(record)
        tasks[entry.task] = nil
        unread.remove(entry.task)
    }
}
