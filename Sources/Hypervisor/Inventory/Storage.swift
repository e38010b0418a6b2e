/// How a disk stands.
package enum DiskState: String, Codable, Hashable, Sendable {
    /// It is being created.
    case creating
    /// It can be used.
    case ready
    /// A layer is being laid over it or merged into it.
    case snapshotting
    /// It is being deleted.
    case deleting
}

/// A disk.
package struct Disk: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The VM it belongs to, if any.
    package internal(set) var vm: String?
    /// The storage it lies on.
    package var storage: String
    /// Its size in GB.
    package var sizeGB: Int
    /// How it stands.
    package internal(set) var state = DiskState.ready
    /// Whether it is plugged into its VM.
    package internal(set) var isAttached = false
    /// The layers that snapshots laid over it, oldest first, by the snapshot's name.
    package internal(set) var layers: [String] = []

    /// Makes a disk that is ready.
    package init(name: String, storage: String, sizeGB: Int) {
        self.name = name
        self.storage = storage
        self.sizeGB = sizeGB
    }

    /// The room that a layer takes, in GB.
    package var layerGB: Int { max(1, sizeGB / 10) }

    /// The room that it takes with its layers, in GB.
    package var usedGB: Int { sizeGB + layers.count * layerGB }
}

/// A storage: where disks lie.
package struct Storage: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The zone that can use it.
    package var zone: String
    /// Its room in GB.
    package var capacityGB: Int
    /// The room taken by disks and their layers, in GB.
    package internal(set) var usedGB = 0

    /// Makes an empty storage.
    package init(name: String, zone: String, capacityGB: Int) {
        self.name = name
        self.zone = zone
        self.capacityGB = capacityGB
    }

    /// The room left, in GB.
    package var freeGB: Int { capacityGB - usedGB }
}

/// A network that cards belong to.
package struct Network: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The zone it spans.
    package var zone: String

    /// Makes a network.
    package init(name: String, zone: String) {
        self.name = name
        self.zone = zone
    }
}

/// A repository of templates and images that is presented to hosts.
package struct Repository: Named, Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// Where it lies.
    package var url: String
    /// The hosts that have it mounted, in the order they mounted it.
    package internal(set) var presentedTo: [String] = []

    /// Makes a repository that no host has mounted.
    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}
