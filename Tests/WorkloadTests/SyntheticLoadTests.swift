import Hypervisor
import Model
import Testing
import Workload

@Suite("Synthetic load")
struct SyntheticLoadTests {
    private static let inventory: Inventory = {
        var all = Inventory.synthetic(hosts: 12, vms: 200, seed: 7)
        all.repositories.set(Repository(name: "spare", url: "nfs://x"))
        return all
    }()

    private func jobs(_ count: Int, seed: UInt64, weights: [String: Double]) -> [Submission] {
        var load = SyntheticLoad(LoadProfile(weights: weights), seed: seed)
        return (0..<count).compactMap { _ in
            load.submission(inventory: Self.inventory, unfinished: [])
        }
    }

    private static let weights: [String: Double] = [
        "vm.start": 4, "vm.stop": 2, "vm.migrate": 2, "vm.deploy": 1, "repository.present": 1,
    ]

    @Test("The same seed gives the same jobs at the same times; another gives others")
    func determinism() {
        #expect(
            jobs(50, seed: 7, weights: Self.weights) == jobs(50, seed: 7, weights: Self.weights)
        )
        #expect(
            jobs(50, seed: 7, weights: Self.weights) != jobs(50, seed: 8, weights: Self.weights)
        )
        #expect(times(seed: 7) == times(seed: 7))
        #expect(times(seed: 7) != times(seed: 8))
    }

    private func times(seed: UInt64) -> [Timestamp] {
        var load = SyntheticLoad(LoadProfile(weights: Self.weights, rate: 6), seed: seed)
        var now = Timestamp(milliseconds: 0)
        return (0..<600).map { _ in
            now = load.next(after: now)
            return now
        }
    }

    @Test("Jobs come at about the rate asked for, and never at the same moment")
    func rate() throws {
        let times = times(seed: 3)
        #expect(Set(times).count == times.count)
        let minutes = Double(try #require(times.last).milliseconds) / 60_000
        #expect((80...120).contains(minutes))
    }

    @Test("Kinds come about as often as their weights say")
    func weights() {
        let jobs = jobs(2000, seed: 5, weights: Self.weights)
        #expect(jobs.count == 2000)
        for (kind, weight) in Self.weights {
            let share = Double(jobs.count { $0.kind == kind }) / 2000
            #expect(abs(share - weight / 10) < 0.04, "\(kind) \(share)")
        }
    }

    @Test("Targets make sense: only stopped VMs are started, only running ones stopped")
    func targets() {
        for job in jobs(500, seed: 5, weights: ["vm.start": 1, "vm.stop": 1, "vm.migrate": 1]) {
            let state = Self.inventory.vms[job.target.name]?.state
            #expect(state == (job.kind == "vm.start" ? .stopped : .running))
        }
    }

    @Test("Enough unfinished jobs stop the load, and their targets are seldom chosen again")
    func bounds() {
        var profile = LoadProfile(weights: ["vm.start": 1])
        profile.outstanding = 3
        var load = SyntheticLoad(profile, seed: 1)
        let target = Target("vm/web-1")
        let three = [target, target, target]
        #expect(load.submission(inventory: Self.inventory, unfinished: three) == nil)
        #expect(load.submission(inventory: Self.inventory, unfinished: [target]) != nil)
    }

    @Test("Reserved targets are never chosen, and a kind without a target is left out")
    func reserved() {
        let all = Set(Self.inventory.vms.names.map { Target(type: "vm", name: $0) })
        var load = SyntheticLoad(
            LoadProfile(weights: ["vm.start": 1, "vm.stop": 1]),
            seed: 1,
            reserved: all
        )
        for _ in 0..<50 {
            #expect(load.submission(inventory: Self.inventory, unfinished: []) == nil)
        }
    }

    @Test("Every kind the load knows can be made when there is a target for it")
    func everyKind() {
        for kind in SyntheticLoad.kinds where kind != "snapshot.delete" && kind != "host.activate" {
            let made = jobs(1, seed: 2, weights: [kind: 1])
            #expect(made.map(\.kind) == [kind])
        }
    }
}
