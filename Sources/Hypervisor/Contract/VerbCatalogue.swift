/// What there is to know about a verb.
package struct VerbEntry: Hashable, Sendable {
    /// The verb.
    package let verb: Verb
    /// What it does, in one sentence.
    package let summary: String
    /// The parameters it takes; a trailing `?` marks those that may be left out.
    package let parameters: [String]
    /// The keys of what it yields.
    package let results: [String]
    /// Whether its work can be interrupted.
    package let isInterruptible: Bool
    /// Whether it is done at once when there is nothing to do.
    package let isIdempotent: Bool
    /// Half of all runs take no longer, in milliseconds.
    package let median: Int64
    /// Nineteen of twenty runs take no longer, in milliseconds.
    package let p95: Int64
}

/// Every verb with its description.
package enum VerbCatalogue {
    /// The entries, in the order of `Verb.allCases`.
    package static let all: [VerbEntry] = machines + devices + migrations + snapshots + hosts

    /// The entry of a verb.
    package static subscript(verb: Verb) -> VerbEntry { byVerb[verb] ?? all[0] }

    private static let byVerb = Dictionary(uniqueKeysWithValues: all.map { ($0.verb, $0) })

    private static let machines: [VerbEntry] = [
        entry(
            .vmDefine,
            "Defines a VM, stopped, and keeps room for it on a host.",
            "cpus? memory? cluster? exclude? to? template? account? boot? bootURL?",
            "host cluster",
            takes: (4_000, 15_000)
        ),
        entry(
            .vmUndefine,
            "Removes a stopped VM's definition; its disks stay.",
            "",
            "",
            .uninterruptible,
            .idempotent,
            takes: (3_000, 10_000)
        ),
        entry(
            .vmReserve,
            "Keeps room for a stopped VM on a host.",
            "exclude? to?",
            "host",
            .idempotent,
            takes: (300, 1_000)
        ),
        entry(
            .vmRelease,
            "Gives the room of a stopped VM back.",
            "",
            "",
            .uninterruptible,
            .idempotent,
            takes: (200, 500)
        ),
        entry(
            .vmBoot,
            "Starts a VM where it has room, or where there is some.",
            "exclude? to? boot? bootURL?",
            "host",
            .idempotent,
            takes: (18_000, 60_000)
        ),
        entry(
            .vmShutdown,
            "Asks the guest to stop, and gives the host's room back.",
            "",
            "host",
            .idempotent,
            takes: (21_000, 120_000)
        ),
        entry(
            .vmPoweroff,
            "Takes a VM's power away, and gives the host's room back.",
            "",
            "host",
            .uninterruptible,
            .idempotent,
            takes: (2_000, 5_000)
        ),
        entry(
            .vmReset,
            "Resets a running VM.",
            "",
            "host",
            .uninterruptible,
            takes: (12_000, 40_000)
        ),
        entry(
            .vmRename,
            "Gives a VM another name; its subject is the new one afterwards.",
            "name",
            "name oldName",
            .uninterruptible,
            .idempotent,
            takes: (400, 1_000)
        ),
        entry(
            .vmResize,
            "Changes a VM's processors (number) and memory (MB).",
            "cpus? memory?",
            "cpus memory oldCpus oldMemory",
            .idempotent,
            takes: (3_000, 10_000)
        ),
    ]

    private static let devices: [VerbEntry] = [
        entry(
            .nicCreate,
            "Gives a VM a network card, not plugged in.",
            "nic? network?",
            "nic network mac",
            takes: (1_500, 5_000)
        ),
        entry(
            .nicRemove,
            "Takes a network card from a VM.",
            "nic",
            "",
            .uninterruptible,
            .idempotent,
            takes: (1_000, 4_000)
        ),
        entry(
            .diskCreate,
            "Creates a disk of a size in GB, for a VM if one is named.",
            "disk? size? vm? storage?",
            "disk storage",
            takes: (8_000, 45_000)
        ),
        entry(
            .diskDelete,
            "Deletes a disk with its layers.",
            "disk?",
            "",
            .uninterruptible,
            .idempotent,
            takes: (6_000, 60_000)
        ),
        entry(
            .vmAttach,
            "Plugs a disk or a card into a VM.",
            "disk? nic?",
            "",
            .idempotent,
            takes: (2_000, 6_000)
        ),
        entry(
            .vmDetach,
            "Unplugs a disk or a card from a VM; it stays the VM's.",
            "disk? nic?",
            "",
            .uninterruptible,
            .idempotent,
            takes: (2_000, 6_000)
        ),
    ]

    private static let migrations: [VerbEntry] = [
        entry(
            .migratePrepare,
            "Chooses a migration's destination and keeps room there.",
            "exclude? to?",
            "host source",
            takes: (3_000, 10_000)
        ),
        entry(
            .migrateCopy,
            "Copies a running VM's memory to the destination, in rounds.",
            "",
            "host",
            takes: (40_000, 540_000)
        ),
        entry(
            .migrateSwitch,
            "Switches a copied VM over: the point of no return.",
            "",
            "host source",
            .uninterruptible,
            takes: (1_500, 5_000)
        ),
        entry(
            .migrateCancel,
            "Gives up a migration; the VM runs on at its source.",
            "",
            "host",
            .uninterruptible,
            .idempotent,
            takes: (2_000, 6_000)
        ),
    ]

    private static let snapshots: [VerbEntry] = [
        entry(
            .snapshotVolume,
            "Lays a snapshot's layer over a disk.",
            "disk? snapshot",
            "disk",
            takes: (6_000, 60_000)
        ),
        entry(
            .snapshotCreate,
            "Records a snapshot of a VM.",
            "snapshot",
            "snapshot",
            takes: (12_000, 240_000)
        ),
        entry(
            .snapshotDelete,
            "Removes a snapshot and merges its layers, of one disk if it is named.",
            "disk? snapshot",
            "",
            .idempotent,
            takes: (60_000, 1_200_000)
        ),
        entry(
            .repositoryMount,
            "Mounts a repository on a host.",
            "host?",
            "host",
            .idempotent,
            takes: (8_000, 30_000)
        ),
        entry(
            .repositoryUnmount,
            "Unmounts a repository from a host.",
            "host?",
            "host",
            .uninterruptible,
            .idempotent,
            takes: (4_000, 15_000)
        ),
        entry(
            .repositoryRefresh,
            "Reads a repository's contents anew, on a host that has it mounted.",
            "host?",
            "host",
            .idempotent,
            takes: (15_000, 90_000)
        ),
    ]

    private static let hosts: [VerbEntry] = [
        entry(
            .hostPrepareMaintenance,
            "Keeps new VMs away from a host.",
            "",
            "",
            .idempotent,
            takes: (1_000, 3_000)
        ),
        entry(
            .hostCancelMaintenance,
            "Lets new VMs onto a host again.",
            "",
            "",
            .uninterruptible,
            .idempotent,
            takes: (1_000, 3_000)
        ),
        entry(
            .hostEnterMaintenance,
            "Takes an empty host out of service.",
            "",
            "",
            .idempotent,
            takes: (5_000, 20_000)
        ),
        entry(
            .hostActivate,
            "Takes a host into service.",
            "",
            "",
            .idempotent,
            takes: (8_000, 30_000)
        ),
        entry(
            .hostPing,
            "Asks a host whether it answers.",
            "",
            "",
            .idempotent,
            takes: (100, 400)
        ),
        entry(
            .hostScan,
            "Reads what a host has: its VMs, and the memory (MB) they take.",
            "",
            "vms memory",
            .idempotent,
            takes: (2_000, 8_000)
        ),
    ]

    private enum Trait {
        case uninterruptible, idempotent
    }

    private static func entry(
        _ verb: Verb,
        _ summary: String,
        _ parameters: String,
        _ results: String,
        _ traits: Trait...,
        takes: (median: Int64, p95: Int64)
    ) -> VerbEntry {
        VerbEntry(
            verb: verb,
            summary: summary,
            parameters: parameters.split(separator: " ").map(String.init),
            results: results.split(separator: " ").map(String.init),
            isInterruptible: !traits.contains(.uninterruptible),
            isIdempotent: traits.contains(.idempotent),
            median: takes.median,
            p95: takes.p95
        )
    }
}
