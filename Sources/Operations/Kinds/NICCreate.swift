import Engine
import Hypervisor
import Model

/// Gives a VM a network card.
struct NICCreate: JobKind {
    let hypervisor: any Hypervisor

    let name = "nic.create"
    let summary = "Give a VM a network card"
    let targetType = "vm"
    let parameters = [
        ParameterSpec("nic", "the card's name: nic1; the next free one if left out"),
        ParameterSpec("network", "the network it belongs to; the usual one if left out"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        let card = order.text("nic") ?? Self.freeName(in: vm)
        try order.require(
            !vm.nics.contains { $0.name == card },
            else: "\(vm.name) has a card \(card) already"
        )
        if let network = order.text("network"), !world.inventory.networks.contains(network) {
            let known = world.inventory.networks.names.prefix(8).joined(separator: ", ")
            throw .validation("there is no network “\(network)”; there are \(known)")
        }
        let create = Step(
            "Create \(card) of \(vm.name)",
            .nicCreate,
            on: vm.resource,
            lane: vm.resource,
            order.passing("network").merging(["nic": card]) { $1 },
            undo: Operation(.nicRemove, on: vm.resource, lane: vm.resource, ["nic": card])
        )
        return Plan(
            summary: "Create \(card) of \(vm.name)",
            steps: [create],
            locks: [.exclusive(vm.resource)]
        )
    }

    private static func freeName(in vm: VM) -> String {
        let taken = Set(vm.nics.map(\.name))
        var number = 0
        while taken.contains("nic\(number)") { number += 1 }
        return "nic\(number)"
    }
}
