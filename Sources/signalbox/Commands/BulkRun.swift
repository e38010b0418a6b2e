import Foundation
import Model
import Store

/// Carries an action out on all jobs that a filter selects: shown before, asked for in parts, and
/// carried on with by asking again.
struct BulkRun {
    /// How many requests become one transaction.
    private static let part = 100
    /// How many jobs are looked at together.
    private static let window = 500

    let global: GlobalOptions
    let options: ActionOptions
    let action: OperatorAction
    let desk: RequestDesk

    init(_ action: OperatorAction, _ global: GlobalOptions, _ options: ActionOptions) throws {
        guard options.jobs.isEmpty || options.filter == nil else {
            throw Complaint(.usage, "name jobs or give a --filter, not both")
        }
        guard (1...10_000).contains(options.most) else {
            throw Complaint(.usage, "--at-most is a number from 1 to 10000")
        }
        if options.filter?.allSatisfy(\.isWhitespace) == true {
            throw Complaint(.usage, "an empty --filter would select all jobs; say which")
        }
        if case .settle(let decision) = action, decision != .ask {
            throw Complaint(
                .usage,
                "\(decision.rawValue) is decided for one job at a time: name it"
            )
        }
        self.action = action
        self.global = global
        self.options = options
        let site = try global.site()
        _ = try site.openStoreForReading()
        desk = RequestDesk(site: site, store: try site.openStore())
    }

    func run() throws {
        let choice = try choose()
        if options.isDryRun { return try BulkPrinter(self, choice).preview() }
        guard !choice.jobs.isEmpty else {
            return try BulkPrinter(self, choice).report(BulkResult())
        }
        guard try desk.isEngineAlive() else {
            throw Complaint(
                .noEngine,
                "no engine is alive on this store, and one is needed to answer for so many jobs"
            )
        }
        if !options.isConfirmed {
            guard isatty(0) == 1 else {
                throw Complaint(
                    .refused,
                    "\(action.word) of \(JobCount.text(choice.jobs.count)) needs --yes where "
                        + "nobody can be asked; --dry-run shows them"
                )
            }
            try BulkPrinter(self, choice).preview(onError: true)
            try confirm(choice)
        }
        try BulkPrinter(self, choice).report(try carryOut(choice))
    }

    // MARK: Choosing

    private func choose() throws -> BulkChoice {
        var choice = BulkChoice(action, most: options.most)
        guard let text = options.filter else {
            let jobs = try desk.store.read { reader in
                let ids = try options.jobs.map { try reader.job(named: $0) }
                return try reader.jobs(ids).map(\.job)
            }
            try take(jobs.sorted { $0.id < $1.id }, into: &choice)
            return choice
        }
        var query = JobQuery(filter: try FilterParser.parse(text), limit: Self.window)
        query.includesArchive = false
        let now = WallClock(on: desk.store).now()
        var last = JobID(0)
        // What is left beyond the bound is counted only so far.
        while choice.beyond < Self.counted {
            let jobs = try desk.store.read { try $0.jobs(query, after: last, at: now) }
            guard let end = jobs.last else { break }
            try take(jobs, into: &choice)
            last = end.id
        }
        return choice
    }

    /// How many jobs beyond the bound are counted.
    static let counted = 10_000

    private func take(_ jobs: [Job], into choice: inout BulkChoice) throws {
        let retries =
            action.word.hasPrefix("retry")
            ? try desk.store.read { try $0.retries(of: jobs.map(\.id)) } : [:]
        for job in jobs { choice.take(job, retriedBy: retries[job.id]) }
    }

    private func confirm(_ choice: BulkChoice) throws {
        let count = choice.jobs.count
        let word = action == .stop(.abandon) ? "\(count)" : "yes"
        StandardError.put(
            "\(action.word) of \(JobCount.text(count))? Type \(word) to confirm: "
        )
        guard readLine()?.trimmingCharacters(in: .whitespaces) == word else {
            throw Complaint(.refused, "not confirmed; nothing was done")
        }
    }

    // MARK: Carrying out

    private func carryOut(_ choice: BulkChoice) throws -> BulkResult {
        var result = BulkResult()
        var rest = choice.jobs[...]
        while !rest.isEmpty {
            let jobs = Array(rest.prefix(Self.part))
            rest = rest.dropFirst(Self.part)
            let written = try desk.write(jobs.map(request))
            for (job, outcome) in zip(jobs, try desk.outcomes(of: written)) {
                try note(outcome, of: job, in: &result)
            }
            // An engine that does not keep up is not given more.
            if !result.unanswered.isEmpty {
                result.unasked = rest.count
                break
            }
        }
        return result
    }

    private func request(_ job: Job) -> OperatorRequest {
        var request = OperatorRequest(action, job: job.id, by: desk.site.user, reason: reason)
        // What leaves something behind is done only to what was shown.
        if action == .stop(.abandon) { request.expecting = [job.state] }
        return request
    }

    /// Why, the same for all: what was said, and by which filter they were chosen.
    private var reason: String {
        guard let filter = options.filter else { return options.reason }
        let all = "with all that “\(filter.prefix(200))” selects"
        return options.reason.isEmpty ? all : "\(options.reason) (\(all))"
    }

    private func note(
        _ outcome: RequestOutcome?,
        of job: Job,
        in result: inout BulkResult
    ) throws {
        switch outcome {
        case .accepted(let made), .existing(let made), .joined(let made):
            result.accepted.append((job.id, made == job.id ? nil : made))
        case .done: result.accepted.append((job.id, nil))
        case nil: result.unanswered.append(job.id)
        case .refused(let why), .notFound(let why):
            let now = try desk.store.read { try $0.jobs([job.id]) }.first?.job
            if let over = now.flatMap({ BulkChoice.over(action, $0) }) {
                result.skipped.append(BulkChoice.Skipped(job, over))
            } else {
                result.refused.append((job.id, why))
            }
        }
    }
}

/// What became of an action on many jobs.
struct BulkResult {
    /// Those it was accepted for, each with the job that was made if one was.
    var accepted: [(job: JobID, made: JobID?)] = []
    /// Those that needed it no more when their turn came.
    var skipped: [BulkChoice.Skipped] = []
    /// Those it was refused for, and why.
    var refused: [(job: JobID, why: String)] = []
    /// Those for which it is recorded and the engine has not answered yet.
    var unanswered: [JobID] = []
    /// How many were not asked for after that.
    var unasked = 0

    /// What the program's exit tells of it.
    var status: ExitStatus {
        if !refused.isEmpty { return .refused }
        return unanswered.isEmpty ? .done : .timeout
    }
}

/// Numbers with what they count.
enum JobCount {
    /// `1 job`, `12 jobs`.
    static func text(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }
}
