import Engine
import Hypervisor
import Model
import Operations
import Testing

extension PlanTests {
    /// Kinds that are mostly run by schedules.
    static let recurring = [
        Case(
            kind: "inventory.sync",
            target: "",
            parameters: ["cluster": "a"],
            table: [
                "child host.scan host/kvm-a01 + child host.scan host/kvm-a02 by 8 warn",
                "locks S host/kvm-a01, S host/kvm-a02",
            ]
        ),
        Case(
            kind: "host.scan",
            target: "kvm-a01",
            table: ["host.scan host/kvm-a01 @host/kvm-a01", "locks S host/kvm-a01"]
        ),
        Case(
            kind: "repository.refresh",
            target: "repo-1",
            table: [
                "repository.refresh repository/repo-1 @host/kvm-a01 host=kvm-a01",
                "locks S repository/repo-1, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "snapshot.policy",
            target: "",
            parameters: ["vms": "web-*,db-1", "keep": "2"],
            table: [
                "child snapshot.rotate vm/web-1 keep=2 + child snapshot.rotate vm/web-2 keep=2"
                    + " + child snapshot.rotate vm/db-1 keep=2 by 4 warn",
                "locks X vm/web-1, X vm/web-2, X vm/db-1, S host/kvm-a01",
            ]
        ),
        Case(
            kind: "snapshot.rotate",
            target: "web-2",
            parameters: ["prefix": "nightly"],
            table: [
                "snapshot.volume disk/web-2-disk0 @vm/web-2 snapshot=nightly-1"
                    + " | undo snapshot.delete disk/web-2-disk0 @vm/web-2 snapshot=nightly-1",
                "snapshot.create vm/web-2 @vm/web-2 snapshot=nightly-1"
                    + " | undo snapshot.delete vm/web-2 @vm/web-2 snapshot=nightly-1",
                "locks X vm/web-2, S host/kvm-a01",
            ]
        ),
    ]
}

@Suite("Kinds that schedules run")
struct RecurringKindTests {
    @Test("a snapshot policy keeps the newest N of its own series, and leaves others alone")
    func policy() throws {
        let stage = try Stage()
        let own = try stage.submit("snapshot.create", "vm/old-1", ["name": "before"])
        #expect(try stage.run(try #require(own)).state == .completed)
        let by = ["vms": "web-*,old-1", "keep": "2", "prefix": "nightly"]
        for _ in 0..<4 {
            let id = try #require(try stage.submit("snapshot.policy", "", by))
            let job = try stage.run(id)
            #expect(job.state == .completed, "\(job.message)")
            #expect(job.childCount == 3)
        }
        for vm in ["web-1", "web-2"] {
            #expect(stage.inventory.vms[vm]?.snapshots.map(\.name) == ["nightly-3", "nightly-4"])
        }
        #expect(
            stage.inventory.vms["old-1"]?.snapshots.map(\.name)
                == ["before", "nightly-3", "nightly-4"]
        )
        #expect(stage.inventory.disks["web-2-disk0"]?.layers == ["nightly-3", "nightly-4"])
    }

    @Test("a sync reads every host in service, and a refresh reads a mounted repository")
    func reading() throws {
        let stage = try Stage()
        let sync = try stage.run(try #require(try stage.submit("inventory.sync", "", [:])))
        #expect(sync.state == .completed && sync.childCount == 4)
        let refresh = try #require(try stage.submit("repository.refresh", "repository/repo-1", [:]))
        #expect(try stage.run(refresh).state == .completed)
    }

    @Test(
        "senseless orders are refused with what would be right",
        arguments: [
            ("snapshot.policy", "", ["vms": "nosuch-*"], "no VM fits vms=nosuch-*"),
            ("snapshot.policy", "", ["vms": "wbe-1"], "did you mean web-1"),
            ("snapshot.policy", "", ["vms": "web-1", "keep": "0"], "keep must be a whole number"),
            (
                "snapshot.policy", "", ["vms": "web-1", "prefix": "a b"],
                "cannot be a snapshot's name"
            ),
            ("inventory.sync", "", ["cluster": "z"], "there is no cluster “z”"),
            ("repository.refresh", "repo-1", ["host": "kvm-b01"], "is not mounted on kvm-b01"),
        ]
    )
    func refused(kind: String, target: String, by: [String: String], words: String) throws {
        let failure = try #require(throws: Failure.self) {
            try SmallWorld.plan(kind, target, by)
        }
        #expect(failure.text.contains(words), "\(failure.text)")
    }
}
