import Hypervisor
import Testing

@Suite("A host that does not answer")
struct ReachTests {
    private let cut = FaultRule(id: "cut", action: .hostUnreachable, scope: .host("kvm-a01"))

    @Test("Calls for it are refused at once, and placement passes it over")
    func begins() {
        let lab = Lab()
        _ = lab.hypervisor.add(cut, at: lab.now)
        guard case .refused(let fault) = lab.begin("vm.reset vm/web-1").reply else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .unreachable && fault.number == 534)
        #expect(fault.text.hasPrefix("Resource [Host:kvm-a01] is unreachable"))
        #expect(lab.inventory.hosts["kvm-a01"]?.state == .unreachable)
        #expect(lab.run("vm.boot vm/db-1").result["host"] == "kvm-a02")
        _ = lab.hypervisor.removeRule("cut", at: lab.now)
        #expect(lab.inventory.hosts["kvm-a01"]?.state == .up)
        #expect(lab.begin("vm.reset vm/web-1").reply == .accepted)
    }

    @Test("Its tasks are silent, cannot be interrupted, and have gone on when it is back")
    func running() {
        let lab = Lab()
        let call = lab.call("vm.shutdown vm/web-1")
        _ = lab.hypervisor.begin(call, at: lab.now)
        lab.pass(percent: 20, of: call.id)
        _ = lab.hypervisor.add(cut, at: lab.now)
        _ = lab.hypervisor.news(at: lab.now)
        #expect(lab.hypervisor.probe(call.id, at: lab.now).status == .unreachable)
        #expect(lab.hypervisor.interrupt(call.id, fence: 1, at: lab.now) == .noAnswer)
        #expect(lab.hypervisor.begin(call, at: lab.now) == .noAnswer)
        #expect(lab.hypervisor.nextNews(after: lab.now) == nil)
        lab.now += 10_000_000
        #expect(lab.hypervisor.news(at: lab.now).isEmpty)
        _ = lab.hypervisor.removeRule("cut", at: lab.now)
        #expect(lab.hypervisor.nextNews(after: lab.now) == lab.now)
        let news = lab.hypervisor.news(at: lab.now)
        #expect(news.map(\.status) == [.done] && news[0].at < lab.now)
    }

    @Test("It is back by itself when the rule's time is over, and then there is news")
    func heals() {
        let lab = Lab()
        let (id, _) = lab.begin("vm.shutdown vm/web-1")
        var rule = cut
        rule.from = lab.now + 1_000
        rule.until = lab.now + 10_000_000
        _ = lab.hypervisor.add(rule, at: lab.now)
        lab.now += 2_000
        #expect(lab.hypervisor.probe(id, at: lab.now).status == .unreachable)
        #expect(lab.inventory.hosts["kvm-a01"]?.state == .unreachable)
        _ = lab.hypervisor.news(at: lab.now)
        #expect(lab.hypervisor.nextNews(after: lab.now) == rule.until)
        lab.now = 20_000_000
        #expect(lab.hypervisor.news(at: lab.now).map(\.id) == [id])
        #expect(lab.inventory.hosts["kvm-a01"]?.state == .up)
    }

    @Test("A migration to it is refused")
    func destination() {
        let lab = Lab()
        _ = lab.hypervisor.add(cut, at: lab.now)
        lab.run("vm.boot vm/db-1")
        guard case .refused(let fault) = lab.begin("migrate.prepare vm/db-1 to=kvm-a01").reply
        else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .unreachable)
    }

    @Test("A cut that refuses two calls is over after the second")
    func counted() {
        let lab = Lab()
        var rule = cut
        rule.count = 2
        _ = lab.hypervisor.add(rule, at: lab.now)
        let replies = (1...3).map { _ in lab.begin("vm.reset vm/web-1").reply == .accepted }
        #expect(replies == [false, false, true])
    }

    @Test("A cut of a zone with a chance strikes whole hosts")
    func chance() {
        let hypervisor = SimulatedHypervisor(
            inventory: .synthetic(hosts: 60, vms: 0, seed: 3),
            seed: 3
        )
        var rule = FaultRule(id: "half", action: .hostUnreachable, scope: .zone("east"))
        rule.probability = 0.5
        _ = hypervisor.add(rule, at: 1)
        let cut = hypervisor.inventory().hosts.all.filter { $0.state == .unreachable }
        #expect((10...30).contains(cut.count))
        #expect(cut.allSatisfy { $0.cluster != "c" })
    }
}
