import Engine
import Hypervisor
import Model

/// Removes a snapshot and merges its layers into the disks below.
struct SnapshotDelete: JobKind {
    let hypervisor: any Hypervisor

    let name = "snapshot.delete"
    let summary = "Remove a snapshot of a VM and merge its layers"
    let targetType = "vm"
    let parameters = [ParameterSpec("name", "the snapshot's name", isRequired: true)]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        let snapshot = order.text("name") ?? ""
        let known = vm.snapshots.map(\.name)
        try order.require(
            known.contains(snapshot),
            else: "\(vm.name) has no snapshot “\(snapshot)”; it has "
                + (known.isEmpty ? "none" : known.prefix(8).joined(separator: ", "))
        )
        let merge = Step(
            "Merge and remove snapshot \(snapshot) of \(vm.name)",
            .snapshotDelete,
            on: vm.resource,
            lane: vm.resource,
            ["snapshot": snapshot]
        ).counting("snapshot", at: world.stores(of: vm) + [vm.resource])
        return Plan(
            summary: "Remove snapshot \(snapshot) of \(vm.name)",
            steps: [merge.with { $0.isPointOfNoReturn = true }],
            locks: [.exclusive(vm.resource)] + vm.hostLocks
        )
    }
}
