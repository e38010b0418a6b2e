/// Turns a call into work, or says why not; changes nothing.
struct Planner {
    let inventory: Inventory
    let holds: [String: Hold]
    let call: TaskCall
    let verb: Verb
    let seed: UInt64

    /// The work that the call asks for; a fault when its state or its parameters do not allow it.
    func plan() throws(Fault) -> Work {
        switch verb {
        case .vmDefine: try planDefine()
        case .vmUndefine: try planUndefine()
        case .vmReserve: try planReserve()
        case .vmRelease: try planRelease()
        case .vmBoot: try planBoot()
        case .vmShutdown, .vmPoweroff: try planStop()
        case .vmReset: try planReset()
        case .vmRename: try planRename()
        case .vmResize: try planResize()
        case .nicCreate: try planNICCreate()
        case .nicRemove: try planNICRemove()
        case .diskCreate: try planDiskCreate()
        case .diskDelete: try planDiskDelete()
        case .vmAttach, .vmDetach: try planPlug()
        case .migratePrepare: try planMigratePrepare()
        case .migrateCopy, .migrateSwitch: try planMigrate()
        case .migrateCancel: try planMigrateCancel()
        case .snapshotVolume: try planSnapshotVolume()
        case .snapshotCreate: try planSnapshotCreate()
        case .snapshotDelete: try planSnapshotDelete()
        case .repositoryMount, .repositoryUnmount, .repositoryRefresh: try planRepository()
        case .hostPrepareMaintenance, .hostCancelMaintenance, .hostEnterMaintenance,
            .hostActivate, .hostPing, .hostScan:
            try planHost()
        }
    }

    /// The name behind `kind/` in the call's subject.
    func subject(_ kind: String) throws(Fault) -> String {
        guard let name = subjectIfAny(kind) else {
            throw .badParameter.saying(
                "\(call.verb) needs a subject \(kind)/NAME, not \"\(call.subject)\""
            )
        }
        return name
    }

    func subjectIfAny(_ kind: String) -> String? {
        guard call.subject.hasPrefix(kind + "/"), call.subject.utf8.count > kind.utf8.count + 1
        else { return nil }
        return String(call.subject.dropFirst(kind.count + 1))
    }

    /// The VM that the call is about; nil when it is gone and there is nothing left to undo.
    func machine() throws(Fault) -> VM? {
        let name = try subject("vm")
        return inventory.vms[name]
    }

    /// The VM that the call is about, which no other task works on.
    func freeMachine() throws(Fault) -> VM {
        guard let vm = try machine() else { throw noSuch("VM", try subject("vm")) }
        try checkFree(vm)
        return vm
    }

    func checkFree(_ vm: VM) throws(Fault) {
        guard let hold = holds["vm/\(vm.name)"] else { return }
        if hold.verb.isSnapshot && verb.isSnapshot {
            throw .snapshotConflict.saying(
                "There are other active snapshot tasks on the VM \(vm.name): task \(hold.task) "
                    + "(\(hold.verb.rawValue)); please try again later"
            )
        }
        throw .concurrentOperation.saying(
            "VM \(vm.name) is \(vm.state.rawValue): task \(hold.task) "
                + "(\(hold.verb.rawValue)) works on it"
        )
    }

    func checkFree(_ key: String) throws(Fault) {
        guard let hold = holds[key] else { return }
        throw .concurrentOperation.saying(
            "\(key) is in use: task \(hold.task) (\(hold.verb.rawValue)) works on it"
        )
    }

    func wrongState(_ vm: VM) -> Fault {
        .concurrentOperation.saying(
            "VM \(vm.name) is \(vm.state.rawValue), which does not allow \(call.verb)"
        )
    }

    func noSuch(_ what: String, _ name: String) -> Fault {
        .notFound.saying("no such \(what) \(name)")
    }

    /// A whole number among the parameters; nil when it is left out.
    func number(_ key: String, in range: ClosedRange<Int>) throws(Fault) -> Int? {
        guard let text = call.parameters[key] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw .badParameter.saying(
                "\(call.verb): \(key) must be \(range.lowerBound)…\(range.upperBound), "
                    + "not \"\(text)\""
            )
        }
        return value
    }

    /// A parameter that must be there; a name of at most 255 bytes.
    func text(_ key: String) throws(Fault) -> String {
        guard let text = call.parameters[key], !text.isEmpty, text.utf8.count <= 255 else {
            throw .badParameter.saying("\(call.verb) needs the parameter \(key)")
        }
        return text
    }

    /// The hosts that the call does not want.
    var excluded: Set<String> {
        Set(
            (call.parameters["exclude"] ?? "").split(separator: ",").map {
                String($0.filter { $0 != " " })
            }
        )
    }
}

extension Verb {
    var isSnapshot: Bool {
        self == .snapshotVolume || self == .snapshotCreate || self == .snapshotDelete
    }
}
