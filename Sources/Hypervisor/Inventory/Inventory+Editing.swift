extension Inventory {
    /// Adds a VM, which gets room on a host and runs if one is named.
    ///
    /// - Returns: False when the name is taken or the host has no room; then nothing is added.
    @discardableResult
    package mutating func add(_ vm: VM, runningOn host: String? = nil) -> Bool {
        guard !vms.contains(vm.name) else { return false }
        var vm = vm
        if let host {
            guard let room = hosts[host], room.fits(cpus: vm.cpus, memory: vm.memory) else {
                return false
            }
            occupy(host, cpus: vm.cpus, memory: vm.memory)
            vm.host = host
            vm.lastHost = host
            vm.state = .running
        }
        vms.set(vm)
        return true
    }

    /// Adds a disk, plugged into a VM if one is named.
    ///
    /// - Returns: False when the name is taken or the storage has no room; then nothing is added.
    @discardableResult
    package mutating func add(_ disk: Disk, to vm: String? = nil) -> Bool {
        guard !disks.contains(disk.name), let storage = storages[disk.storage],
            storage.freeGB >= disk.usedGB
        else { return false }
        var disk = disk
        storages.update(disk.storage) { $0.usedGB += disk.usedGB }
        if let vm, vms.contains(vm) {
            disk.vm = vm
            disk.isAttached = true
            vms.update(vm) { $0.disks.append(disk.name) }
        }
        disks.set(disk)
        return true
    }

    /// Adds a card to a VM, plugged in.
    package mutating func add(_ nic: NIC, to vm: String) {
        var nic = nic
        nic.isPlugged = true
        vms.update(vm) { $0.nics.append(nic) }
    }

    /// Notes that a repository is mounted on hosts.
    package mutating func present(_ repository: String, to hosts: [String]) {
        repositories.update(repository) { $0.presentedTo += hosts }
    }

    mutating func occupy(_ host: String, cpus: Int, memory: Int) {
        hosts.update(host) {
            $0.usedCPUs += cpus
            $0.usedMemory += memory
        }
    }

    mutating func vacate(_ host: String?, cpus: Int, memory: Int) {
        guard let host else { return }
        occupy(host, cpus: -cpus, memory: -memory)
    }
}
