import Engine
import Hypervisor
import Model

/// Gives a VM another name; takes less than a second.
struct VMRename: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.rename"
    let summary = "Give a VM another name"
    let targetType = "vm"
    let parameters = [ParameterSpec("name", "the new name", isRequired: true)]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        let new = order.text("name") ?? ""
        try world.checkFree(new, order)
        let rename = Step(
            "Rename \(vm.name) to \(new)",
            .vmRename,
            on: vm.resource,
            ["name": new],
            undo: Operation(.vmRename, on: "vm/" + new, ["name": vm.name])
        )
        return Plan(
            summary: "Rename \(vm.name) to \(new)",
            steps: [
                rename.with { $0.snapshot = EntitySnapshot(of: vm.resource, fields: ["name"]) }
            ],
            locks: [.exclusive(vm.resource), .exclusive("vm/" + new)]
        )
    }
}
