import Engine
import Hypervisor
import Model

/// Reads a repository's contents anew, on one of the hosts that have it mounted.
struct RepositoryRefresh: JobKind {
    let hypervisor: any Hypervisor

    let name = "repository.refresh"
    let summary = "Read a repository's contents anew"
    let targetType = "repository"
    let parameters = [
        ParameterSpec("host", "the host that reads; the first in service if left out")
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let repository = try world.repository(order.target.name)
        let host = try Self.host(order, repository, world)
        let lane = "host/" + host
        let subject = "repository/" + repository.name
        let read = Step(
            "Read \(repository.name) on \(host)",
            .repositoryRefresh,
            on: subject,
            lane: lane,
            ["host": host]
        )
        return Plan(
            summary: "Refresh \(repository.name)",
            steps: [read],
            locks: [.shared(subject), .shared(lane)]
        )
    }

    private static func host(
        _ order: Order,
        _ repository: Repository,
        _ world: World
    ) throws(Failure) -> String {
        let mounted = repository.presentedTo
        if let name = order.text("host") {
            let host = try world.host(name).name
            try order.require(
                mounted.contains(host),
                else: "\(repository.name) is not mounted on \(host); repository.present does that"
            )
            return host
        }
        let serving = mounted.first { world.inventory.hosts[$0]?.state == .up }
        guard let host = serving ?? mounted.first else {
            throw .validation(
                "\(repository.name) is mounted on no host; repository.present does that"
            )
        }
        return host
    }
}
