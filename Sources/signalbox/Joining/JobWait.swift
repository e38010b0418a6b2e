import Model
import Store

/// Waits for jobs to end.
struct JobWait {
    let site: Site
    let store: SQLiteStore
    /// The longest wait in milliseconds; nil for none.
    let limit: Int64?

    /// How long there may be no engine before that is a reason to give up.
    private static let grace: Int64 = 3000

    /// Reads a limit from the command line.
    static func limit(_ text: String?) throws(Complaint) -> Int64? {
        guard let text else { return nil }
        guard let limit = Span.milliseconds(text) else {
            throw Complaint(.usage, "--timeout is a span such as 90s or 5m, not “\(text)”")
        }
        return limit
    }

    /// The jobs as they ended, in the order asked for.
    ///
    /// - Throws: a complaint if time runs out, or no engine is alive and no limit was given.
    func wait(for ids: [JobID]) throws -> [Job] {
        let ear = try StoreEar(site.storePath)
        var lonelySince: ContinuousClock.Instant?
        var open = ids
        let ended = try ear.await(milliseconds: limit) { () throws -> [Job]? in
            let (jobs, isAlive) = try look(ids)
            open = jobs.filter { !$0.state.isTerminal }.map(\.id)
            if open.isEmpty { return jobs }
            lonelySince = isAlive ? nil : lonelySince ?? .now
            if let lonelySince, limit == nil,
                ContinuousClock.now - lonelySince > .milliseconds(Self.grace)
            {
                throw Complaint(.noEngine, "no engine is alive on this store; \(list(open)) waits")
            }
            return nil
        }
        guard let ended else {
            throw Complaint(.timeout, "time ran out; \(list(open)) has not ended")
        }
        return ended
    }

    private func list(_ ids: [JobID]) -> String {
        let shown = ids.prefix(3).map(\.description).joined(separator: ", ")
        return ids.count > 3 ? "\(shown) and \(ids.count - 3) more" : shown
    }

    private func look(_ ids: [JobID]) throws -> ([Job], Bool) {
        try store.read { reader in
            let known = try reader.jobs(ids).map { ($0.job.id, $0.job) }
            let byID = Dictionary(known) { first, _ in first }
            return (ids.compactMap { byID[$0] }, try reader.engine()?.isAlive ?? false)
        }
    }

    /// Ends the program as the jobs ended, after saying why those that ended badly did.
    func end(with jobs: [Job], isQuiet: Bool = false) throws {
        let now = WallClock(on: store).now()
        for job in jobs where !isQuiet && ExitStatus(of: job.state) != .done {
            StandardError.say(JobWhy.line(job, engineAlive: true, now: now))
        }
        let status = ExitStatus.worst(jobs.map { ExitStatus(of: $0.state) })
        if status != .done { throw Ending(status) }
    }
}
