package import Model

/// Who waits for whom.
extension StoreReader {
    /// The chain from a job to the root of the matter: through locks to who holds them, through
    /// prerequisites, and through children that stand still; bounded.
    ///
    /// A job that failed because an operation of another one is still at work leads there, and
    /// one that has ended leads to a child that left an operation behind.
    package func waitChain(of id: JobID) throws -> [ChainLink] {
        var chain: [ChainLink] = []
        var seen = Set<JobID>()
        var next: JobID? = id
        while let id = next, seen.insert(id).inserted, chain.count < StoreLimits.chain {
            guard var job = try jobs([id]).first?.job else { break }
            // That its lane is paused stands with the lane.
            if job.state == .queued, let shown = try detail(id, logLimit: 0)?.job { job = shown }
            let (text, following) = try obstacle(of: job)
            chain.append(ChainLink(job: job, waitsFor: text))
            next = following
        }
        return chain
    }

    private func obstacle(of job: Job) throws -> (String, JobID?) {
        if job.state.isTerminal { return try leftBehind(by: job) }
        switch job.waiting?.reason {
        case .lock:
            if let (ticket, holder) = try blocked(job.id) {
                let how = holder.isGranted ? "held" : "asked for before"
                return (
                    "lock \(ticket.resource) (\(ticket.mode.rawValue)), \(how) by \(holder.job)",
                    holder.job
                )
            }
        case .dependency:
            if let first = try openPrerequisites(of: job.id, limit: 1).first {
                return ("\(first.id) to complete", first.id)
            }
        default: break
        }
        if job.childCount > 0, let child = try slowestChild(of: job) {
            return ("its child \(child.id)", child.id)
        }
        let text = job.waiting.map { "\($0.text)" } ?? ""
        return (text, nil)
    }

    /// The first ticket of a job that is not held, and the ticket that stands before it.
    private func blocked(_ id: JobID) throws -> (Ticket, Ticket)? {
        for ticket in try tickets(of: [id]) where !ticket.isGranted {
            let key = TicketKey(resource: ticket.resource, scope: ticket.scope)
            let ahead = try tickets(for: [key]).filter { $0.number < ticket.number }
            let inTheWay = ahead.filter { !$0.mode.isCompatible(with: ticket.mode) }
            let holder = inTheWay.first(where: \.isGranted) ?? inTheWay.first ?? ahead.first
            if let holder { return (ticket, holder) }
        }
        return nil
    }

    /// The child for which a person or the backend is needed most.
    private func slowestChild(of job: Job) throws -> Job? {
        let ids = try unfinishedChildren(of: job.id)
        return try jobs(Array(ids.prefix(StoreLimits.detailRows))).map(\.job).min {
            ($0.standstill, $0.id) < ($1.standstill, $1.id)
        }
    }

    private func leftBehind(by job: Job) throws -> (String, JobID?) {
        if job.childCount > 0, let tree = try detail(job.id, logLimit: 0)?.tree,
            let place = tree.firstIndex(where: { $0.job.id == job.id })
        {
            let below = tree[(place + 1)...].prefix { $0.depth > tree[place].depth }
            let open = below.first {
                $0.job.state.isTerminal
                    && ($0.job.backend == .unknown || $0.job.backend == .running)
            }
            if let open { return ("what \(open.job.id) below it left behind", open.job.id) }
        }
        guard job.state == .failed, let name = Self.operation(in: job.message, notOf: job.id),
            let number = name.split(separator: "/").first.flatMap({ Int64($0) })
        else { return ("", nil) }
        return ("operation \(name), which was at work there", JobID(number))
    }

    /// The name of an operation of another job in a text: `5948/2/1`.
    private static func operation(in text: String, notOf id: JobID) -> Substring? {
        text.split { !$0.isASCII || !($0.isNumber || $0 == "/" || $0 == "u") }.first { word in
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, let number = Int64(parts[0]), Int(parts[1]) != nil else {
                return false
            }
            return number != id.number
        }
    }
}

extension Job {
    /// How little it moves by itself: the lower, the more it needs somebody.
    fileprivate var standstill: Int {
        switch state {
        case .needsOperator: 0
        case .lost: 1
        case .cancelling, .rollingBack: 2
        case .childQueued, .childRunning: 3
        case .pending where waiting?.reason == .lock: 4
        case .running, .finishing: 5
        default: 6
        }
    }
}
