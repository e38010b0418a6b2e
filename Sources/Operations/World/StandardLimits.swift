package import Engine
import Hypervisor
import Model

/// How many operations of a sort run at once, unless the configuration says otherwise.
///
/// They protect what a slot of a host does not: the storage and the network behind many hosts, and
/// a host from doing the same heavy thing several times at once.
package enum StandardLimits {
    /// All of them.
    package static let all = [
        Limits.Rule("snapshot@host/*", 2),
        Limits.Rule("snapshot@store/*", 8),
        Limits.Rule("migrate@host/*", 2),
        Limits.Rule("migrate@store/*", 4),
        Limits.Rule("boot@cluster/*", 16),
        Limits.Rule("disk@store/*", 4),
    ]
}

extension Step {
    /// The step, counting against these limits: `snapshot@vm/web-1`, `migrate@store/ssd`.
    func counting(_ sort: String, at places: [String]) -> Step {
        with { $0.limits = Set(places.map { "\(sort)@\($0)" }).sorted() }
    }

    /// The step, taking so many slots of its lane.
    func taking(slots: Int) -> Step { with { $0.slots = slots } }
}

extension World {
    /// The stores that a VM's disks are on: `store/ssd`.
    func stores(of vm: VM) -> [String] {
        Set(vm.disks.compactMap { inventory.disks[$0]?.storage }).sorted().map { "store/" + $0 }
    }
}
