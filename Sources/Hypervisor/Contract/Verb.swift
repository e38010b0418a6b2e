/// What a hypervisor can be asked to do; the raw value is the word used in calls and rules.
package enum Verb: String, Codable, Hashable, Sendable, CaseIterable {
    /// Defines a VM and keeps room for it on a host.
    case vmDefine = "vm.define"
    /// Removes a stopped VM's definition.
    case vmUndefine = "vm.undefine"
    /// Keeps room for a stopped VM on a host.
    case vmReserve = "vm.reserve"
    /// Gives the room of a stopped VM back.
    case vmRelease = "vm.release"
    /// Starts a VM.
    case vmBoot = "vm.boot"
    /// Asks the guest to stop.
    case vmShutdown = "vm.shutdown"
    /// Takes a VM's power away.
    case vmPoweroff = "vm.poweroff"
    /// Resets a running VM.
    case vmReset = "vm.reset"
    /// Gives a VM another name.
    case vmRename = "vm.rename"
    /// Changes a VM's processors and memory.
    case vmResize = "vm.resize"
    /// Gives a VM a network card.
    case nicCreate = "nic.create"
    /// Takes a network card from a VM.
    case nicRemove = "nic.remove"
    /// Creates a disk.
    case diskCreate = "disk.create"
    /// Deletes a disk.
    case diskDelete = "disk.delete"
    /// Plugs a disk or a card into a VM.
    case vmAttach = "vm.attach"
    /// Unplugs a disk or a card from a VM.
    case vmDetach = "vm.detach"
    /// Chooses the destination of a migration and keeps room there.
    case migratePrepare = "migrate.prepare"
    /// Copies a running VM's memory to the destination.
    case migrateCopy = "migrate.copy"
    /// Switches a copied VM over to the destination.
    case migrateSwitch = "migrate.switch"
    /// Gives up a migration that was prepared or copied.
    case migrateCancel = "migrate.cancel"
    /// Lays a layer over a disk.
    case snapshotVolume = "snapshot.volume"
    /// Records a snapshot of a VM.
    case snapshotCreate = "snapshot.create"
    /// Removes a snapshot and merges its layers.
    case snapshotDelete = "snapshot.delete"
    /// Mounts a repository on a host.
    case repositoryMount = "repository.mount"
    /// Unmounts a repository from a host.
    case repositoryUnmount = "repository.unmount"
    /// Reads a repository's contents anew, on a host that has it mounted.
    case repositoryRefresh = "repository.refresh"
    /// Keeps new VMs away from a host.
    case hostPrepareMaintenance = "host.prepareMaintenance"
    /// Lets new VMs onto a host again.
    case hostCancelMaintenance = "host.cancelMaintenance"
    /// Takes an empty host out of service.
    case hostEnterMaintenance = "host.enterMaintenance"
    /// Takes a host into service.
    case hostActivate = "host.activate"
    /// Asks a host whether it answers.
    case hostPing = "host.ping"
    /// Reads what a host has: its VMs and the memory they take.
    case hostScan = "host.scan"
}
