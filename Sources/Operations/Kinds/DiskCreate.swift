import Engine
import Hypervisor
import Model

/// Creates a disk, for a VM or for later.
struct DiskCreate: JobKind {
    let hypervisor: any Hypervisor

    let name = "disk.create"
    let summary = "Create a disk"
    let targetType = "disk"
    let parameters = [
        ParameterSpec("vm", "the VM it is for; it is not plugged in yet"),
        ParameterSpec("size", "its size in GB; 20 if left out"),
        ParameterSpec("storage", "the storage to put it on; the emptiest if left out"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let disk = order.target.name
        try World.checkName(disk, of: "disk")
        try order.require(
            !world.inventory.disks.contains(disk),
            else: "there is a disk \(disk) already; choose another name"
        )
        var details = order.passing("vm", "storage")
        details["size"] = String(try order.number("size", in: Size.diskRange) ?? 20)
        var locks: [LockRequest] = [.exclusive("disk/" + disk)]
        var lane = Operation.controlLane
        if let owner = order.text("vm") {
            lane = try world.vm(owner).resource
            locks.append(.shared(lane))
        }
        let create = Step(
            "Create disk \(disk)",
            .diskCreate,
            on: "disk/" + disk,
            lane: lane,
            details,
            undo: Operation(.diskDelete, on: "disk/" + disk)
        ).counting("disk", at: order.text("storage").map { ["store/" + $0] } ?? [])
        return Plan(summary: "Create disk \(disk)", steps: [create], locks: locks)
    }
}
