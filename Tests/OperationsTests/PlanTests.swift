import Engine
import Hypervisor
import Model
import Operations
import Testing

@Suite("Plans")
struct PlanTests {
    struct Case: CustomTestStringConvertible {
        var kind: String
        var target: String
        var parameters: [String: String] = [:]
        var table: [String]
        var testDescription: String { "\(kind) \(target) \(parameters)" }
    }

    @Test(
        "Every kind says its steps, undo and locks",
        arguments: power + machines + devices + hosts + recurring
    )
    func tables(_ example: Case) throws {
        let plan = try SmallWorld.plan(example.kind, example.target, example.parameters)
        #expect(plan.table == example.table)
        #expect(plan.summary.isEmpty == false)
        #expect(plan.steps.allSatisfy { !$0.name.isEmpty && $0.weight >= 1 })
    }

    @Test("No standard kind is without a plan in these tables")
    func allKinds() {
        let tried = Set(
            (Self.power + Self.machines + Self.devices + Self.hosts + Self.recurring).map(\.kind)
        )
        // host.activate needs a host that is out of service; it is planned further down. Sequences,
        // scripts and outside work have suites of their own.
        let untried = Set(SmallWorld.kinds().all.map(\.name)).subtracting(tried)
        #expect(untried == ["host.activate", "sequence", "script.run", "external"])
    }

