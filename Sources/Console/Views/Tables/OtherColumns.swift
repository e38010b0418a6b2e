import Model

/// The columns of the list of VMs.
enum VMColumns {
    static let all: [TableColumn<VMLine>] = [
        TableColumn(title: "VM", least: 12, most: 28, priority: 0) { vm, _ in TableCell(vm.name) },
        TableColumn(title: "STATE", least: 12, most: 14, priority: 1) { vm, context in
            let look = look(vm.state)
            return TableCell(context.text(look.glyph) + " " + vm.state, look.role)
        },
        TableColumn(title: "HOST", least: 9, most: 16, priority: 2) { vm, _ in
            TableCell(vm.host.isEmpty ? "–" : vm.host)
        },
        TableColumn(title: "CPU", least: 3, most: 4, priority: 4, isRight: true) { vm, _ in
            TableCell("\(vm.cpus)")
        },
        TableColumn(title: "MEMORY", least: 8, most: 8, priority: 5, isRight: true) { vm, _ in
            TableCell(Quantity.memory(vm.memory))
        },
        TableColumn(title: "DISKS", least: 5, most: 5, priority: 8, isRight: true) { vm, _ in
            TableCell("\(vm.disks)", .muted)
        },
        TableColumn(title: "CLUSTER", least: 8, most: 14, priority: 7) { vm, _ in
            TableCell(vm.cluster, .muted)
        },
        TableColumn(title: "ACCOUNT", least: 8, most: 14, priority: 6) { vm, _ in
            TableCell(vm.account, .muted)
        },
        TableColumn(title: "JOB AT WORK", least: 11, most: .max, comfortable: 14, priority: 3) {
            vm,
            _ in
            TableCell(vm.job?.description ?? "", .running)
        },
    ]

    private static func look(_ state: String) -> (glyph: Glyph, role: Role) {
        switch state {
        case "running": (Glyphs.state(.running), .success)
        case "stopped": (Glyphs.state(.pending), .muted)
        case "error": (Glyphs.state(.failed), .problem)
        default: (Glyphs.state(.cancelling), .caution)
        }
    }
}

/// The columns of the list of hosts.
enum HostColumns {
    static let all: [TableColumn<HostLine>] = [
        TableColumn(title: "HOST", least: 10, most: 20, priority: 0) { host, _ in
            TableCell(host.name)
        },
        TableColumn(title: "STATE", least: 14, most: 26, priority: 1) { host, context in
            let look = look(host.state)
            return TableCell(context.text(look.glyph) + " " + host.state, look.role)
        },
        TableColumn(title: "SLOTS", least: 7, most: 7, priority: 2, isRight: true) { host, _ in
            TableCell(host.lane.map { "\($0.used)/\($0.slots)" } ?? "–")
        },
        TableColumn(title: "QUEUE", least: 5, most: 6, priority: 3, isRight: true) { host, _ in
            let queued = host.lane?.queued ?? 0
            return TableCell(Quantity.short(queued), queued > 0 ? .queued : .muted)
        },
        TableColumn(title: "VMS", least: 4, most: 5, priority: 5, isRight: true) { host, _ in
            TableCell("\(host.vms)")
        },
        TableColumn(title: "CPU", least: 4, most: 5, priority: 8, isRight: true) { host, _ in
            TableCell("\(host.cpus)", .muted)
        },
        TableColumn(title: "MEMORY", least: 8, most: 14, priority: 6) { host, _ in
            let used =
                host.memory > 0 ? min(max(host.usedMemory, 0), host.memory) * 100 / host.memory : 0
            return TableCell("\(used)%", .text, bar: used)
        },
        TableColumn(title: "CLUSTER", least: 8, most: 14, priority: 7) { host, _ in
            TableCell(host.cluster, .muted)
        },
        TableColumn(title: "LANE", least: 12, most: .max, comfortable: 26, priority: 4) {
            host,
            context in
            lane(host.lane, at: context.now)
        },
    ]

    private static func look(_ state: String) -> (glyph: Glyph, role: Role) {
        switch state {
        case "up": (Glyphs.state(.running), .success)
        case "unreachable": (Glyphs.state(.lost), .problem)
        case "maintenance": (Glyphs.state(.aborted), .caution)
        default: (Glyphs.state(.cancelling), .caution)
        }
    }

    private static func lane(_ lane: LaneLine?, at now: Timestamp) -> TableCell {
        guard let lane else { return TableCell("not used yet", .muted) }
        if let pause = lane.pause, pause.counts(at: now) {
            return TableCell("paused " + pause.text, .caution)
        }
        if let until = lane.closedUntil, until > now {
            let reason = lane.reason.isEmpty ? "" : ": " + lane.reason
            return TableCell("closed for \(Span.short(until - now))" + reason, .problem)
        }
        if lane.used >= lane.slots, lane.queued > 0 { return TableCell("full", .caution) }
        return TableCell("open", .muted)
    }
}

/// The columns of the list of locks.
enum LockColumns {
    static let all: [TableColumn<LockLine>] = [
        TableColumn(title: "RESOURCE", least: 16, most: 32, priority: 0) { lock, _ in
            TableCell(lock.ticket.resource)
        },
        TableColumn(title: "LOCK", least: 9, most: 9, priority: 1) { lock, context in
            lock.ticket.isGranted
                ? TableCell(context.text(Glyphs.state(.running)) + " held", .success)
                : TableCell(context.text(Glyphs.state(.pending)) + " waits", .caution)
        },
        TableColumn(title: "MODE", least: 9, most: 9, priority: 4) { lock, _ in
            TableCell(lock.ticket.mode.rawValue, .muted)
        },
        TableColumn(title: "JOB", least: 10, most: 12, priority: 2) { lock, _ in
            TableCell(lock.ticket.job.description)
        },
        TableColumn(title: "KIND", least: 10, most: 20, priority: 6) { lock, _ in
            TableCell(lock.kind)
        },
        TableColumn(title: "SINCE", least: 6, most: 6, priority: 5, isRight: true) {
            lock,
            context in
            TableCell(Span.short(context.now - lock.ticket.since), .muted)
        },
        TableColumn(title: "BEHIND", least: 10, most: .max, comfortable: 20, priority: 3) {
            lock,
            _ in
            TableCell(lock.behind.map(\.description).joined(separator: ", "), .muted)
        },
    ]
}
