extension Inventory {
    /// Makes what is true while the work runs: rooms taken, transitional states.
    mutating func start(_ work: Work) {
        switch work.verb {
        case .vmDefine: startDefine(work)
        case .vmUndefine: setState(work, .removing)
        case .vmReserve: move(work.vm, to: work.host)
        case .vmBoot: startBoot(work)
        case .vmShutdown, .vmPoweroff: if vm(work)?.state == .running { setState(work, .stopping) }
        case .diskCreate: startDiskCreate(work)
        case .diskDelete: setDisk(work, .deleting)
        case .snapshotVolume: startLayer(work)
        case .snapshotDelete: mark(work, .snapshotting)
        case .migratePrepare:
            aim(work.vm, at: work.values["destination"])
            setState(work, .migrating)
        case .migrateCopy, .migrateSwitch, .migrateCancel: setState(work, .migrating)
        case .hostPrepareMaintenance, .hostEnterMaintenance:
            setDuty(work, .preparingForMaintenance)
        case .vmRelease, .vmReset, .vmRename, .vmResize, .nicCreate, .nicRemove, .vmAttach,
            .vmDetach, .snapshotCreate, .repositoryMount, .repositoryUnmount,
            .repositoryRefresh, .hostCancelMaintenance, .hostActivate, .hostPing, .hostScan:
            break
        }
    }

    /// Makes what is true when the work is done.
    ///
    /// Throws when that turns out not to be possible; then `undo` is due.
    mutating func finish(_ work: Work, at now: Int64) throws(Fault) {
        switch work.verb {
        case .vmDefine: setState(work, .stopped)
        case .vmUndefine: drop(work)
        case .vmReserve: try finishReserve(work)
        case .vmRelease: move(work.vm, to: nil)
        case .vmBoot: setState(work, .running)
        case .vmShutdown, .vmPoweroff: finishStop(work)
        case .vmRename: finishRename(work)
        case .vmResize: try finishResize(work)
        case .nicCreate, .nicRemove, .vmAttach, .vmDetach: finishDevice(work)
        case .diskCreate, .diskDelete: finishDisk(work)
        case .migratePrepare, .migrateCopy, .migrateSwitch, .migrateCancel:
            finishMigration(work)
        case .snapshotVolume, .snapshotCreate, .snapshotDelete:
            finishSnapshot(work, at: now)
        case .repositoryMount, .repositoryUnmount: finishRepository(work)
        case .hostPrepareMaintenance: setDuty(work, .preparingForMaintenance)
        case .hostEnterMaintenance: try finishMaintenance(work)
        case .hostCancelMaintenance, .hostActivate: setDuty(work, .up)
        case .vmReset, .repositoryRefresh, .hostPing, .hostScan: break
        }
    }

    /// Makes what is true when the work failed or was interrupted: a stable state.
    mutating func undo(_ work: Work) {
        switch work.verb {
        case .vmDefine: drop(work)
        case .vmUndefine:
            move(work.vm, to: nil)
            setState(work, .error)
        case .vmReserve: if vm(work)?.host == work.host { move(work.vm, to: nil) }
        case .vmBoot:
            setState(work, .stopped)
            if work.isPlaced { move(work.vm, to: nil) }
        case .vmShutdown, .vmPoweroff:
            setState(work, VMState(rawValue: work.values["before"] ?? "") ?? .running)
        case .diskCreate: removeDisk(work)
        case .diskDelete: setDisk(work, .ready)
        case .snapshotVolume: undoLayer(work)
        case .snapshotDelete: mark(work, .ready)
        case .migratePrepare:
            aim(work.vm, at: nil)
            setState(work, .running)
        case .migrateCopy, .migrateSwitch, .migrateCancel:
            setState(work, .running)
            if let vm = work.vm { vms.update(vm) { $0.isCopied = false } }
        case .hostPrepareMaintenance, .hostEnterMaintenance:
            setDuty(work, HostState(rawValue: work.values["before"] ?? "") ?? .up)
        case .vmRelease, .vmReset, .vmRename, .vmResize, .nicCreate, .nicRemove, .vmAttach,
            .vmDetach, .snapshotCreate, .repositoryMount, .repositoryUnmount,
            .repositoryRefresh, .hostCancelMaintenance, .hostActivate, .hostPing, .hostScan:
            break
        }
    }

    func vm(_ work: Work) -> VM? { work.vm.flatMap { vms[$0] } }

    mutating func setState(_ work: Work, _ state: VMState) {
        guard let name = work.vm else { return }
        vms.update(name) {
            $0.state = state
            if state == .running { $0.lastHost = $0.host }
        }
    }

    mutating func setDuty(_ work: Work, _ duty: HostState) {
        if let host = work.host { hosts.update(host) { $0.duty = duty } }
    }

    mutating func setDisk(_ work: Work, _ state: DiskState) {
        if let disk = work.disk { disks.update(disk) { $0.state = state } }
    }

    /// Sets the state of every disk that the work holds.
    mutating func mark(_ work: Work, _ state: DiskState) {
        for hold in work.holds where hold.hasPrefix("disk/") {
            disks.update(String(hold.dropFirst(5))) { $0.state = state }
        }
    }

    /// Gives a VM its room on another host, or on none.
    mutating func move(_ name: String?, to host: String?) {
        guard let name, let vm = vms[name] else { return }
        vacate(vm.host, cpus: vm.cpus, memory: vm.memory)
        if let host { occupy(host, cpus: vm.cpus, memory: vm.memory) }
        vms.update(name) { $0.host = host }
    }

    /// Keeps room for a VM where it is to move, or gives that room back.
    mutating func aim(_ name: String?, at host: String?) {
        guard let name, let vm = vms[name] else { return }
        vacate(vm.destination, cpus: vm.cpus, memory: vm.memory)
        if let host { occupy(host, cpus: vm.cpus, memory: vm.memory) }
        vms.update(name) {
            $0.destination = host
            $0.isCopied = false
        }
    }
}
