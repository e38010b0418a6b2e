import Engine
import Hypervisor
import Model
import Operations
import Testing

@Suite("Locks of parents and children")
struct LockCoverageTests {
    @Test(
        "What a child locks is covered by what its parent locks",
        arguments: [1, 2, 3] as [UInt64]
    )
    func covered(_ seed: UInt64) throws {
        let inventory = Inventory.synthetic(hosts: 6, vms: 60, seed: seed)
        let kinds = SmallWorld.kinds(SmallWorld.hypervisor(inventory))
        var children = 0
        for (kind, target) in Self.orders(inventory) {
            guard let plan = try? SmallWorld.plan(kind, target, in: kinds) else { continue }
            let world = kind == "vm.deploy" ? Self.defining(target, in: inventory) : inventory
            let later = SmallWorld.kinds(SmallWorld.hypervisor(world))
            for child in plan.steps.flatMap(\.children) {
                children += 1
                let part = try later.plan(
                    kind: child.kind,
                    Order(target: child.target, parameters: child.parameters)
                )
                for lock in part.locks {
                    #expect(plan.covers(lock), "\(kind) \(target): \(child.kind) \(lock.resource)")
                }
            }
        }
        #expect(children > 60)
    }

    @Test("A shared lock does not cover an exclusive one")
    func negative() {
        let plan = Plan(summary: "", steps: [], locks: [.shared("vm/a"), .exclusive("vm/b")])
        #expect(!plan.covers(.exclusive("vm/a")))
        #expect(plan.covers(.shared("vm/b")))
        #expect(!plan.covers(.shared("vm/c")))
    }

    @Test("No plan asks twice for the same lock")
    func once() throws {
        let inventory = Inventory.synthetic(hosts: 6, vms: 60, seed: 9)
        let kinds = SmallWorld.kinds(SmallWorld.hypervisor(inventory))
        for (kind, target) in Self.orders(inventory) {
            guard let plan = try? SmallWorld.plan(kind, target, in: kinds) else { continue }
            let resources = plan.locks.map(\.resource)
            #expect(Set(resources).count == resources.count, "\(kind) \(target)")
        }
    }

    private static func orders(_ inventory: Inventory) -> [(String, String)] {
        var orders = [("vm.deploy", "fresh-1")]
        for name in inventory.vms.names {
            for kind in ["vm.start", "vm.stop", "vm.remove", "vm.migrate", "snapshot.create"] {
                orders.append((kind, name))
            }
        }
        orders += inventory.hosts.names.map { ("host.maintenance", $0) }
        orders += inventory.repositories.names.map { ("repository.present", $0) }
        return orders
    }

    /// The world as it is once the first step of a deployment is done.
    private static func defining(_ name: String, in inventory: Inventory) -> Inventory {
        var later = inventory
        later.add(VM(name: name, cluster: inventory.clusters.names[0]))
        return later
    }
}

extension Step {
    fileprivate var children: [ChildSpec] {
        if case .children(let children) = work { return children.jobs }
        return []
    }
}

extension Plan {
    fileprivate func covers(_ lock: LockRequest) -> Bool {
        locks.contains { $0.resource == lock.resource && $0.mode.covers(lock.mode) }
    }
}
