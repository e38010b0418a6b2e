/// How a VM stands.
package enum VMState: String, Codable, Hashable, Sendable, CaseIterable {
    /// It is defined and does not run.
    case stopped
    /// It is being started.
    case starting
    /// It runs.
    case running
    /// It is being stopped.
    case stopping
    /// It runs and is being moved to another host.
    case migrating
    /// It is being defined.
    case defining
    /// It is being removed.
    case removing
    /// Its removal failed; it can be removed or powered off.
    case error

    /// Whether it only stands so while a task runs on the VM.
    package var isTransitional: Bool {
        switch self {
        case .stopped, .running, .error: false
        case .starting, .stopping, .migrating, .defining, .removing: true
        }
    }
}

/// What a VM starts from.
package enum BootSource: String, Codable, Hashable, Sendable {
    /// Its first disk.
    case disk
    /// The network, from an address.
    case pxe
}

/// A network card of a VM.
package struct NIC: Named, Codable, Hashable, Sendable {
    /// The name, unique in its VM: `nic0`.
    package var name: String
    /// The network it belongs to.
    package var network: String
    /// Its hardware address.
    package var mac: String
    /// Whether it is plugged in.
    package var isPlugged = false

    /// Makes a card that is not plugged in.
    package init(name: String, network: String, mac: String) {
        self.name = name
        self.network = network
        self.mac = mac
    }
}

/// A snapshot of a VM.
package struct Snapshot: Named, Codable, Hashable, Sendable {
    /// The name, unique in its VM.
    package var name: String
    /// When it was made, in milliseconds since 1970.
    package var createdAt: Int64

    /// Makes a snapshot.
    package init(name: String, createdAt: Int64) {
        self.name = name
        self.createdAt = createdAt
    }
}

/// A virtual machine.
package struct VM: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The cluster it belongs to.
    package var cluster: String
    /// The account that owns it.
    package var account = "admin"
    /// Its virtual processors.
    package var cpus: Int
    /// Its memory in MB.
    package var memory: Int
    /// How it stands.
    package internal(set) var state = VMState.stopped
    /// The host it runs on, or that keeps its room while it is stopped.
    package internal(set) var host: String?
    /// The host it ran on last.
    package internal(set) var lastHost: String?
    /// The host that keeps room for it because it is to move there.
    package internal(set) var destination: String?
    /// Whether its memory was copied to the destination.
    package internal(set) var isCopied = false
    /// The names of its disks, in the order they were added.
    package internal(set) var disks: [String] = []
    /// Its network cards.
    package internal(set) var nics: [NIC] = []
    /// Its snapshots, oldest first.
    package internal(set) var snapshots: [Snapshot] = []
    /// What it starts from.
    package var boot = BootSource.disk
    /// The address it starts from, when that is the network.
    package var bootURL: String?
    /// Whether its guest takes no notice of a polite request to stop.
    package var ignoresShutdown = false

    /// Makes a stopped VM without disks and cards.
    package init(name: String, cluster: String, cpus: Int = 1, memory: Int = 1024) {
        self.name = name
        self.cluster = cluster
        self.cpus = cpus
        self.memory = memory
    }
}
