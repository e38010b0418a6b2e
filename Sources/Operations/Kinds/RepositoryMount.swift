import Engine
import Hypervisor
import Model

/// Mounts a repository on one host.
struct RepositoryMount: JobKind {
    let hypervisor: any Hypervisor

    let name = "repository.mount"
    let summary = "Mount a repository on one host"
    let targetType = "repository"
    let parameters = [ParameterSpec("host", "the host to mount it on", isRequired: true)]

    func plan(_ order: Order) throws(Failure) -> Plan {
        let world = World(hypervisor)
        let repository = try world.repository(order.target.name)
        let host = try world.host(order.text("host") ?? "")
        let lane = "host/" + host.name
        let subject = "repository/" + repository.name
        let which = ["host": host.name]
        // A mount that was there before stays when the job is undone.
        let undo = Operation(.repositoryUnmount, on: subject, lane: lane, which)
        let isMounted = repository.presentedTo.contains(host.name)
        let mount = Step(
            "Mount \(repository.name) on \(host.name)",
            .repositoryMount,
            on: subject,
            lane: lane,
            which,
            undo: isMounted ? nil : undo
        )
        return Plan(
            summary: "Mount \(repository.name) on \(host.name)",
            steps: [mount],
            locks: [.shared(subject), .shared(lane)],
            // A mount is idempotent, and half of one is of no use to anybody.
            onCrash: .requeue
        )
    }
}
