import Hypervisor
import Testing

@Suite("News")
struct NewsTests {
    private func busy(seed: UInt64, tick: Int64?, tasks: Int = 60) -> SimulatedHypervisor {
        let hypervisor = SimulatedHypervisor(
            inventory: .synthetic(hosts: 12, vms: 200, seed: seed),
            seed: seed,
            tick: tick
        )
        for (index, vm) in hypervisor.inventory().vms.all.prefix(tasks).enumerated() {
            let verb = vm.state == .running ? "vm.reset" : "vm.boot"
            _ = hypervisor.begin(
                TaskCall(id: "t\(index)", verb: verb, subject: "vm/\(vm.name)"),
                at: Int64(index * 37)
            )
        }
        return hypervisor
    }

    @Test("There is news exactly when nextNews says so, and none before", arguments: 1...5)
    func agreement(seed: UInt64) {
        for tick in [nil, 1, 500, 5_000] as [Int64?] {
            let hypervisor = busy(seed: seed, tick: tick)
            var now: Int64 = 60 * 37
            _ = hypervisor.news(at: now)
            var rounds = 0
            while let next = hypervisor.nextNews(after: now) {
                #expect(next > now)
                if next - 1 > now {
                    #expect(hypervisor.news(at: next - 1).isEmpty)
                }
                #expect(!hypervisor.news(at: next).isEmpty)
                now = next
                rounds += 1
            }
            #expect(rounds > 20)
            for index in 0..<60 {
                #expect(hypervisor.probe("t\(index)", at: now).status.isEnded)
            }
        }
    }

    @Test("Progress news of one task comes no more often than the tick, in steps of 5 %")
    func ticks() {
        let lab = Lab(tick: 2_000)
        let (id, _) = lab.begin("migrate.prepare vm/web-1")
        lab.wait(id)
        let (copy, _) = lab.begin("migrate.copy vm/web-1")
        _ = lab.hypervisor.news(at: lab.now)
        var last = lab.now
        var shown: [Int] = []
        while let next = lab.hypervisor.nextNews(after: lab.now) {
            lab.now = next
            for report in lab.hypervisor.news(at: next) where report.status == .running {
                #expect(report.id == copy && next - last >= 2_000)
                last = next
                shown.append(report.progress)
            }
        }
        #expect(shown == shown.sorted() && Set(shown).count == shown.count)
        #expect((2...19).contains(shown.count))
    }

    @Test("With no tick there is news of endings only")
    func endingsOnly() {
        let lab = Lab(tick: nil)
        let (id, _) = lab.begin("vm.boot vm/db-1")
        var all: [TaskReport] = []
        while let next = lab.hypervisor.nextNews(after: lab.now) {
            lab.now = next
            all += lab.hypervisor.news(at: next)
        }
        #expect(all.map(\.id) == [id] && all.map(\.status) == [.done])
        #expect(all.first?.result == ["host": "kvm-a02"])
    }

    @Test("An interrupted task makes news once, and none at the time when it would have ended")
    func interrupted() {
        let lab = Lab()
        let (id, _) = lab.begin("vm.boot vm/db-1")
        _ = lab.hypervisor.interrupt(id, fence: 1, at: lab.now)
        #expect(lab.hypervisor.nextNews(after: lab.now) == lab.now)
        #expect(lab.hypervisor.news(at: lab.now).map(\.status) == [.interrupted])
        #expect(lab.hypervisor.nextNews(after: lab.now) == nil)
    }

    @Test("News that was not fetched for a long time comes once a task, oldest ending first")
    func late() {
        let hypervisor = busy(seed: 9, tick: 500)
        let news = hypervisor.news(at: 1_000_000_000)
        #expect(news.count == 60 && Set(news.map(\.id)).count == 60)
        #expect(news.map(\.at) == news.map(\.at).sorted())
        #expect(hypervisor.news(at: 1_000_000_000).isEmpty)
    }

    @Test("The same seed and calls give the same answers, however often somebody looks")
    func determinism() {
        func ends(looks: Bool) -> [TaskReport] {
            let hypervisor = busy(seed: 4, tick: 500)
            if looks {
                for time in stride(from: Int64(2_220), to: 120_000, by: 777) {
                    _ = hypervisor.probe("t7", at: time)
                    _ = hypervisor.nextNews(after: time)
                }
            }
            return hypervisor.news(at: 1_000_000_000)
        }
        #expect(ends(looks: true) == ends(looks: false))
        #expect(ends(looks: false) == ends(looks: false))
    }

    @Test("Ten thousand running tasks are told one by one")
    func many() {
        var inventory = Inventory.synthetic(hosts: 30, vms: 0, seed: 1)
        for index in 0..<10_000 {
            inventory.vms.set(VM(name: "vm-\(index)", cluster: "a", memory: 16))
        }
        let hypervisor = SimulatedHypervisor(inventory: inventory, seed: 1, tick: nil)
        let calls = (0..<10_000).map {
            TaskCall(
                id: "t\($0)",
                verb: "snapshot.create",
                subject: "vm/vm-\($0)",
                parameters: ["snapshot": "s"]
            )
        }
        #expect(hypervisor.begin(all: calls, at: 0).allSatisfy { $0 == .accepted })
        var ended = 0
        var now: Int64 = 0
        while let next = hypervisor.nextNews(after: now) {
            now = next
            ended += hypervisor.news(at: now).count
        }
        #expect(ended == 10_000)
        hypervisor.clear(all: calls.map(\.id), at: now)
        #expect(hypervisor.taskCount == 0)
    }
}
