import Engine
import Hypervisor
import Model

/// Takes a snapshot of many VMs and removes old ones, with one child for each VM.
struct SnapshotPolicy: JobKind {
    let hypervisor: any Hypervisor

    let name = "snapshot.policy"
    let summary = "Take a snapshot of each VM chosen, and keep the newest few of them"
    let targetType = ""
    let parameters =
        [
            ParameterSpec("vms", "which VMs, by commas: web-1,db-*", isRequired: true),
            ParameterSpec("concurrency", "how many VMs at once, 1 to 64; 4 if left out"),
        ] + SnapshotRotate.specs

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let concurrency = try order.number("concurrency", in: 1...64) ?? 4
        _ = try SnapshotRotate.Rule(order)
        let vms = try Self.vms(order.text("vms") ?? "", world)
        try order.require(!vms.isEmpty, else: "no VM fits vms=\(order.text("vms") ?? "")")
        guard vms.count <= Self.mostVMs else {
            throw .validation("\(vms.count) VMs fit; a policy takes \(Self.mostVMs) at most")
        }
        let rotations = vms.map {
            ChildSpec(
                "snapshot.rotate",
                Target(type: "vm", name: $0.name),
                parameters: order.passing("keep", "prefix")
            )
        }
        let words = vms.count == 1 ? vms[0].name : "\(vms.count) VMs"
        return Plan(
            summary: "Snapshots of \(words)",
            steps: [
                Step(
                    "Take and remove snapshots of \(words)",
                    Children(rotations, concurrency: concurrency, onFailure: .warn),
                    each: .snapshotCreate
                )
            ],
            locks: Self.locks(vms)
        )
    }

    /// VMs of one policy at most.
    private static let mostVMs = 500

    private static func locks(_ vms: [VM]) -> [LockRequest] {
        let hosts = Set(vms.compactMap(\.host)).sorted()
        return vms.map { .exclusive($0.resource) } + hosts.map { .shared("host/" + $0) }
    }

    /// The VMs that a list of names and patterns means; a plain name must be there.
    private static func vms(_ list: String, _ world: World) throws(Failure) -> [VM] {
        var names: Set<String> = []
        for part in list.split(separator: ",") {
            let pattern = String(part.filter { $0 != " " })
            if pattern.contains("*") {
                names.formUnion(world.inventory.vms.names.filter { fits($0, pattern) })
            } else {
                names.insert(try world.vm(pattern).name)
            }
        }
        return world.inventory.vms.all.filter { vm in
            names.contains(vm.name) && vm.state != .defining && vm.state != .removing
        }
    }

    /// Whether a name fits a pattern in which `*` stands for anything.
    static func fits(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else {
            return name == pattern
        }
        guard name.hasPrefix(first), name.hasSuffix(last),
            name.count >= first.count + last.count
        else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return true
    }
}

/// Takes a snapshot of one VM, and removes the oldest ones of the same series.
struct SnapshotRotate: JobKind {
    let hypervisor: any Hypervisor

    let name = "snapshot.rotate"
    let summary = "Take a snapshot of a VM, and keep the newest few of its series"
    let targetType = "vm"
    let parameters = SnapshotRotate.specs

    static let specs = [
        ParameterSpec("keep", "how many snapshots of the series stay, 1 to 50; 3 if left out"),
        ParameterSpec("prefix", "the series: nightly makes nightly-1 …; “policy” if left out"),
    ]

    /// Which snapshots belong to the series, and how many stay.
    struct Rule {
        let keep: Int
        let prefix: String

        init(_ order: Order) throws(Failure) {
            keep = try order.number("keep", in: 1...50) ?? 3
            prefix = order.text("prefix") ?? "policy"
            try World.checkName(prefix + "-1", of: "snapshot")
        }

        /// The number that a snapshot has in the series; nil if it is not of it.
        func number(of snapshot: String) -> Int? {
            guard snapshot.hasPrefix(prefix + "-") else { return nil }
            return Int(snapshot.dropFirst(prefix.count + 1)).flatMap { $0 > 0 ? $0 : nil }
        }
    }

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let vm = try world.vm(order.target.name)
        let rule = try Rule(order)
        var taken = vm.snapshots.compactMap { rule.number(of: $0.name) }
        // A layer that an undone snapshot left behind keeps its name from being used again.
        let layers = vm.disks.flatMap { world.inventory.disks[$0]?.layers ?? [] }
        let newest = (taken + layers.compactMap(rule.number)).max() ?? 0
        let snapshot = "\(rule.prefix)-\(newest == .max ? newest : newest + 1)"
        taken.sort()
        let stores = world.stores(of: vm)
        let old = taken.prefix(max(0, taken.count + 1 - rule.keep))
        let removals = old.map { number in
            let step = Step(
                "Merge and remove snapshot \(rule.prefix)-\(number) of \(vm.name)",
                .snapshotDelete,
                on: vm.resource,
                lane: vm.resource,
                ["snapshot": "\(rule.prefix)-\(number)"]
            ).counting("snapshot", at: stores + [vm.resource])
            return step.with { $0.isPointOfNoReturn = true }
        }
        return Plan(
            summary: "Snapshot \(snapshot) of \(vm.name)"
                + (old.isEmpty ? "" : ", \(old.count) old to remove"),
            steps: SnapshotCreate.steps(vm, snapshot, stores: stores) + removals,
            locks: [.exclusive(vm.resource)] + vm.hostLocks
        )
    }
}
