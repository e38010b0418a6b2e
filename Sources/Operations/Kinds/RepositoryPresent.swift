import Engine
import Hypervisor
import Model

/// Presents a repository to hosts, with one child for each of them.
struct RepositoryPresent: JobKind {
    let hypervisor: any Hypervisor

    let name = "repository.present"
    let summary = "Mount a repository on many hosts"
    let targetType = "repository"
    let parameters = [
        ParameterSpec("hosts", "the hosts, by commas: kvm-a01,kvm-a02; all if left out"),
        ParameterSpec("cluster", "all hosts of this cluster instead"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let repository = try world.repository(order.target.name)
        let hosts = try Self.hosts(order, world)
        let mounts = hosts.map { Self.mount(repository, on: $0) }
        let words = hosts.count == 1 ? hosts[0] : "\(hosts.count) hosts"
        return Plan(
            summary: "Present \(repository.name) to \(words)",
            steps: [
                Step(
                    "Mount \(repository.name) on \(words)",
                    Children(mounts, onFailure: .warn),
                    each: .repositoryMount
                )
            ],
            locks: [.exclusive("repository/" + repository.name)]
                + hosts.map { .shared("host/" + $0) }
        )
    }

    /// The child for one host; its mount is taken back unless it was there before.
    private static func mount(_ repository: Repository, on host: String) -> ChildSpec {
        let target = Target(type: "repository", name: repository.name)
        var mount = ChildSpec("repository.mount", target, parameters: ["host": host])
        if !repository.presentedTo.contains(host) {
            mount.undo = Operation(
                .repositoryUnmount,
                on: target.description,
                lane: "host/" + host,
                ["host": host]
            )
        }
        return mount
    }

    private static func hosts(_ order: Order, _ world: World) throws(Failure) -> [String] {
        var names: [String]
        if let list = order.text("hosts") {
            if order.text("cluster") != nil {
                throw .validation("give hosts= or cluster=, not both")
            }
            names = []
            for part in list.split(separator: ",") {
                let name = String(part.filter { $0 != " " })
                if !names.contains(name) { names.append(try world.host(name).name) }
            }
        } else if let cluster = order.text("cluster") {
            names = try world.hosts(ofCluster: cluster).map(\.name)
        } else {
            names = world.inventory.hosts.names
        }
        guard !names.isEmpty else { throw .validation("there is no host to present it to") }
        return names
    }
}
