/// A zone: clusters that share what is around them.
package struct Zone: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String

    /// Makes a zone.
    package init(name: String) { self.name = name }
}

/// A cluster: hosts that VMs may move between.
package struct Cluster: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The zone it lies in.
    package var zone: String

    /// Makes a cluster.
    package init(name: String, zone: String) {
        self.name = name
        self.zone = zone
    }
}

/// How a host stands.
package enum HostState: String, Codable, Hashable, Sendable, CaseIterable {
    /// It takes work.
    case up
    /// It takes no new VMs and is being emptied.
    case preparingForMaintenance
    /// It is empty and taken out of service.
    case maintenance
    /// It does not answer; what it was before is in `Host.duty`.
    case unreachable
}

/// A host: a machine that VMs run on.
package struct Host: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The cluster it belongs to.
    package var cluster: String
    /// Its processors.
    package var cpus: Int
    /// The speed of a processor in MHz.
    package var cpuMHz: Int
    /// Its memory in MB.
    package var memory: Int
    /// Processors promised to VMs; up to `overcommit` times `cpus`.
    package internal(set) var usedCPUs = 0
    /// Memory promised to VMs in MB.
    package internal(set) var usedMemory = 0
    /// What operators asked of it: up, preparing for maintenance or in maintenance.
    package internal(set) var duty = HostState.up
    /// Whether it answers.
    package internal(set) var isReachable = true

    /// How many virtual processors one real one may be promised as.
    package static let overcommit = 4

    /// Makes an empty host that is up.
    package init(name: String, cluster: String, cpus: Int, cpuMHz: Int = 2600, memory: Int) {
        self.name = name
        self.cluster = cluster
        self.cpus = cpus
        self.cpuMHz = cpuMHz
        self.memory = memory
    }

    /// How it stands.
    package var state: HostState { isReachable ? duty : .unreachable }

    /// Memory not promised to any VM, in MB.
    package var freeMemory: Int { memory - usedMemory }

    /// Virtual processors that may still be promised.
    package var freeCPUs: Int { cpus * Host.overcommit - usedCPUs }

    /// Whether it has room for this much more.
    package func fits(cpus: Int, memory: Int) -> Bool {
        cpus <= freeCPUs && memory <= freeMemory
    }
}
