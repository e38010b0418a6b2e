import Hypervisor
import Model
import Testing

@Suite("Every kind, run to its end on the simulated hypervisor")
struct CompletionTests {
    struct Case: CustomTestStringConvertible {
        var kind: String
        var target: String
        var parameters: [String: String] = [:]
        var isReached: @Sendable (Inventory) -> Bool
        var testDescription: String { "\(kind) \(target) \(parameters)" }
    }

    @Test("It completes, does what it says, and leaves no lock behind", arguments: cases)
    func completes(_ example: Case) throws {
        let stage = try Stage()
        let id = try #require(
            try stage.submit(example.kind, example.target, example.parameters)
        )
        let job = try stage.run(id)
        #expect(job.state == .completed, "\(job.state): \(job.message)")
        #expect(job.progress == 100)
        #expect(example.isReached(stage.inventory))
        #expect(try stage.ticketCount() == 0)
        stage.inventory.vms.forEach { #expect(!$0.state.isTransitional) }
    }

    private static let cases = [
        Case(kind: "noop", target: "") { _ in true },
        Case(kind: "vm.start", target: "vm/db-1") { $0.vms["db-1"]?.state == .running },
        Case(kind: "vm.start", target: "vm/db-1", parameters: ["to": "kvm-a02"]) {
            $0.vms["db-1"]?.host == "kvm-a02"
        },
        Case(kind: "vm.stop", target: "vm/web-1") { $0.vms["web-1"]?.state == .stopped },
        Case(kind: "vm.stop", target: "vm/web-1", parameters: ["mode": "forced"]) {
            $0.vms["web-1"]?.state == .stopped
        },
        Case(kind: "vm.reboot", target: "vm/web-1") { $0.vms["web-1"]?.state == .running },
        Case(kind: "vm.rename", target: "vm/web-1", parameters: ["name": "shop-1"]) {
            $0.vms["shop-1"] != nil && $0.vms["web-1"] == nil
        },
        Case(kind: "vm.resize", target: "vm/web-1", parameters: ["memory": "4096"]) {
            $0.vms["web-1"]?.memory == 4096
        },
        Case(kind: "vm.deploy", target: "vm/app-1", parameters: ["disks": "3", "nics": "2"]) {
            $0.vms["app-1"]?.state == .running && $0.vms["app-1"]?.disks.count == 3
                && $0.vms["app-1"]?.nics.map(\.isPlugged) == [true, true]
                && $0.disks["app-1-data2"]?.isAttached == true
        },
        Case(kind: "vm.remove", target: "vm/db-1") {
            $0.vms["db-1"] == nil && $0.disks["db-1-disk3"] == nil
        },
        Case(kind: "vm.remove", target: "vm/web-1", parameters: ["force": "true"]) {
            $0.vms["web-1"] == nil && $0.disks["web-1-disk0"] == nil
        },
        Case(kind: "vm.migrate", target: "vm/web-1") { $0.vms["web-1"]?.host == "kvm-a02" },
        Case(kind: "disk.create", target: "disk/extra", parameters: ["vm": "web-1"]) {
            $0.disks["extra"]?.vm == "web-1"
        },
        Case(kind: "nic.create", target: "vm/db-1") { $0.vms["db-1"]?.nics.count == 2 },
        Case(kind: "image.remove", target: "disk/db-1-disk0") { $0.disks["db-1-disk0"] == nil },
        Case(kind: "snapshot.create", target: "vm/web-1") {
            $0.vms["web-1"]?.snapshots.map(\.name) == ["snap-1"]
                && $0.disks["web-1-disk1"]?.layers == ["snap-1"]
        },
        Case(kind: "repository.present", target: "repository/repo-1") {
            $0.repositories["repo-1"]?.presentedTo.count == 4
        },
        Case(
            kind: "repository.mount",
            target: "repository/repo-1",
            parameters: ["host": "kvm-b01"]
        ) { $0.repositories["repo-1"]?.presentedTo == ["kvm-a01", "kvm-b01"] },
        Case(kind: "host.maintenance", target: "host/kvm-a01") {
            $0.hosts["kvm-a01"]?.state == .maintenance && $0.vms(on: "kvm-a01").isEmpty
                && $0.vms["web-2"]?.host == "kvm-a02"
        },
    ]

    @Test("A host goes into maintenance and comes back, a snapshot is made and merged")
    func roundTrips() throws {
        let stage = try Stage()
        for (kind, target, parameters) in [
            ("host.maintenance", "host/kvm-b01", [:]), ("host.activate", "host/kvm-b01", [:]),
            ("snapshot.create", "vm/web-2", ["name": "s"]),
            ("snapshot.delete", "vm/web-2", ["name": "s"]),
        ] as [(String, String, [String: String])] {
            let id = try #require(try stage.submit(kind, target, parameters))
            #expect(try stage.run(id).state == .completed, "\(kind)")
        }
        #expect(stage.inventory.hosts["kvm-b01"]?.state == .up)
        #expect(stage.inventory.vms["web-2"]?.snapshots.isEmpty == true)
        #expect(stage.inventory.disks["web-2-disk0"]?.layers.isEmpty == true)
    }
}
