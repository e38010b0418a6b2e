import Engine
import Hypervisor
import Model

/// Removes a VM and its disks: one child for each image, the definition after all of them.
struct VMRemove: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.remove"
    let summary = "Remove a VM and all of its disks"
    let targetType = "vm"
    let parameters = [ParameterSpec("force", "true: power it off first if it runs")]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let vm = try World(hypervisor).vm(order.target.name)
        let isForced = try order.flag("force")
        try order.require(
            isForced || (vm.state != .running && vm.state != .migrating),
            else: "\(vm.name) is \(vm.standing); stop it first, or remove it with force=true"
        )
        return Plan(
            summary: "Remove \(vm.name)",
            steps: Self.steps(vm, isForced),
            locks: [.exclusive(vm.resource)] + vm.disks.map { .exclusive("disk/" + $0) }
                + vm.hostLocks
        )
    }

    private static func steps(_ vm: VM, _ isForced: Bool) -> [Step] {
        let subject = vm.resource
        var steps: [Step] = []
        if vm.state == .stopped || (vm.state != .error && !isForced) {
            // Giving room back is refused for a VM that runs: the check and the deed are one.
            steps.append(
                Step(
                    "Check that \(vm.name) is stopped, give its room back",
                    .vmRelease,
                    on: subject
                )
            )
        } else {
            steps.append(
                Step("Power off \(vm.name)", .vmPoweroff, on: subject, lane: subject)
            )
        }
        if !vm.disks.isEmpty {
            let images = vm.disks.map { ChildSpec("image.remove", Target(type: "disk", name: $0)) }
            let words = images.count == 1 ? "the image" : "\(images.count) images"
            // What was deleted cannot be brought back, so from the first image on there is no way
            // but forward.
            let remove = Step("Remove \(words) of \(vm.name)", Children(images), each: .diskDelete)
            steps.append(remove.with { $0.isPointOfNoReturn = true })
        }
        let undefine = Step("Remove the definition of \(vm.name)", .vmUndefine, on: subject)
        return steps
            + [
                undefine.with {
                    $0.isEndAction = true
                    $0.isPointOfNoReturn = true
                }
            ]
    }
}
