import Engine
import Hypervisor
import Model

/// Moves a running VM to another host.
struct VMMigrate: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.migrate"
    let summary = "Move a running VM to another host"
    let targetType = "vm"
    let parameters = [
        ParameterSpec("to", "the host to move it to; the roomiest of its cluster if left out")
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        try order.require(
            vm.state != .stopped && vm.state != .error,
            else: "\(vm.name) is \(vm.standing); only a running VM can be migrated"
        )
        var locks: [LockRequest] = [.exclusive(vm.resource)] + vm.hostLocks
        if let wanted = order.text("to") {
            let host = try world.host(wanted)
            try order.require(
                host.name != vm.host,
                else: "\(vm.name) is on \(wanted) already; choose another host"
            )
            if host.name != vm.host { locks.append(.shared("host/" + host.name)) }
        }
        return Plan(
            summary: "Migrate \(vm.name)" + (order.text("to").map { " to \($0)" } ?? ""),
            steps: Self.steps(vm, order.passing("to"), stores: world.stores(of: vm)),
            locks: locks
        )
    }

    private static func steps(_ vm: VM, _ placement: [String: String], stores: [String]) -> [Step] {
        let subject = vm.resource
        let copy = Step("Copy the memory of \(vm.name)", .migrateCopy, on: subject, lane: subject)
        // Somebody who named a host wants that one and no other.
        let isFree = placement["to"] == nil
        let switchOver = Step(
            "Switch \(vm.name) over",
            .migrateSwitch,
            on: subject,
            lane: subject
        )
        return [
            Step(
                "Check and prepare the destination of \(vm.name)",
                .migratePrepare,
                on: subject,
                lane: subject,
                placement,
                undo: Operation(.migrateCancel, on: subject, lane: subject)
            ),
            // The copy fills the network of its host: it takes two slots, and few run at once.
            copy.taking(slots: 2).counting("migrate", at: stores + [subject]).with { step in
                guard isFree else { return }
                step.retryFrom = 0
                // The lane is that of the host it leaves; the one to avoid was chosen on the way.
                step.placedBy = "host"
            },
            switchOver.with { $0.isPointOfNoReturn = true },
        ]
    }
}
