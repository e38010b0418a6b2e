import Hypervisor
import Testing

@Suite("What a hypervisor refuses")
struct RefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        var ask: String
        var before: [String] = []
        var fault: Fault
        var says: String
        var testDescription: String { ask }
    }

    static let refusals: [Refusal] = [
        Refusal(ask: "vm.boot vm/web-9", fault: .notFound, says: "no such VM web-9"),
        Refusal(ask: "vm.fly vm/web-1", fault: .notFound, says: "no such verb vm.fly"),
        Refusal(ask: "vm.boot web-1", fault: .badParameter, says: "vm/NAME"),
        Refusal(ask: "vm.boot vm/", fault: .badParameter, says: "vm/NAME"),
        Refusal(ask: "vm.define vm/web-1", fault: .alreadyExists, says: "exists already"),
        Refusal(ask: "vm.define vm/x cpus=0", fault: .badParameter, says: "cpus must be 1…1024"),
        Refusal(ask: "vm.define vm/x cluster=z", fault: .notFound, says: "no such cluster z"),
        Refusal(ask: "vm.define vm/x to=kvm-z", fault: .notFound, says: "no such host kvm-z"),
        Refusal(ask: "vm.undefine vm/web-1", fault: .concurrentOperation, says: "is running"),
        Refusal(ask: "vm.reserve vm/web-1", fault: .concurrentOperation, says: "is running"),
        Refusal(ask: "vm.release vm/web-1", fault: .concurrentOperation, says: "is running"),
        Refusal(ask: "vm.reset vm/db-1", fault: .concurrentOperation, says: "is stopped"),
        Refusal(ask: "vm.boot vm/db-1 boot=tape", fault: .badParameter, says: "disk or pxe"),
        Refusal(ask: "vm.rename vm/web-1 name=db-1", fault: .alreadyExists, says: "db-1"),
        Refusal(ask: "vm.rename vm/web-1", fault: .badParameter, says: "name"),
        Refusal(ask: "nic.create vm/web-1 nic=nic0", fault: .alreadyExists, says: "nic0"),
        Refusal(ask: "nic.create vm/web-1 network=n", fault: .notFound, says: "network n"),
        Refusal(ask: "disk.create disk/spare size=1", fault: .alreadyExists, says: "spare"),
        Refusal(ask: "disk.create disk/d storage=s", fault: .notFound, says: "no such storage s"),
        Refusal(ask: "disk.delete disk/web-1-root", fault: .resourceInUse, says: "plugged into"),
        Refusal(
            ask: "vm.attach vm/db-1 disk=web-1-root",
            fault: .resourceInUse,
            says: "belongs to"
        ),
        Refusal(
            ask: "migrate.prepare vm/db-1",
            fault: .concurrentOperation,
            says: "is stopped"
        ),
        Refusal(
            ask: "migrate.prepare vm/web-1 to=kvm-a01",
            fault: .migrationDestination,
            says: "runs on kvm-a01 already"
        ),
        Refusal(
            ask: "migrate.copy vm/web-1",
            fault: .migrationDestination,
            says: "no destination"
        ),
        Refusal(
            ask: "migrate.switch vm/web-1",
            before: ["migrate.prepare vm/web-1"],
            fault: .migrationFailed,
            says: "not copied"
        ),
        Refusal(
            ask: "repository.mount repository/repo-nfs-1",
            fault: .badParameter,
            says: "needs a host"
        ),
        Refusal(
            ask: "repository.mount repository/repo-nfs-1 @kvm-a02",
            before: ["host.enterMaintenance host/kvm-a02"],
            fault: .agentMaintenance,
            says: "maintenance"
        ),
        Refusal(
            ask: "migrate.prepare vm/web-1 to=kvm-a02",
            before: ["host.prepareMaintenance host/kvm-a02"],
            fault: .agentMaintenance,
            says: "maintenance"
        ),
        Refusal(
            ask: "host.enterMaintenance host/kvm-a01",
            fault: .resourceInUse,
            says: "2 VMs are still on host kvm-a01: web-1, deaf-1"
        ),
    ]

    @Test("A call that the state does not allow is refused, and says why", arguments: refusals)
    func refusal(_ refusal: Refusal) {
        let lab = Lab()
        for ask in refusal.before { #expect(lab.run(ask).status == .done) }
        let before = lab.inventory
        guard case .refused(let fault) = lab.begin(refusal.ask).reply else {
            Issue.record("\(refusal.ask) was not refused")
            return
        }
        #expect(fault == refusal.fault.saying(fault.text))
        #expect(fault.text.contains(refusal.says), "\(fault.text)")
        #expect(lab.inventory == before)
        #expect(lab.hypervisor.taskCount == refusal.before.count)
    }

    @Test("A refusal names the state of the VM and the task that works on it")
    func busyVM() throws {
        let lab = Lab()
        let (id, _) = lab.begin("vm.boot vm/db-1")
        guard case .refused(let fault) = lab.begin("vm.poweroff vm/db-1").reply else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .conflict && fault.detail == 4_300)
        #expect(fault.text == "VM db-1 is starting: task \(id) (vm.boot) works on it")
    }

    @Test("A second snapshot of a VM is told about the first")
    func busySnapshot() {
        let lab = Lab()
        _ = lab.begin("snapshot.create vm/web-1 snapshot=s1")
        guard case .refused(let fault) = lab.begin("snapshot.create vm/web-1 snapshot=s2").reply
        else {
            Issue.record("not refused")
            return
        }
        #expect(fault.text.contains("other active snapshot tasks"))
    }

    @Test(
        "A task for which there is no room is accepted and fails",
        arguments: [
            ("vm.define vm/x memory=65536", Fault.serverCapacity, "vm/x"),
            ("vm.define vm/x memory=2048 exclude=kvm-a01,kvm-a02,kvm-b01", .serverCapacity, ""),
            ("vm.boot vm/big-1", .serverCapacity, "big-1"),
            ("vm.reserve vm/db-1 exclude=kvm-a01,kvm-a02", .serverCapacity, ""),
            ("vm.resize vm/web-1 memory=16384", .serverCapacity, ""),
            ("disk.create disk/d size=71", .volumeCreation, ""),
            ("migrate.prepare vm/web-1 exclude=kvm-a02", .serverCapacity, ""),
        ]
    )
    func noRoom(ask: String, fault: Fault, name: String) {
        let lab = Lab()
        let before = lab.inventory
        let (id, reply) = lab.begin(ask)
        #expect(reply == .accepted)
        let report = lab.wait(id)
        guard case .failed(let got) = report.status else {
            Issue.record("\(report)")
            return
        }
        #expect(got == fault.saying(got.text) && got.kind == .capacity)
        #expect(lab.inventory == before)
    }

    @Test("Two placements do not get the same room")
    func roomIsTakenAtOnce() {
        let lab = Lab()
        let first = lab.begin("vm.define vm/x memory=12000 cluster=b")
        let second = lab.begin("vm.define vm/y memory=12000 cluster=b")
        #expect(lab.wait(first.id).status == .done)
        #expect(lab.wait(second.id).status != .done)
    }

    @Test("A guest that takes no notice goes on running, and the fault says what to do")
    func deafGuest() {
        let lab = Lab()
        guard case .failed(let fault) = lab.run("vm.shutdown vm/deaf-1").status else {
            Issue.record("it did not fail")
            return
        }
        #expect(fault.text.contains("power it off"))
        #expect(lab.vm("deaf-1")?.state == .running)
    }

    @Test(
        "A boot from an address that is none hangs at 10 % until it is interrupted",
        arguments: ["", "htp://images/x", "http:///x", "images", "https://"]
    )
    func pxeHangs(url: String) {
        let lab = Lab()
        let (id, _) = lab.begin("vm.boot vm/db-1 boot=pxe bootURL=\(url)")
        let report = lab.wait(id)
        #expect(report.status == .running && report.progress == 10)
        lab.now += 1_000_000_000
        #expect(lab.hypervisor.probe(id, at: lab.now).progress == 10)
        #expect(lab.hypervisor.interrupt(id, fence: 1, at: lab.now) == .accepted)
        #expect(lab.vm("db-1")?.state == .stopped && lab.vm("db-1")?.host == nil)
    }

    @Test("A VM that cannot be migrated for want of a task stays where it is")
    func interruptedCopy() {
        let lab = Lab()
        lab.run("migrate.prepare vm/web-1")
        let (id, _) = lab.begin("migrate.copy vm/web-1")
        lab.pass(percent: 75, of: id)
        #expect(lab.vm("web-1")?.state == .migrating)
        let report = lab.hypervisor.probe(id, at: lab.now)
        #expect(report.message == "Copy round 2: 128 MB of 512 MB")
        _ = lab.hypervisor.interrupt(id, fence: 1, at: lab.now)
        #expect(lab.vm("web-1")?.state == .running && lab.vm("web-1")?.host == "kvm-a01")
        #expect(lab.hypervisor.probe(id, at: lab.now).message == "Interrupted at 75 %")
    }

    @Test("Entering maintenance fails when a VM came in the meantime")
    func maintenanceRace() {
        let lab = Lab()
        lab.run("vm.reserve vm/db-1")
        let boot = lab.begin("vm.boot vm/db-1")
        guard case .refused(let fault) = lab.begin("host.enterMaintenance host/kvm-a02").reply
        else {
            Issue.record("not refused")
            return
        }
        #expect(fault.text.contains("1 VM is still on host kvm-a02: db-1"))
        lab.wait(boot.id)
    }
}
