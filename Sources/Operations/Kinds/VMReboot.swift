import Engine
import Hypervisor
import Model

/// Resets a running VM.
struct VMReboot: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.reboot"
    let summary = "Reset a running VM"
    let targetType = "vm"
    let parameters: [ParameterSpec] = []

    func plan(_ order: Order) throws(Failure) -> Plan {
        let vm = try World(hypervisor).vm(order.target.name)
        try order.require(
            vm.state != .stopped && vm.state != .error,
            else: "\(vm.name) is \(vm.standing); start it with vm.start"
        )
        let reset = Step("Reset \(vm.name)", .vmReset, on: vm.resource, lane: vm.resource)
        return Plan(
            summary: "Reboot \(vm.name)",
            steps: [reset],
            locks: [.exclusive(vm.resource)] + vm.hostLocks
        )
    }
}
