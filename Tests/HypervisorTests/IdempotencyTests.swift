import Hypervisor
import Testing

@Suite("Nothing is done twice")
struct IdempotencyTests {
    @Test("The same call is accepted again and does nothing more")
    func sameCall() {
        let lab = Lab()
        let call = lab.call("vm.resize vm/web-1 memory=5000")
        #expect(lab.hypervisor.begin(call, at: lab.now) == .accepted)
        #expect(lab.hypervisor.begin(call, at: lab.now) == .accepted)
        #expect(lab.wait(call.id).status == .done)
        lab.run("vm.resize vm/web-1 memory=4096")
        #expect(lab.hypervisor.begin(call, at: lab.now) == .accepted)
        #expect(lab.wait(call.id).status == .done)
        #expect(lab.vm("web-1")?.memory == 4_096)
    }

    @Test("The same id with other content is a conflict; a newer fence is no other content")
    func sameID() {
        let lab = Lab()
        var call = lab.call("vm.resize vm/web-1 memory=5000")
        _ = lab.hypervisor.begin(call, at: lab.now)
        call.fence = 9
        #expect(lab.hypervisor.begin(call, at: lab.now) == .accepted)
        call.parameters["memory"] = "6000"
        guard case .refused(let fault) = lab.hypervisor.begin(call, at: lab.now) else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .conflict)
    }

    @Test("An older fence than the newest seen for a subject is refused as stale")
    func staleFence() {
        let lab = Lab()
        lab.fence = 5
        let (id, _) = lab.begin("vm.boot vm/db-1")
        #expect(isStale(lab.hypervisor.interrupt(id, fence: 4, at: lab.now)))
        lab.fence = 4
        #expect(isStale(lab.begin("vm.poweroff vm/db-1").reply))
        #expect(lab.begin("vm.reset vm/web-1").reply == .accepted)
        #expect(lab.hypervisor.interrupt(id, fence: 6, at: lab.now) == .accepted)
        lab.fence = 5
        #expect(isStale(lab.begin("vm.boot vm/db-1").reply))
    }

    private func isStale(_ reply: Reply) -> Bool {
        guard case .refused(let fault) = reply else { return false }
        return fault.kind == .stale
    }

    @Test("A refused call raises the fence all the same: it shows that there is a newer owner")
    func refusedFence() {
        let lab = Lab()
        lab.fence = 99
        _ = lab.begin("vm.reset vm/db-1")
        lab.fence = 1
        #expect(isStale(lab.begin("vm.boot vm/db-1").reply))
    }

    @Test(
        "An undo with nothing to undo is done, and changes nothing",
        arguments: [
            "vm.undefine vm/gone", "vm.release vm/gone", "vm.release vm/db-1",
            "nic.remove vm/gone nic=nic0", "nic.remove vm/web-1 nic=nic9",
            "disk.delete disk/gone", "disk.delete vm/web-1 disk=gone",
            "vm.detach vm/gone disk=spare", "vm.detach vm/web-1 disk=spare",
            "migrate.cancel vm/gone", "migrate.cancel vm/web-1", "migrate.cancel vm/db-1",
            "snapshot.delete vm/gone snapshot=s", "snapshot.delete vm/web-1 snapshot=s",
            "snapshot.delete disk/gone snapshot=s", "vm.poweroff vm/db-1", "vm.shutdown vm/db-1",
            "vm.boot vm/web-1", "repository.unmount repository/repo-nfs-1 @kvm-a01",
            "host.cancelMaintenance host/kvm-a01", "host.activate host/kvm-a01",
            "vm.rename vm/gone name=web-1", "vm.resize vm/web-1 memory=4096",
        ]
    )
    func nothingToUndo(ask: String) {
        let lab = Lab()
        let before = lab.inventory
        #expect(lab.run(ask).status == .done)
        #expect(lab.inventory == before)
    }

    @Test("Doing an undo twice is the same as doing it once")
    func undoTwice() {
        let lab = Lab()
        lab.run("migrate.prepare vm/web-1")
        lab.run("migrate.copy vm/web-1")
        #expect(lab.run("migrate.cancel vm/web-1").status == .done)
        let once = lab.inventory
        #expect(lab.run("migrate.cancel vm/web-1").status == .done)
        #expect(lab.inventory == once)
    }

    @Test("Interrupting an ended task is accepted and changes nothing")
    func interruptEnded() {
        let lab = Lab()
        let report = lab.run("vm.boot vm/db-1")
        #expect(lab.hypervisor.interrupt(report.id, fence: 1, at: lab.now) == .accepted)
        #expect(lab.hypervisor.probe(report.id, at: lab.now).status == .done)
        #expect(lab.vm("db-1")?.state == .running)
    }

    @Test("What cannot be interrupted says so and goes on", arguments: VerbCatalogue.all)
    func notInterruptible(entry: VerbEntry) {
        guard entry.verb == .migrateSwitch || entry.verb == .vmUndefine else { return }
        #expect(!entry.isInterruptible)
        let lab = Lab()
        lab.run("migrate.prepare vm/web-1")
        lab.run("migrate.copy vm/web-1")
        let subject = entry.verb == .migrateSwitch ? "web-1" : "db-1"
        let (id, _) = lab.begin("\(entry.verb.rawValue) vm/\(subject)")
        guard case .refused(let fault) = lab.hypervisor.interrupt(id, fence: 1, at: lab.now)
        else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .conflict && fault.text.contains("cannot be interrupted"))
        #expect(lab.wait(id).status == .done)
    }

    @Test("A task is kept until it is cleared, and a running one is not cleared")
    func clearing() {
        let lab = Lab()
        let (id, _) = lab.begin("vm.boot vm/db-1")
        lab.hypervisor.clear(id, at: lab.now)
        #expect(lab.wait(id).status == .done)
        lab.hypervisor.clear(all: [id, "never heard of"], at: lab.now)
        #expect(lab.hypervisor.probe(id, at: lab.now).status == .unknown)
        #expect(lab.hypervisor.news(at: lab.now).isEmpty)
        #expect(lab.hypervisor.nextNews(after: lab.now) == nil)
    }

    @Test("There is a bound to the tasks that are kept")
    func bound() {
        let hypervisor = SimulatedHypervisor(
            inventory: Lab.inventory,
            seed: 1,
            tick: nil,
            capacity: 2
        )
        let replies = hypervisor.begin(
            all: (1...3).map {
                TaskCall(id: "t\($0)", verb: "host.ping", subject: "host/kvm-a01")
            },
            at: 0
        )
        #expect(replies[1] == .accepted)
        guard case .refused(let fault) = replies[2] else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .transient)
    }

    @Test("Time never runs backwards, and absurd times do no harm")
    func time() {
        let lab = Lab()
        let (id, _) = lab.begin("vm.boot vm/db-1")
        let late = lab.now + 10_000_000
        #expect(lab.hypervisor.probe(id, at: late).status == .done)
        #expect(lab.hypervisor.probe(id, at: 5).status == .done)
        #expect(lab.hypervisor.probe(id, at: .min).at <= late)
        #expect(lab.hypervisor.probe(id, at: .max).status == .done)
        #expect(lab.begin("vm.reset vm/web-1").reply == .accepted)
        #expect(lab.hypervisor.nextNews(after: .max) != nil)
    }
}
