extension Inventory {
    /// A data centre made up from a seed: two zones, three clusters, and names like real ones.
    ///
    /// About seven VMs in ten run, as far as the hosts have room. Each has a root disk and a card.
    package static func synthetic(hosts: Int, vms: Int, seed: UInt64) -> Inventory {
        var inventory = Inventory()
        inventory.zones = Roster([Zone(name: "east"), Zone(name: "west")])
        inventory.clusters = Roster([
            Cluster(name: "a", zone: "east"), Cluster(name: "b", zone: "east"),
            Cluster(name: "c", zone: "west"),
        ])
        inventory.addHosts(max(1, hosts), seed)
        inventory.addAround(vms: max(0, vms))
        for index in 0..<max(0, vms) { inventory.addMachine(index, seed) }
        return inventory
    }

    private static let roles: [(name: String, cpus: Int, memory: Int, diskGB: Int)] = [
        ("web", 2, 2_048, 20), ("db", 4, 8_192, 100), ("app", 2, 4_096, 40),
        ("mail", 2, 4_096, 80), ("build", 4, 4_096, 60), ("win", 4, 8_192, 80),
        ("cache", 1, 4_096, 20), ("dns", 1, 1_024, 20), ("file", 2, 2_048, 200),
        ("test", 1, 1_024, 20),
    ]

    private mutating func addHosts(_ count: Int, _ seed: UInt64) {
        let letters = clusters.names
        let sizes = [(32, 131_072), (48, 262_144), (64, 524_288)]
        for index in 0..<count {
            let cluster = letters[index % letters.count]
            let number = index / letters.count + 1
            let name = "kvm-\(cluster)" + (number < 10 ? "0" : "") + "\(number)"
            let (cpus, memory) = sizes[Chance.below(sizes.count, seed, "host", name)]
            hosts.set(Host(name: name, cluster: cluster, cpus: cpus, memory: memory))
        }
    }

    private mutating func addAround(vms: Int) {
        for zone in zones.names {
            for number in 1...2 {
                // Room for twice the disks that the machines will have, wherever they lie.
                storages.set(
                    Storage(
                        name: "store-\(zone)-\(number)",
                        zone: zone,
                        capacityGB: 4_096 + vms * 128
                    )
                )
            }
            networks.set(Network(name: "lan-\(zone)", zone: zone))
            networks.set(Network(name: "dmz-\(zone)", zone: zone))
        }
        for number in 1...3 {
            let name = "repo-nfs-\(number)"
            repositories.set(Repository(name: name, url: "nfs://filer-\(number)/export/\(name)"))
        }
        present("repo-nfs-1", to: hosts.names)
    }

    private mutating func addMachine(_ index: Int, _ seed: UInt64) {
        let role = Self.roles[index % Self.roles.count]
        let name = "\(role.name)-\(index / Self.roles.count + 1)"
        let homes = hosts.all.map(\.cluster)
        let cluster = homes[Chance.below(homes.count, seed, "cluster", name)]
        let zone = zone(ofCluster: cluster) ?? "east"
        var vm = VM(name: name, cluster: cluster, cpus: role.cpus, memory: role.memory)
        vm.account =
            ["admin", "sales", "research", "payroll"][
                Chance.below(4, seed, "account", name)
            ]
        vm.ignoresShutdown = Chance.unit(seed, "deaf", name) < 0.02
        let runs = Chance.unit(seed, "runs", name) < 0.7
        let host = runs ? roomiest(in: cluster, cpus: vm.cpus, memory: vm.memory) : nil
        add(vm, runningOn: host)
        let storage = "store-\(zone)-\(1 + Chance.below(2, seed, "storage", name))"
        add(Disk(name: "\(name)-root", storage: storage, sizeGB: role.diskGB), to: name)
        let mac = Inventory.mac(seed, name, "nic0")
        add(NIC(name: "nic0", network: "lan-\(zone)", mac: mac), to: name)
    }

    static func mac(_ seed: UInt64, _ vm: String, _ nic: String) -> String {
        // 52:54:00 is the prefix that KVM's cards carry.
        let tail = (0..<3).map { part in
            let byte = Chance.below(256, seed, "mac", vm, nic, "\(part)")
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "52:54:00:" + tail.joined(separator: ":")
    }

    /// The host with the most memory left of those that take a VM of this size; nil if none does.
    ///
    /// Hosts that are not up, are named in `exclude`, or lie in another cluster are passed over.
    package func roomiest(
        in cluster: String?,
        cpus: Int,
        memory: Int,
        exclude: Set<String> = []
    ) -> String? {
        var best: Host?
        hosts.forEach { host in
            guard cluster == nil || host.cluster == cluster, host.state == .up,
                host.fits(cpus: cpus, memory: memory), !exclude.contains(host.name)
            else { return }
            if host.freeMemory > best?.freeMemory ?? -1 { best = host }
        }
        return best?.name
    }
}
