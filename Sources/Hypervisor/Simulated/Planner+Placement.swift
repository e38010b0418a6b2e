extension Planner {
    /// The host for a VM of this size; nil when none has the room.
    ///
    /// The host that the call names, or the roomiest that is up and not excluded.
    func place(
        cpus: Int,
        memory: Int,
        cluster: String?,
        wanted: String?,
        leaving: String? = nil
    ) throws(Fault) -> String? {
        if let wanted {
            let host = try existingHost(wanted)
            try checkServes(host)
            return host.fits(cpus: cpus, memory: memory) ? wanted : nil
        }
        var exclude = excluded
        if let leaving { exclude.insert(leaving) }
        return inventory.roomiest(in: cluster, cpus: cpus, memory: memory, exclude: exclude)
    }

    func existingHost(_ name: String) throws(Fault) -> Host {
        guard let host = inventory.hosts[name] else { throw noSuch("host", name) }
        return host
    }

    /// Throws when the host takes no new work because it is or goes into maintenance.
    func checkServes(_ host: Host) throws(Fault) {
        guard host.duty != .up else { return }
        throw .agentMaintenance.saying(
            "The agent of host \(host.name) is in maintenance mode "
                + "(\(host.duty.rawValue)) and takes no \(call.verb)"
        )
    }

    func noRoom(_ name: String, cpus: Int, memory: Int) -> Fault {
        let without =
            excluded.isEmpty ? "" : ", without \(excluded.sorted().joined(separator: ", "))"
        return .serverCapacity.saying(
            "Unable to create a deployment for VM instance \(name): no host has room for "
                + "\(cpus) CPUs and \(memory) MB\(without)"
        )
    }

    func planDefine() throws(Fault) -> Work {
        let name = try subject("vm")
        guard !inventory.vms.contains(name), holds["vm/\(name)"] == nil else {
            throw .alreadyExists.saying("VM \(name) exists already")
        }
        let cpus = try number("cpus", in: 1...1_024) ?? 1
        let memory = try number("memory", in: 16...67_108_864) ?? 1_024
        let cluster = call.parameters["cluster"]
        if let cluster, !inventory.clusters.contains(cluster) { throw noSuch("cluster", cluster) }
        var work = Work(.vmDefine, vm: name)
        work.values = call.parameters
        work.values["cpus"] = String(cpus)
        work.values["memory"] = String(memory)
        let wanted = call.parameters["to"] ?? call.host
        guard
            let host = try place(cpus: cpus, memory: memory, cluster: cluster, wanted: wanted)
        else { return work.failing(noRoom(name, cpus: cpus, memory: memory)) }
        work.host = host
        work.values["cluster"] = inventory.hosts[host]?.cluster
        return work
    }

    func planUndefine() throws(Fault) -> Work {
        guard let vm = try machine() else { return Work(.vmUndefine).inert() }
        try checkFree(vm)
        guard vm.state == .stopped || vm.state == .error else { throw wrongState(vm) }
        return Work(.vmUndefine, vm: vm.name, host: vm.host)
    }

    func planReserve() throws(Fault) -> Work {
        let vm = try freeMachine()
        guard vm.state == .stopped else { throw wrongState(vm) }
        var work = Work(.vmReserve, vm: vm.name)
        let wanted = call.parameters["to"] ?? call.host
        if let host = vm.host, !excluded.contains(host), wanted ?? host == host,
            inventory.hosts[host]?.state == .up
        {
            work.host = host
            return work.inert()
        }
        guard
            let host = try place(
                cpus: vm.cpus,
                memory: vm.memory,
                cluster: vm.cluster,
                wanted: wanted,
                leaving: vm.host
            )
        else { return work.failing(noRoom(vm.name, cpus: vm.cpus, memory: vm.memory)) }
        work.host = host
        work.isPlaced = true
        return work
    }

    func planRelease() throws(Fault) -> Work {
        guard let vm = try machine() else { return Work(.vmRelease).inert() }
        try checkFree(vm)
        guard vm.host != nil else { return Work(.vmRelease, vm: vm.name).inert() }
        guard vm.state == .stopped else { throw wrongState(vm) }
        return Work(.vmRelease, vm: vm.name, host: vm.host)
    }
}
