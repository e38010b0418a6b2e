import Engine
import Hypervisor
import Model

/// What there is, as the kinds look at it when they plan: names looked up, or a helpful failure.
struct World: Sendable {
    let inventory: Inventory

    /// The inventory as it is now.
    init(_ hypervisor: any Hypervisor) { inventory = hypervisor.inventory() }

    /// The VM with that name.
    func vm(_ name: String) throws(Failure) -> VM {
        if let vm = inventory.vms[name] { return vm }
        throw Self.unknown("VM", name, among: inventory.vms.names)
    }

    /// The host with that name.
    func host(_ name: String) throws(Failure) -> Host {
        if let host = inventory.hosts[name] { return host }
        throw Self.unknown("host", name, among: inventory.hosts.names)
    }

    /// The disk with that name.
    func disk(_ name: String) throws(Failure) -> Disk {
        if let disk = inventory.disks[name] { return disk }
        throw Self.unknown("disk", name, among: inventory.disks.names)
    }

    /// The repository with that name.
    func repository(_ name: String) throws(Failure) -> Repository {
        if let repository = inventory.repositories[name] { return repository }
        throw Self.unknown("repository", name, among: inventory.repositories.names)
    }

    /// The hosts of that cluster, in order.
    func hosts(ofCluster name: String) throws(Failure) -> [Host] {
        guard inventory.clusters.contains(name) else {
            throw Self.unknown("cluster", name, among: inventory.clusters.names)
        }
        return inventory.hosts.all.filter { $0.cluster == name }
    }

    /// Refuses a name that could not be written in a lock or a command.
    static func checkName(_ name: String, of what: String) throws(Failure) {
        let isPlain = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == 45 || byte == 46 || byte == 95
        }
        guard isPlain, (1...63).contains(name.utf8.count) else {
            throw .validation(
                "“\(name)” cannot be a \(what)'s name: 1 to 63 letters, digits, “-”, “.”, “_” can"
            )
        }
    }

    /// Refuses a VM's name that is no name, or is taken and will be when it is the job's turn.
    func checkFree(_ name: String, _ order: Order) throws(Failure) {
        try Self.checkName(name, of: "VM")
        try order.require(
            !inventory.vms.contains(name),
            else: "there is a VM \(name) already; choose another name"
        )
    }

    private static func unknown(_ what: String, _ name: String, among names: [String]) -> Failure {
        let near = Nearest.names(to: name, among: names)
        if near.isEmpty { return .validation("there is no \(what) “\(name)”") }
        return .validation(
            "there is no \(what) “\(name)”; did you mean \(near.joined(separator: ", "))?"
        )
    }
}

extension VM {
    /// The VM's lock, and its subject: `vm/web-1`.
    var resource: String { "vm/" + name }

    /// The lock of the host it is on; none if it is on no host.
    var hostLocks: [LockRequest] { host.map { [.shared("host/" + $0)] } ?? [] }

    /// Where it stands, in words for a refusal: `running on kvm-a02`.
    var standing: String {
        let word =
            switch state {
            case .error: "in error"
            case .defining: "being defined"
            case .removing: "being removed"
            default: state.rawValue
            }
        guard let host, state != .stopped else { return word }
        return word + " on " + host
    }
}
