import Engine
import Hypervisor
import Model

/// Takes a host back into service.
struct HostActivate: JobKind {
    let hypervisor: any Hypervisor

    let name = "host.activate"
    let summary = "Take a host back into service"
    let targetType = "host"
    let coalesces = true
    let parameters: [ParameterSpec] = []

    func plan(_ order: Order) throws(Failure) -> Plan {
        let host = try World(hypervisor).host(order.target.name)
        try order.require(host.state != .up, else: "\(host.name) is in service already")
        let lane = "host/" + host.name
        return Plan(
            summary: "Activate \(host.name)",
            steps: [Step("Take \(host.name) into service", .hostActivate, on: lane, lane: lane)],
            locks: [.exclusive(lane)]
        )
    }
}
