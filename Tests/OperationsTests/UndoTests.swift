import Hypervisor
import Model
import Testing

@Suite("Kinds that fail or are stopped")
struct UndoTests {
    @Test("A deployment whose boot is aborted leaves no VM, no disk and no room taken")
    func deployAborted() throws {
        let stage = try Stage(faults: [
            FaultRule(id: "hang", action: .hang(atPercent: 10), verb: "vm.boot")
        ])
        let before = stage.inventory
        let id = try #require(try stage.submit("vm.deploy", "vm/app-1", ["disks": "2"]))
        let boots = try stage.run(id) { $0.message.contains("Starting") || $0.progress > 70 }
        #expect(boots.state == .running)
        _ = try stage.act(.stop(.abort), on: id)
        let job = try stage.run(id)
        #expect(job.state == .aborted)
        #expect(job.rollback == .clean)
        #expect(stage.inventory.vms["app-1"] == nil)
        #expect(stage.inventory.disks.names == before.disks.names)
        #expect(stage.inventory.hosts.all == before.hosts.all)
        #expect(stage.inventory.storages["store"] == before.storages["store"])
    }

    @Test("A boot that finds its host full is placed again on another")
    func placedElsewhere() throws {
        var rule = FaultRule(
            id: "full",
            action: .fail(.serverCapacity),
            scope: .host("kvm-a02"),
            verb: "vm.boot"
        )
        rule.count = 1
        let stage = try Stage(faults: [rule])
        let id = try #require(try stage.submit("vm.start", "vm/db-1"))
        let job = try stage.run(id)
        #expect(job.state == .completed, "\(job.message)")
        #expect(stage.inventory.vms["db-1"]?.host == "kvm-a01")
        #expect(try stage.steps(of: id).last?.attempts == 2)
    }

    @Test("A copy that breaks lets the VM run on where it was")
    func copyBreaks() throws {
        let stage = try Stage(faults: [
            FaultRule(
                id: "f",
                action: .failMidway(.migrationFailed, atPercent: 60),
                verb: "migrate.copy"
            )
        ])
        let id = try #require(try stage.submit("vm.migrate", "vm/web-1"))
        let job = try stage.run(id)
        #expect(job.state == .failed)
        #expect(job.rollback == .clean)
        #expect(job.code?.number == 4395)
        #expect(stage.inventory.vms["web-1"]?.host == "kvm-a01")
        #expect(stage.inventory.vms["web-1"]?.destination == nil)
    }

    @Test("A VM that cannot leave keeps its host in service, and the others have been tried")
    func maintenanceFails() throws {
        let stage = try Stage(faults: [
            FaultRule(
                id: "f",
                action: .failMidway(.migrationFailed, atPercent: 60),
                scope: .vm("web-1"),
                verb: "migrate.copy"
            )
        ])
        let id = try #require(try stage.submit("host.maintenance", "host/kvm-a01"))
        let job = try stage.run(id)
        #expect(job.state == .failed)
        #expect(job.rollback == .clean)
        #expect(try stage.children(of: id, step: 1).map(\.state) == [.failed, .completed])
        #expect(stage.inventory.hosts["kvm-a01"]?.state == .up)
    }

    @Test("A guest that ignores the request is powered off after it, and both steps are on record")
    func thenForced() throws {
        var inventory = SmallWorld.inventory()
        inventory.vms.update("web-1") { $0.ignoresShutdown = true }
        let stage = try Stage(inventory)
        let polite = try #require(try stage.submit("vm.stop", "vm/web-1"))
        let refusal = try stage.run(polite)
        #expect(refusal.state == .failed)
        #expect(refusal.code?.name == "GUEST_UNRESPONSIVE")
        let id = try #require(
            try stage.submit("vm.stop", "vm/web-1", ["mode": "gracefulThenForced"])
        )
        #expect(try stage.run(id).state == .completed)
        let steps = try stage.steps(of: id)
        #expect(steps.map(\.state) == [.done, .done])
        #expect(steps.first?.message.contains("took no notice") == true)
        #expect(stage.inventory.vms["web-1"]?.state == .stopped)
    }

    @Test("Once the first image is going, an abort comes too late and says so by completing")
    func noReturn() throws {
        let stage = try Stage()
        let id = try #require(try stage.submit("vm.remove", "vm/db-1"))
        _ = try stage.run(id) { $0.state == .childRunning }
        _ = try stage.act(.stop(.abort), on: id)
        let job = try stage.run(id)
        #expect(job.state.isTerminal)
        let isGone = stage.inventory.vms["db-1"] == nil
        #expect(isGone == (job.state == .completed), "\(job.state): \(job.message)")
        #expect(job.rollback != .clean)
    }

    @Test("A stopped start job of a VM gives its room back")
    func startAborted() throws {
        let stage = try Stage(faults: [
            FaultRule(id: "hang", action: .hang(atPercent: 10), verb: "vm.boot")
        ])
        let id = try #require(try stage.submit("vm.start", "vm/db-1"))
        _ = try stage.run(id) { $0.message.contains("Starting") }
        #expect(stage.inventory.vms["db-1"]?.state == .starting)
        _ = try stage.act(.stop(.abort), on: id)
        #expect(try stage.run(id).state == .aborted)
        #expect(stage.inventory.vms["db-1"]?.state == .stopped)
        #expect(stage.inventory.vms["db-1"]?.host == nil)
    }
}
