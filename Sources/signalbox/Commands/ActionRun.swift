import Engine
import Foundation
import Model
import Store

/// Carries an operator's action on jobs out: writes it down, and says what became of it.
struct ActionRun {
    private let global: GlobalOptions
    private let reason: String
    private let desk: RequestDesk
    private let jobs: [Job]

    /// Carries an action out on the jobs that are named, or on all that a filter selects.
    static func carryOut(
        _ action: OperatorAction,
        _ global: GlobalOptions,
        _ options: ActionOptions
    ) throws {
        if options.filter != nil || (options.isDryRun && !options.jobs.isEmpty) {
            return try BulkRun(action, global, options).run()
        }
        guard !options.jobs.isEmpty else {
            throw Complaint(.usage, "say which jobs: their numbers, or --filter 'state:queued'")
        }
        let run = try ActionRun(global, options)
        if action == .stop(.abandon) && !options.isConfirmed { try run.confirm() }
        try run.run(action)
    }

    /// Looks the jobs up.
    ///
    /// - Throws: a complaint if one of them is not there; nothing was done then.
    init(_ global: GlobalOptions, _ options: ActionOptions) throws {
        self.global = global
        reason = options.reason
        let site = try global.site()
        // A store is not made only to find out that there is no such job.
        _ = try site.openStoreForReading()
        let store = try site.openStore()
        desk = RequestDesk(site: site, store: store)
        jobs = try store.read { reader in
            let ids = try options.jobs.map { try reader.job(named: $0) }
            let known = try reader.jobs(ids).map { ($0.job.id, $0.job) }
            let byID = Dictionary(known) { first, _ in first }
            return ids.compactMap { byID[$0] }
        }
    }

    /// Has the person type each job's number, on a terminal.
    func confirm() throws {
        guard isatty(0) == 1 else {
            throw Complaint(.refused, "abandoning needs --yes where nobody can be asked")
        }
        for job in jobs {
            StandardError.put("Abandon \(job.id) (\(job.kind))? What runs at the backend goes on ")
            StandardError.put("unseen. Type \(job.id.number) to confirm: ")
            let answer = readLine()?.trimmingCharacters(in: .whitespaces) ?? ""
            guard answer == "\(job.id.number)" || answer == job.id.description else {
                throw Complaint(.refused, "not confirmed; nothing was done")
            }
        }
    }

    /// Writes the action down for every job and waits for the engine's answers.
    func run(_ action: OperatorAction) throws {
        let requests = jobs.map {
            OperatorRequest(action, job: $0.id, by: desk.site.user, reason: reason)
        }
        if try desk.isEngineAlive() {
            let numbers = try desk.write(requests)
            try report(try desk.outcomes(of: numbers), action)
        } else {
            let standing = try desk.site.gate(desk.store).standing()
            for job in jobs {
                let right = action.right(on: .job(job.id))
                if standing.refusal(right, account: job.account) != nil { continue }
                try refuseHopeless(action, job)
            }
            let written = try desk.write(requests)
            for (job, request) in zip(jobs, written) {
                if case .failure(let refusal) = request {
                    throw Complaint(.refused, refusal.text)
                }
                StandardError.say(
                    "\(action.word) of \(job.id) is recorded; no engine is alive on this store, "
                        + "it takes effect when one comes"
                )
            }
        }
    }

    /// What no engine would ever do is refused at once.
    private func refuseHopeless(_ action: OperatorAction, _ job: Job) throws {
        switch action {
        case .stop where job.state.isTerminal:
            throw Complaint(.refused, "\(job.id) has ended already (\(job.state.word))")
        case .retry where !job.state.isTerminal, .retryFrom where !job.state.isTerminal:
            throw Complaint(.refused, "\(job.id) has not ended (\(job.state.word)); stop it first")
        default: break
        }
    }

    private func report(_ outcomes: [RequestOutcome?], _ action: OperatorAction) throws {
        var statuses: [ExitStatus] = []
        var objects: [JSONValue] = []
        for (job, outcome) in zip(jobs, outcomes) {
            let (status, said, made) = Self.meaning(of: outcome, action, job.id)
            // Accepted is not done: what happens now is said too.
            let why = status == .done && made == nil ? try standing(of: job.id) : nil
            let text = said + (why.map { "; " + $0 } ?? "")
            statuses.append(status)
            if global.isJSON {
                objects.append(
                    .object(of: [
                        "job": JSONValue(job.id), "action": JSONValue(action.word),
                        "accepted": .bool(status == .done), "made": JSONValue(made),
                        "text": JSONValue(text),
                    ])
                )
            } else if let made {
                StandardOutput.line("\(made.number)")
            } else if status == .done {
                StandardOutput.line(try global.paper().safe(text))
            } else {
                StandardError.say(text)
            }
        }
        if global.isJSON { StandardOutput.line(JSONText.list(objects)) }
        let status = ExitStatus.worst(statuses)
        if status != .done { throw Ending(status) }
    }

    /// What a job does now, in one line.
    private func standing(of id: JobID) throws -> String? {
        let job = try desk.store.read { try $0.jobs([id]) }.first?.job
        return job.map { JobWhy.line($0, engineAlive: true, now: WallClock().now()) }
    }

    private static func meaning(
        of outcome: RequestOutcome?,
        _ action: OperatorAction,
        _ job: JobID
    ) -> (ExitStatus, String, JobID?) {
        switch outcome {
        case .accepted(let id), .existing(let id), .joined(let id):
            (.done, "\(action.word) of \(job) is accepted", id == job ? nil : id)
        case .done(let what): (.done, what, nil)
        case .refused(let why): (.refused, why, nil)
        case .notFound(let what): (.notFound, what, nil)
        case nil:
            (.timeout, "\(action.word) of \(job) is recorded; the engine did not answer yet", nil)
        }
    }
}
