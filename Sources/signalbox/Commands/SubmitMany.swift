import Engine
import Model
import Operations
import Store

/// Many orders at once: all of them are written in one transaction, or none is.
extension SubmitCommand {
    /// Submits what a file holds.
    func submitMany(_ site: Site) throws {
        guard let file else {
            throw Complaint(
                .usage,
                "say what to do: a kind (“signalbox kinds” lists them), or --file with many orders"
            )
        }
        guard key == nil, parameters.isEmpty, target == nil else {
            throw Complaint(.usage, "--key and --param are for one order; write them in the file")
        }
        let limit = try JobWait.limit(timeout)
        let rows = try OrderFile.orders(file)
        let batch = try checked(rows, site)
        guard !isDryRun else { return try show(batch) }
        let desk = RequestDesk(site: site, store: try site.openStore())
        let named = try desk.store.read { reader in
            try Set(batch.flatMap(\.jobs)).reduce(into: [String: JobID]()) { found, word in
                found[word] = try reader.job(named: word)
            }
        }
        let outcomes = try handedIn(batch.count, desk) { place, outcomes in
            batch[place].submission(named, outcomes)
        }
        if case .refused(let why)? = outcomes.last {
            let place = batch[outcomes.count - 1].place
            throw Complaint(.refused, "\(place): \(why); nothing was submitted")
        }
        try report(batch, outcomes, desk, limit)
    }

    private func show(_ batch: [Batched]) throws {
        let paper = try global.paper()
        for order in batch {
            let target = order.draft.target == .none ? "" : " \(order.draft.target)"
            StandardOutput.line(paper.safe("\(order.place): \(order.draft.kind)\(target)"))
        }
    }

    /// Looks at all orders before anything is written.
    private func checked(_ rows: [OrderFile.Row], _ site: Site) throws -> [Batched] {
        let hypervisor = try site.pictureHypervisor()
        let catalog = site.configuration.catalog
        let kinds = StandardKinds.all(hypervisor: hypervisor, scripts: catalog)
        let check = OrderCheck(kinds: KindRegistry(kinds))
        let now = WallClock().now()
        var labels: [String: Int] = [:]
        var targets: Set<Target> = []
        return try rows.enumerated().map { number, row in
            do {
                let order = try batched(row, labels, site, check, now)
                let draft = order.draft
                let isLater =
                    draft.dueAt != nil || !order.jobs.isEmpty || !order.places.isEmpty
                    || !targets.insert(draft.target).inserted
                try check.check(
                    draft.kind,
                    Order(
                        target: draft.target,
                        parameters: draft.parameters,
                        user: draft.user,
                        account: draft.account
                    ),
                    isLater: isLater
                )
                if let label = row.label, labels.updateValue(number, forKey: label) != nil {
                    throw Complaint(.usage, "there is an order “\(label)” before it already")
                }
                return order
            } catch let complaint as Complaint {
                throw Complaint(complaint.status, "\(row.place): \(complaint.text)")
            }
        }
    }

    private func batched(
        _ row: OrderFile.Row,
        _ labels: [String: Int],
        _ site: Site,
        _ check: OrderCheck,
        _ now: Timestamp
    ) throws -> Batched {
        let name = row.job.target.name
        let word = row.job.target.type.isEmpty ? name : "\(row.job.target)"
        var draft = Submission(
            kind: row.job.kind,
            target: try check.target(of: row.job.kind, word),
            parameters: row.job.parameters,
            user: site.user,
            account: row.words["account"] ?? account ?? site.configuration.account ?? "",
            priority: try Self.priority(row.words["priority"]) ?? priority
        )
        draft.secretNames = check.kinds.secretParameters(of: row.job.kind).sorted()
        draft.key = row.words["key"]
        draft.dueAt = try (row.words["at"] ?? at).map { try Moment.read($0, now: now) }
        draft.lockPolicy = try (row.words["lock"] ?? lock).map(Self.policy)
        draft.afterFailure = try (row.words["afterFailure"] ?? afterFailure)
            .map(Self.afterFailure)
        draft.coalesces = try row.words["coalesce"].map(Self.flag) ?? coalesce
        draft.needsApproval = approve ? true : nil
        var order = Batched(place: row.place, label: row.label, draft: draft)
        for word in row.after + after {
            if let place = labels[word] {
                order.places.append(place)
            } else if JobReference(word) != nil {
                order.jobs.append(word)
            } else {
                throw Complaint(
                    .usage,
                    "“\(word)” is neither a job nor the label of an order before this one; a job "
                        + "can only come after those that stand before it"
                )
            }
        }
        return order
    }

    private static func priority(_ word: String?) throws(Complaint) -> Int? {
        guard let word else { return nil }
        guard let value = Int(word) else {
            throw Complaint(.usage, "priority must be a whole number, not “\(word)”")
        }
        return value
    }

    private static func flag(_ word: String) throws(Complaint) -> Bool {
        switch word {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw Complaint(.usage, "coalesce must be true or false, not “\(word)”")
        }
    }

    private func report(
        _ batch: [Batched],
        _ outcomes: [RequestOutcome],
        _ desk: RequestDesk,
        _ limit: Int64?
    ) throws {
        let ids = outcomes.compactMap(\.made)
        for (order, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .existing(let id):
                StandardError.say("\(order.place): \(id) was submitted with this key before")
            case .joined(let id):
                StandardError.say("\(order.place): \(id) waits to do just that; it stands for both")
            default: break
            }
        }
        if try !desk.isEngineAlive() {
            StandardError.say(
                "\(ids.count) jobs are recorded; no engine is alive on this store, they run when "
                    + "one comes"
            )
        }
        let wait = JobWait(site: desk.site, store: desk.store, limit: limit)
        let ended = isWaiting ? try wait.wait(for: ids) : []
        if global.isJSON {
            let jobs = try desk.store.read { try $0.jobs(ids) }.map { ($0.job.id, $0.job) }
            let byID = Dictionary(jobs) { first, _ in first }
            let objects = zip(batch, ids).compactMap { order, id in
                byID[id].map { job in
                    JSONValue.object(
                        JobJSON.object(job).members + [
                            JSONValue.Member("label", JSONValue(order.label))
                        ]
                    )
                }
            }
            StandardOutput.line(JSONText.list(objects))
        } else {
            for id in ids { StandardOutput.line("\(id.number)") }
        }
        if isWaiting { try wait.end(with: ended, isQuiet: global.isJSON) }
    }
}

/// One of many orders, checked.
struct Batched {
    /// Where it stands in its file.
    let place: String
    /// What others of the file call it.
    let label: String?
    /// The order without what it comes after.
    var draft: Submission
    /// The jobs it comes after, as they are named.
    var jobs: [String] = []
    /// The places of the orders before it that it comes after.
    var places: [Int] = []

    /// The order with the numbers of all that it comes after.
    func submission(_ named: [String: JobID], _ outcomes: [RequestOutcome]) -> Submission {
        var submission = draft
        submission.after = jobs.compactMap { named[$0] } + places.compactMap { outcomes[$0].made }
        return submission
    }
}

extension RequestOutcome {
    /// The job that stands for the order; nil if there is none.
    var made: JobID? {
        switch self {
        case .accepted(let id), .existing(let id), .joined(let id): id
        case .done, .refused, .notFound: nil
        }
    }
}
