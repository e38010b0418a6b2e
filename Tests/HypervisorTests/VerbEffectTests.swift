import Hypervisor
import Testing

/// A verb, what comes before it, and what must be true after it.
struct Effect: Sendable, CustomTestStringConvertible {
    var ask: String
    var before: [String] = []
    var holds: @Sendable (Inventory, TaskReport) -> Bool

    var testDescription: String { ask }

    init(
        _ ask: String,
        after before: String...,
        holds: @escaping @Sendable (Inventory, TaskReport) -> Bool
    ) {
        self.ask = ask
        self.before = before
        self.holds = holds
    }
}

@Suite("Each verb does what it says")
struct VerbEffectTests {
    static let effects: [Effect] = [
        Effect("vm.define vm/new-1 cpus=2 memory=2048 cluster=a") {
            $0.vms["new-1"]?.state == .stopped && $0.vms["new-1"]?.host == "kvm-a02"
                && $0.hosts["kvm-a02"]?.usedMemory == 2_048 && $1.result["host"] == "kvm-a02"
        },
        Effect("vm.define vm/new-1 memory=2048 cluster=a exclude=kvm-a02") { inventory, _ in
            inventory.vms["new-1"]?.host == "kvm-a01"
        },
        Effect("vm.undefine vm/web-1", after: "vm.poweroff vm/web-1") { inventory, _ in
            !inventory.vms.contains("web-1") && inventory.disks["web-1-root"]?.vm == nil
        },
        Effect("vm.reserve vm/db-1") {
            $0.vms["db-1"]?.host == "kvm-a02" && $0.vms["db-1"]?.state == .stopped
                && $1.result["host"] == "kvm-a02"
        },
        Effect("vm.reserve vm/db-1 exclude=kvm-a02", after: "vm.reserve vm/db-1") { inventory, _ in
            inventory.vms["db-1"]?.host == "kvm-a01" && inventory.hosts["kvm-a02"]?.usedMemory == 0
        },
        Effect("vm.release vm/db-1", after: "vm.reserve vm/db-1") { inventory, _ in
            inventory.vms["db-1"]?.host == nil && inventory.hosts["kvm-a02"]?.usedMemory == 0
        },
        Effect("vm.boot vm/db-1", after: "vm.reserve vm/db-1 to=kvm-a01") {
            $0.vms["db-1"]?.state == .running && $0.vms["db-1"]?.host == "kvm-a01"
                && $1.result["host"] == "kvm-a01"
        },
        Effect("vm.boot vm/db-1 to=kvm-a02 boot=pxe bootURL=tftp://boot-1/pxe") { inventory, _ in
            inventory.vms["db-1"]?.host == "kvm-a02" && inventory.vms["db-1"]?.boot == .pxe
        },
        Effect("vm.shutdown vm/web-1") {
            $0.vms["web-1"]?.state == .stopped && $0.vms["web-1"]?.host == nil
                && $0.vms["web-1"]?.lastHost == "kvm-a01" && $1.result["host"] == "kvm-a01"
        },
        Effect("vm.poweroff vm/deaf-1") { inventory, _ in
            inventory.vms["deaf-1"]?.state == .stopped
                && inventory.hosts["kvm-a01"]?.usedMemory == 4_096
        },
        Effect("vm.reset vm/web-1") { inventory, _ in
            inventory.vms["web-1"]?.state == .running
        },
        Effect("vm.rename vm/web-1 name=www-1") { inventory, _ in
            !inventory.vms.contains("web-1") && inventory.vms["www-1"]?.state == .running
                && inventory.disks["web-1-root"]?.vm == "www-1"
                && inventory.vms.names.first == "www-1"
        },
        Effect("vm.resize vm/web-1 cpus=4 memory=8192") {
            $0.vms["web-1"]?.cpus == 4 && $0.hosts["kvm-a01"]?.usedMemory == 9_216
                && $1.result["oldMemory"] == "4096" && $1.result["oldCpus"] == "1"
        },
        Effect("nic.create vm/web-1") {
            $0.vms["web-1"]?.nics.last?.name == "nic1" && $1.result["nic"] == "nic1"
                && $0.vms["web-1"]?.nics.last?.isPlugged == false
        },
        Effect("nic.remove vm/web-1 nic=nic0") { inventory, _ in
            inventory.vms["web-1"]?.nics.isEmpty == true
        },
        Effect("disk.create disk/data-1 size=30 vm=db-1") {
            $0.disks["data-1"]?.vm == "db-1" && $0.vms["db-1"]?.disks == ["data-1"]
                && $0.storages["store-1"]?.usedGB == 60 && $1.result["storage"] == "store-1"
        },
        Effect("disk.delete disk/spare") { inventory, _ in
            !inventory.disks.contains("spare") && inventory.storages["store-1"]?.usedGB == 20
        },
        Effect("vm.attach vm/db-1 disk=spare") { inventory, _ in
            inventory.disks["spare"]?.isAttached == true
                && inventory.vms["db-1"]?.disks == ["spare"]
        },
        Effect("vm.attach vm/web-1 nic=nic1", after: "nic.create vm/web-1") { inventory, _ in
            inventory.vms["web-1"]?.nics.allSatisfy(\.isPlugged) == true
        },
        Effect("vm.detach vm/web-1 disk=web-1-root") { inventory, _ in
            inventory.disks["web-1-root"]?.isAttached == false
                && inventory.disks["web-1-root"]?.vm == "web-1"
        },
        Effect("migrate.prepare vm/web-1") {
            $0.vms["web-1"]?.destination == "kvm-a02" && $0.vms["web-1"]?.state == .running
                && $0.hosts["kvm-a02"]?.usedMemory == 4_096 && $1.result["host"] == "kvm-a02"
                && $1.result["source"] == "kvm-a01"
        },
        Effect("migrate.copy vm/web-1", after: "migrate.prepare vm/web-1") { inventory, _ in
            inventory.vms["web-1"]?.isCopied == true && inventory.vms["web-1"]?.host == "kvm-a01"
        },
        Effect(
            "migrate.switch vm/web-1",
            after: "migrate.prepare vm/web-1",
            "migrate.copy vm/web-1"
        ) {
            $0.vms["web-1"]?.host == "kvm-a02" && $0.vms["web-1"]?.destination == nil
                && $0.hosts["kvm-a01"]?.usedMemory == 1_024 && $1.result["source"] == "kvm-a01"
        },
        Effect(
            "migrate.cancel vm/web-1",
            after: "migrate.prepare vm/web-1",
            "migrate.copy vm/web-1"
        ) { inventory, _ in
            inventory.vms["web-1"]?.host == "kvm-a01"
                && inventory.vms["web-1"]?.destination == nil
                && inventory.hosts["kvm-a02"]?.usedMemory == 0
        },
        Effect("snapshot.volume disk/web-1-root snapshot=s1") { inventory, _ in
            inventory.disks["web-1-root"]?.layers == ["s1"]
                && inventory.storages["store-1"]?.usedGB == 32
        },
        Effect("snapshot.create vm/web-1 snapshot=s1") { inventory, _ in
            inventory.vms["web-1"]?.snapshots.map(\.name) == ["s1"]
        },
        Effect(
            "snapshot.delete vm/web-1 snapshot=s1",
            after: "snapshot.volume disk/web-1-root snapshot=s1",
            "snapshot.create vm/web-1 snapshot=s1"
        ) { inventory, _ in
            inventory.vms["web-1"]?.snapshots.isEmpty == true
                && inventory.disks["web-1-root"]?.layers.isEmpty == true
                && inventory.disks["web-1-root"]?.state == .ready
                && inventory.storages["store-1"]?.usedGB == 30
        },
        Effect("repository.mount repository/repo-nfs-1 @kvm-a02") { inventory, _ in
            inventory.repositories["repo-nfs-1"]?.presentedTo == ["kvm-a02"]
        },
        Effect(
            "repository.unmount repository/repo-nfs-1 host=kvm-a02",
            after: "repository.mount repository/repo-nfs-1 @kvm-a02"
        ) { inventory, _ in inventory.repositories["repo-nfs-1"]?.presentedTo.isEmpty == true },
        Effect("host.prepareMaintenance host/kvm-a02") { inventory, _ in
            inventory.hosts["kvm-a02"]?.state == .preparingForMaintenance
        },
        Effect(
            "host.cancelMaintenance host/kvm-a02",
            after: "host.prepareMaintenance host/kvm-a02"
        ) { inventory, _ in inventory.hosts["kvm-a02"]?.state == .up },
        Effect("host.enterMaintenance host/kvm-a02", after: "vm.reserve vm/db-1") { inventory, _ in
            inventory.hosts["kvm-a02"]?.state == .maintenance && inventory.vms["db-1"]?.host == nil
        },
        Effect(
            "host.activate host/kvm-a02",
            after: "host.enterMaintenance host/kvm-a02"
        ) { inventory, _ in inventory.hosts["kvm-a02"]?.state == .up },
        Effect("host.ping host/kvm-a01") { _, report in report.host == "kvm-a01" },
        Effect("host.scan host/kvm-a01") { inventory, report in
            report.result["vms"] == "\(inventory.vms(on: "kvm-a01").count)"
                && report.result["memory"] == "\(inventory.hosts["kvm-a01"]?.usedMemory ?? -1)"
                && report.result["vms"] != "0"
        },
        Effect(
            "repository.refresh repository/repo-nfs-1 host=kvm-a02",
            after: "repository.mount repository/repo-nfs-1 @kvm-a02"
        ) { inventory, report in
            inventory.repositories["repo-nfs-1"]?.presentedTo == ["kvm-a02"]
                && report.result["host"] == "kvm-a02"
        },
    ]

