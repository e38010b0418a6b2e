extension Simulation {
    mutating func probe(_ id: String, at now: Int64) -> TaskReport {
        advance(to: now)
        guard let record = tasks[id] else {
            return TaskReport(
                id: id,
                status: .unknown,
                message: "The hypervisor knows no task \(id)",
                at: clock
            )
        }
        guard !isMuted(record) else {
            let host = record.work.host ?? ""
            var report = TaskReport(
                id: id,
                status: .unreachable,
                message: "Host \(host) does not answer",
                at: clock
            )
            report.host = record.work.host
            return report
        }
        return report(record)
    }

    private func report(_ record: TaskRecord) -> TaskReport {
        var report = TaskReport(
            id: record.call.id,
            status: record.status,
            progress: record.progress(at: clock),
            message: record.message(at: clock),
            at: record.endedAt ?? clock
        )
        if record.status == .done { report.result = record.work.result }
        report.host = record.work.host
        return report
    }

    mutating func news(at now: Int64) -> [TaskReport] {
        advance(to: now)
        var told: [(ordinal: Int, report: TaskReport)] = []
        for id in unread {
            guard let record = tasks[id], !isMuted(record) else { continue }
            told.append((record.ordinal, report(record)))
        }
        for one in told { unread.remove(one.report.id) }
        return told.sorted { ($0.report.at, $0.ordinal) < ($1.report.at, $1.ordinal) }
            .map(\.report)
    }

    mutating func nextNews(after now: Int64) -> Int64? {
        let after = clamped(now)
        guard rules.cutsHosts(at: clock) else {
            if !unread.isEmpty { return after }
            dropStale()
            return shows.first.map { max($0.at, after) }
        }
        var next = nextEdge
        if unread.contains(where: { id in tasks[id].map { !isMuted($0) } ?? false }) {
            return after
        }
        for entry in shows.entries where entry.at < next ?? .max {
            guard let record = tasks[entry.task], record.ordinal == entry.ordinal,
                record.endedAt == nil, !isMuted(record)
            else { continue }
            next = entry.at
        }
        return next.map { max($0, after) }
    }

    private mutating func dropStale() {
        while let first = shows.first {
            if let record = tasks[first.task], record.ordinal == first.ordinal,
                record.endedAt == nil
            {
                return
            }
            _ = shows.removeFirst()
        }
    }
}

extension TaskRecord {
    /// One line about the task for people.
    func message(at now: Int64) -> String {
        switch status {
        case .failed(let fault): return fault.text
        case .interrupted: return "Interrupted at \(lastProgress) %"
        case .done where work.isInert: return "There was nothing to do"
        case .done: return said(work.verb.phrase.done)
        default: break
        }
        if work.verb == .migrateCopy && !work.isInert { return rounds(at: now) }
        return said(work.verb.phrase.doing)
    }

    private func said(_ phrase: String) -> String {
        let name = call.subject.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
        let isHost = call.subject.hasPrefix("host/")
        let place = isHost ? "" : work.host.map { " on \($0)" } ?? ""
        return "\(phrase) \(name)\(place)"
    }

    /// Memory is copied in rounds, each of what the guest changed during the one before.
    private func rounds(at now: Int64) -> String {
        let progress = progress(at: now)
        let memory = work.number("memory")
        let rounds = [(1, 0, 70, memory), (2, 70, 90, memory / 8), (3, 90, 100, memory / 64)]
        for (round, from, to, size) in rounds where progress < to {
            let copied = size * (progress - from) / (to - from)
            return "Copy round \(round): \(copied) MB of \(max(size, 1)) MB"
        }
        return "Copied \(memory) MB"
    }
}

extension Verb {
    /// How a task of this verb is told, before the subject's name: while it runs, and when done.
    var phrase: (doing: String, done: String) {
        switch self {
        case .vmDefine: ("Defining", "Defined")
        case .vmUndefine: ("Removing", "Removed")
        case .vmReserve: ("Reserving room for", "Reserved room for")
        case .vmRelease: ("Releasing the room of", "Released the room of")
        case .vmBoot: ("Starting", "Started")
        case .vmShutdown: ("Shutting down", "Shut down")
        case .vmPoweroff: ("Powering off", "Powered off")
        case .vmReset: ("Resetting", "Reset")
        case .vmRename: ("Renaming", "Renamed")
        case .vmResize: ("Resizing", "Resized")
        case .nicCreate: ("Adding a card to", "Added a card to")
        case .nicRemove: ("Removing a card from", "Removed a card from")
        case .diskCreate: ("Creating a disk for", "Created a disk for")
        case .diskDelete: ("Deleting", "Deleted")
        case .vmAttach: ("Plugging into", "Plugged into")
        case .vmDetach: ("Unplugging from", "Unplugged from")
        case .migratePrepare: ("Preparing to migrate", "Prepared to migrate")
        case .migrateCopy: ("Copying", "Copied")
        case .migrateSwitch: ("Switching over", "Switched over")
        case .migrateCancel: ("Cancelling the migration of", "Cancelled the migration of")
        case .snapshotVolume: ("Laying a layer over", "Laid a layer over")
        case .snapshotCreate: ("Creating a snapshot of", "Created a snapshot of")
        case .snapshotDelete: ("Merging a snapshot of", "Merged a snapshot of")
        case .repositoryMount: ("Mounting", "Mounted")
        case .repositoryUnmount: ("Unmounting", "Unmounted")
        case .hostPrepareMaintenance: ("Preparing maintenance of", "Prepared maintenance of")
        case .hostCancelMaintenance: ("Cancelling maintenance of", "Cancelled maintenance of")
        case .hostEnterMaintenance: ("Entering maintenance of", "Entered maintenance of")
        case .hostActivate: ("Activating", "Activated")
        case .hostPing: ("Asking", "Asked")
        case .hostScan: ("Scanning", "Scanned")
        case .repositoryRefresh: ("Refreshing", "Refreshed")
        }
    }
}
