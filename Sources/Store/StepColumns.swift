import Model

/// The columns of a step, in the order in which they are bound and read.
enum StepColumns {
    static let all = [
        "job", "number", "name", "verb", "subject", "planned_lane", "parameters", "children",
        "undo_verb", "undo_subject", "undo_lane", "undo_parameters", "weight", "flags",
        "retry_attempts", "retry_base", "retry_limit", "retry_from", "stall_after",
        "state", "undo", "operation", "lane", "fence", "attempts", "undo_attempts", "progress",
        "message", "code_domain", "code_number", "code_name", "started_at", "finished_at",
        "slots", "limits", "taken", "held", "time_limit", "details",
    ]
    static let list = all.joined(separator: ", ")
    /// What changes while a step is at work; all else is its plan.
    static let moving = [
        "state", "undo", "operation", "lane", "fence", "attempts", "undo_attempts", "progress",
        "message", "code_domain", "code_number", "code_name", "started_at", "finished_at", "taken",
        "held", "details",
    ]
    private static let planned = all.filter { !moving.contains($0) }
    /// What an insert binds, in that order.
    static let inserted = planned + moving

    /// Milliseconds that a plan usually gives a step before it counts as stalled; stored as NULL.
    private static let usualStall = Step("", .operation(Operation("", on: ""))).stallAfter

    static func bind(_ record: StepRecord, of job: JobID, to query: inout Query) {
        query.bind(job)
        query.bind(record.index)
        bindPlan(record.plan.step, to: &query)
        bindMoving(record, to: &query)
    }

    /// Binds ``moving``.
    static func bindMoving(_ record: StepRecord, to query: inout Query) {
        query.bind(record.state.code)
        query.bind(record.undo.code)
        query.bind(record.operation)
        query.bind(record.lane)
        query.bind(record.fence)
        query.bind(record.attempts)
        query.bind(record.undoAttempts)
        query.bind(record.progress)
        query.bindMasked(record.message)
        query.bind(record.code?.domain)
        query.bind(record.code?.number)
        query.bind(record.code?.name)
        query.bind(record.startedAt)
        query.bind(record.finishedAt)
        query.bind(record.taken == 1 ? nil : record.taken)
        query.bind(record.held.isEmpty ? nil : record.held.joined(separator: " "))
        query.bind(StepDetails.text(of: record))
    }

    private static func bindPlan(_ step: Step, to query: inout Query) {
        query.bind(step.name)
        switch step.work {
        case .operation(let operation):
            bind(operation, to: &query)
            query.bindNull()
        case .children(let children):
            bind(nil, to: &query)
            query.bind(CompactJSON.encode(children))
        }
        bind(step.undo, to: &query)
        query.bind(step.weight)
        query.bind(flags(step))
        let usual = step.retry == .standard
        query.bind(usual ? nil : step.retry.attempts)
        query.bind(usual ? nil : step.retry.base)
        query.bind(usual ? nil : step.retry.limit)
        query.bind(step.retryFrom)
        // What is usual is NULL, which takes no room.
        query.bind(step.stallAfter == usualStall ? nil : step.stallAfter)
        query.bind(step.slots == 1 ? nil : step.slots)
        query.bind(step.limits.isEmpty ? nil : step.limits.joined(separator: " "))
        query.bind(step.timeLimit)
    }

    private static func bind(_ operation: Operation?, to query: inout Query) {
        query.bind(operation?.verb)
        query.bind(operation?.subject)
        query.bind(operation?.lane)
        query.bind(operation.flatMap { FlatJSON.encode($0.parameters) })
    }

    private static func flags(_ step: Step) -> Int {
        (step.isInterruptible ? 1 : 0) + (step.isPointOfNoReturn ? 2 : 0)
            + (step.isEndAction ? 4 : 0)
    }

    /// Reads ``all``; what has no meaning here is noted in the step.
    static func decode(_ query: inout Query) throws -> (job: JobID, step: StepRecord) {
        let job = query.readJob()
        let index = query.readCount()
        var record = StepRecord(index: index, step: try decodePlan(&query))
        record.state = word(&query, of: StepState.allCases)
        record.undo = word(&query, of: UndoState.allCases)
        record.operation = query.readText()
        record.lane = query.readText()
        record.fence = query.readInt64()
        record.attempts = query.readCount()
        record.undoAttempts = query.readCount()
        record.progress = query.readCount()
        record.message = query.readText()
        record.code = JobColumns.readCode(&query)
        record.startedAt = query.readOptionalTime()
        record.finishedAt = query.readOptionalTime()
        record.step.slots = max(1, query.readOptionalInt() ?? 1)
        record.step.limits = words(query.readOptionalText())
        // Never more than the step may take: a damaged row must not fill a lane.
        record.taken = min(max(1, query.readOptionalInt() ?? 1), record.step.slots)
        record.held = words(query.readOptionalText())
        record.step.timeLimit = query.readOptionalInt64()
        do {
            try StepDetails.decode(query.readOptionalText())?.apply(to: &record)
        } catch {
            query.note(damage: "details that are not written as such")
        }
        record.damage = query.takeDamage()
        return (job, record)
    }

    private static func words(_ text: String?) -> [String] {
        text.map { $0.split(separator: " ").map(String.init) } ?? []
    }

    private static func decodePlan(_ query: inout Query) throws -> Step {
        let name = query.readText()
        let operation = decodeOperation(&query)
        let children = decodeChildren(&query)
        let undo = decodeOperation(&query)
        let work: Work
        switch (operation, children) {
        case (let operation?, nil): work = .operation(operation)
        case (nil, let children?): work = .children(children)
        default:
            query.note(damage: "step “\(name.prefix(40))” says nothing to do")
            work = .operation(operation ?? Operation("", on: ""))
        }
        var step = Step(name, work, undo: undo, weight: query.readCount())
        let flags = query.readInt()
        step.isInterruptible = flags & 1 != 0
        step.isPointOfNoReturn = flags & 2 != 0
        step.isEndAction = flags & 4 != 0
        let attempts = query.readOptionalInt()
        let base = query.readInt64()
        let limit = query.readInt64()
        if let attempts { step.retry = RetryPolicy(attempts: attempts, base: base, limit: limit) }
        step.retryFrom = query.readOptionalInt()
        step.stallAfter = query.readOptionalInt64() ?? usualStall
        if !PlanCheck.stallRange.contains(step.stallAfter) {
            query.note(damage: "a time until a stall that is out of range")
            step.stallAfter = usualStall
        }
        return step
    }

    private static func decodeChildren(_ query: inout Query) -> Children? {
        let text = query.readOptionalText()
        do {
            return try CompactJSON.decode(text)
        } catch {
            query.note(damage: "children that are not written as such")
            return nil
        }
    }

    private static func decodeOperation(_ query: inout Query) -> Operation? {
        let verb = query.readOptionalText()
        let subject = query.readText()
        let lane = query.readText()
        let parameters = query.readParameters()
        return verb.map { Operation($0, on: subject, lane: lane, parameters: parameters) }
    }

    private static func word<Word>(_ query: inout Query, of words: [Word]) -> Word {
        let code = query.readInt()
        if words.indices.contains(code) { return words[code] }
        query.note(damage: "step state \(code)")
        return words[0]
    }
}
