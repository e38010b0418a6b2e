import Hypervisor
import Model

/// What could sensibly be done to what there is.
struct LoadTargets {
    let inventory: Inventory
    /// Targets that are in use or reserved.
    let taken: Set<Target>
    let usualVMs: Int

    struct Wish {
        var target: Target
        var parameters: [String: String] = [:]
    }

    /// A target for a kind, with parameters; nil if there is none now.
    func order(_ kind: String, _ pick: inout LoadPick) -> Wish? {
        switch kind {
        case "vm.start": vm(&pick) { $0.state == .stopped }
        case "vm.stop": stop(&pick)
        case "vm.reboot", "vm.migrate": vm(&pick) { $0.state == .running }
        case "vm.resize": resize(&pick)
        case "vm.rename": rename(&pick)
        case "vm.deploy": deploy(&pick)
        case "vm.remove": remove(&pick)
        case "snapshot.create": vm(&pick) { !$0.state.isTransitional && $0.snapshots.count < 3 }
        case "snapshot.delete": deleteSnapshot(&pick)
        case "disk.create": createDisk(&pick)
        case "nic.create": vm(&pick) { $0.state == .stopped && $0.nics.count < 4 }
        case "repository.present": present(&pick)
        case "host.maintenance": maintain(&pick)
        case "host.activate": activate(&pick)
        default: nil
        }
    }

    /// A VM that fits and whose host answers.
    private func candidates(_ fits: (VM) -> Bool) -> [VM] {
        var found: [VM] = []
        inventory.vms.forEach { vm in
            guard fits(vm), !taken.contains(Target(type: "vm", name: vm.name)) else { return }
            guard let host = vm.host else { return found.append(vm) }
            // Work on a host that somebody empties would only wait.
            let isQuiet = taken.contains(Target(type: "host", name: host))
            if inventory.hosts[host]?.state != .up || isQuiet { return }
            found.append(vm)
        }
        return found
    }

    private func vm(
        _ pick: inout LoadPick,
        _ parameters: [String: String] = [:],
        _ fits: (VM) -> Bool
    ) -> Wish? {
        pick.one(of: candidates(fits)).map {
            Wish(target: Target(type: "vm", name: $0.name), parameters: parameters)
        }
    }

    private func stop(_ pick: inout LoadPick) -> Wish? {
        let modes = ["graceful", "graceful", "gracefulThenForced", "forced"]
        let mode = modes[pick.below(modes.count)]
        return vm(&pick, ["mode": mode]) { $0.state == .running }
    }

    private func resize(_ pick: inout LoadPick) -> Wish? {
        guard let vm = pick.one(of: candidates { !$0.state.isTransitional }) else { return nil }
        // Up and down by turns, so that sizes stay where they began.
        let memory = vm.memory % 1024 == 0 ? vm.memory + 512 : max(512, vm.memory - 512)
        return Wish(
            target: Target(type: "vm", name: vm.name),
            parameters: ["memory": String(memory)]
        )
    }

    private func rename(_ pick: inout LoadPick) -> Wish? {
        guard let vm = pick.one(of: candidates { !$0.state.isTransitional }) else { return nil }
        return Wish(
            target: Target(type: "vm", name: vm.name),
            parameters: ["name": freshName(role: vm.name, &pick)]
        )
    }

    private func deploy(_ pick: inout LoadPick) -> Wish? {
        guard inventory.vms.count < usualVMs + max(2, usualVMs / 5) else { return nil }
        let roles = ["web", "db", "app", "build", "test"]
        let size = pick.below(3)
        var parameters = [
            "cpus": String(1 << size), "memory": String(2048 << size),
            "disks": String(1 + pick.below(3)), "diskSize": String(20 + 20 * pick.below(3)),
        ]
        if let cluster = pick.one(of: inventory.clusters.names) { parameters["cluster"] = cluster }
        // Now and then somebody asks for more than there is.
        if pick.below(25) == 0 { parameters["memory"] = String(4_194_304) }
        let name = freshName(role: roles[pick.below(roles.count)], &pick)
        return Wish(target: Target(type: "vm", name: name), parameters: parameters)
    }

    private func freshName(role: String, _ pick: inout LoadPick) -> String {
        let stem = role.prefix { $0 != "-" }.prefix(40)
        var name = ""
        repeat { name = "\(stem)-\(100 + pick.below(900_000))" } while inventory.vms.contains(name)
        return name
    }

    private func remove(_ pick: inout LoadPick) -> Wish? {
        guard inventory.vms.count > usualVMs - max(2, usualVMs / 5) else { return nil }
        return vm(&pick) { $0.state == .stopped }
    }

    private func deleteSnapshot(_ pick: inout LoadPick) -> Wish? {
        let snapped = candidates { !$0.snapshots.isEmpty && !$0.state.isTransitional }
        guard let vm = pick.one(of: snapped), let oldest = vm.snapshots.first else { return nil }
        return Wish(target: Target(type: "vm", name: vm.name), parameters: ["name": oldest.name])
    }

    private func createDisk(_ pick: inout LoadPick) -> Wish? {
        let roomy = candidates { !$0.state.isTransitional && $0.disks.count < 4 }
        guard let vm = pick.one(of: roomy) else { return nil }
        var number = vm.disks.count
        while inventory.disks.contains("\(vm.name)-data\(number)") { number += 1 }
        return Wish(
            target: Target(type: "disk", name: "\(vm.name)-data\(number)"),
            parameters: ["vm": vm.name, "size": String(10 + 10 * pick.below(4))]
        )
    }

    private func present(_ pick: inout LoadPick) -> Wish? {
        let free = inventory.repositories.names.map { Target(type: "repository", name: $0) }
            .filter { !taken.contains($0) }
        guard let target = pick.one(of: free) else { return nil }
        let hosts = inventory.hosts.all.filter { $0.state == .up }
        guard let cluster = pick.one(of: hosts)?.cluster else { return nil }
        let names = hosts.filter { $0.cluster == cluster }.map(\.name)
        return Wish(target: target, parameters: ["hosts": names.joined(separator: ",")])
    }

    private func maintain(_ pick: inout LoadPick) -> Wish? {
        let hosts = inventory.hosts.all
        // One host at a time, and only while enough others are there to take its VMs.
        guard hosts.count > 2, hosts.allSatisfy({ $0.duty == .up }),
            !taken.contains(where: { $0.type == "host" })
        else { return nil }
        let targets = hosts.filter { $0.isReachable }.map { Target(type: "host", name: $0.name) }
            .filter { !taken.contains($0) }
        return pick.one(of: targets).map { Wish(target: $0) }
    }

    private func activate(_ pick: inout LoadPick) -> Wish? {
        let resting = inventory.hosts.all.filter { $0.duty == .maintenance && $0.isReachable }
            .map { Target(type: "host", name: $0.name) }.filter { !taken.contains($0) }
        return pick.one(of: resting).map { Wish(target: $0) }
    }
}
