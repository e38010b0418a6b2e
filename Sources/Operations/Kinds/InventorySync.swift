import Engine
import Hypervisor
import Model

/// Reads anew what all hosts have, with one child for each of them.
struct InventorySync: JobKind {
    let hypervisor: any Hypervisor

    let name = "inventory.sync"
    let isInternal = true
    let summary = "Read anew what all hosts in service have"
    let targetType = ""
    let parameters = [
        ParameterSpec("cluster", "only the hosts of this cluster"),
        ParameterSpec("concurrency", "how many hosts at once, 1 to 64; 8 if left out"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let concurrency = try order.number("concurrency", in: 1...64) ?? 8
        let cluster = order.text("cluster")
        let known = try cluster.map(world.hosts) ?? world.inventory.hosts.all
        // A host that does not answer would hold the sync up; it is read by the next one.
        let hosts = known.filter { $0.state == .up }.map(\.name)
        try order.require(!hosts.isEmpty, else: "no host is in service to be read")
        let scans = hosts.map { ChildSpec("host.scan", Target(type: "host", name: $0)) }
        let others = known.count - hosts.count
        let words = hosts.count == 1 ? hosts[0] : "\(hosts.count) hosts"
        return Plan(
            summary: "Read what \(words) have" + (others > 0 ? ", \(others) not in service" : ""),
            steps: [
                Step(
                    "Scan \(words)",
                    Children(scans, concurrency: concurrency, onFailure: .warn),
                    each: .hostScan
                )
            ],
            locks: hosts.map { .shared("host/" + $0) }
        )
    }
}

/// Reads anew what one host has.
struct HostScan: JobKind {
    let hypervisor: any Hypervisor

    let name = "host.scan"
    let isInternal = true
    let summary = "Read anew what a host has"
    let targetType = "host"
    let parameters: [ParameterSpec] = []

    func plan(_ order: Order) throws(Failure) -> Plan {
        let host = try World(hypervisor).host(order.target.name)
        let lane = "host/" + host.name
        return Plan(
            summary: "Scan \(host.name)",
            steps: [Step("Read what \(host.name) has", .hostScan, on: lane, lane: lane)],
            locks: [.shared(lane)]
        )
    }
}
