import Hypervisor
import Model

/// Reads what there is: made up from sizes, written out, or both.
enum InventoryReading {
    static func read(_ reader: YAMLReader, seed: UInt64) throws(ScenarioError) -> Inventory {
        try reader.check(keys: ["synthetic", "hosts", "vms", "repositories"])
        var inventory: Inventory
        if let sizes = reader.at("synthetic") {
            try sizes.check(keys: ["hosts", "vms"])
            inventory = .synthetic(
                hosts: try sizes.required("hosts").integer(1...10_000),
                vms: try sizes.required("vms").integer(0...100_000),
                seed: seed
            )
        } else {
            guard reader.at("hosts") != nil else {
                throw reader.error("there must be synthetic: sizes, or hosts:")
            }
            inventory = Inventory()
        }
        for host in try reader.at("hosts")?.elements() ?? [] { try add(host, to: &inventory) }
        for name in try reader.at("repositories")?.elements() ?? [] {
            let name = try name.text()
            inventory.repositories.set(Repository(name: name, url: "nfs://filer/export/\(name)"))
        }
        for vm in try reader.at("vms")?.elements() ?? [] { try add(vm: vm, to: &inventory) }
        return inventory
    }

    /// Adds a host, and what must be around it: zone, cluster, storage, network.
    private static func add(
        _ reader: YAMLReader,
        to inventory: inout Inventory
    ) throws(ScenarioError) {
        try reader.check(keys: ["name", "cluster", "zone", "cpus", "memory"])
        let name = try name(reader)
        let zone = try reader.at("zone")?.text() ?? "east"
        let cluster = try reader.at("cluster")?.text() ?? "a"
        guard !inventory.hosts.contains(name) else {
            throw reader.error("there are two hosts \(name)")
        }
        if !inventory.zones.contains(zone) {
            inventory.zones.set(Zone(name: zone))
            inventory.storages.set(
                Storage(name: "store-\(zone)", zone: zone, capacityGB: 65_536)
            )
            inventory.networks.set(Network(name: "lan-\(zone)", zone: zone))
        }
        if !inventory.clusters.contains(cluster) {
            inventory.clusters.set(Cluster(name: cluster, zone: zone))
        }
        inventory.hosts.set(
            Host(
                name: name,
                cluster: cluster,
                cpus: try reader.at("cpus")?.integer(1...4096) ?? 16,
                memory: try reader.at("memory")?.integer(256...67_108_864) ?? 65_536
            )
        )
    }

    private static func add(
        vm reader: YAMLReader,
        to inventory: inout Inventory
    ) throws(ScenarioError) {
        try reader.check(keys: [
            "name", "cluster", "cpus", "memory", "on", "disks", "boot", "bootURL", "account",
            "ignoresShutdown",
        ])
        let name = try name(reader)
        let cluster = try reader.at("cluster")?.text() ?? inventory.clusters.names.first ?? ""
        guard inventory.clusters.contains(cluster) else {
            throw reader.error("there is no cluster “\(cluster)” for \(name)")
        }
        var vm = VM(
            name: name,
            cluster: cluster,
            cpus: try reader.at("cpus")?.integer(1...1024) ?? 1,
            memory: try reader.at("memory")?.integer(16...67_108_864) ?? 1024
        )
        if let boot = reader.at("boot") { vm.boot = try boot.decoded(BootSource.self) }
        vm.bootURL = try reader.at("bootURL")?.text()
        vm.account = try reader.at("account")?.text() ?? vm.account
        vm.ignoresShutdown = try reader.at("ignoresShutdown")?.flag() ?? false
        let host = try reader.at("on")?.text()
        guard inventory.add(vm, runningOn: host) else {
            throw reader.error(
                "\(name) cannot be added: the name is taken"
                    + (host.map { ", or host \($0) is unknown or has no room" } ?? "")
            )
        }
        try addDevices(reader, name, cluster, to: &inventory)
    }

    private static func addDevices(
        _ reader: YAMLReader,
        _ name: String,
        _ cluster: String,
        to inventory: inout Inventory
    ) throws(ScenarioError) {
        let zone = inventory.zone(ofCluster: cluster) ?? ""
        let storage = inventory.storages.all.first { $0.zone == zone }?.name ?? ""
        for index in 0..<(try reader.at("disks")?.integer(0...64) ?? 1) {
            let disk = index == 0 ? "\(name)-root" : "\(name)-data\(index)"
            guard inventory.add(Disk(name: disk, storage: storage, sizeGB: 20), to: name) else {
                throw reader.error("storage \(storage) has no room for disk \(disk)")
            }
        }
        let network = inventory.networks.all.first { $0.zone == zone }?.name ?? ""
        inventory.add(NIC(name: "nic0", network: network, mac: "52:54:00:00:00:01"), to: name)
    }

    private static func name(_ reader: YAMLReader) throws(ScenarioError) -> String {
        let place = try reader.required("name")
        let name = try place.text()
        let isPlain =
            (1...63).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || "0123456789-._".unicodeScalars.contains($0))
            }
        guard isPlain else {
            throw place.error("a name is 1 to 63 letters, digits, “-”, “.” and “_”")
        }
        return name
    }
}
