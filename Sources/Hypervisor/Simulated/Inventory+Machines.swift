extension Inventory {
    mutating func startDefine(_ work: Work) {
        guard let name = work.vm else { return }
        var vm = VM(
            name: name,
            cluster: work.values["cluster"] ?? "",
            cpus: work.number("cpus"),
            memory: work.number("memory")
        )
        vm.account = work.values["account"] ?? vm.account
        vm.boot = work.values["boot"].flatMap(BootSource.init) ?? .disk
        vm.bootURL = work.values["bootURL"]
        vm.state = .defining
        vms.set(vm)
        move(name, to: work.host)
    }

    mutating func startBoot(_ work: Work) {
        guard let name = work.vm else { return }
        if work.isPlaced { move(name, to: work.host) }
        vms.update(name) {
            $0.state = .starting
            $0.boot = work.values["boot"].flatMap(BootSource.init) ?? $0.boot
            $0.bootURL = work.values["bootURL"] ?? $0.bootURL
        }
    }

    /// Takes a VM out; its disks stay, and belong to nobody.
    mutating func drop(_ work: Work) {
        guard let vm = vm(work) else { return }
        move(vm.name, to: nil)
        for disk in vm.disks {
            disks.update(disk) {
                $0.vm = nil
                $0.isAttached = false
            }
        }
        vms.remove(vm.name)
    }

    /// The room may be gone: entering maintenance takes it from stopped VMs.
    func finishReserve(_ work: Work) throws(Fault) {
        guard vm(work)?.host != work.host else { return }
        throw .agentMaintenance.saying(
            "Host \(work.host ?? "") went into maintenance and keeps no room"
        )
    }

    mutating func finishStop(_ work: Work) {
        setState(work, .stopped)
        aim(work.vm, at: nil)
        move(work.vm, to: nil)
    }

    mutating func finishRename(_ work: Work) {
        guard var vm = vm(work), let name = work.values["name"] else { return }
        let old = vm.name
        vm.name = name
        vms.rename(old, to: vm)
        for disk in vm.disks { disks.update(disk) { $0.vm = name } }
    }

    mutating func finishResize(_ work: Work) throws(Fault) {
        guard let vm = vm(work) else { return }
        let (cpus, memory) = (work.number("cpus"), work.number("memory"))
        guard hasRoom(for: vm, cpus: cpus, memory: memory) else {
            throw .serverCapacity.saying(
                "Unable to create a deployment for VM instance \(vm.name): the room on its host "
                    + "was taken meanwhile"
            )
        }
        for host in [vm.host, vm.destination] {
            vacate(host, cpus: vm.cpus - cpus, memory: vm.memory - memory)
        }
        vms.update(vm.name) {
            $0.cpus = cpus
            $0.memory = memory
        }
    }

    mutating func finishMigration(_ work: Work) {
        guard let vm = vm(work) else { return }
        switch work.verb {
        case .migrateCopy: vms.update(vm.name) { $0.isCopied = true }
        case .migrateCancel: aim(vm.name, at: nil)
        case .migrateSwitch:
            guard let destination = vm.destination else { break }
            // The room at the destination becomes the VM's own; the room at the source is left.
            vacate(vm.host, cpus: vm.cpus, memory: vm.memory)
            vms.update(vm.name) {
                $0.host = destination
                $0.destination = nil
                $0.isCopied = false
            }
        default: break
        }
        setState(work, .running)
    }

    mutating func finishMaintenance(_ work: Work) throws(Fault) {
        guard let host = work.host else { return }
        if let fault = stillInUse(host) { throw fault }
        for vm in vms(on: host) { move(vm.name, to: nil) }
        setDuty(work, .maintenance)
    }

    mutating func finishRepository(_ work: Work) {
        guard let name = work.values["repository"], let host = work.host else { return }
        repositories.update(name) {
            $0.presentedTo.removeAll { $0 == host }
            if work.verb == .repositoryMount { $0.presentedTo.append(host) }
        }
    }
}
