import Model
import Store

/// Shows everything about one job as plain text.
struct DetailPrinter {
    let paper: Paper
    let now: Timestamp
    let isEngineAlive: Bool

    /// Prints what is known of a job.
    func show(_ detail: JobDetail) {
        let job = detail.job
        heading("\(job.id)  \(job.kind) \(job.target)")
        StandardOutput.line(
            paper.safe(JobWhy.line(job, engineAlive: isEngineAlive, now: now))
        )
        StandardOutput.line("")
        for (name, value) in facts(detail) where !value.isEmpty {
            let label = name + String(repeating: " ", count: max(1, 12 - name.count))
            StandardOutput.line(paper.tinted(label, .faint) + paper.safe(value))
        }
        steps(detail)
        late(detail.late)
        tickets(detail.tickets)
        log(detail)
    }

    private func facts(_ detail: JobDetail) -> [(String, String)] {
        let job = detail.job
        let parameters = SecretMask.masked(detail.parameters).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let code = job.code.map { "\($0.domain) \($0.number) \($0.name)" } ?? ""
        let stop = job.stop.map { "\($0.level.rawValue) by \($0.by) at \($0.at) \($0.reason)" }
        return [
            ("state", job.state.word + (job.state.isTerminal ? "" : ", \(job.progress) %")),
            ("message", job.message),
            ("code", code),
            ("cause", job.cause == .none ? "" : job.cause.rawValue),
            ("rollback", Self.rollback(detail)),
            ("backend", job.backend.rawValue),
            ("stop", stop ?? ""),
            ("result", job.result ?? ""),
            ("parameters", parameters),
            ("user", job.user + (job.account.isEmpty ? "" : " (\(job.account))")),
            ("priority", job.priority == 0 ? "" : "\(job.priority)"),
            ("lane", job.lane),
            ("on crash", "\(detail.onCrash.rawValue): \(detail.onCrash.text)"),
            (
                "limits",
                detail.limits.filter { $0.step == nil }.map { "\($0.name.rawValue) \(text($0))" }
                    .joined(separator: "; ")
            ),
            (
                "attempt",
                job.attempt == 1 ? "" : "\(job.attempt) (of \(job.retryOf?.description ?? "?"))"
            ),
            ("schedule", job.schedule ?? ""),
            ("parent", job.parentID?.description ?? ""),
            ("after", LinkText.list(detail.prerequisites)),
            ("if not done", LinkText.policy(detail)),
            ("before", LinkText.list(detail.dependents)),
            ("children", job.childCount == 0 ? "" : "\(job.childCount)"),
            ("created", job.createdAt.description),
            ("due", job.dueAt?.description ?? ""),
            ("started", job.startedAt?.description ?? ""),
            ("finished", job.finishedAt?.description ?? ""),
            ("pinned", job.pin.map { "by \($0.by) at \($0.at) \($0.reason)" } ?? ""),
            ("archived", job.archivedAt?.description ?? ""),
            ("uuid", job.uuid),
        ]
    }

    /// What came of the undo, or what its policy is if that is not the usual one.
    private static func rollback(_ detail: JobDetail) -> String {
        let policy =
            switch detail.rollbackPolicy {
            case .automatic: ""
            case .manual: "an operator is asked before an undo"
            case .none: "nothing is undone"
            }
        let outcome = detail.job.state.isTerminal ? detail.job.rollback.rawValue : ""
        return [outcome, policy].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func heading(_ text: String) {
        StandardOutput.line(paper.tinted(paper.safe(text), .heading))
    }

    /// A limit, what is left of it, and who set it.
    private func text(_ limit: TimeLimit) -> String {
        let left = limit.remaining(at: now).map { ", \(Span.short($0)) left" } ?? ""
        return "\(Span.short(limit.milliseconds))\(left) (\(limit.origin.text))"
    }

    /// The limit of a step, or after what silence the backend is asked.
    private func limit(of step: StepRecord, _ detail: JobDetail) -> String {
        if let limit = detail.limits.first(where: { $0.step == step.index }) { return text(limit) }
        return "none; asks after \(Span.short(step.step.stallAfter))"
    }

    private func late(_ results: [LateResult]) {
        guard !results.isEmpty else { return }
        StandardOutput.line("")
        for result in results {
            let text = SecretMask.masked(result.text)
            StandardOutput.line(
                paper.safe(
                    "\(result.at) late: operation \(result.operation) \(result.outcome) \(text)"
                )
            )
        }
    }

    private func steps(_ detail: JobDetail) {
        let steps = detail.steps
        guard !steps.isEmpty else { return }
        StandardOutput.line("")
        var table = Table([
            .init("STEP", isRight: true), .init("STATE"), .init("DONE", isRight: true),
            .init("UNDO"), .init("WHAT"), .init("LIMIT"), .init("NOW"),
        ])
        for step in steps {
            table.add([
                .init("\(step.index + 1)"),
                .init(step.state.rawValue),
                .init("\(step.progress)%"),
                .init(step.undo == .none ? "-" : step.undo.rawValue),
                .init(step.step.name),
                .init(limit(of: step, detail)),
                .init(step.message),
            ])
        }
        table.print(on: paper)
    }

    private func tickets(_ tickets: [LockLine]) {
        guard !tickets.isEmpty else { return }
        StandardOutput.line("")
        LockTable.table(tickets, now: now).print(on: paper)
    }

    private func log(_ detail: JobDetail) {
        guard !detail.log.isEmpty else { return }
        StandardOutput.line("")
        for line in detail.log {
            let text = paper.safe(SecretMask.masked(line.text))
            StandardOutput.line("\(line.at) \(line.level.rawValue) \(text)")
        }
        let rest = detail.logCount - detail.log.count
        if rest > 0 {
            StandardOutput.line("… \(rest) lines before these; signalbox job log shows them")
        }
    }
}

/// Locks as a table.
enum LockTable {
    /// One line a ticket.
    static func table(_ lines: [LockLine], now: Timestamp) -> Table {
        var table = Table([
            .init("RESOURCE"), .init("MODE"), .init("JOB", isRight: true), .init("KIND"),
            .init("SINCE", isRight: true), .init("BEHIND"),
        ])
        let waiting = lines.filter { !$0.ticket.isGranted }.reduce(into: [TicketKey: Int]()) {
            $0[Self.key($1.ticket), default: 0] += 1
        }
        for line in lines {
            let isWaiting = !line.ticket.isGranted
            let behind = waiting[Self.key(line.ticket)].map { "; \($0) behind it" } ?? ""
            table.add([
                .init(line.ticket.resource),
                .init(line.ticket.mode.rawValue),
                .init("\(line.ticket.job.number)"),
                .init(line.kind),
                .init(Span.short(now - line.ticket.since)),
                isWaiting
                    ? .init(line.behind.map(\.description).joined(separator: ", "), .attention)
                    : .init("holds it" + behind),
            ])
        }
        return table
    }

    private static func key(_ ticket: Ticket) -> TicketKey {
        TicketKey(resource: ticket.resource, scope: ticket.scope)
    }
}
