extension Planner {
    func planNICCreate() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard !vm.state.isTransitional else { throw wrongState(vm) }
        let nic = call.parameters["nic"] ?? freeNICName(vm)
        guard !vm.nics.contains(where: { $0.name == nic }) else {
            throw .alreadyExists.saying("VM \(vm.name) has a card \(nic) already")
        }
        let zone = inventory.zone(ofCluster: vm.cluster)
        let around = inventory.networks.all.first { $0.zone == zone }
        guard let network = call.parameters["network"] ?? around?.name else {
            throw .badParameter.saying("nic.create needs the parameter network")
        }
        guard inventory.networks.contains(network) else { throw noSuch("network", network) }
        var work = Work(.nicCreate, vm: vm.name, host: vm.host)
        work.values = [
            "nic": nic, "network": network, "mac": Inventory.mac(seed, vm.name, nic),
        ]
        return work
    }

    private func freeNICName(_ vm: VM) -> String {
        var number = vm.nics.count
        while vm.nics.contains(where: { $0.name == "nic\(number)" }) { number += 1 }
        return "nic\(number)"
    }

    func planNICRemove() throws(Fault) -> Work {
        let nic = try text("nic")
        guard let vm = try machine() else { return Work(.nicRemove).inert() }
        try checkFree(vm)
        var work = Work(.nicRemove, vm: vm.name, host: vm.host)
        work.values["nic"] = nic
        return vm.nics.contains { $0.name == nic } ? work : work.inert()
    }

    /// The disk's name: the parameter, or the subject.
    func diskName() throws(Fault) -> String {
        if let name = call.parameters["disk"] ?? subjectIfAny("disk"), !name.isEmpty { return name }
        throw .badParameter.saying("\(call.verb) needs a subject disk/NAME or the parameter disk")
    }

    func freeDisk(_ name: String) throws(Fault) -> Disk {
        guard let disk = inventory.disks[name] else { throw noSuch("disk", name) }
        try checkFree("disk/\(name)")
        return disk
    }

    func planDiskCreate() throws(Fault) -> Work {
        let name = try diskName()
        guard !inventory.disks.contains(name), holds["disk/\(name)"] == nil else {
            throw .alreadyExists.saying("disk \(name) exists already")
        }
        let size = try number("size", in: 1...1_048_576) ?? 20
        let owner = call.parameters["vm"] ?? subjectIfAny("vm")
        let vm = owner.flatMap { inventory.vms[$0] }
        if let owner, vm == nil { throw noSuch("VM", owner) }
        var work = Work(.diskCreate)
        work.disk = name
        work.values = ["size": String(size), "vm": owner ?? ""]
        work.host = call.host.flatMap { inventory.hosts[$0]?.name }
        let zone = vm.flatMap { inventory.zone(ofCluster: $0.cluster) }
        let around = inventory.storages.all.filter { zone == nil || $0.zone == zone }
        let wanted = call.parameters["storage"] ?? around.max { $0.freeGB < $1.freeGB }?.name
        guard let wanted, let storage = inventory.storages[wanted] else {
            throw noSuch("storage", wanted ?? "for disk \(name)")
        }
        work.values["storage"] = wanted
        guard storage.freeGB >= size else { return work.failing(full(storage, name, size)) }
        work.holds = ["disk/\(name)"]
        return work
    }

    private func full(_ storage: Storage, _ disk: String, _ size: Int) -> Fault {
        .volumeCreation.saying(
            "Error creating a new volume: \(disk) needs \(size) GB, storage \(storage.name) has "
                + "\(storage.freeGB) GB of \(storage.capacityGB) GB left"
        )
    }

    func planDiskDelete() throws(Fault) -> Work {
        let name = try diskName()
        var work = Work(.diskDelete)
        work.disk = name
        guard inventory.disks.contains(name) else { return work.inert() }
        let disk = try freeDisk(name)
        let vm = disk.vm.flatMap { inventory.vms[$0] }
        if let vm, disk.isAttached, vm.state != .stopped, vm.state != .error {
            throw .resourceInUse.saying(
                "disk \(name) is plugged into VM \(vm.name), which is \(vm.state.rawValue)"
            )
        }
        work.host = call.host.flatMap { inventory.hosts[$0]?.name }
        work.holds = ["disk/\(name)"]
        return work
    }

    /// Plugging (`vm.attach`) and unplugging (`vm.detach`).
    func planPlug() throws(Fault) -> Work {
        if verb == .vmDetach, try machine() == nil { return Work(verb).inert() }
        let vm = try freeMachine()
        guard !vm.state.isTransitional else { throw wrongState(vm) }
        var work = Work(verb, vm: vm.name, host: vm.host)
        if let nic = call.parameters["nic"] {
            work.values["nic"] = nic
            guard let card = vm.nics.first(where: { $0.name == nic }) else {
                if verb == .vmDetach { return work.inert() }
                throw noSuch("card of VM \(vm.name):", nic)
            }
            return card.isPlugged == (verb == .vmAttach) ? work.inert() : work
        }
        let name = try text("disk")
        work.disk = name
        if verb == .vmDetach, inventory.disks[name]?.vm != vm.name { return work.inert() }
        let disk = try freeDisk(name)
        if let owner = disk.vm, owner != vm.name {
            throw .resourceInUse.saying("disk \(name) belongs to VM \(owner)")
        }
        if disk.isAttached == (verb == .vmAttach) { return work.inert() }
        work.holds.append("disk/\(name)")
        return work
    }
}
