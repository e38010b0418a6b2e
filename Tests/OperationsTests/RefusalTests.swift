import Engine
import Hypervisor
import Model
import Operations
import Testing

@Suite("Refused orders")
struct RefusalTests {
    @Test(
        "A senseless order is refused with what is the case and what would be right",
        arguments: [
            ("vm.start", "wbe-1", [:], "there is no VM “wbe-1”; did you mean web-1"),
            ("vm.start", "web-1", [:], "web-1 is already running on kvm-a01"),
            (
                "vm.start", "db-1", ["to": "kvm-c01"],
                "there is no host “kvm-c01”; did you mean kvm-"
            ),
            ("vm.start", "db-1", ["boot": "floppy"], "boot must be one of disk, pxe, not “floppy”"),
            ("vm.start", "db-1", ["boot": "disk", "bootURL": "http://x"], "a disk has no address"),
            ("vm.stop", "db-1", [:], "db-1 is already stopped"),
            (
                "vm.stop", "web-1", ["mode": "kind"],
                "mode must be one of graceful, forced, graceful"
            ),
            ("vm.reboot", "db-1", [:], "db-1 is stopped; start it with vm.start"),
            ("vm.rename", "web-1", ["name": "web-2"], "there is a VM web-2 already"),
            ("vm.rename", "web-1", ["name": "a b"], "“a b” cannot be a VM's name"),
            ("vm.rename", "web-1", [:], "vm.rename needs name=…"),
            ("vm.resize", "web-1", [:], "web-1 has 2 CPUs and 2048 MB"),
            ("vm.resize", "web-1", ["cpus": "0"], "cpus must be a whole number from 1 to 1024"),
            ("vm.deploy", "web-1", [:], "there is a VM web-1 already"),
            (
                "vm.deploy", "x-1", ["disks": "9"],
                "disks must be a whole number from 0 to 8, not “9”"
            ),
            ("vm.deploy", "x-1", ["cluster": "z"], "there is no cluster “z”; did you mean a, b"),
            ("vm.deploy", "x-1", ["disc": "1"], "vm.deploy has no parameter “disc”"),
            ("vm.remove", "web-1", [:], "web-1 is running on kvm-a01; stop it first"),
            ("vm.remove", "web-1", ["force": "ja"], "force must be true or false, not “ja”"),
            ("vm.migrate", "db-1", [:], "db-1 is stopped; only a running VM can be migrated"),
            ("vm.migrate", "web-1", ["to": "kvm-a01"], "web-1 is on kvm-a01 already"),
            ("disk.create", "web-1-disk0", [:], "there is a disk web-1-disk0 already"),
            ("nic.create", "web-1", ["nic": "nic0"], "web-1 has a card nic0 already"),
            ("nic.create", "web-1", ["network": "wan"], "there is no network “wan”; there are lan"),
            ("image.remove", "web-1-disk9", [:], "there is no disk “web-1-disk9”; did you mean"),
            ("snapshot.create", "old-1", ["name": "before"], "old-1 has a snapshot before already"),
            ("snapshot.delete", "web-1", ["name": "x"], "web-1 has no snapshot “x”; it has none"),
            ("repository.present", "repo-2", [:], "did you mean repo-1"),
            ("repository.present", "repo-1", ["hosts": "kvm-a01,nowhere"], "no host “nowhere”"),
            ("repository.present", "repo-1", ["hosts": ","], "there is no host to present it to"),
            ("repository.present", "repo-1", ["hosts": "x", "cluster": "a"], "not both"),
            ("host.activate", "kvm-a01", [:], "kvm-a01 is in service already"),
            ("host.maintenance", "kvm-a01", ["concurrency": "many"], "concurrency must be a whole"),
        ] as [(String, String, [String: String], String)]
    )
    func refused(_ kind: String, _ target: String, _ parameters: [String: String], _ text: String) {
        let failure = #expect(throws: Failure.self) {
            try SmallWorld.plan(kind, target, parameters)
        }
        #expect(failure?.text.contains(text) == true, "\(failure?.text ?? "no failure")")
        #expect(failure?.code.number == 431)
        #expect(failure?.kind == .permanent)
    }

    @Test("A VM that is being changed is planned for: the job waits for the lock, not the operator")
    func transitional() throws {
        let hypervisor = SmallWorld.hypervisor()
        _ = hypervisor.begin(.init(id: "1", verb: "vm.shutdown", subject: "vm/web-1"), at: 0)
        #expect(hypervisor.inventory().vms["web-1"]?.state == .stopping)
        let plan = try SmallWorld.plan("vm.start", "web-1", in: SmallWorld.kinds(hypervisor))
        #expect(plan.steps.count == 3)
    }

    @Test("Nothing is guessed for a name that is like no other")
    func noGuess() {
        let failure = #expect(throws: Failure.self) { try SmallWorld.plan("vm.start", "zzzzzzzz") }
        #expect(failure?.text == "there is no VM “zzzzzzzz”")
    }
}

@Suite("Orders for later")
struct TentativeTests {
    @Test(
        "An order that waits for its turn is not judged by how things stand now",
        arguments: [
            ("vm.start", "vm/web-1", [:]), ("vm.stop", "vm/db-1", [:]),
            ("vm.reboot", "vm/db-1", [:]), ("vm.migrate", "vm/db-1", [:]),
            ("vm.remove", "vm/web-1", [:]), ("vm.rename", "vm/web-1", ["name": "web-2"]),
            ("vm.deploy", "vm/web-1", [:]), ("snapshot.delete", "vm/web-1", ["name": "x"]),
            ("host.activate", "host/kvm-a01", [:]),
        ] as [(String, String, [String: String])]
    )
    func accepted(_ kind: String, _ target: String, _ parameters: [String: String]) throws {
        var order = Order(target: Target(target), parameters: parameters)
        #expect(throws: Failure.self) { try SmallWorld.kinds().plan(kind: kind, order) }
        order.isTentative = true
        let plan = try SmallWorld.kinds().plan(kind: kind, order)
        #expect(!plan.steps.isEmpty)
        #expect(plan.locks.contains { $0.resource == target && $0.mode == .exclusive })
    }

    @Test("Names and parameters are checked at once")
    func checked() {
        for (target, parameters) in [("vm/wbe-1", [:]), ("vm/db-1", ["boot": "floppy"])]
            as [(String, [String: String])]
        {
            var order = Order(target: Target(target), parameters: parameters)
            order.isTentative = true
            #expect(throws: Failure.self) {
                try SmallWorld.kinds().plan(kind: "vm.start", order)
            }
        }
    }

    @Test("A VM that runs is not powered off because its removal was asked for while it stopped")
    func removal() throws {
        var order = Order(target: Target("vm/web-1"))
        order.isTentative = true
        let plan = try SmallWorld.kinds().plan(kind: "vm.remove", order)
        #expect(plan.table.first == "vm.release vm/web-1 @control | whole")
    }
}
