import Engine
import Hypervisor
import Model

/// Makes a VM with disks and cards and starts it.
struct VMDeploy: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.deploy"
    let summary = "Make a VM with its disks and cards and start it"
    let targetType = "vm"
    let parameters = [
        Size.cpus, Size.memory,
        ParameterSpec("disks", "how many disks, 0 to 8; 1 if left out"),
        ParameterSpec("diskSize", "the size of each disk in GB; 20 if left out"),
        ParameterSpec("nics", "how many network cards, 0 to 8; 1 if left out"),
        ParameterSpec("cluster", "the cluster to run in; any if left out"),
        ParameterSpec("template", "what its disks are made from"),
        ParameterSpec("to", "the host to run on; the roomiest if left out"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let name = order.target.name
        try world.checkFree(name, order)
        let shape = try Shape(order)
        var locks: [LockRequest] = [.exclusive("vm/" + name)]
        locks += shape.disks.map { .exclusive("disk/" + $0) }
        if let cluster = order.text("cluster") { _ = try world.hosts(ofCluster: cluster) }
        if let host = order.text("to") {
            locks.append(.shared("host/" + (try world.host(host).name)))
        }
        for disk in shape.disks {
            try order.require(
                !world.inventory.disks.contains(disk),
                else: "there is a disk \(disk) already, left by another VM; remove it first"
            )
        }
        return Plan(
            summary: "Deploy \(name)",
            steps: Self.steps(name, order, shape),
            locks: locks
        )
    }

    /// What is to be made.
    private struct Shape {
        let disks: [String]
        let diskSize: Int
        let cards: [String]
        let size: [String: String]

        init(_ order: Order) throws(Failure) {
            let name = order.target.name
            let count = try order.number("disks", in: 0...8) ?? 1
            disks = (0..<count).map { $0 == 0 ? "\(name)-root" : "\(name)-data\($0)" }
            diskSize = try order.number("diskSize", in: Size.diskRange) ?? 20
            cards = (0..<(try order.number("nics", in: 0...8) ?? 1)).map { "nic\($0)" }
            size = Size.values(
                try order.number("cpus", in: Size.cpuRange) ?? 1,
                try order.number("memory", in: Size.memoryRange) ?? 1024
            )
        }
    }

    private static func steps(_ name: String, _ order: Order, _ shape: Shape) -> [Step] {
        let vm = "vm/" + name
        var details = order.passing("cluster", "template", "to").merging(shape.size) { $1 }
        if !order.account.isEmpty { details["account"] = order.account }
        var steps = [
            Step(
                "Define \(name) where there is room",
                .vmDefine,
                on: vm,
                details,
                undo: Operation(.vmUndefine, on: vm)
            )
        ]
        for disk in shape.disks { steps += creation(of: disk, shape.diskSize, for: name) }
        if !shape.cards.isEmpty {
            let cards = shape.cards.map {
                ChildSpec("nic.create", Target(type: "vm", name: name), parameters: ["nic": $0])
            }
            // The hypervisor works on one card of a VM at a time.
            steps.append(
                Step(
                    "Create \(cards.count == 1 ? "the card" : "\(cards.count) cards") of \(name)",
                    Children(cards, concurrency: 1, onFailure: .stop),
                    each: .nicCreate
                )
            )
        }
        let cards = shape.cards.map { NIC(name: $0, network: "its network", mac: "") }
        return steps
            + Bringing.up(
                name,
                cards: cards,
                placement: order.passing("to"),
                boot: [:],
                cluster: order.text("cluster"),
                from: steps.count
            )
    }

    /// A disk is a step of its own, so that each can be taken back by itself.
    private static func creation(of disk: String, _ size: Int, for name: String) -> [Step] {
        let vm = "vm/" + name
        let child = ChildSpec(
            "disk.create",
            Target(type: "disk", name: disk),
            parameters: ["vm": name, "size": String(size)]
        )
        var create = Step("Create disk \(disk)", Children([child]), each: .diskCreate)
        create.undo = Operation(.diskDelete, on: "disk/" + disk)
        return [
            create,
            Step("Attach \(disk) to \(name)", .vmAttach, on: vm, lane: vm, ["disk": disk]),
        ]
    }
}
