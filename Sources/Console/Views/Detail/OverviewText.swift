import Model

/// What matters most about a job: why it waits or what it does, who holds what it needs, and where
/// it belongs.
struct OverviewText {
    let detail: JobDetail
    let context: CellContext

    private var job: Job { detail.job }
    private var now: Timestamp { context.now }

    var lines: [StyledLine] { standing + work + stop + locks + belongings + times + words }

    // MARK: Where it stands

    private var standing: [StyledLine] {
        let glyph = context.text(Glyphs.state(job.state))
        let since = Span.short(now - job.updatedAt)
        let moved = job.state.isTerminal ? "" : ", moved \(since) ago"
        var lines = [
            StyledLine.field(
                "State",
                "\(glyph) \(job.state.word), \(job.progress)%\(moved)",
                Role(job.state)
            )
        ]
        let why = Explanation.of(job, at: now, hasEngine: context.hasEngine)
        lines.append(.field(job.state.isTerminal ? "Outcome" : "Why", why, whyRole))
        if !job.message.isEmpty, !why.contains(job.message) {
            lines.append(.field("Says", job.message))
        }
        if job.cause != .none { lines.append(.field("Cause", job.cause.rawValue, .caution)) }
        if job.rollback != .notNeeded {
            let role: Role = job.rollback == .dirty ? .problem : .text
            lines.append(.field("Rollback", job.rollback.rawValue, role))
        }
        if job.backend == .unknown {
            lines.append(.field("Backend", "what became of its operation is not known", .lost))
        }
        if let code = job.code, code != .ok {
            lines.append(.field("Code", "\(code.domain) \(code.number) \(code.name)"))
        }
        return lines
    }

    private var whyRole: Role { job.state.needsAttention ? Role(job.state) : .accent }

    // MARK: What it does

    private var work: [StyledLine] {
        guard !job.state.isTerminal, let step = currentStep else { return [] }
        let time = step.startedAt.map { ", for \(Span.short(now - $0))" } ?? ""
        let tries = step.attempts > 1 ? ", attempt \(step.attempts)" : ""
        let count = detail.steps.count
        var lines = [
            StyledLine.field(
                "Step",
                "\(step.index + 1) of \(count): \(step.step.name)"
                    + " (\(step.state.rawValue)\(time)\(tries))"
            )
        ]
        if step.state == .running || step.state == .issued, !step.step.isInterruptible {
            lines.append(.field("", "this step cannot be interrupted", .caution))
        }
        let undo = detail.steps.filter { $0.undo == .issued || $0.undo == .running }
        lines += undo.map { .field("Undoes", "\($0.index + 1): \($0.step.name)", .rollingBack) }
        return lines
    }

    private var currentStep: StepRecord? {
        detail.steps.first { [.running, .issued, .unknown].contains($0.state) }
            ?? detail.steps.first { $0.state == .waiting }
    }

    private var stop: [StyledLine] {
        guard let stop = job.stop else { return [] }
        let reason = stop.reason.isEmpty ? "" : ": " + stop.reason
        let text = "\(stop.level.rawValue) asked by \(stop.by) at \(stop.at.timeOfDay)\(reason)"
        return [.field("Stop", text, .cancelling)]
    }

    private var locks: [StyledLine] {
        detail.tickets.enumerated().map { index, line in
            let ticket = line.ticket
            let age = Span.short(now - ticket.since)
            let label = index == 0 ? "Locks" : ""
            let name = "\(ticket.resource) \(ticket.mode.rawValue)"
            if ticket.job != job.id {
                let verb = ticket.isGranted ? "held" : "waited for"
                return .field(
                    label,
                    "\(name): \(verb) by \(ticket.job) (\(line.kind)) for \(age)",
                    .muted
                )
            }
            if ticket.isGranted { return .field(label, "\(name): held for \(age)") }
            let behind = line.behind.map(\.description).joined(separator: ", ")
            return .field(
                label,
                "\(name): waits for \(age)" + (behind.isEmpty ? "" : " behind " + behind),
                .caution
            )
        }
    }

    // MARK: Where it belongs

    private var belongings: [StyledLine] {
        let account = job.account.isEmpty ? "" : " (account \(job.account))"
        var lines = [
            StyledLine.field("Does", "\(job.kind) \(job.target)"),
            .field("Asked by", job.user + account),
        ]
        if !job.lane.isEmpty { lines.append(.field("Lane", job.lane)) }
        if job.priority != 0 { lines.append(.field("Priority", "\(job.priority)")) }
        if let parent = job.parentID {
            let root = job.rootID == parent ? "" : ", of the tree of \(job.rootID)"
            lines.append(.field("Parent", "\(parent)\(root)"))
        }
        if job.childCount > 0 { lines.append(.field("Children", children)) }
        if let former = job.retryOf {
            lines.append(.field("Retry of", "\(former), attempt \(job.attempt)"))
        }
        for (index, name) in detail.parameters.keys.sorted().enumerated() {
            let text = "\(name) = \(detail.parameters[name] ?? "")"
            lines.append(.field(index == 0 ? "With" : "", text))
        }
        return lines
    }

    private var children: String {
        let own = detail.tree.filter { $0.job.parentID == job.id }
        guard !own.isEmpty else { return "\(job.childCount)" }
        let parts = JobState.allCases.compactMap { state -> String? in
            let count = own.count { $0.job.state == state }
            return count > 0 ? "\(count) \(state.word)" : nil
        }
        return "\(job.childCount): " + parts.joined(separator: ", ")
    }

    private var times: [StyledLine] {
        var lines = [StyledLine.field("Accepted", job.createdAt.dateAndTime)]
        if let due = job.dueAt { lines.append(.field("Due", due.dateAndTime)) }
        if let started = job.startedAt { lines.append(.field("Started", started.dateAndTime)) }
        if let finished = job.finishedAt {
            let took = Span.short(finished - (job.startedAt ?? job.createdAt))
            lines.append(.field("Ended", "\(finished.dateAndTime), after \(took)"))
        }
        lines.append(.field("UUID", job.uuid, .muted))
        return lines
    }

    /// The state in the words of the four systems that operators know.
    private var words: [StyledLine] {
        OtherWords.of(job).enumerated().map { index, word in
            .field(index == 0 ? "Elsewhere" : "", word, .muted)
        }
    }
}
