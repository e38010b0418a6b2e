import Foundation

extension Planner {
    func planBoot() throws(Fault) -> Work {
        let vm = try freeMachine()
        var work = Work(.vmBoot, vm: vm.name, host: vm.host)
        if vm.state == .running { return work.inert() }
        guard vm.state == .stopped else { throw wrongState(vm) }
        work.values = call.parameters.filter { $0.key == "boot" || $0.key == "bootURL" }
        let source = work.values["boot"] ?? vm.boot.rawValue
        guard let boot = BootSource(rawValue: source) else {
            throw .badParameter.saying("vm.boot: boot must be disk or pxe, not \"\(source)\"")
        }
        if boot == .pxe, !Planner.isBootable(work.values["bootURL"] ?? vm.bootURL ?? "") {
            // Such a guest asks the network for ever; only an interrupt ends it.
            work.stallsAt = 10
        }
        if let host = vm.host.flatMap({ inventory.hosts[$0] }), host.duty == .up { return work }
        let wanted = call.parameters["to"] ?? (vm.host == nil ? call.host : nil)
        guard
            let host = try place(
                cpus: vm.cpus,
                memory: vm.memory,
                cluster: vm.cluster,
                wanted: wanted
            )
        else { return work.failing(noRoom(vm.name, cpus: vm.cpus, memory: vm.memory)) }
        work.host = host
        work.isPlaced = true
        return work
    }

    /// Whether a machine can start from this address: a known scheme and a host.
    static func isBootable(_ address: String) -> Bool {
        guard let colon = address.range(of: "://") else { return false }
        let host = address[colon.upperBound...].prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        let scheme = address[..<colon.lowerBound].lowercased()
        return !host.isEmpty && !host.contains(" ")
            && ["http", "https", "tftp", "nfs"].contains(scheme)
    }

    /// Both ways to stop: polite (`vm.shutdown`) and not (`vm.poweroff`).
    func planStop() throws(Fault) -> Work {
        let vm = try freeMachine()
        var work = Work(verb, vm: vm.name, host: vm.host)
        if vm.state == .stopped { return work.inert() }
        work.values["before"] = vm.state.rawValue
        if verb == .vmPoweroff { return work }
        guard vm.state == .running else { throw wrongState(vm) }
        if vm.ignoresShutdown {
            work.failure = .guestUnresponsive.saying(
                "The guest of VM \(vm.name) took no notice of the request to shut down; "
                    + "power it off instead"
            )
        }
        return work
    }

    func planReset() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard vm.state == .running else { throw wrongState(vm) }
        return Work(.vmReset, vm: vm.name, host: vm.host)
    }

    func planRename() throws(Fault) -> Work {
        let name = try text("name")
        let old = try subject("vm")
        var work = Work(.vmRename, vm: old)
        work.values = ["name": name, "oldName": old]
        if name == old || (!inventory.vms.contains(old) && inventory.vms.contains(name)) {
            return work.inert()
        }
        let vm = try freeMachine()
        guard !vm.state.isTransitional else { throw wrongState(vm) }
        guard !inventory.vms.contains(name), holds["vm/\(name)"] == nil else {
            throw .alreadyExists.saying("VM \(name) exists already")
        }
        work.host = vm.host
        work.holds.append("vm/\(name)")
        return work
    }

    func planResize() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard !vm.state.isTransitional else { throw wrongState(vm) }
        let cpus = try number("cpus", in: 1...1_024) ?? vm.cpus
        let memory = try number("memory", in: 16...67_108_864) ?? vm.memory
        var work = Work(.vmResize, vm: vm.name, host: vm.host)
        work.values = [
            "cpus": String(cpus), "memory": String(memory), "oldCpus": String(vm.cpus),
            "oldMemory": String(vm.memory),
        ]
        if cpus == vm.cpus && memory == vm.memory { return work.inert() }
        if !inventory.hasRoom(for: vm, cpus: cpus, memory: memory) {
            return work.failing(noRoom(vm.name, cpus: cpus, memory: memory))
        }
        return work
    }
}

extension Inventory {
    /// Whether the hosts that a VM is promised to can give it this size instead of its own.
    func hasRoom(for vm: VM, cpus: Int, memory: Int) -> Bool {
        [vm.host, vm.destination].allSatisfy { name in
            guard let host = name.flatMap({ hosts[$0] }) else { return true }
            return (cpus <= vm.cpus || cpus - vm.cpus <= host.freeCPUs)
                && (memory <= vm.memory || memory - vm.memory <= host.freeMemory)
        }
    }
}
