import Hypervisor
import Model
import Store

/// What there is at the hypervisor, joined with what the store knows about it.
struct Lists {
    private let inventory: Inventory
    private let store: SQLiteStore?

    /// Reads the hypervisor's log and the store, whoever works with them; a missing store is empty.
    init(_ global: GlobalOptions) throws {
        let site = try global.site()
        inventory = try site.pictureHypervisor().inventory()
        do { store = try site.openStoreForReading() } catch is Complaint { store = nil }
    }

    /// The lists of a hypervisor and a store that are at hand.
    init(inventory: Inventory, store: SQLiteStore) {
        self.inventory = inventory
        self.store = store
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
        let loads = try store?.read { try $0.laneLoads() } ?? []
        let lanes = Dictionary(loads.map { ($0.name, $0) }) { first, _ in first }
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
        return lane.closedUntil == nil ? load : load + ", closed: \(lane.reason)"
    }
}
