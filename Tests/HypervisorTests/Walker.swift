import Hypervisor

/// SplitMix64: chance that a seed decides.
struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[below(choices.count)] }
}

/// Calls, interrupts and faults at random, all from one seed.
struct Walker {
    enum Step {
        case begin(TaskCall), interrupt(String, Int64), clear(String), add(FaultRule), remove(
            String
        )
        case look
    }

    private var dice: Dice
    private var count = 0
    var now: Int64 = 1_000

    init(seed: UInt64) { dice = Dice(state: seed) }

    mutating func next(_ inventory: Inventory) -> Step {
        now += Int64(dice.below(9_000))
        switch dice.below(20) {
        case 0: return .interrupt("t\(dice.below(count + 1))", Int64(count / 50))
        case 1: return .clear("t\(dice.below(count + 1))")
        case 2: return .add(rule(inventory))
        case 3: return .remove("r\(dice.below(6))")
        case 4: return .look
        default: return .begin(call(inventory))
        }
    }

    private mutating func rule(_ inventory: Inventory) -> FaultRule {
        let host = dice.one(of: inventory.hosts.names)
        let action = dice.one(of: [
            FaultAction.fail(.storageIO), .failMidway(.startFailed, atPercent: 60),
            .slow(factor: 2), .hang(atPercent: 20), .dropAnswer, .refuseStale,
            .hostUnreachable, .loseTask(atPercent: 50),
        ])
        var rule = FaultRule(id: "r\(dice.below(6))", action: action)
        if action == .hostUnreachable || dice.below(2) == 0 { rule.scope = .host(host) }
        rule.probability = 0.5
        rule.count = dice.below(3) == 0 ? 4 : nil
        rule.seed = dice.next()
        rule.until = now + Int64(dice.below(400_000))
        return rule
    }

    private mutating func call(_ inventory: Inventory) -> TaskCall {
        count += 1
        let verb = dice.one(of: Verb.allCases)
        let vms = inventory.vms.names + ["new-\(dice.below(4))"]
        let vm = dice.one(of: vms)
        let disk = dice.one(of: inventory.disks.names + ["disk-\(dice.below(4))"])
        let host = dice.one(of: inventory.hosts.names)
        var call = TaskCall(id: "t\(count)", verb: verb.rawValue, subject: "vm/\(vm)")
        call.fence = Int64(count / 50)
        switch verb {
        case .diskCreate, .diskDelete, .snapshotVolume: call.subject = "disk/\(disk)"
        case .repositoryMount, .repositoryUnmount, .repositoryRefresh:
            call.subject = "repository/repo-nfs-1"
            call.host = host
        case .hostActivate, .hostCancelMaintenance, .hostEnterMaintenance, .hostPing,
            .hostPrepareMaintenance, .hostScan:
            call.subject = "host/\(host)"
        default: break
        }
        call.parameters = [
            "snapshot": "s\(dice.below(2))", "name": "new-\(dice.below(4))",
            "memory": "\(1_024 * (1 + dice.below(16)))", "size": "\(1 + dice.below(40))",
        ]
        if dice.below(2) == 0 { call.parameters["nic"] = "nic\(dice.below(3))" }
        if [.vmAttach, .vmDetach].contains(verb), dice.below(2) == 0 {
            call.parameters["disk"] = disk
        }
        if verb == .diskCreate, dice.below(2) == 0 { call.parameters["vm"] = vm }
        if dice.below(4) == 0 { call.parameters["exclude"] = host }
        return call
    }
}

extension SimulatedHypervisor {
    /// Takes one step of a walk.
    func take(_ step: Walker.Step, at now: Int64) -> Reply? {
        switch step {
        case .begin(let call): return begin(call, at: now)
        case .interrupt(let id, let fence): return interrupt(id, fence: fence, at: now)
        case .clear(let id): clear(id, at: now)
        case .add(let rule): return add(rule, at: now)
        case .remove(let id): return removeRule(id, at: now)
        case .look: _ = news(at: now)
        }
        return nil
    }
}
