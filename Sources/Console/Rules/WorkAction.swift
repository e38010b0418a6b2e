import Model

/// One thing to fill in before a job is submitted.
struct FieldSpec: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case word, number }

    /// The parameter's name.
    let name: String
    /// What stands before the line.
    let label: String
    let kind: Kind
    let isRequired: Bool

    init(_ name: String, _ label: String, _ kind: Kind = .word, isRequired: Bool = true) {
        self.name = name
        self.label = label
        self.kind = kind
        self.isRequired = isRequired
    }

    /// Why a text will not do; nil if it will.
    func problem(with text: String) -> String? {
        let text = text.trimmed
        if text.isEmpty { return isRequired ? "\(label) is missing" : nil }
        if kind == .number, (Int(text) ?? 0) < 1 { return "\(label) must be a number above 0" }
        return nil
    }
}

/// A job that can be submitted from the row of a VM or a host.
struct WorkAction: Hashable, Sendable {
    let key: Character
    let label: String
    /// The kind of the job.
    let kind: String
    /// The type of its target: `vm`, `host`.
    let type: String
    var fields: [FieldSpec] = []
    /// The states of the VM or host in which it makes sense; empty for any.
    var states: Set<String> = []
    /// Whether it takes something away from whoever uses the VM or host.
    var isDangerous = false
    /// Whether the name must be typed.
    var needsTypedName = false

    /// Why it makes no sense now; nil if it does.
    func refusal(state: String, isReadOnly: Bool) -> String? {
        if isReadOnly { return "this console is read-only" }
        guard !states.isEmpty, !states.contains(state) else { return nil }
        return "it is \(state); needs \(states.sorted().joined(separator: " or "))"
    }

    /// What can be done to a VM.
    static let ofVM: [WorkAction] = [
        WorkAction(key: "s", label: "Start", kind: "vm.start", type: "vm", states: ["stopped"]),
        WorkAction(
            key: "o",
            label: "Stop",
            kind: "vm.stop",
            type: "vm",
            states: ["running", "error"],
            isDangerous: true
        ),
        WorkAction(
            key: "b",
            label: "Reboot",
            kind: "vm.reboot",
            type: "vm",
            states: ["running"],
            isDangerous: true
        ),
        WorkAction(
            key: "m",
            label: "Migrate",
            kind: "vm.migrate",
            type: "vm",
            fields: [FieldSpec("to", "Host, or nothing for any", isRequired: false)],
            states: ["running"]
        ),
        WorkAction(
            key: "n",
            label: "Snapshot",
            kind: "snapshot.create",
            type: "vm",
            fields: [FieldSpec("name", "Name, or nothing for the next", isRequired: false)],
            states: ["running", "stopped"]
        ),
        WorkAction(
            key: "z",
            label: "Resize",
            kind: "vm.resize",
            type: "vm",
            fields: [
                FieldSpec("cpus", "Processors", .number),
                FieldSpec("memory", "Memory in MB", .number),
            ],
            states: ["stopped", "running"]
        ),
        WorkAction(
            key: "e",
            label: "Rename",
            kind: "vm.rename",
            type: "vm",
            fields: [FieldSpec("name", "New name")],
            states: ["stopped", "running"]
        ),
        WorkAction(
            key: "D",
            label: "Remove",
            kind: "vm.remove",
            type: "vm",
            states: ["stopped", "error"],
            isDangerous: true,
            needsTypedName: true
        ),
    ]

    /// What can be done to a host.
    static let ofHost: [WorkAction] = [
        WorkAction(
            key: "m",
            label: "Maintenance: move its VMs away",
            kind: "host.maintenance",
            type: "host",
            states: ["up"],
            isDangerous: true
        ),
        WorkAction(
            key: "v",
            label: "Activate: take it into service",
            kind: "host.activate",
            type: "host",
            states: ["maintenance", "preparingForMaintenance"]
        ),
    ]
}
