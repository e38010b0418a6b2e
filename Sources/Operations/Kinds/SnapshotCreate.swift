import Engine
import Hypervisor
import Model

/// Takes a snapshot of a VM: a layer over each disk, then the record.
struct SnapshotCreate: JobKind {
    let hypervisor: any Hypervisor

    let name = "snapshot.create"
    let summary = "Take a snapshot of a VM"
    let targetType = "vm"
    let parameters = [ParameterSpec("name", "the snapshot's name; snap-1, snap-2 … if left out")]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        let snapshot = order.text("name") ?? Self.freeName(vm, world.inventory)
        try World.checkName(snapshot, of: "snapshot")
        try order.require(
            !vm.snapshots.contains { $0.name == snapshot },
            else: "\(vm.name) has a snapshot \(snapshot) already; choose another name"
        )
        return Plan(
            summary: "Snapshot \(snapshot) of \(vm.name)",
            steps: Self.steps(vm, snapshot, stores: world.stores(of: vm)),
            locks: [.exclusive(vm.resource)] + vm.hostLocks
        )
    }

    private static func steps(_ vm: VM, _ snapshot: String, stores: [String]) -> [Step] {
        let which = ["snapshot": snapshot]
        let layers = vm.disks.map { disk in
            Step(
                "Lay a volume over \(disk)",
                .snapshotVolume,
                on: "disk/" + disk,
                lane: vm.resource,
                which,
                undo: Operation(
                    .snapshotDelete,
                    on: "disk/" + disk,
                    lane: vm.resource,
                    which
                )
            )
        }
        let record = Step(
            "Create snapshot \(snapshot) of \(vm.name)",
            .snapshotCreate,
            on: vm.resource,
            lane: vm.resource,
            which,
            undo: Operation(.snapshotDelete, on: vm.resource, lane: vm.resource, which)
        )
        let places = stores + [vm.resource]
        return (layers + [record]).map { $0.counting("snapshot", at: places) }
    }

    /// A name that neither the VM nor a layer left on one of its disks carries.
    private static func freeName(_ vm: VM, _ inventory: Inventory) -> String {
        var taken = Set(vm.snapshots.map(\.name))
        for disk in vm.disks { taken.formUnion(inventory.disks[disk]?.layers ?? []) }
        var number = 1
        while taken.contains("snap-\(number)") { number += 1 }
        return "snap-\(number)"
    }
}
