import Engine
import Hypervisor
import Model

/// Changes a VM's processors and memory.
struct VMResize: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.resize"
    let summary = "Change a VM's processors and memory"
    let targetType = "vm"
    let parameters = [Size.cpus, Size.memory]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let vm = try World(hypervisor).vm(order.target.name)
        let cpus = try order.number("cpus", in: Size.cpuRange) ?? vm.cpus
        let memory = try order.number("memory", in: Size.memoryRange) ?? vm.memory
        try order.require(
            cpus != vm.cpus || memory != vm.memory,
            else: "\(vm.name) has \(vm.cpus) CPUs and \(vm.memory) MB; "
                + "give another cpus= or memory="
        )
        let resize = Step(
            "Give \(vm.name) \(cpus) CPUs and \(memory) MB",
            .vmResize,
            on: vm.resource,
            lane: vm.resource,
            Size.values(cpus, memory),
            undo: Operation(
                .vmResize,
                on: vm.resource,
                lane: vm.resource,
                Size.values(vm.cpus, vm.memory)
            )
        )
        return Plan(
            summary: "Resize \(vm.name)",
            steps: [
                resize.with {
                    $0.snapshot = EntitySnapshot(of: vm.resource, fields: ["cpus", "memory"])
                }
            ],
            locks: [.exclusive(vm.resource)] + vm.hostLocks,
            // A VM between two sizes is worse than one of the old size.
            onCrash: .rollBack
        )
    }
}

/// How large a VM may be, and the parameters that say so.
enum Size {
    static let cpus = ParameterSpec("cpus", "virtual processors")
    static let memory = ParameterSpec("memory", "memory in MB")
    static let cpuRange = 1...1024
    static let memoryRange = 16...67_108_864
    static let diskRange = 1...1_048_576

    static func values(_ cpus: Int, _ memory: Int) -> [String: String] {
        ["cpus": String(cpus), "memory": String(memory)]
    }
}
