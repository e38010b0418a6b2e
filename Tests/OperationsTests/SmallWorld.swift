import Engine
import Hypervisor
import Model
import Operations

/// Two clusters, four hosts and a handful of VMs whose names and states the tests know by heart.
enum SmallWorld {
    static func inventory() -> Inventory {
        var inventory = Inventory()
        inventory.zones.set(Zone(name: "east"))
        for cluster in ["a", "b"] { inventory.clusters.set(Cluster(name: cluster, zone: "east")) }
        for host in ["kvm-a01", "kvm-a02", "kvm-b01", "kvm-b02"] {
            let cluster = host.contains("-a") ? "a" : "b"
            inventory.hosts.set(Host(name: host, cluster: cluster, cpus: 16, memory: 65_536))
        }
        inventory.storages.set(Storage(name: "store", zone: "east", capacityGB: 10_000))
        inventory.networks.set(Network(name: "lan", zone: "east"))
        inventory.repositories.set(Repository(name: "repo-1", url: "nfs://filer/repo-1"))
        inventory.present("repo-1", to: ["kvm-a01"])
        add("web-1", on: "kvm-a01", disks: 2, to: &inventory)
        add("web-2", on: "kvm-a01", disks: 1, to: &inventory)
        add("db-1", on: nil, disks: 4, to: &inventory)
        add("old-1", on: nil, disks: 0, to: &inventory)
        return inventory
    }

    private static func add(_ name: String, on host: String?, disks: Int, to all: inout Inventory) {
        all.add(VM(name: name, cluster: "a", cpus: 2, memory: 2048), runningOn: host)
        for number in 0..<disks {
            all.add(Disk(name: "\(name)-disk\(number)", storage: "store", sizeGB: 10), to: name)
        }
        all.add(NIC(name: "nic0", network: "lan", mac: "52:54:00:00:00:01"), to: name)
    }

    /// A time at which everything begun at 0 has long ended.
    static let later: Int64 = 3_600_000

    static func hypervisor(_ inventory: Inventory = inventory()) -> SimulatedHypervisor {
        let hypervisor = SimulatedHypervisor(inventory: inventory, seed: 1)
        // old-1 gets its snapshot the way every snapshot is made.
        let call = TaskCall(
            id: "0",
            verb: "snapshot.create",
            subject: "vm/old-1",
            parameters: ["snapshot": "before"]
        )
        if inventory.vms.contains("old-1") { _ = hypervisor.begin(call, at: 0) }
        _ = hypervisor.probe("0", at: later)
        return hypervisor
    }

    static func kinds(_ hypervisor: any Hypervisor = hypervisor()) -> KindRegistry {
        KindRegistry(StandardKinds.all(hypervisor: hypervisor))
    }

    static func plan(
        _ kind: String,
        _ target: String,
        _ parameters: [String: String] = [:],
        in kinds: KindRegistry = kinds()
    ) throws -> Plan {
        let type = kinds[kind]?.targetType ?? ""
        return try kinds.plan(
            kind: kind,
            Order(
                target: Target(target, defaultType: type),
                parameters: parameters,
                user: "u",
                account: "sales"
            )
        )
    }
}

extension Plan {
    /// The plan as a table of text: a line for each step, and one for the locks.
    var table: [String] {
        steps.map(\.line)
            + [
                "locks "
                    + locks.map { ($0.mode == .exclusive ? "X " : "S ") + $0.resource }
                    .joined(separator: ", ")
            ]
    }
}

extension Step {
    fileprivate var line: String {
        var line =
            switch work {
            case .operation(let operation): operation.line
            case .children(let children):
                children.jobs.map(\.line).joined(separator: " + ")
                    + (children.concurrency == .max ? "" : " by \(children.concurrency)")
                    + " \(children.onFailure)"
            }
        if let undo { line += " | undo \(undo.line)" }
        if !isInterruptible { line += " | whole" }
        if isPointOfNoReturn { line += " | no return" }
        if isEndAction { line += " | end" }
        if let retryFrom { line += " | again from \(retryFrom)" }
        return line
    }
}

extension Model.Operation {
    fileprivate var line: String {
        "\(verb) \(subject) @\(lane)" + parameters.words
    }
}

extension ChildSpec {
    fileprivate var line: String { "child \(kind) \(target)" + parameters.words }
}

extension [String: String] {
    fileprivate var words: String {
        sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    }
}
