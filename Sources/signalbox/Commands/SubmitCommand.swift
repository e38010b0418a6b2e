import ArgumentParser
import Engine
import Foundation
import Model
import Operations
import Store

/// A new job.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a job; prints its number once it is durable.",
        discussion: """
            With no engine alive the job is accepted all the same, and runs when one comes. \
            The same --key twice is one job; with another order it is refused. “signalbox kinds” \
            lists the kinds and what they take.

            “submit sequence --file jobs.yaml” runs a list of jobs as one. “submit --file \
            orders.yaml” submits many jobs at once, all or none; “-” reads them from standard \
            input, as YAML or as one JSON object a line.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("What to do: vm.start, vm.deploy …", valueName: "kind"))
    var namedKind: String?

    @Argument(help: ArgumentHelp("What to do it to: web-1 or vm/web-1.", valueName: "target"))
    var target: String?

    @Option(
        name: [.customLong("param"), .customShort("p")],
        help: ArgumentHelp(
            "One of the kind's parameters; may be repeated.",
            valueName: "name=value"
        )
    )
    var parameters: [String] = []

    @Option(help: ArgumentHelp("Not before: RFC 3339, or a span from now.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp("Only after that job has completed; may be repeated.", valueName: "job")
    )
    var after: [String] = []

    @Option(
        name: .customLong("after-failure"),
        help: ArgumentHelp(
            "If a job it comes after does not complete: fail, skip (end as aborted) or run.",
            valueName: "policy"
        )
    )
    var afterFailure: String?

    @Option(
        help: ArgumentHelp(
            "The jobs of a sequence, or without a kind many orders; - is standard input.",
            valueName: "file"
        )
    )
    var file: String?

    @Option(help: ArgumentHelp("Your own name for the request.", valueName: "text"))
    var key: String?

    @Option(help: ArgumentHelp("Larger is sooner.", valueName: "number"))
    var priority = 0

    @Option(help: ArgumentHelp("On whose account it counts.", valueName: "name"))
    var account: String?

    @Option(
        help: ArgumentHelp(
            "When a lock is held: wait, fail, or the longest wait such as 10m.",
            discussion: "Left out, the kind's own policy counts.",
            valueName: "policy"
        )
    )
    var lock: String?

    @Option(
        name: .customLong("rollback"),
        help: ArgumentHelp(
            "The undo if it fails or is stopped: automatic, manual or none.",
            discussion: "Left out, the kind's own policy counts. Its children follow it.",
            valueName: "policy"
        )
    )
    var rollback: String?

    @Option(
        help: ArgumentHelp(
            "A limit of time: queue, start, step or total; may be repeated.",
            discussion: """
                queue: accepted until begun; start: locks granted until begun; step: each step \
                with its retries; total: accepted until ended. Left out, nothing is ended because \
                it takes long.
                """,
            valueName: "name=span"
        )
    )
    var limit: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Share the job of an equal order that has not begun; left out, as the kind has it."
    )
    var coalesce: Bool?

    @Flag(help: "Have it wait until somebody else approves it (“job approve”).")
    var approve = false

    @Flag(
        name: .customLong("dry-run"),
        help: "Show steps, children, locks and undo; submit nothing."
    )
    var isDryRun = false

    @Flag(name: .customLong("wait"), help: "Wait for its end; the exit status tells how it ended.")
    var isWaiting = false

    @Option(help: ArgumentHelp("The longest wait.", valueName: "span"))
    var timeout: String?

    @Option(
        name: .customLong("wait-for-room"),
        defaultAsFlag: RoomWait.forever,
        help: ArgumentHelp(
            "If too many jobs are unfinished, wait until there is room, at most so long.",
            valueName: "span"
        )
    )
    var waitForRoom: String?

    /// What to do; empty if a file says it.
    var kind: String { namedKind ?? "" }

    func run() throws {
        let site = try global.site()
        guard namedKind != nil else { return try submitMany(site) }
        let order = try self.order(site)
        _ = try LimitOption.read(limit)
        if try !isDryRun && isForbidden(order, site) {
            let desk = RequestDesk(site: site, store: try site.openStore())
            return try submit(Target(target ?? ""), order, desk)
        }
        let hypervisor = try site.pictureHypervisor()
        let catalog = site.configuration.catalog
        let kinds = KindRegistry(StandardKinds.all(hypervisor: hypervisor, scripts: catalog))
        let check = OrderCheck(kinds: kinds)
        let target = try check.target(of: kind, target ?? "")
        if isDryRun {
            var plan = try check.plan(kind, aimed(order, at: target))
            plan.rollbackPolicy = try rollback.map(Self.rollback) ?? plan.rollbackPolicy
            return try PlanPrinter(kinds: kinds, paper: try global.paper()).show(
                plan,
                isJSON: global.isJSON
            )
        }
        try check.check(kind, aimed(order, at: target), isLater: at != nil || !after.isEmpty)
        let secrets = kinds.secretParameters
        let desk = RequestDesk(site: site, store: try site.openStore(), secrets: secrets)
        try submit(target, order, desk)
    }

    /// Whether the gate will refuse the job: then it says so, before anything else is looked at.
    private func isForbidden(_ order: Order, _ site: Site) throws -> Bool {
        guard !site.isReadOnly, FileManager.default.fileExists(atPath: site.storePath) else {
            return false
        }
        let standing = try site.gate(try site.openStoreForReading()).standing()
        return standing.roles.standing(of: site.identity)
            .refusal(.submit, account: order.account) != nil
    }

    private func aimed(_ order: Order, at target: Target) -> Order {
        var order = order
        order.target = target
        return order
    }

    /// All of the order but its target, whose type only the kind knows.
    private func order(_ site: Site) throws -> Order {
        var values: [String: String] = [:]
        for parameter in parameters {
            let parts = parameter.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Complaint(.usage, "--param must be NAME=VALUE, not “\(parameter)”")
            }
            values[String(parts[0])] = String(parts[1])
        }
        if let file {
            guard kind == "sequence" else {
                throw Complaint(
                    .usage,
                    "--file is for sequences, or for many orders without a kind before it"
                )
            }
            let more = try OrderFile.sequence(file)
            values.merge(more) { given, _ in given }
        }
        return Order(
            target: .none,
            parameters: values,
            user: site.user,
            account: account ?? site.configuration.account ?? ""
        )
    }
}

// MARK: - Writing it down

extension SubmitCommand {
    private func submit(_ target: Target, _ order: Order, _ desk: RequestDesk) throws {
        let limit = try JobWait.limit(timeout)
        var submission = Submission(
            kind: kind,
            target: target,
            parameters: order.parameters,
            user: order.user,
            account: order.account,
            priority: priority
        )
        submission.key = key
        submission.dueAt = try at.map { try Moment.read($0, now: WallClock().now()) }
        submission.lockPolicy = try lock.map(Self.policy)
        submission.rollbackPolicy = try rollback.map(Self.rollback)
        submission.afterFailure = try afterFailure.map(Self.afterFailure)
        submission.coalesces = coalesce
        submission.needsApproval = approve ? true : nil
        submission.limits = try LimitOption.read(self.limit)
        submission.after = try desk.store.read { reader in
            try after.map { try reader.job(named: $0) }
        }
        let id: JobID
        switch try handedIn(submission, desk) {
        case .accepted(let made): id = made
        case .existing(let known):
            id = known
            StandardError.say("\(known) was submitted with this key before")
        case .joined(let known):
            id = known
            StandardError.say(
                "\(known) waits to do just that and stands for both; --no-coalesce makes a job of "
                    + "its own"
            )
        case .done(let why), .refused(let why): throw Complaint(.refused, why)
        case .notFound(let what): throw Complaint(.notFound, what)
        }
        if try !desk.isEngineAlive() {
            StandardError.say(
                "\(id) is recorded; no engine is alive on this store, it runs when one comes"
            )
        }
        if !isWaiting { try announce(id, desk.store) } else if !global.isJSON { announce(id) }
        guard isWaiting else { return }
        let wait = JobWait(site: desk.site, store: desk.store, limit: limit)
        let jobs = try wait.wait(for: [id])
        if global.isJSON { jobs.forEach { StandardOutput.line(JobJSON.object($0).pretty) } }
        try wait.end(with: jobs, isQuiet: global.isJSON)
    }

    private func handedIn(
        _ submission: Submission,
        _ desk: RequestDesk
    ) throws -> RequestOutcome {
        let outcomes = try handedIn(1, desk) { _, _ in submission }
        return outcomes.first ?? .refused("nothing was submitted")
    }

    /// Writes orders down, as soon as there is room if that was asked for.
    func handedIn(
        _ count: Int,
        _ desk: RequestDesk,
        _ submission: (Int, [RequestOutcome]) throws -> Submission
    ) throws -> [RequestOutcome] {
        guard let wait = try RoomWait(waitForRoom, desk) else {
            return try desk.submit(count, submission)
        }
        return try wait.submit(count, submission)
    }

    private func announce(_ id: JobID) {
        StandardOutput.line("\(id.number)")
        StandardOutput.flush()
    }

    private func announce(_ id: JobID, _ store: SQLiteStore) throws {
        guard global.isJSON, let stored = try store.read({ try $0.jobs([id]) }).first else {
            return announce(id)
        }
        StandardOutput.line(JobJSON.object(stored.job).pretty)
    }

    static func rollback(_ word: String) throws(Complaint) -> RollbackPolicy {
        guard let policy = RollbackPolicy(rawValue: word) else {
            throw Complaint(.usage, "--rollback is automatic, manual or none, not “\(word)”")
        }
        return policy
    }

    static func afterFailure(_ word: String) throws(Complaint) -> AfterFailure {
        if let policy = AfterFailure(rawValue: word) { return policy }
        throw Complaint(.usage, "--after-failure is fail, skip or run, not “\(word)”")
    }

    static func policy(_ word: String) throws(Complaint) -> LockPolicy {
        switch word {
        case "wait": return .wait
        case "fail": return .failFast
        default:
            guard let span = Span.milliseconds(word) else {
                throw Complaint(.usage, "--lock is wait, fail or a span such as 10m, not “\(word)”")
            }
            return .waitAtMost(span)
        }
    }
}

/// A moment as people write it.
enum Moment {
    /// Reads RFC 3339, or a span from now on: `2026-11-22T15:41:20Z`, `10m`, `+2h`.
    static func read(_ text: String, now: Timestamp) throws(Complaint) -> Timestamp {
        if let moment = Timestamp(rfc3339: text) { return moment }
        let span = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard let milliseconds = Span.milliseconds(span) else {
            throw Complaint(
                .usage,
                "“\(text)” is no time; write 2026-11-22T15:41:20Z or a span from now such as 10m"
            )
        }
        return now + min(milliseconds, 100 * 366 * 86_400_000)
    }
}
