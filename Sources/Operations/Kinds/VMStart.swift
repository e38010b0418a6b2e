import Engine
import Hypervisor
import Model

/// Starts a VM: finds room, plugs its cards in, boots it.
struct VMStart: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.start"
    let summary = "Start a VM on a host that has room for it"
    let targetType = "vm"
    let coalesces = true
    let parameters = [
        ParameterSpec("to", "the host to start it on; left out, the roomiest of its cluster"),
        ParameterSpec("boot", "what to start from: disk or pxe; left out, as it did last"),
        ParameterSpec("bootURL", "the address to start from over the network: http://…, tftp://…"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        try order.require(
            vm.state != .running && vm.state != .migrating,
            else: "\(vm.name) is already \(vm.standing)"
        )
        try order.require(
            vm.state != .error,
            else: "\(vm.name) is in error; power it off first: vm.stop mode=forced"
        )
        var locks: [LockRequest] = [.exclusive(vm.resource)]
        if let wanted = order.text("to") {
            locks.append(.shared("host/" + (try world.host(wanted).name)))
        } else {
            locks += vm.hostLocks
        }
        return Plan(
            summary: "Start \(vm.name)",
            steps: try Self.steps(vm, order),
            locks: locks
        )
    }

    private static func steps(_ vm: VM, _ order: Order) throws(Failure) -> [Step] {
        var boot = order.passing("bootURL")
        if let source = order.text("boot") {
            boot["boot"] = try order.choice("boot", of: BootSource.allWords)
            if source == BootSource.disk.rawValue && boot["bootURL"] != nil {
                throw .validation("bootURL is for boot=pxe; a disk has no address")
            }
        } else if boot["bootURL"] != nil {
            boot["boot"] = BootSource.pxe.rawValue
        }
        return Bringing.up(
            vm.name,
            cards: vm.nics,
            placement: order.passing("to"),
            boot: boot,
            cluster: vm.cluster,
            from: 0
        )
    }
}

extension BootSource {
    /// The words for both sources.
    static let allWords = [BootSource.disk.rawValue, BootSource.pxe.rawValue]
}

/// The steps that bring a defined VM up, shared by the kinds that do.
enum Bringing {
    /// Room, cards, boot; `first` is the index that the first of these steps will have.
    static func up(
        _ name: String,
        cards: [NIC],
        placement: [String: String],
        boot: [String: String],
        cluster: String?,
        from first: Int
    ) -> [Step] {
        let vm = "vm/" + name
        var steps = [
            Step(
                "Reserve room for \(name)",
                .vmReserve,
                on: vm,
                placement,
                undo: Operation(.vmRelease, on: vm)
            )
        ]
        for card in cards {
            let which = ["nic": card.name]
            // A card that was plugged in before stays so when the job is undone.
            let undo = Operation(.vmDetach, on: vm, lane: vm, which)
            steps.append(
                Step(
                    "Plug \(card.name) into \(card.network)",
                    .vmAttach,
                    on: vm,
                    lane: vm,
                    which,
                    undo: card.isPlugged ? nil : undo
                )
            )
        }
        let undo = Operation(.vmPoweroff, on: vm, lane: vm)
        // Many at once would bring the storage of a whole cluster to its knees.
        let start = Step("Boot \(name)", .vmBoot, on: vm, lane: vm, boot, undo: undo)
            .counting("boot", at: cluster.map { ["cluster/" + $0] } ?? [])
        // Somebody who named a host wants that one and no other.
        let isFree = placement["to"] == nil
        return steps + [start.with { $0.retryFrom = isFree ? first : nil }]
    }
}
