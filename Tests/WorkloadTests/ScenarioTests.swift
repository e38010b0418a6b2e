import Hypervisor
import Model
import Testing
import Workload

@Suite("Reading scenarios")
struct ScenarioTests {
    private static let start = """
        title: T
        inventory:
          hosts: [{name: h1}]
          vms: [{name: v1, on: h1}]

        """

    @Test("A full event list is read in order of time, the file's order within a moment")
    func events() throws {
        let text =
            Self.start + """
                past: 1h
                faults: [{id: f0, action: hang, verb: vm.boot}]
                events:
                  - {at: 10s, heal: f0}
                  - at: -5m
                    submit: {kind: vm.stop, target: v1, params: {mode: forced}, user: u, label: x}
                  - {at: 10s, action: {do: abort, job: x, by: bob, reason: late}}
                """
        let scenario = try Scenario.read(text, file: "t.yaml")
        #expect(scenario.events.map(\.at) == [-3_600_000, -300_000, 10_000, 10_000])
        var stop = Submission(
            kind: "vm.stop",
            target: Target("vm/v1"),
            parameters: ["mode": "forced"],
            user: "u",
            account: "admin"
        )
        stop.priority = 0
        #expect(scenario.events[1].deed == .submit(stop, label: "x"))
        #expect(scenario.events[2].deed == .heal("f0"))
        #expect(
            scenario.events[3].deed
                == .act(.stop(.abort), label: "x", by: "bob", reason: "late")
        )
        guard case .fault(let rule) = scenario.events[0].deed else {
            Issue.record("the rule comes first")
            return
        }
        #expect(rule == FaultRule(id: "f0", action: .hang(atPercent: 10), verb: "vm.boot"))
    }

    @Test("Hosts and VMs that are written out exist with what they need")
    func inventory() throws {
        let text = """
            title: T
            inventory:
              hosts:
                - {name: h1, cluster: a, zone: west, cpus: 4, memory: 8192}
              vms:
                - {name: v1, cpus: 2, memory: 4096, on: h1, disks: 3, ignoresShutdown: true}
                - {name: v2, boot: pxe, bootURL: "tftp://x/y", disks: 0}
              repositories: [r1]
            """
        let inventory = try Scenario.read(text, file: "t.yaml").inventory
        #expect(inventory.vms["v1"]?.host == "h1")
        #expect(inventory.vms["v1"]?.state == .running)
        #expect(inventory.vms["v1"]?.disks == ["v1-root", "v1-data1", "v1-data2"])
        #expect(inventory.vms["v1"]?.ignoresShutdown == true)
        #expect(inventory.vms["v2"]?.boot == .pxe)
        #expect(inventory.vms["v2"]?.state == .stopped)
        #expect(inventory.hosts["h1"]?.freeMemory == 4096)
        #expect(inventory.repositories.contains("r1"))
        #expect(inventory.networks.contains("lan-west"))
    }

    @Test(
        "What is wrong is said with file, line, place and what is allowed",
        arguments: [
            ("titel: x\n", "t.yaml:5: titel: “titel” is not known here; allowed: title, story"),
            ("speed: fast\n", "t.yaml:5: speed: “fast” is not a number from 0.1"),
            ("past: 3\n", "t.yaml:5: past: “3” is not a length of time; write 90s"),
            ("past: -3h\n", "past: the past is at most 7d"),
            ("seed: -1\n", "seed: “-1” is not a whole number"),
            ("events: [{at: 1s}]\n", "events[0]: an event has one of: submit, fault, heal, action"),
            ("events: [{heal: x}]\n", "t.yaml:5: events[0]: “at” is missing"),
            ("events: [{at: -1s, heal: x}]\n", "events[0].at: this is before the beginning"),
            (
                "events:\n  - at: 1s\n    submit: {kind: vm.strat, target: v1}\n",
                "t.yaml:7: events[0].submit.kind: there is no kind “vm.strat”; there are: disk"
            ),
            ("events: [{at: 1s, submit: {kind: vm.start}}]\n", "vm.start needs a target: a vm"),
            (
                "events: [{at: 1s, submit: {kind: vm.stop, target: v1, params: {how: x}}}]\n",
                "events[0].submit.params.how: vm.stop has no parameter “how”; it has: mode"
            ),
            (
                "events: [{at: 1s, action: {do: kill, job: x}}]\n",
                "there is no action “kill”; there are: abandon, abort, cancel"
            ),
            (
                "events: [{at: 1s, action: {do: abort, job: x}}]\n",
                "no submit above has the label “x”"
            ),
            ("faults: [{id: f, action: explode}]\n", "no action is called"),
            ("faults: [{id: f, action: hang, scope: rack/1}]\n", "is no scope"),
            ("faults: [{id: f, action: hang, verb: vm.fly}]\n", "“vm.fly” covers no verb"),
            ("faults: [{id: f, action: {fail: nonsense}}]\n", "no fault is called"),
            (
                "faults: [{id: f, action: hang, probability: 2}]\n",
                "“2” is not a number from 0.0 to"
            ),
            (
                "load: {weights: {vm.fly: 1}}\n",
                "load.weights.vm.fly: the load cannot make “vm.fly”"
            ),
            ("load: {weights: {vm.start: 0}}\n", "some weight must be above 0"),
            ("load: {rate: 1}\n", "load: “weights” is missing"),
            ("title: again\n", "stands twice"),
            ("events: {at: 1s}\n", "events: there must be a list here"),
            ("events: [\n", "not YAML"),
        ]
    )
    func wrong(_ text: String, _ message: String) {
        let error = #expect(throws: ScenarioError.self) {
            try Scenario.read(Self.start + text, file: "t.yaml")
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
        #expect(error?.description.hasPrefix("t.yaml") == true)
    }

    @Test(
        "An inventory that cannot be is refused",
        arguments: [
            ("inventory: {}", "there must be synthetic: sizes, or hosts:"),
            ("inventory: {synthetic: {hosts: 0, vms: 1}}", "“0” is not a whole number from 1"),
            ("inventory: {hosts: [{name: h}, {name: h}]}", "there are two hosts h"),
            ("inventory: {hosts: [{name: h}], vms: [{name: v, on: x}]}", "host x is unknown"),
            ("inventory: {hosts: [{name: h}], vms: [{name: v, cluster: z}]}", "no cluster “z”"),
            ("inventory: {hosts: [{name: \"a b\"}]}", "a name is 1 to 63 letters"),
            ("inventory: {hosts: [{name: h}], vms: [{name: v, memory: 70000, on: h}]}", "no room"),
            ("{}", "“inventory” is missing"), ("", "the file is empty"),
            ("[1]", "names with values"),
        ]
    )
    func wrongInventory(_ text: String, _ message: String) {
        let whole = text.hasPrefix("inventory") ? "title: T\n" + text : text
        let error = #expect(throws: ScenarioError.self) {
            try Scenario.read(whole, file: "t.yaml")
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
    }

    @Test("A file that is far too long or too deep is refused, not read")
    func bounds() {
        for text in [
            String(repeating: "#", count: 2_000_000), String(repeating: "[", count: 100_000),
            String(repeating: "- ", count: 100_000),
        ] {
            #expect(throws: ScenarioError.self) { try Scenario.read(text, file: "t.yaml") }
        }
    }
}
