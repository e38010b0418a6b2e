import Foundation
import Hypervisor

/// A small data centre with a clock, for the tests.
///
/// Cluster a has kvm-a01 and kvm-a02, cluster b has kvm-b01. web-1 runs on kvm-a01 with a disk
/// and a card, deaf-1 runs there too and takes no notice of shutdowns, db-1 is stopped, big-1 is
/// stopped and fits nowhere.
final class Lab {
    let hypervisor: SimulatedHypervisor
    var now: Int64 = 1_000_000
    var fence: Int64 = 1
    private var count = 0

    init(seed: UInt64 = 7, tick: Int64? = 500) {
        hypervisor = SimulatedHypervisor(inventory: Lab.inventory, seed: seed, tick: tick)
    }

    static var inventory: Inventory {
        var inventory = Inventory()
        inventory.zones = Roster([Zone(name: "east"), Zone(name: "west")])
        inventory.clusters = Roster([
            Cluster(name: "a", zone: "east"), Cluster(name: "b", zone: "west"),
        ])
        for (name, cluster) in [("kvm-a01", "a"), ("kvm-a02", "a"), ("kvm-b01", "b")] {
            inventory.hosts.set(Host(name: name, cluster: cluster, cpus: 8, memory: 16_384))
        }
        inventory.storages.set(Storage(name: "store-1", zone: "east", capacityGB: 100))
        inventory.networks.set(Network(name: "lan-east", zone: "east"))
        inventory.repositories.set(Repository(name: "repo-nfs-1", url: "nfs://filer-1/export"))
        inventory.add(VM(name: "web-1", cluster: "a", memory: 4_096), runningOn: "kvm-a01")
        inventory.add(Disk(name: "web-1-root", storage: "store-1", sizeGB: 20), to: "web-1")
        inventory.add(
            NIC(name: "nic0", network: "lan-east", mac: "52:54:00:00:00:01"),
            to: "web-1"
        )
        inventory.add(Disk(name: "spare", storage: "store-1", sizeGB: 10))
        var deaf = VM(name: "deaf-1", cluster: "a", memory: 1_024)
        deaf.ignoresShutdown = true
        inventory.add(deaf, runningOn: "kvm-a01")
        inventory.add(VM(name: "db-1", cluster: "a", memory: 4_096))
        inventory.add(VM(name: "big-1", cluster: "a", memory: 65_536))
        return inventory
    }

    /// A call with an id of its own; `ask` is written "vm.boot vm/db-1 to=kvm-a02 @kvm-a01".
    func call(_ ask: String) -> TaskCall {
        count += 1
        let words = ask.split(separator: " ").map(String.init)
        var call = TaskCall(id: "t\(count)", verb: words[0], subject: words[1], fence: fence)
        for word in words.dropFirst(2) {
            if word.hasPrefix("@") {
                call.host = String(word.dropFirst())
            } else if let equals = word.firstIndex(of: "=") {
                call.parameters[String(word[..<equals])] =
                    String(word[word.index(after: equals)...])
            }
        }
        return call
    }

    func begin(_ ask: String) -> (id: String, reply: Reply) {
        let call = call(ask)
        return (call.id, hypervisor.begin(call, at: now))
    }

    /// Starts a task and lets time pass until it ends, or until nothing more is going to happen.
    @discardableResult
    func run(_ ask: String) -> TaskReport {
        let (id, reply) = begin(ask)
        if case .refused(let fault) = reply {
            return TaskReport(id: id, status: .failed(fault), message: "refused", at: now)
        }
        return wait(id)
    }

    @discardableResult
    func wait(_ id: String) -> TaskReport {
        while true {
            let report = hypervisor.probe(id, at: now)
            if report.status.isEnded { return report }
            _ = hypervisor.news(at: now)
            guard let next = hypervisor.nextNews(after: now) else { return report }
            now = next
        }
    }

    /// Lets so many per cent of a running task pass, as its progress shows.
    func pass(percent: Int, of id: String) {
        while hypervisor.probe(id, at: now).progress < percent { now += 10 }
    }

    var inventory: Inventory { hypervisor.inventory() }

    func vm(_ name: String) -> VM? { inventory.vms[name] }

    var state: Data? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(hypervisor.saved(at: now))
    }
}

/// What does not hold in an inventory, in words; `busy` are the subjects that tasks work on.
func violations(of inventory: Inventory, busy: Set<String>) -> [String] {
    var found: [String] = []
    for host in inventory.hosts.all {
        let there = inventory.vms(on: host.name)
        let memory = there.map(\.memory).reduce(0, +)
        let cpus = there.map(\.cpus).reduce(0, +)
        if memory != host.usedMemory || cpus != host.usedCPUs {
            found.append("\(host.name) counts \(host.usedMemory) MB and not \(memory)")
        }
        if host.freeMemory < 0 || host.freeCPUs < 0 { found.append("\(host.name) is overfull") }
        if host.duty == .maintenance && !there.isEmpty {
            found.append("\(host.name) is in maintenance with VMs")
        }
    }
    for vm in inventory.vms.all {
        if vm.state.isTransitional && !busy.contains("vm/\(vm.name)") {
            found.append("\(vm.name) is \(vm.state) and no task works on it")
        }
        if vm.state != .stopped && vm.state != .error && vm.state != .removing && vm.host == nil {
            found.append("\(vm.name) is \(vm.state) on no host")
        }
        if let host = vm.host, !inventory.hosts.contains(host) {
            found.append("\(vm.name) is on \(host), which does not exist")
        }
        for disk in vm.disks where inventory.disks[disk]?.vm != vm.name {
            found.append("\(vm.name) has \(disk), which says otherwise")
        }
    }
    for disk in inventory.disks.all {
        if let vm = disk.vm, inventory.vms[vm]?.disks.contains(disk.name) != true {
            found.append("\(disk.name) belongs to \(vm), which says otherwise")
        }
    }
    for storage in inventory.storages.all {
        let there = inventory.disks.all.filter { $0.storage == storage.name }
        let used = there.map(\.usedGB).reduce(0, +)
        let layers = there.filter { $0.state == .snapshotting }.map(\.layerGB).reduce(0, +)
        if storage.usedGB < used || storage.usedGB > used + layers || storage.freeGB < 0 {
            found.append("\(storage.name) counts \(storage.usedGB) GB and not \(used)")
        }
    }
    return found
}
