extension Inventory {
    mutating func startDiskCreate(_ work: Work) {
        guard let name = work.disk, let storage = work.values["storage"] else { return }
        var disk = Disk(name: name, storage: storage, sizeGB: work.number("size"))
        disk.state = .creating
        storages.update(storage) { $0.usedGB += disk.usedGB }
        if let vm = work.values["vm"], vms.contains(vm) {
            disk.vm = vm
            vms.update(vm) { $0.disks.append(name) }
        }
        disks.set(disk)
    }

    mutating func finishDisk(_ work: Work) {
        if work.verb == .diskCreate { setDisk(work, .ready) } else { removeDisk(work) }
    }

    mutating func removeDisk(_ work: Work) {
        guard let disk = work.disk.flatMap({ disks[$0] }) else { return }
        storages.update(disk.storage) { $0.usedGB -= disk.usedGB }
        if let vm = disk.vm {
            vms.update(vm) { $0.disks.removeAll { $0 == disk.name } }
        }
        disks.remove(disk.name)
    }

    mutating func finishDevice(_ work: Work) {
        guard let vm = work.vm else { return }
        if let disk = work.disk { return plug(disk, work.verb == .vmAttach, vm) }
        guard let name = work.values["nic"] else { return }
        vms.update(vm) { vm in
            switch work.verb {
            case .nicCreate:
                vm.nics.append(
                    NIC(
                        name: name,
                        network: work.values["network"] ?? "",
                        mac: work.values["mac"] ?? ""
                    )
                )
            case .nicRemove: vm.nics.removeAll { $0.name == name }
            default:
                for index in vm.nics.indices where vm.nics[index].name == name {
                    vm.nics[index].isPlugged = work.verb == .vmAttach
                }
            }
        }
    }

    private mutating func plug(_ disk: String, _ isAttached: Bool, _ vm: String) {
        disks.update(disk) {
            $0.isAttached = isAttached
            $0.vm = vm
        }
        vms.update(vm) { if !$0.disks.contains(disk) { $0.disks.append(disk) } }
    }

    mutating func finishSnapshot(_ work: Work, at now: Int64) {
        guard let name = work.values["snapshot"] else { return }
        switch work.verb {
        case .snapshotCreate:
            if let vm = work.vm {
                vms.update(vm) { $0.snapshots.append(Snapshot(name: name, createdAt: now)) }
            }
        case .snapshotVolume:
            setDisk(work, .ready)
            if let disk = work.disk { disks.update(disk) { $0.layers.append(name) } }
        default:
            for hold in work.holds where hold.hasPrefix("disk/") {
                removeLayer(name, from: String(hold.dropFirst(5)))
            }
            mark(work, .ready)
            if let vm = work.vm { vms.update(vm) { $0.snapshots.removeAll { $0.name == name } } }
        }
    }

    /// Takes the layer's room at once, so that a storage is never promised twice.
    mutating func startLayer(_ work: Work) {
        guard let disk = work.disk.flatMap({ disks[$0] }) else { return }
        setDisk(work, .snapshotting)
        storages.update(disk.storage) { $0.usedGB += disk.layerGB }
    }

    mutating func undoLayer(_ work: Work) {
        guard let disk = work.disk.flatMap({ disks[$0] }) else { return }
        setDisk(work, .ready)
        storages.update(disk.storage) { $0.usedGB -= disk.layerGB }
    }

    private mutating func removeLayer(_ name: String, from disk: String) {
        guard let found = disks[disk], found.layers.contains(name) else { return }
        disks.update(disk) { $0.layers.removeAll { $0 == name } }
        storages.update(found.storage) { $0.usedGB -= found.layerGB }
    }
}