    @Test("A host out of service can be activated")
    func activate() throws {
        let hypervisor = SmallWorld.hypervisor()
        _ = hypervisor.begin(
            .init(id: "1", verb: "host.prepareMaintenance", subject: "host/kvm-b01"),
            at: 0
        )
        _ = hypervisor.probe("1", at: 2 * SmallWorld.later)
        let plan = try SmallWorld.plan(
            "host.activate",
            "kvm-b01",
            in: SmallWorld.kinds(hypervisor)
        )
        #expect(
            plan.table == [
                "host.activate host/kvm-b01 @host/kvm-b01", "locks X host/kvm-b01",
            ]
        )
    }

    @Test("Copying memory weighs more than switching over")
    func weights() throws {
        let plan = try SmallWorld.plan("vm.migrate", "web-1")
        let weights = plan.steps.map(\.weight)
        #expect(weights[1] > 10 * weights[2])
    }

    private static let power = [
        Case(
            kind: "vm.start",
            target: "db-1",
            table: [
                "vm.reserve vm/db-1 @control | undo vm.release vm/db-1 @control",
                "vm.attach vm/db-1 @vm/db-1 nic=nic0",
                "vm.boot vm/db-1 @vm/db-1 | undo vm.poweroff vm/db-1 @vm/db-1 | again from 0",
                "locks X vm/db-1",
            ]
        ),
        Case(
            kind: "vm.start",
            target: "db-1",
            parameters: ["to": "kvm-a02", "bootURL": "http://boot/ipxe"],
            table: [
                "vm.reserve vm/db-1 @control to=kvm-a02 | undo vm.release vm/db-1 @control",
                "vm.attach vm/db-1 @vm/db-1 nic=nic0",
                "vm.boot vm/db-1 @vm/db-1 boot=pxe bootURL=http://boot/ipxe"
                    + " | undo vm.poweroff vm/db-1 @vm/db-1",
                "locks X vm/db-1, S host/kvm-a02",
            ]
        ),
        Case(
            kind: "vm.stop",
            target: "web-1",
            table: ["vm.shutdown vm/web-1 @vm/web-1", "locks X vm/web-1, S host/kvm-a01"]
        ),
        Case(
            kind: "vm.stop",
            target: "web-1",
            parameters: ["mode": "forced"],
            table: ["vm.poweroff vm/web-1 @vm/web-1 | whole", "locks X vm/web-1, S host/kvm-a01"]
        ),
        Case(
            kind: "vm.stop",
            target: "web-1",
            parameters: ["mode": "gracefulThenForced"],
            table: [
                "vm.shutdown vm/web-1 @vm/web-1 mayFail=true",
                "vm.poweroff vm/web-1 @vm/web-1 | whole", "locks X vm/web-1, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "vm.reboot",
            target: "web-1",
            table: ["vm.reset vm/web-1 @vm/web-1 | whole", "locks X vm/web-1, S host/kvm-a01"]
        ),
    ]

    private static let machines = [
        Case(
            kind: "vm.rename",
            target: "web-1",
            parameters: ["name": "shop-1"],
            table: [
                "vm.rename vm/web-1 @control name=shop-1"
                    + " | undo vm.rename vm/shop-1 @control name=web-1 | whole",
                "locks X vm/web-1, X vm/shop-1",
            ]
        ),
        Case(
            kind: "vm.resize",
            target: "web-1",
            parameters: ["memory": "4096"],
            table: [
                "vm.resize vm/web-1 @vm/web-1 cpus=2 memory=4096"
                    + " | undo vm.resize vm/web-1 @vm/web-1 cpus=2 memory=2048",
                "locks X vm/web-1, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "vm.deploy",
            target: "app-1",
            parameters: ["cpus": "2", "memory": "4096", "disks": "2", "cluster": "b"],
            table: [
                "vm.define vm/app-1 @control account=sales cluster=b cpus=2 memory=4096"
                    + " | undo vm.undefine vm/app-1 @control",
                "child disk.create disk/app-1-root size=20 vm=app-1 fail"
                    + " | undo disk.delete disk/app-1-root @control",
                "vm.attach vm/app-1 @vm/app-1 disk=app-1-root",
                "child disk.create disk/app-1-data1 size=20 vm=app-1 fail"
                    + " | undo disk.delete disk/app-1-data1 @control",
                "vm.attach vm/app-1 @vm/app-1 disk=app-1-data1",
                "child nic.create vm/app-1 nic=nic0 by 1 stop",
                "vm.reserve vm/app-1 @control | undo vm.release vm/app-1 @control",
                "vm.attach vm/app-1 @vm/app-1 nic=nic0"
                    + " | undo vm.detach vm/app-1 @vm/app-1 nic=nic0",
                "vm.boot vm/app-1 @vm/app-1 | undo vm.poweroff vm/app-1 @vm/app-1 | again from 6",
                "locks X vm/app-1, X disk/app-1-root, X disk/app-1-data1",
            ]
        ),
        Case(
            kind: "vm.remove",
            target: "db-1",
            table: [
                "vm.release vm/db-1 @control | whole",
                "child image.remove disk/db-1-disk0 + child image.remove disk/db-1-disk1"
                    + " + child image.remove disk/db-1-disk2 + child image.remove disk/db-1-disk3"
                    + " fail | no return",
                "vm.undefine vm/db-1 @control | whole | no return | end",
                "locks X vm/db-1, X disk/db-1-disk0, X disk/db-1-disk1, X disk/db-1-disk2,"
                    + " X disk/db-1-disk3",
            ]
        ),
        Case(
            kind: "vm.migrate",
            target: "web-1",
            parameters: ["to": "kvm-a02"],
            table: [
                "migrate.prepare vm/web-1 @vm/web-1 to=kvm-a02"
                    + " | undo migrate.cancel vm/web-1 @vm/web-1",
                "migrate.copy vm/web-1 @vm/web-1",
                "migrate.switch vm/web-1 @vm/web-1 | whole | no return",
                "locks X vm/web-1, S host/kvm-a01, S host/kvm-a02",
            ]
        ),
    ]

    private static let devices = [
        Case(
            kind: "disk.create",
            target: "extra",
            parameters: ["vm": "web-1", "size": "30"],
            table: [
                "disk.create disk/extra @vm/web-1 size=30 vm=web-1"
                    + " | undo disk.delete disk/extra @control",
                "locks X disk/extra, S vm/web-1",
            ]
        ),
        Case(
            kind: "nic.create",
            target: "web-1",
            table: [
                "nic.create vm/web-1 @vm/web-1 nic=nic1"
                    + " | undo nic.remove vm/web-1 @vm/web-1 nic=nic1",
                "locks X vm/web-1",
            ]
        ),
        Case(
            kind: "image.remove",
            target: "db-1-disk2",
            table: [
                "disk.delete disk/db-1-disk2 @control | whole | no return",
                "locks X disk/db-1-disk2, S vm/db-1",
            ]
        ),
        Case(
            kind: "snapshot.create",
            target: "web-2",
            table: [
                "snapshot.volume disk/web-2-disk0 @vm/web-2 snapshot=snap-1"
                    + " | undo snapshot.delete disk/web-2-disk0 @vm/web-2 snapshot=snap-1",
                "snapshot.create vm/web-2 @vm/web-2 snapshot=snap-1"
                    + " | undo snapshot.delete vm/web-2 @vm/web-2 snapshot=snap-1",
                "locks X vm/web-2, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "snapshot.delete",
            target: "old-1",
            parameters: ["name": "before"],
            table: [
                "snapshot.delete vm/old-1 @vm/old-1 snapshot=before | no return",
                "locks X vm/old-1",
            ]
        ),
        Case(
            kind: "noop",
            target: "",
            parameters: ["lock": "vm/web-1"],
            table: ["noop  @control", "locks X vm/web-1"]
        ),
    ]

    private static let hosts = [
        Case(
            kind: "repository.present",
            target: "repo-1",
            parameters: ["cluster": "a"],
            table: [
                "child repository.mount repository/repo-1 host=kvm-a01"
                    + " + child repository.mount repository/repo-1 host=kvm-a02 warn",
                "locks X repository/repo-1, S host/kvm-a01, S host/kvm-a02",
            ]
        ),
        Case(
            kind: "repository.mount",
            target: "repo-1",
            parameters: ["host": "kvm-a02"],
            table: [
                "repository.mount repository/repo-1 @host/kvm-a02 host=kvm-a02"
                    + " | undo repository.unmount repository/repo-1 @host/kvm-a02 host=kvm-a02",
                "locks S repository/repo-1, S host/kvm-a02",
            ]
        ),
        Case(
            kind: "repository.mount",
            target: "repo-1",
            parameters: ["host": "kvm-a01"],
            table: [
                "repository.mount repository/repo-1 @host/kvm-a01 host=kvm-a01",
                "locks S repository/repo-1, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "host.maintenance",
            target: "kvm-a01",
            table: [
                "host.prepareMaintenance host/kvm-a01 @host/kvm-a01"
                    + " | undo host.cancelMaintenance host/kvm-a01 @host/kvm-a01",
                "child vm.migrate vm/web-1 + child vm.migrate vm/web-2 by 2 fail",
                "host.enterMaintenance host/kvm-a01 @host/kvm-a01 | end",
                "locks X host/kvm-a01, X vm/web-1, X vm/web-2",
            ]
        ),
        Case(
            kind: "host.maintenance",
            target: "kvm-b01",
            table: [
                "host.prepareMaintenance host/kvm-b01 @host/kvm-b01"
                    + " | undo host.cancelMaintenance host/kvm-b01 @host/kvm-b01",
                "host.enterMaintenance host/kvm-b01 @host/kvm-b01 | end", "locks X host/kvm-b01",
            ]
        ),
    ]
}
