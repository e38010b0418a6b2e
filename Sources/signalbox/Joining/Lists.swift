import Engine
import Hypervisor
import Model
import Operations
import Store

/// What there is at the hypervisor, joined with what the store knows about it.
struct Lists {
    private let inventory: Inventory
    private let store: SQLiteStore?
    private let site: Site?

    /// Reads the hypervisor's log and the store, whoever works with them; a missing store is empty.
    init(_ global: GlobalOptions) throws {
        let site = try global.site()
        self.site = site
        inventory = try site.pictureHypervisor().inventory()
        do { store = try site.openStoreForReading() } catch is Complaint { store = nil }
    }

    /// The lists of a hypervisor and a store that are at hand.
    init(inventory: Inventory, store: SQLiteStore) {
        self.inventory = inventory
        self.store = store
        site = nil
    }

    /// The lanes by name: those of all hosts and of work on no host, used or not.
    func lanes() throws -> [LaneLine] {
        let (saved, used) =
            try store?.read { (try $0.laneLoads(), try $0.limitLoads()) } ?? ([], [:])
        var lanes = Dictionary(saved.map { ($0.name, $0) }) { first, _ in first }
        let configured = site?.configuration.slots ?? [:]
        for name in [Operation.controlLane] + inventory.hosts.all.map({ "host/" + $0.name }) {
            var lane = lanes[name] ?? LaneLine(name: name, slots: 0, used: 0, queued: 0)
            if lane.slots == 0 { lane.slots = HypervisorBackend.slots(inLane: name, configured) }
            lanes[name] = lane
        }
        guard let rules = site?.rules.limits else {
            return lanes.values.sorted { $0.name < $1.name }
        }
        for (name, count) in used {
            guard let rule = rules[name], let place = name.split(separator: "@").last else {
                continue
            }
            lanes[String(place)]?.limits.append(
                LimitLine(name: name, most: rule.most, used: count, source: rule.source)
            )
        }
        return lanes.values.sorted { $0.name < $1.name }
    }

    /// The VMs by name, each with the job that holds its lock.
    func vms() throws -> [VMLine] {
        let holders = try store?.read { try $0.holders(ofType: "vm") } ?? [:]
        return inventory.vms.all.map { vm in
            VMLine(
                name: vm.name,
                state: vm.state.rawValue,
                host: vm.host ?? "",
                cluster: vm.cluster,
                cpus: vm.cpus,
                memory: vm.memory,
                disks: vm.disks.count,
                account: vm.account,
                job: holders[vm.name]
            )
        }.sorted { $0.name < $1.name }
    }

    /// The hosts by name, each with its lane.
    func hosts() throws -> [HostLine] {
        let lanes = Dictionary(try self.lanes().map { ($0.name, $0) }) { first, _ in first }
        var counts: [String: Int] = [:]
        inventory.vms.forEach { vm in
            if let host = vm.host { counts[host, default: 0] += 1 }
        }
        return inventory.hosts.all.map { host in
            HostLine(
                name: host.name,
                cluster: host.cluster,
                state: host.state.rawValue,
                cpus: host.cpus,
                memory: host.memory,
                usedMemory: host.usedMemory,
                vms: counts[host.name] ?? 0,
                lane: lanes["host/" + host.name]
            )
        }.sorted { $0.name < $1.name }
    }

    /// A lane in a few words.
    static func text(_ lane: LaneLine) -> String {
        let load = "\(lane.used)/\(lane.slots)" + (lane.queued > 0 ? ", \(lane.queued) wait" : "")
        if let pause = lane.pause { return load + ", paused " + pause.text }
        return lane.closedUntil == nil ? load : load + ", closed: \(lane.reason)"
    }
}
