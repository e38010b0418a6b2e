import Engine
import Hypervisor
import Model

/// Deletes one disk with all of its layers; it cannot be brought back.
struct ImageRemove: JobKind {
    let hypervisor: any Hypervisor

    let name = "image.remove"
    let summary = "Delete a disk with all of its layers"
    let targetType = "disk"
    let parameters: [ParameterSpec] = []

    func plan(_ order: Order) throws(Failure) -> Plan {
        let disk = try World(hypervisor).disk(order.target.name)
        let delete = Step("Delete image \(disk.name)", .diskDelete, on: "disk/" + disk.name)
        return Plan(
            summary: "Remove image \(disk.name)",
            steps: [delete.with { $0.isPointOfNoReturn = true }],
            locks: [.exclusive("disk/" + disk.name)]
                + (disk.vm.map { [.shared("vm/" + $0)] } ?? [])
        )
    }
}
