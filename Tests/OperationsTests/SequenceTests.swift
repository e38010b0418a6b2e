import Engine
import Hypervisor
import Model
import Operations
import Store
import Testing

@Suite("Sequences")
struct SequenceTests {
    private static func parameters(
        _ jobs: String,
        _ more: [String: String] = [:]
    ) -> [String: String] {
        more.merging(["jobs": jobs]) { first, _ in first }
    }

    private func plan(_ jobs: String, _ more: [String: String] = [:]) throws -> Plan {
        let kinds = SmallWorld.kinds(SmallWorld.hypervisor(SmallWorld.inventory()))
        return try kinds.plan(
            kind: "sequence",
            Order(target: .none, parameters: Self.parameters(jobs, more))
        )
    }

    // MARK: Reading

    private static let wrong: [(String, String)] = [
        ("nonsense", "jobs is not JSON"),
        ("[]", "jobs: there must be at least one job"),
        (#"["noop", 7]"#, "jobs[1]: a job is “vm.start web-1”"),
        (#"["a b c"]"#, "jobs[0]: “a b c” is no job"),
        (#"["fly vm/x"]"#, "jobs[0]: there is no kind “fly”"),
        (#"[{"target": "x"}]"#, "jobs[0]: “kind” is missing"),
        (#"[{"kind": "noop", "size": 1}]"#, "jobs[0]: “size” is not known here; allowed: kind"),
        (#"[{"kind": "noop", "weight": 0}]"#, "jobs[0].weight: “0” is not a whole number"),
        (#"[{"kind": "noop", "parameters": []}]"#, "jobs[0].parameters: there must be names"),
        (#"[{"kind": "noop", "kind": "noop"}]"#, "“kind” stands twice"),
        (#"["noop", {"jobs": ["noop", "fly x"]}]"#, "jobs[1].jobs[1]: there is no kind “fly”"),
        (#"[{"jobs": ["noop"], "onFailure": "cry"}]"#, "“cry” is none of stop, continue, warn"),
        (#"[{"jobs": ["noop"], "concurrency": 0}]"#, "jobs[0].concurrency: “0”"),
        (#"["sequence"]"#, "jobs[0]: a sequence within a sequence is a group"),
        (#"["noop", "vm.start nowhere"]"#, "jobs[1]: vm.start vm/nowhere: there is no VM"),
        (#"[{"kind": "noop", "parameters": {"x": "1"}}]"#, "noop has no parameter “x”"),
        (
            "[" + String(repeating: "[", count: 8) + "\"noop\"" + String(repeating: "]", count: 9),
            "8 deep"
        ),
        ("[" + Array(repeating: "\"noop\"", count: 1001).joined(separator: ",") + "]", "1000 jobs"),
    ]

    @Test("What makes no sense is refused, and the place is named", arguments: wrong.indices)
    func refused(_ index: Int) throws {
        let (jobs, text) = Self.wrong[index]
        let failure = #expect(throws: Failure.self) { try plan(jobs) }
        #expect(failure?.text.contains(text) == true, "\(failure?.text ?? "")")
    }

    @Test("Short and long forms, groups and what they inherit")
    func shape() throws {
        let jobs = #"""
            ["noop", {"kind": "vm.stop", "target": "\#(Self.vms[0])", "weight": 3},
             {"name": "both", "concurrency": 2, "jobs": ["noop", ["noop"]]}]
            """#
        let plan = try plan(jobs, ["onFailure": "continue", "name": "Night work"])

        #expect(plan.summary == "Night work")
        guard case .children(let children) = plan.steps[0].work else {
            Issue.record("no children")
            return
        }
        #expect(children.concurrency == 1)
        #expect(children.onFailure == .fail)
        #expect(children.jobs.map(\.kind) == ["noop", "vm.stop", "sequence"])
        #expect(children.jobs[1].target == Target("vm/\(Self.vms[0])"))
        #expect(children.jobs.map(\.weight) == [1, 3, 2])
        #expect(children.jobs[2].parameters["concurrency"] == "2")
        #expect(plan.locks.contains(.exclusive("vm/\(Self.vms[0])")))
    }

    /// Names of VMs that run, in the small world.
    private static var vms: [String] {
        SmallWorld.inventory().vms.all.filter { $0.state == .running }.map(\.name).sorted()
    }

    // MARK: Running

    @Test(
        "A failure in the middle: the remaining are still attempted, or it stops there",
        arguments: [("continue", "completed"), ("stop", "aborted"), ("warn", "completed")]
    )
    func failure(_ word: String, _ last: String) throws {
        let stage = try Stage()
        // The second starts what runs already.
        let jobs = "[\"noop\", \"vm.start \(Self.vms[0])\", \"noop\"]"
        let id = try #require(
            try stage.submit("sequence", "", Self.parameters(jobs, ["onFailure": word]))
        )
        let job = try stage.run(id)
        let children = try stage.children(of: id, step: 0)

        #expect(job.state == (word == "warn" ? .warning : .failed))
        #expect(children.map(\.state.rawValue) == ["completed", "failed", last])
        if word != "warn" { #expect(job.message.contains("already running")) }
        #expect(try stage.ticketCount() == 0)
    }

    @Test("Jobs run one after the other; a group runs as many at once as it may")
    func order() throws {
        let stage = try Stage()
        let jobs = """
            ["vm.stop \(Self.vms[0])",
             {"concurrency": 2, "jobs": ["noop", "noop", "noop"]},
             "vm.start \(Self.vms[0])"]
            """
        let id = try #require(try stage.submit("sequence", "", Self.parameters(jobs)))
        #expect(try stage.run(id).state == .completed)

        let children = try stage.children(of: id, step: 0)
        #expect(children.map(\.kind) == ["vm.stop", "sequence", "vm.start"])
        for (one, next) in zip(children, children.dropFirst()) {
            #expect(try #require(one.finishedAt) <= #require(next.startedAt))
        }
        let parts = try stage.children(of: children[1].id, step: 0)
        #expect(parts[0].startedAt == parts[1].startedAt)
        #expect(try #require(parts[2].startedAt) >= #require(parts[0].finishedAt))
    }

    private static let followed = [
        ["vm.deploy fresh-1", "snapshot.create fresh-1"],
        ["vm.migrate web-1", "snapshot.create web-1"],
        ["vm.stop web-1", "vm.start web-1", "snapshot.create web-1"],
    ]

    @Test(
        "What one job makes, or moves, the next can work on: it is locked from the beginning",
        arguments: followed
    )
    func made(_ jobs: [String]) throws {
        let stage = try Stage()
        let text = JSONValue.array(jobs.map { .string($0) }).text
        let id = try #require(try stage.submit("sequence", "", Self.parameters(text)))
        let locks = try stage.store.read { try $0.tickets(of: [id]) }.map(\.resource)
        #expect(Set(locks).isSuperset(of: ["host/kvm-a01", "host/kvm-a02", "host/kvm-b01"]))
        let job = try stage.run(id)

        #expect(job.state == .completed, "\(job.message)")
    }

    @Test("Nobody comes between two jobs of a sequence")
    func between() throws {
        let stage = try Stage()
        let vm = Self.vms[0]
        let jobs = "[\"vm.stop \(vm)\", \"vm.start \(vm)\"]"
        let sequence = try #require(try stage.submit("sequence", "", Self.parameters(jobs)))
        let other = try #require(try stage.submit("vm.reboot", vm))
        #expect(try stage.job(other).waiting?.reason == .lock)

        _ = try stage.run(sequence)
        _ = try stage.run(other)

        #expect(try stage.job(sequence).state == .completed)
        #expect(try stage.job(other).state == .completed)
        let end = try #require(try stage.job(sequence).finishedAt)
        #expect(try #require(try stage.job(other).startedAt) >= end)
    }

    @Test("The kinds whose equal orders share a job are those that say so")
    func coalescing() {
        let kinds = StandardKinds.all(hypervisor: SmallWorld.hypervisor(SmallWorld.inventory()))
        #expect(Set(kinds.filter(\.coalesces).map(\.name)) == StandardKinds.coalescing)
    }
}
