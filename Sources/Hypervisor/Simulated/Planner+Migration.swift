extension Planner {
    func planMigratePrepare() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard vm.state == .running, let source = vm.host else { throw wrongState(vm) }
        let wanted = call.parameters["to"]
        if wanted == source {
            throw .migrationDestination.saying("VM \(vm.name) runs on \(source) already")
        }
        if let wanted, let host = inventory.hosts[wanted], !host.isReachable {
            throw .unreachable(wanted, call.verb)
        }
        var work = Work(.migratePrepare, vm: vm.name, host: source)
        work.values["source"] = source
        if let left = vm.destination, wanted == left {
            work.values["destination"] = left
            return work.inert()
        }
        guard
            let host = try place(
                cpus: vm.cpus,
                memory: vm.memory,
                cluster: vm.cluster,
                wanted: wanted,
                leaving: source
            )
        else { return work.failing(noRoom(vm.name, cpus: vm.cpus, memory: vm.memory)) }
        work.values["destination"] = host
        return work
    }

    /// Copying and switching over.
    func planMigrate() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard vm.state == .running, let source = vm.host else { throw wrongState(vm) }
        guard let destination = vm.destination else {
            throw .migrationDestination.saying(
                "Unable to migrate VM \(vm.name): no destination is prepared"
            )
        }
        if verb == .migrateSwitch && !vm.isCopied {
            throw .migrationFailed.saying(
                "Unable to migrate VM \(vm.name): it was not copied to \(destination)"
            )
        }
        var work = Work(verb, vm: vm.name, host: source)
        work.values = [
            "destination": destination, "source": source, "memory": String(vm.memory),
        ]
        return work
    }

    func planMigrateCancel() throws(Fault) -> Work {
        guard let vm = try machine() else { return Work(.migrateCancel).inert() }
        try checkFree(vm)
        let work = Work(.migrateCancel, vm: vm.name, host: vm.host)
        return vm.destination == nil ? work.inert() : work
    }

    func planSnapshotVolume() throws(Fault) -> Work {
        let name = try diskName()
        let snapshot = try text("snapshot")
        let disk = try freeDisk(name)
        var work = Work(.snapshotVolume)
        work.disk = name
        work.host = disk.vm.flatMap { inventory.vms[$0]?.host }
        work.values["snapshot"] = snapshot
        if disk.layers.contains(snapshot) { return work.inert() }
        guard let storage = inventory.storages[disk.storage], storage.freeGB >= disk.layerGB else {
            return work.failing(
                .volumeCreation.saying(
                    "Error creating a new volume: storage \(disk.storage) has no room for a layer "
                        + "of disk \(name)"
                )
            )
        }
        work.holds = ["disk/\(name)"]
        return work
    }

    func planSnapshotCreate() throws(Fault) -> Work {
        let vm = try freeMachine()
        let name = try text("snapshot")
        guard vm.state == .running || vm.state == .stopped else { throw wrongState(vm) }
        guard !vm.snapshots.contains(where: { $0.name == name }) else {
            throw .alreadyExists.saying("VM \(vm.name) has a snapshot \(name) already")
        }
        var work = Work(.snapshotCreate, vm: vm.name, host: vm.host)
        work.values["snapshot"] = name
        return work
    }

    func planSnapshotDelete() throws(Fault) -> Work {
        let name = try text("snapshot")
        var work = Work(.snapshotDelete)
        work.values["snapshot"] = name
        if let diskName = call.parameters["disk"] ?? subjectIfAny("disk") {
            work.disk = diskName
            guard inventory.disks.contains(diskName) else { return work.inert() }
            let disk = try freeDisk(diskName)
            work.host = disk.vm.flatMap { inventory.vms[$0]?.host }
            work.holds = ["disk/\(diskName)"]
            return disk.layers.contains(name) ? work : work.inert()
        }
        guard let vm = try machine() else { return work.inert() }
        try checkFree(vm)
        guard !vm.state.isTransitional else { throw wrongState(vm) }
        let layered = vm.disks.filter { inventory.disks[$0]?.layers.contains(name) ?? false }
        for disk in layered { try checkFree("disk/\(disk)") }
        work.vm = vm.name
        work.host = vm.host
        work.holds = ["vm/\(vm.name)"] + layered.map { "disk/\($0)" }
        let isKnown = vm.snapshots.contains { $0.name == name }
        return isKnown || !layered.isEmpty ? work : work.inert()
    }
}
