import Engine
import Model
import Operations
import Store

/// Carries a change of schedules out, and says what became of it.
struct ScheduleChange {
    private let global: GlobalOptions
    private let site: Site
    private let store: SQLiteStore
    private let reason: String

    init(_ global: GlobalOptions, _ reason: String) throws {
        self.global = global
        self.reason = reason
        site = try global.site()
        store = try site.openStore()
    }

    /// Changes each of these schedules in one transaction, and reports.
    func run(
        _ names: [String],
        _ change: (ScheduleDesk, String) throws -> RequestOutcome
    ) throws {
        let clock = WallClock(on: store)
        let now = clock.now()
        let subject = Subject.schedule(names.joined(separator: ", ")).description
        let pass = Gate.Change(.schedule, "change", on: subject, reason: reason)
        let (outcomes, after) = try site.gate(store).change(
            pass,
            at: now,
            writing: { tx in
                let desk = ScheduleDesk(
                    tx,
                    by: site.user,
                    as: site.identity,
                    reason: reason,
                    rules: site.rules,
                    at: now,
                    wall: clock.wall()
                )
                let outcomes = try names.map { try change(desk, $0) }
                return (outcomes, try names.map { try tx.schedule(named: $0) })
            }
        )
        var statuses: [ExitStatus] = []
        var objects: [JSONValue] = []
        for (index, name) in names.enumerated() {
            let (status, text, job) = Self.meaning(of: outcomes[index], name)
            statuses.append(status)
            objects.append(object(name, status, text, job, after[index]))
            guard !global.isJSON else { continue }
            if let job {
                StandardOutput.line("\(job.number)")
            } else if status == .done {
                let next = after[index]?.state.nextAt.map { ", due next at \($0)" } ?? ""
                StandardOutput.line(try global.paper().safe(text + next))
            } else {
                StandardError.say(text)
            }
        }
        if global.isJSON { StandardOutput.line(JSONText.list(objects)) }
        let status = ExitStatus.worst(statuses)
        if status != .done { throw Ending(status) }
        try sayIfAlone(outcomes)
    }

    private func sayIfAlone(_ outcomes: [RequestOutcome]) throws {
        guard try !store.read({ try $0.engine()?.isAlive ?? false }) else { return }
        StandardError.say("no engine is alive on this store; what is due is run when one comes")
    }

    private func object(
        _ name: String,
        _ status: ExitStatus,
        _ text: String,
        _ job: JobID?,
        _ after: StoredSchedule?
    ) -> JSONValue {
        .object(of: [
            "name": JSONValue(name), "accepted": .bool(status == .done), "text": JSONValue(text),
            "job": JSONValue(job), "schedule": after.map(ScheduleJSON.object) ?? .null,
        ])
    }

    private static func meaning(
        of outcome: RequestOutcome,
        _ name: String
    ) -> (ExitStatus, String, JobID?) {
        switch outcome {
        case .accepted(let id), .existing(let id), .joined(let id):
            (.done, "\(name) made \(id)", id)
        case .done(let what): (.done, "\(name) \(what)", nil)
        case .refused(let why): (.refused, why, nil)
        case .notFound(let what): (.notFound, what, nil)
        }
    }
}

/// Looks at what a schedule's jobs would be, so that mistakes are said at once.
struct ScheduleCheck {
    private let check: OrderCheck

    init(_ site: Site) throws {
        let kinds = StandardKinds.all(
            hypervisor: try site.pictureHypervisor(),
            scripts: site.configuration.catalog
        )
        check = OrderCheck(kinds: KindRegistry(kinds))
    }

    /// Gives the schedule its target, and refuses jobs that could never be.
    ///
    /// What only the world forbids now is said, and let through: it may be there when it is due.
    func check(_ schedule: inout Schedule, _ target: String) throws {
        schedule.target = try check.target(of: schedule.kind, target)
        let secrets = check.kinds.secretParameters(of: schedule.kind)
        if let secret = schedule.parameters.keys.filter(secrets.contains).min() {
            throw ScheduleError.secret(secret)
        }
        let order = Order(
            target: schedule.target,
            parameters: schedule.parameters,
            user: schedule.user,
            account: schedule.account
        )
        do { try check.check(schedule.kind, order, isLater: false) } catch {
            guard error.status != .usage else { throw error }
            StandardError.say("as things stand its jobs would be refused: \(error.text)")
        }
    }
}
