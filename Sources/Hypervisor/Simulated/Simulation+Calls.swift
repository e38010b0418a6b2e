extension Simulation {
    mutating func begin(_ call: TaskCall, at now: Int64) -> Reply {
        advance(to: now)
        if let known = tasks[call.id] { return beginAgain(call, known) }
        guard !fences.isStale(call.fence, for: call.subject) else { return .refused(stale(call)) }
        // A fence counts as seen whatever comes of the call: an older owner's may still be coming.
        raiseFence(of: call)
        guard tasks.count < capacity else {
            return .refused(
                .tooManyTasks.saying(
                    "The hypervisor keeps \(tasks.count) tasks and no more: clear those that ended"
                )
            )
        }
        let work: Work
        do {
            work = try plan(call)
        } catch {
            return .refused(error)
        }
        let site = site(vm: work.vm, host: work.host)
        if let rule = rules.unreachable(site, verb: call.verb, at: clock) {
            rules.spend(rule)
            if rule.count != nil { rulesChanged() }
            return .refused(.unreachable(site.host ?? "", call.verb))
        }
        let rule = rules.striking(call, site, at: clock)
        if let rule { rules.spend(rule) }
        if rule?.action == .refuseStale { return .refused(stale(call)) }
        launch(call, work, rule?.action)
        return rule?.action == .dropAnswer ? .noAnswer : .accepted
    }

    private mutating func beginAgain(_ call: TaskCall, _ known: TaskRecord) -> Reply {
        guard known.call.asksTheSame(as: call) else {
            return .refused(
                .taskExists.saying(
                    "Task \(call.id) is \(known.call.verb) of \(known.call.subject), "
                        + "not \(call.verb) of \(call.subject)"
                )
            )
        }
        guard !fences.isStale(call.fence, for: call.subject) else { return .refused(stale(call)) }
        raiseFence(of: call)
        return isMuted(known) ? .noAnswer : .accepted
    }

    private mutating func raiseFence(of call: TaskCall) {
        fences.raise(call.subject, to: call.fence)
        fences.sweep { [inventory] in !inventory.hasSubject($0) }
    }

    private func stale(_ call: TaskCall) -> Fault {
        .staleFence.saying(
            "\(call.verb) of \(call.subject) carries fence \(call.fence), and a newer owner "
                + "has been here"
        )
    }

    private func plan(_ call: TaskCall) throws(Fault) -> Work {
        guard let verb = Verb(rawValue: call.verb) else {
            throw .notFound.saying("no such verb \(call.verb)")
        }
        let planner = Planner(
            inventory: inventory,
            holds: holds,
            call: call,
            verb: verb,
            seed: seed
        )
        var work = try planner.plan()
        if work.host == nil { work.host = call.host.flatMap { inventory.hosts[$0]?.name } }
        return work
    }

    private mutating func launch(_ call: TaskCall, _ work: Work, _ action: FaultAction?) {
        let entry = VerbCatalogue[work.verb]
        let drawn = Chance.duration(
            median: entry.median,
            p95: entry.p95,
            seed: seed,
            id: call.id,
            verb: call.verb
        )
        // Finding that there is nothing to do takes a moment too, but a short one.
        let isNothing = work.isInert && work.failure == nil
        var record = TaskRecord(
            call: call,
            ordinal: nextOrdinal,
            begunAt: clock,
            duration: isNothing ? min(20, drawn) : drawn,
            work: work,
            ending: .done,
            limit: 100
        )
        if let fault = work.failure {
            record.ending = .failed(fault)
            record.limit = work.failsAt
        }
        if let percent = work.stallsAt {
            record.ending = .hangs
            record.limit = percent
        }
        if let action { record.suffer(action) }
        nextOrdinal += 1
        tasks[call.id] = record
        take(record)
    }

    /// Starts a record's work and puts it into the agenda; for a saved record the latter only.
    private mutating func take(_ record: TaskRecord) {
        if !record.work.isInert {
            inventory.start(record.work)
            revision += 1
        }
        track(record)
    }

    /// Makes the unsaved state that a running task needs.
    mutating func track(_ record: TaskRecord) {
        for hold in record.work.holds {
            holds[hold] = Hold(task: record.call.id, verb: record.work.verb)
        }
        schedule(record, after: clock)
        if let at = record.vanishesAt {
            losses.add(Appointment(at: at, ordinal: record.ordinal, task: record.call.id))
        }
    }

    mutating func interrupt(_ id: String, fence: Int64, at now: Int64) -> Reply {
        advance(to: now)
        guard let record = tasks[id] else {
            return .refused(.unknownTask.saying("no such task \(id)"))
        }
        if isMuted(record) { return .noAnswer }
        guard !fences.isStale(fence, for: record.call.subject) else {
            return .refused(
                .staleFence.saying(
                    "The interrupt of task \(id) carries fence \(fence), and a newer owner "
                        + "has been here"
                )
            )
        }
        guard record.endedAt == nil else { return .accepted }
        guard VerbCatalogue[record.work.verb].isInterruptible else {
            return .refused(
                .notInterruptible.saying(
                    "Task \(id) (\(record.call.verb)) cannot be interrupted"
                )
            )
        }
        fences.raise(record.call.subject, to: fence)
        end(record, .interrupted)
        return .accepted
    }

    mutating func clear(_ id: String, at now: Int64) {
        advance(to: now)
        guard tasks[id]?.endedAt != nil else { return }
        tasks[id] = nil
        unread.remove(id)
    }

    mutating func add(_ rule: FaultRule, at now: Int64) -> Reply {
        advance(to: now)
        guard rules.add(rule) else {
            return .refused(
                .badParameter.saying("There are \(RuleBook.most) fault rules already")
            )
        }
        rulesChanged()
        return .accepted
    }

    mutating func removeRule(_ id: String, at now: Int64) -> Reply {
        advance(to: now)
        guard rules.remove(id) else {
            return .refused(.notFound.saying("no such fault rule \(id)"))
        }
        rulesChanged()
        return .accepted
    }

    mutating func rulesChanged() {
        refreshReach()
        nextEdge = rules.nextEdge(after: clock)
    }
}

extension TaskRecord {
    /// Lets a fault rule have its way with a task that begins.
    mutating func suffer(_ action: FaultAction) {
        switch action {
        case .fail(let fault):
            ending = .failed(fault)
            limit = 0
        case .failMidway(let fault, let percent):
            ending = .failed(fault)
            limit = percent
        case .slow(let factor):
            let slowed = Double(duration) * (factor.isFinite ? max(factor, 0) : 1)
            duration = Int64(min(max(slowed, 1), Double(FaultAction.longestDelay)))
        case .delay(let more):
            duration += min(max(more, 0), FaultAction.longestDelay)
        case .hang(let percent):
            ending = .hangs
            limit = percent
        case .loseTask(let percent):
            ending = .vanishes
            limit = percent
        case .dropAnswer, .refuseStale, .hostUnreachable: break
        }
        limit = min(max(limit, 0), 100)
    }
}

extension Inventory {
    /// Whether the subject of a call, such as `vm/web-1`, exists.
    func hasSubject(_ subject: String) -> Bool {
        let parts = subject.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return false }
        return switch parts[0] {
        case "vm": vms.contains(parts[1])
        case "disk": disks.contains(parts[1])
        case "host": hosts.contains(parts[1])
        case "repository": repositories.contains(parts[1])
        default: false
        }
    }
}