    @Test("A verb that is done has its effect", arguments: effects)
    func effect(_ effect: Effect) {
        let lab = Lab()
        for ask in effect.before { #expect(lab.run(ask).status == .done, "\(ask)") }
        let report = lab.run(effect.ask)
        #expect(report.status == .done)
        #expect(report.progress == 100)
        #expect(effect.holds(lab.inventory, report))
        #expect(violations(of: lab.inventory, busy: []).isEmpty)
        #expect(Set(report.result.keys).isSubset(of: lab.results(of: effect.ask)))
    }

    @Test("Every verb has an effect in the table")
    func everyVerbIsCovered() {
        let covered = Set(Self.effects.map { String($0.ask.prefix { $0 != " " }) })
        #expect(covered == Set(Verb.allCases.map(\.rawValue)))
    }

    @Test("A verb that is interrupted or fails midway leaves a stable state", arguments: effects)
    func stableAfterTrouble(_ effect: Effect) throws {
        for fails in [true, false] {
            let lab = Lab()
            for ask in effect.before { lab.run(ask) }
            let before = lab.inventory
            var rule = FaultRule(
                id: "r",
                action: .failMidway(.storageIO, atPercent: 50)
            )
            rule.probability = fails ? 1 : 0
            _ = lab.hypervisor.add(rule, at: lab.now)
            let (id, _) = lab.begin(effect.ask)
            let verb = try #require(Verb(rawValue: String(effect.ask.prefix { $0 != " " })))
            if !fails {
                lab.now += 5
                let reply = lab.hypervisor.interrupt(id, fence: 1, at: lab.now)
                #expect((reply == .accepted) == VerbCatalogue[verb].isInterruptible)
            }
            let report = lab.wait(id)
            #expect(violations(of: lab.inventory, busy: []).isEmpty)
            guard report.status != .done else { continue }
            #expect(report.status == (fails ? .failed(.storageIO) : .interrupted))
            // Power cut from a removed VM cannot be given back: that one is left in error.
            if verb != .vmUndefine, !(verb == .vmReserve && effect.before.count == 1) {
                #expect(lab.unchanged(lab.inventory, before, verb))
            }
        }
    }
}

extension Lab {
    func results(of ask: String) -> Set<String> {
        let word = String(ask.prefix { $0 != " " })
        guard let verb = Verb(rawValue: word) else { return [] }
        return Set(VerbCatalogue[verb].results)
    }

    /// Whether trouble left things as they were, apart from what the verb may lose.
    func unchanged(_ after: Inventory, _ before: Inventory, _ verb: Verb) -> Bool {
        switch verb {
        case .migrateSwitch, .migrateCancel:
            // The copy is worth nothing any more.
            after.vms["web-1"]?.host == before.vms["web-1"]?.host
        case .vmBoot: after.hosts == before.hosts
        default: after == before
        }
    }
}
