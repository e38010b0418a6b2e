extension Planner {
    func planRepository() throws(Fault) -> Work {
        let name = try subject("repository")
        guard let repository = inventory.repositories[name] else {
            throw noSuch("repository", name)
        }
        guard let hostName = call.host ?? call.parameters["host"] else {
            throw .badParameter.saying("\(call.verb) needs a host")
        }
        let host = try existingHost(hostName)
        let hold = "repository/\(name)@\(hostName)"
        try checkFree(hold)
        var work = Work(verb, host: hostName)
        work.values["repository"] = name
        let isMounted = repository.presentedTo.contains(hostName)
        if verb == .repositoryRefresh {
            guard isMounted else {
                throw .badParameter.saying("\(name) is not mounted on host \(hostName)")
            }
            try checkServes(host)
            return work
        }
        if isMounted == (verb == .repositoryMount) { return work.inert() }
        if verb == .repositoryMount { try checkServes(host) }
        work.holds = [hold]
        return work
    }

    /// The verbs whose subject is a host.
    func planHost() throws(Fault) -> Work {
        let host = try existingHost(try subject("host"))
        var work = Work(verb, host: host.name)
        if verb == .hostPing { return work }
        if verb == .hostScan {
            work.values["vms"] = String(inventory.vms(on: host.name).count)
            work.values["memory"] = String(host.usedMemory)
            return work
        }
        try checkFree("host/\(host.name)")
        work.values["before"] = host.duty.rawValue
        let isDone =
            switch verb {
            case .hostPrepareMaintenance: host.duty != .up
            case .hostEnterMaintenance: host.duty == .maintenance
            default: host.duty == .up
            }
        if isDone { return work.inert() }
        if verb == .hostEnterMaintenance, let fault = inventory.stillInUse(host.name) {
            throw fault
        }
        work.holds = ["host/\(host.name)"]
        return work
    }
}

extension Inventory {
    /// The fault that names the VMs which keep a host from maintenance; nil when there are none.
    func stillInUse(_ host: String) -> Fault? {
        let there = vms(on: host).filter { $0.state != .stopped && $0.state != .error }
        guard !there.isEmpty else { return nil }
        let shown = there.prefix(3).map(\.name).joined(separator: ", ")
        return .resourceInUse.saying(
            "\(there.count) \(there.count == 1 ? "VM is" : "VMs are") still on host \(host): "
                + shown + (there.count > 3 ? ", …" : "")
        )
    }
}
