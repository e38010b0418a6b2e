import Console
import Engine
import Foundation
import Hypervisor
import Model
import Store

/// Makes events of what the store holds, and none of what is known already.
struct ReaderView {
    private let desk: Desk
    private var version: Int64?
    private var isTroubled = false
    private var snapshot: Console.Snapshot?
    private var meter = Meter()
    private var inventory: (inventory: Inventory, readAt: ContinuousClock.Instant)?
    private var lists: Set<ListName> = []

    /// A view that has seen nothing yet.
    init(_ desk: Desk) { self.desk = desk }

    /// Whether something that is shown changes by itself although nothing is written.
    var isFading: Bool { (snapshot?.throughput.endedLastMinute ?? 0) > 0 }

    /// Reads what is wanted; nothing if the store is as it was and the wish is not new.
    mutating func read(_ watch: Watch, isNew: Bool) -> [Event] {
        let now = desk.clock.now()
        do {
            let events = try desk.store.read { reader -> [Event] in
                let version = try reader.version()
                guard isNew || version != self.version else { return [] }
                self.version = version
                var events: [Event] = [.snapshot(try snapshot(watch, now, reader))]
                if let detail = watch.detail { events.append(try self.detail(detail, reader)) }
                if watch.lists.contains(.locks) {
                    events.append(.locks(try reader.locks(limit: 1000)))
                }
                return events
            }
            let isAnswered = events.isEmpty && watch.lists == lists
            lists = watch.lists
            defer { isTroubled = false }
            return events + (isAnswered ? [] : try hypervisorLists(watch.lists))
                + (isTroubled ? [.trouble(nil)] : [])
        } catch {
            isTroubled = true
            snapshot?.isStale = true
            return (snapshot.map { [.snapshot($0)] } ?? [])
                + [.trouble(Complaint(of: error)?.text ?? String(describing: error))]
        }
    }

    /// The newest snapshot once more, if something in it has changed although nothing was written:
    /// the throughput, or whether an engine is alive.
    mutating func refresh() -> [Event] {
        guard var fresh = snapshot else { return [] }
        fresh.now = desk.clock.now()
        fresh.throughput = meter.throughput(at: fresh.now)
        if desk.host == nil, var engine = fresh.engine, let lock = desk.store.lock {
            engine.isAlive = lock.holder()?.process == engine.process
            fresh.engine = engine
        }
        guard fresh.throughput != snapshot?.throughput || fresh.engine != snapshot?.engine else {
            return []
        }
        snapshot = fresh
        return [.snapshot(fresh)]
    }

    private mutating func snapshot(
        _ watch: Watch,
        _ now: Timestamp,
        _ reader: any StoreReader
    ) throws -> Console.Snapshot {
        var snapshot = Console.Snapshot(now: now, query: watch.jobs)
        snapshot.counts = try reader.counts()
        snapshot.unacknowledged = try reader.unacknowledged(limit: 10_000)
        snapshot.page = try reader.page(watch.jobs, at: now)
        snapshot.engine = try reader.engine()
        snapshot.isOwnEngine = desk.isOwner
        meter.note(ended: snapshot.counts.total - snapshot.counts.unfinished, at: now)
        snapshot.throughput = meter.throughput(at: now)
        snapshot.storePath = desk.site.storePath
        snapshot.scenario = desk.demo.scenario
        let standing = try desk.site.gate(desk.store).standing(reader)
        snapshot.standing = standing
        snapshot.isReadOnly = standing.role == .viewer
        snapshot.user = desk.site.user
        self.snapshot = snapshot
        return snapshot
    }

    private func detail(_ wish: DetailWatch, _ reader: any StoreReader) throws -> Event {
        let limit = wish.parts.contains(.log) ? wish.logLimit : 0
        return .detail(wish.job, try reader.detail(wish.job, logLimit: limit))
    }

    private mutating func hypervisorLists(_ wanted: Set<ListName>) throws -> [Event] {
        guard wanted.contains(.vms) || wanted.contains(.hosts) else { return [] }
        let lists = Lists(inventory: try currentInventory(), store: desk.store)
        var events: [Event] = []
        if wanted.contains(.vms) { events.append(.vms(try lists.vms())) }
        if wanted.contains(.hosts) { events.append(.hosts(try lists.hosts())) }
        return events
    }

    /// From the hypervisor itself, or, while another process works with it, from its log; that is
    /// read once in a second at most.
    private mutating func currentInventory() throws -> Inventory {
        if let hypervisor = desk.host?.hypervisor { return hypervisor.inventory() }
        if let inventory, .now - inventory.readAt < .seconds(1) { return inventory.inventory }
        let read = try desk.site.pictureHypervisor().inventory()
        inventory = (read, .now)
        return read
    }
}

/// Measures how fast jobs end, from how many have ended by when.
struct Meter {
    private var samples: [(at: Timestamp, ended: Int)] = []

    /// Notes how many jobs have ended so far.
    mutating func note(ended: Int, at now: Timestamp) {
        // One sample a second is enough; the newest is always kept.
        if samples.count > 1, let before = samples.dropLast().last, now - before.at < 1000 {
            samples.removeLast()
        }
        samples.append((now, ended))
        if samples.count > 120 { samples.removeFirst(samples.count - 120) }
    }

    /// The throughput of the last minute and of the last five seconds.
    func throughput(at now: Timestamp) -> Throughput {
        guard let last = samples.last else { return Throughput() }
        let minute = last.ended - (ended(at: now + -60_000) ?? last.ended)
        let recent = last.ended - (ended(at: now + -5000) ?? last.ended)
        return Throughput(endedLastMinute: minute, perSecond: Double(recent) / 5)
    }

    private func ended(at moment: Timestamp) -> Int? {
        (samples.last { $0.at <= moment } ?? samples.first)?.ended
    }
}
