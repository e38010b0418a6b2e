/// The limits of a job that somebody set; nil where there is none.
///
/// All are in milliseconds, and none is set unless asked for: nothing healthy is ended because it
/// takes long.
package struct TimeLimits: Hashable, Codable, Sendable {
    /// From its acceptance, or its due time, until it begins.
    package var queue: Int64?
    /// From the grant of its locks until it begins: how long it may hold them idle.
    package var start: Int64?
    /// From the beginning of a step, its retries included, until that step ends.
    package var step: Int64?
    /// From its acceptance, or its due time, until it ends.
    package var total: Int64?

    /// No limits, or those given.
    package init(
        queue: Int64? = nil,
        start: Int64? = nil,
        step: Int64? = nil,
        total: Int64? = nil
    ) {
        self.queue = queue
        self.start = start
        self.step = step
        self.total = total
    }

    /// Whether there is none.
    package var isEmpty: Bool { self == TimeLimits() }

    /// The limit of that name.
    package subscript(name: TimeLimit.Name) -> Int64? {
        switch name {
        case .queue: queue
        case .start: start
        case .step: step
        case .total: total
        }
    }
}

/// The limits of one job by who set them.
package struct LimitSources: Hashable, Codable, Sendable {
    /// Set by who submitted it; these win.
    package var asked = TimeLimits()
    /// Set by its kind, in the plan.
    package var planned = TimeLimits()
    /// When a job with a due time was found to be due, in the store's time; nil before that.
    ///
    /// From then on its limits are counted from here, whatever becomes of the wall's clock.
    package var since: Timestamp?

    /// None.
    package init() {}

    /// Whether there is none.
    package var isEmpty: Bool { asked.isEmpty && planned.isEmpty }

    /// The limit that counts, and who set it; nil if nobody did.
    package func effective(_ name: TimeLimit.Name) -> (milliseconds: Int64, TimeLimit.Origin)? {
        if let asked = asked[name] { return (asked, .submission) }
        return planned[name].map { ($0, .plan) }
    }
}

/// One limit that counts for a job, with what is left of it.
package struct TimeLimit: Hashable, Sendable {
    /// What is limited.
    package enum Name: String, CaseIterable, Codable, Sendable {
        case queue, start, step, total
    }

    /// Who set it.
    package enum Origin: String, Codable, Sendable {
        case submission, plan, builtIn

        /// Who set it, in words.
        package var text: String {
            switch self {
            case .submission: "asked for with the job"
            case .plan: "set by its kind"
            case .builtIn: "built in"
            }
        }
    }

    /// What is limited.
    package var name: Name
    /// The limit, in milliseconds.
    package var milliseconds: Int64
    /// Who set it.
    package var origin: Origin
    /// When it runs out, in the store's time; nil if it does not run now.
    package var endsAt: Timestamp?
    /// The step it is about; nil for the job as a whole.
    package var step: Int?

    /// Milliseconds left, 0 if it has run out; nil if it does not run now.
    package func remaining(at now: Timestamp) -> Int64? { endsAt.map { max(0, $0 - now) } }

    /// All limits that were set for a job, those of its steps included.
    ///
    /// `lead` is what the wall's clock is ahead of the store's, in milliseconds: a due time is one
    /// of the wall.
    package static func all(
        _ limits: LimitSources,
        of job: Job,
        steps: [StepRecord],
        lead: Int64 = 0
    ) -> [TimeLimit] {
        var found: [TimeLimit] = []
        let due = limits.since ?? job.dueAt.map { $0 + -lead }
        let began = max(job.createdAt, due ?? job.createdAt)
        let isOpen = !job.state.isTerminal
        let waits = isOpen && job.startedAt == nil
        func add(_ name: Name, from: Timestamp, isRunning: Bool) {
            guard let (milliseconds, origin) = limits.effective(name) else { return }
            found.append(
                TimeLimit(
                    name: name,
                    milliseconds: milliseconds,
                    origin: origin,
                    endsAt: isRunning ? from.adding(milliseconds) : nil
                )
            )
        }
        add(.queue, from: began, isRunning: waits)
        add(.start, from: job.updatedAt, isRunning: waits && job.state == .queued)
        add(.total, from: began, isRunning: isOpen)
        for record in steps {
            guard let limit = limit(of: record, limits, isOpen: isOpen) else { continue }
            found.append(limit)
        }
        return found
    }

    /// The limit of one step; nil if it has none.
    private static func limit(
        of record: StepRecord,
        _ limits: LimitSources,
        isOpen: Bool
    ) -> TimeLimit? {
        let asked = limits.asked.step.map { ($0, Origin.submission) }
        let planned = (record.step.timeLimit ?? limits.planned.step).map { ($0, Origin.plan) }
        guard let (milliseconds, origin) = asked ?? planned else { return nil }
        let isRunning =
            isOpen && record.finishedAt == nil && record.startedAt != nil && record.state != .done
        return TimeLimit(
            name: .step,
            milliseconds: milliseconds,
            origin: origin,
            endsAt: isRunning ? record.startedAt.map { $0.adding(milliseconds) } : nil,
            step: record.index
        )
    }
}

extension Timestamp {
    /// That many milliseconds later, or the last moment there is.
    fileprivate func adding(_ span: Int64) -> Timestamp {
        let (sum, isOver) = milliseconds.addingReportingOverflow(span)
        return Timestamp(milliseconds: isOver ? .max : sum)
    }
}
