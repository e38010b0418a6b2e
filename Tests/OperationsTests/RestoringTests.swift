import Hypervisor
import Model
import Testing

@Suite("What is taken back at the simulated hypervisor")
struct RestoringTests {
    /// Any task with that verb stands still half way.
    private static func hanging(_ verb: String, _ scope: FaultScope = .any) -> FaultRule {
        FaultRule(id: "hang", action: .hang(atPercent: 50), scope: scope, verb: verb)
    }

    @Test("A migration whose destination turns out to be full goes to another host")
    func migrateElsewhere() throws {
        var inventory = SmallWorld.inventory()
        inventory.hosts.set(Host(name: "kvm-a03", cluster: "a", cpus: 16, memory: 65_536))
        var full = FaultRule(id: "full", action: .fail(.serverCapacity), verb: "migrate.copy")
        full.count = 1
        let stage = try Stage(inventory, faults: [full])
        let id = try #require(try stage.submit("vm.migrate", "vm/web-1"))
        _ = try stage.run(id) { _ in stage.inventory.vms["web-1"]?.destination != nil }
        let first = try #require(stage.inventory.vms["web-1"]?.destination)

        let job = try stage.run(id)

        #expect(job.state == .completed, "\(job.message)")
        let host = try #require(stage.inventory.vms["web-1"]?.host)
        #expect(Set([first, host]) == ["kvm-a02", "kvm-a03"])
        #expect(stage.inventory.vms["web-1"]?.destination == nil)
        #expect(stage.inventory.hosts[first]?.freeMemory == 65_536, "nothing is reserved there")
        #expect(try stage.steps(of: id).map(\.attempts) == [2, 2, 1])
    }

    @Test("A migration to a host that somebody named goes to no other")
    func migrateNamed() throws {
        var inventory = SmallWorld.inventory()
        inventory.hosts.set(Host(name: "kvm-a03", cluster: "a", cpus: 16, memory: 65_536))
        let full = FaultRule(id: "full", action: .fail(.serverCapacity), verb: "migrate.copy")
        let stage = try Stage(inventory, faults: [full])
        let before = stage.inventory
        let id = try #require(try stage.submit("vm.migrate", "vm/web-1", ["to": "kvm-a03"]))

        let job = try stage.run(id)

        #expect(job.state == .failed)
        #expect(job.rollback == .clean)
        #expect(stage.inventory.vms["web-1"] == before.vms["web-1"])
        #expect(stage.inventory.hosts.all == before.hosts.all)
    }

    @Test("A repository that is presented to some hosts is taken back from those, and no others")
    func presentUndone() throws {
        let stage = try Stage(faults: [Self.hanging("repository.mount", .host("kvm-b02"))])
        let id = try #require(try stage.submit("repository.present", "repository/repo-1"))
        let half = try stage.run(id) { _ in
            stage.inventory.repositories["repo-1"]?.presentedTo.count == 3
        }
        #expect(half.state == .childRunning)

        _ = try stage.act(.stop(.abort), on: id)
        let job = try stage.run(id)

        #expect(job.state == .aborted)
        #expect(job.rollback == .clean)
        #expect(stage.inventory.repositories["repo-1"]?.presentedTo == ["kvm-a01"])
    }

    @Test("A resize that is aborted restores what the VM had when it began, not when it was asked")
    func resizeRestored() throws {
        let stage = try Stage()
        let first = try #require(
            try stage.submit("vm.resize", "vm/web-1", ["memory": "4096", "cpus": "4"])
        )
        let second = try #require(try stage.submit("vm.resize", "vm/web-1", ["memory": "8192"]))
        #expect(try stage.run(first).state == .completed)
        let between = try #require(stage.inventory.vms["web-1"])
        #expect((between.cpus, between.memory) == (4, 4096))
        _ = stage.hypervisor.add(Self.hanging("vm.resize"), at: stage.now.milliseconds)
        let third = try #require(try stage.submit("vm.resize", "vm/web-1", ["cpus": "8"]))
        _ = try stage.run(second)
        let before = try #require(stage.inventory.vms["web-1"])
        _ = try stage.run(third) { $0.state == .running }

        _ = stage.hypervisor.removeRule("hang", at: stage.now.milliseconds)
        _ = try stage.act(.stop(.abort), on: third)
        let job = try stage.run(third)

        #expect(job.state == .aborted)
        #expect(job.rollback == .clean)
        #expect(stage.inventory.vms["web-1"] == before)
    }

    @Test("A rename that breaks leaves the VM, its disks and its card as they were")
    func renameRestored() throws {
        var broken = FaultRule(
            id: "broken",
            action: .failMidway(.storageIO, atPercent: 60),
            verb: "vm.rename"
        )
        // The undo is a rename, too.
        broken.count = 1
        let stage = try Stage(faults: [broken])
        let before = stage.inventory
        let id = try #require(try stage.submit("vm.rename", "vm/web-1", ["name": "shop-1"]))

        let job = try stage.run(id)

        #expect(job.state == .failed)
        #expect(stage.inventory.vms.all == before.vms.all)
        #expect(stage.inventory.disks.all == before.disks.all)
        #expect(try stage.ticketCount() == 0)
    }
}
