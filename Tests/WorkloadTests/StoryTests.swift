import Hypervisor
import Model
import Store
import Testing
import Workload

@Suite("The four stories")
struct StoryTests {
    private let minute: Int64 = 60_000

    @Test("The VM that would not start: it hangs at ten per cent until it is aborted")
    func pxe() throws {
        let stage = try StoryStage(DemoFiles.read("pxe-hang"))
        try stage.play(until: 4 * minute)
        let hanging = try stage.job("first")
        #expect(hanging.state == .running)
        let steps = try stage.store.read { try $0.steps(of: [hanging.id])[hanging.id] ?? [] }
        #expect(steps.last?.progress == 10)
        #expect(stage.hypervisor.inventory().vms["thin-1"]?.state == .starting)
        try stage.play(until: 20 * minute)
        #expect(try stage.job("first").state == .aborted)
        #expect(try stage.job("first").rollback == .clean)
        #expect(try stage.job("second").state == .completed)
        #expect(stage.hypervisor.inventory().vms["thin-1"]?.state == .running)
        #expect(stage.hypervisor.inventory().vms["thin-1"]?.bootURL == "http://boot.example/ipxe")
    }

    @Test("The blocked queue: a parent in Child Queued holds a lock, and an abort frees it")
    func blocked() throws {
        let stage = try StoryStage(DemoFiles.read("blocked-queue"))
        try stage.play(until: 7 * minute)
        let parent = try stage.job("all")
        #expect(parent.state == .childQueued)
        let children = try stage.children(of: "all", step: 0)
        #expect(children.count == 6)
        #expect(children.count { $0.state == .completed } == 5)
        let stuck = try #require(children.first { !$0.state.isTerminal })
        #expect(stuck.state == .queued)
        #expect(stuck.waiting?.text == "host/kvm-b02 is unreachable")
        let second = try stage.job("second")
        for (label, ahead) in [("second", parent), ("third", second)] {
            let waiting = try stage.job(label)
            #expect(waiting.state == .pending)
            #expect(waiting.waiting?.reason == .lock)
            #expect(waiting.waiting?.on.contains("\(ahead.id)") == true)
        }
        try stage.play(until: 12 * minute)
        let ended = try stage.job("all")
        #expect(ended.state == .aborted, "\(ended.state): \(ended.message)")
        #expect(try stage.job("second").state == .completed)
        #expect(try stage.job("third").state == .completed)
    }

    @Test("No room: what fits nowhere fails with 533 and leaves nothing, what fits is placed again")
    func noRoom() throws {
        let stage = try StoryStage(DemoFiles.read("no-capacity"))
        try stage.play(until: 20 * minute)
        let big = try stage.job("big")
        #expect(big.state == .failed)
        #expect(big.code?.number == 533)
        #expect(big.message.contains("no host has room for 8 CPUs and 65536 MB"))
        #expect(big.message.contains("(4335)"))
        let detail = try stage.store.read { try $0.detail(big.id, logLimit: 10) }
        #expect(detail?.job.result?.contains("533") == true, "\(detail?.job.result ?? "nil")")
        #expect(stage.hypervisor.inventory().vms["big-1"] == nil)
        #expect(try stage.job("small").state == .completed)
        #expect(stage.hypervisor.inventory().vms["small-1"]?.host == "kvm-a02")
    }

    @Test("Removing a VM: four images go side by side, the definition after the last")
    func remove() throws {
        let stage = try StoryStage(DemoFiles.read("remove-vm"))
        try stage.play(until: 20 * minute)
        let parent = try stage.job("remove")
        #expect(parent.state == .completed)
        let images = try stage.children(of: "remove", step: 1)
        #expect(images.map(\.state) == [.completed, .completed, .completed, .completed])
        let starts = images.compactMap(\.startedAt)
        let ends = images.compactMap(\.finishedAt)
        let latest = try #require(ends.max())
        #expect(try #require(starts.max()) < #require(ends.min()))
        let steps = try stage.store.read { try $0.steps(of: [parent.id])[parent.id] ?? [] }
        #expect(try #require(steps.last?.startedAt) >= latest)
        #expect(stage.hypervisor.inventory().vms["db-1"] == nil)
    }
}

@Suite("The data centre")
struct DataCentreTests {
    @Test("At the opening something is stuck, and most is well")
    func opening() throws {
        let scenario = try DemoFiles.read("datacenter")
        let stage = try StoryStage(scenario)
        try stage.play(until: 1000)
        #expect(try stage.job("present").state == .childQueued)
        #expect(try stage.job("thin").state == .running)
        #expect(try stage.job("ledger").state == .lost)
        #expect(try stage.job("canary").state == .needsOperator)
        #expect(try stage.job("kiosk").state == .aborted)
        let waiting = try stage.store.read { try $0.jobs(in: [.pending]).count }
        #expect(waiting >= 3)
        #expect(stage.refusals.count < 10)
        let completed = try stage.store.read { try $0.jobs(in: [.completed]).count }
        #expect(completed > 500)
    }

    @Test("The same seed gives the same journal, another seed another")
    func determinism() throws {
        let first = try journal(seed: 7)
        #expect(first.count > 500)
        #expect(try journal(seed: 7) == first)
        #expect(try journal(seed: 8) != first)
    }

    private func journal(seed: UInt64) throws -> [JournalEntry] {
        var scenario = try DemoFiles.read("datacenter")
        scenario.seed = seed
        scenario.past = 20 * 60_000
        scenario.events.removeAll { $0.at < -scenario.past }
        let stage = try StoryStage(scenario)
        try stage.play(until: 0)
        return try stage.store.read { try $0.journal(of: nil, after: 0, limit: 10_000) }
    }
}
