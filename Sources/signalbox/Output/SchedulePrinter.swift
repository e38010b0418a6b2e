import Model

/// Shows schedules as plain text.
struct SchedulePrinter {
    let paper: Paper
    let now: Timestamp

    /// One line a schedule.
    func list(_ schedules: [StoredSchedule]) {
        var table = Table([
            .init("NAME"), .init("NEXT", isRight: true), .init("RULE"), .init("ZONE"),
            .init("LAST"), .init("KIND"), .init("TARGET"),
        ])
        for stored in schedules {
            let schedule = stored.schedule
            let isCron = if case .cron = schedule.rule { true } else { false }
            table.add([
                .init(schedule.name), next(stored), .init(schedule.rule.text),
                .init(isCron ? schedule.zone : "-"), last(stored.state.lastRun),
                .init(schedule.kind), .init(schedule.target.description),
            ])
        }
        table.print(on: paper)
    }

    private func next(_ stored: StoredSchedule) -> Table.Cell {
        guard stored.state.damage == nil else { return .init("damaged", .attention) }
        guard stored.schedule.isEnabled else { return .init("off", .faint) }
        guard let next = stored.state.nextAt else { return .init("never", .attention) }
        return next > now ? .init("in " + Span.short(next - now)) : .init("due", .attention)
    }

    private func last(_ run: ScheduleRun?) -> Table.Cell {
        guard let run else { return .init("-", .faint) }
        let isBad = run.outcome == .refused || run.ended == .failed
        return .init(Self.words(run), isBad ? .attention : .none)
    }

    /// What a run came to: `job-12 completed`, `skipped`, `missed ×9`.
    private static func words(_ run: ScheduleRun) -> String {
        let count = run.count > 1 ? " ×\(run.count)" : ""
        guard let job = run.job else { return run.outcome.rawValue + count }
        return "\(job) \(run.ended?.rawValue ?? "at work")"
    }

    /// Everything about one schedule.
    func show(_ stored: StoredSchedule, runs: [ScheduleRun], next: [Occurrence]) {
        let schedule = stored.schedule
        let what = schedule.target == .none ? "" : " \(schedule.target)"
        heading("schedule \(schedule.name)  \(schedule.kind)\(what)")
        for (name, value) in facts(stored) where !value.isEmpty {
            let label = name + String(repeating: " ", count: max(1, 12 - name.count))
            StandardOutput.line(paper.tinted(label, .faint) + paper.safe(value))
        }
        StandardOutput.line("")
        preview(next)
        guard !runs.isEmpty else { return }
        StandardOutput.line("")
        history(runs)
    }

    private func facts(_ stored: StoredSchedule) -> [(String, String)] {
        let (schedule, state) = (stored.schedule, stored.state)
        let parameters = SecretMask.masked(schedule.parameters).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        var zone = schedule.zone
        var dst = "\(schedule.dst.rawValue): \(schedule.dst.meaning)"
        if case .every(_, let anchor) = schedule.rule {
            (zone, dst) = ("counted from \(anchor)", "")
        }
        return [
            ("state", schedule.isEnabled ? "enabled" : "disabled"),
            ("damage", state.damage ?? ""), ("rule", schedule.rule.text), ("zone", zone),
            ("dst", dst),
            ("overlap", "\(schedule.overlap.rawValue): \(schedule.overlap.meaning)"),
            ("missed", schedule.missed.text),
            ("starts", schedule.startsAt?.description ?? ""),
            ("ends", schedule.endsAt?.description ?? ""),
            ("next", state.nextAt.map { "\($0)" + ($0 <= now ? " (due)" : "") } ?? "never"),
            (
                "so far",
                "\(state.made) jobs made, \(state.skipped) skipped, \(state.missed) missed, "
                    + "\(state.refused) refused"
            ),
            ("parameters", parameters),
            ("priority", schedule.priority == 0 ? "" : "\(schedule.priority)"),
            ("user", schedule.user + (schedule.account.isEmpty ? "" : " (\(schedule.account))")),
            ("note", schedule.note), ("created", state.createdAt.description),
            ("edited", state.revision == 1 ? "" : state.updatedAt.description),
        ]
    }

    /// Coming instants, with what a change of the clock does to them.
    func preview(_ next: [Occurrence]) {
        guard !next.isEmpty else { return StandardOutput.line("It is not due any more.") }
        var table = Table([
            .init("DUE"), .init("ON THE WALL"), .init("IN", isRight: true), .init("REMARK"),
        ])
        for occurrence in next {
            let isPlain = occurrence.mark == .none
            table.add([
                occurrence.mark.runs ? .init(occurrence.at.description) : .init("-", .faint),
                .init(occurrence.wall, occurrence.mark.runs ? .none : .faint),
                .init(occurrence.at >= now ? Span.short(occurrence.at - now) : "-"),
                .init(occurrence.remark, isPlain ? .none : .attention),
            ])
        }
        table.print(on: paper)
    }

    private func history(_ runs: [ScheduleRun]) {
        var table = Table([
            .init("RUN", isRight: true), .init("DUE"), .init("CAME TO"), .init("WHY"),
        ])
        for run in runs {
            table.add([
                .init("\(run.number)"), .init(run.due.description), last(run), .init(run.text),
            ])
        }
        table.print(on: paper)
    }

    private func heading(_ text: String) {
        StandardOutput.line(paper.tinted(paper.safe(text), .heading))
    }
}
