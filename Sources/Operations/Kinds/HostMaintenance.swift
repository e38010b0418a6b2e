import Engine
import Hypervisor
import Model

/// Empties a host and takes it out of service.
struct HostMaintenance: JobKind {
    let hypervisor: any Hypervisor

    let name = "host.maintenance"
    let summary = "Move all VMs off a host and take it out of service"
    let targetType = "host"
    let coalesces = true
    let parameters = [
        ParameterSpec("concurrency", "how many VMs move at once, 1 to 16; 2 if left out")
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let host = try world.host(order.target.name)
        try order.require(
            host.duty != .maintenance,
            else: "\(host.name) is in maintenance already"
        )
        let concurrency = try order.number("concurrency", in: 1...16) ?? 2
        let vms = world.inventory.vms(on: host.name).filter { vm in
            vm.host == host.name && vm.state != .stopped && vm.state != .error
        }
        return Plan(
            summary: "Put \(host.name) into maintenance",
            steps: Self.steps(host.name, vms, concurrency),
            locks: [.exclusive("host/" + host.name)] + vms.map { .exclusive($0.resource) }
        )
    }

    private static func steps(_ host: String, _ vms: [VM], _ concurrency: Int) -> [Step] {
        let lane = "host/" + host
        var steps = [
            Step(
                "Keep new VMs away from \(host)",
                .hostPrepareMaintenance,
                on: lane,
                lane: lane,
                undo: Operation(.hostCancelMaintenance, on: lane, lane: lane)
            )
        ]
        if !vms.isEmpty {
            let moves = vms.map { ChildSpec("vm.migrate", Target(type: "vm", name: $0.name)) }
            let words = moves.count == 1 ? moves[0].target.name : "\(moves.count) VMs"
            steps.append(
                Step(
                    "Move \(words) off \(host)",
                    Children(moves, concurrency: concurrency),
                    each: .migrateCopy
                )
            )
        }
        let enter = Step(
            "Take \(host) out of service",
            .hostEnterMaintenance,
            on: lane,
            lane: lane
        )
        return steps + [enter.with { $0.isEndAction = true }]
    }
}
