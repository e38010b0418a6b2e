/// What there is: a value that can be kept while the hypervisor goes on.
package struct Inventory: Codable, Hashable, Sendable {
    /// The zones.
    package var zones: Roster<Zone>
    /// The clusters.
    package var clusters: Roster<Cluster>
    /// The hosts.
    package var hosts: Roster<Host>
    /// The virtual machines.
    package var vms: Roster<VM>
    /// The disks.
    package var disks: Roster<Disk>
    /// The storages.
    package var storages: Roster<Storage>
    /// The networks.
    package var networks: Roster<Network>
    /// The repositories.
    package var repositories: Roster<Repository>

    /// Makes an empty inventory.
    package init() {
        zones = Roster()
        clusters = Roster()
        hosts = Roster()
        vms = Roster()
        disks = Roster()
        storages = Roster()
        networks = Roster()
        repositories = Roster()
    }

    /// The zone that a cluster lies in.
    package func zone(ofCluster name: String) -> String? { clusters[name]?.zone }

    /// The VMs that are on a host or keep room there, in order.
    package func vms(on host: String) -> [VM] {
        vms.all.filter { $0.host == host || $0.destination == host }
    }
}
