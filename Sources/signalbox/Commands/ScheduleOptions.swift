import ArgumentParser
import Model

/// What can be said of a schedule when it is added or edited.
struct ScheduleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Five fields (minute, hour, day of month, month, day of week), or @daily and its like.",
            discussion: "Lists, ranges, steps and names work; L is the last day of the month, "
                + "TUE#2 the second Tuesday, FRIL the last Friday.",
            valueName: "rule"
        )
    )
    var cron: String?

    @Option(help: ArgumentHelp("Every so often instead: 15m, 1h30m.", valueName: "span"))
    var every: String?

    @Option(help: ArgumentHelp("From when --every counts; now if left out.", valueName: "time"))
    var anchor: String?

    @Option(help: ArgumentHelp("Where --cron reads the clock; UTC if left out.", valueName: "zone"))
    var zone: String?

    @Option(
        help: ArgumentHelp(
            "When the clock is changed: once, both or shift.",
            discussion: ScheduleWords.dst + " Left out, rules that run in every hour take both, "
                + "all others once.",
            valueName: "rule"
        )
    )
    var dst: String?

    @Option(
        help: ArgumentHelp(
            "When a job has not ended: \(ScheduleWords.names(OverlapPolicy.self)).",
            discussion: ScheduleWords.overlap,
            valueName: "policy"
        )
    )
    var overlap: String?

    @Option(
        help: ArgumentHelp(
            "After a time without an engine: skip, latest, or all:N.",
            discussion: "skip leaves missed instants out, latest makes up for the newest, all:N "
                + "for the newest N (1 to \(MissedPolicy.largestCap)).",
            valueName: "policy"
        )
    )
    var missed: String?

    @Option(
        name: [.customLong("param"), .customShort("p")],
        help: ArgumentHelp(
            "A parameter of its jobs; may be repeated. NAME= takes one away.",
            valueName: "name=value"
        )
    )
    var parameters: [String] = []

    @Option(help: ArgumentHelp("The priority of its jobs; larger is sooner.", valueName: "number"))
    var priority: Int?

    @Option(help: ArgumentHelp("On whose account its jobs count.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("No instant before; “none” for no bound.", valueName: "time"))
    var start: String?

    @Option(help: ArgumentHelp("No instant after; “none” for no bound.", valueName: "time"))
    var end: String?

    @Option(help: ArgumentHelp("Words for whoever reads the list.", valueName: "text"))
    var note: String?

    /// Whether nothing was said.
    var isEmpty: Bool {
        [cron, every, anchor, zone, dst, overlap, missed, account, start, end, note]
            .allSatisfy { $0 == nil } && parameters.isEmpty && priority == nil
    }

    /// The rule that is meant; nil if none was given.
    func rule(now: Timestamp, old: ScheduleRule? = nil) throws -> ScheduleRule? {
        guard cron == nil || every == nil else {
            throw Complaint(.usage, "give --cron or --every, not both")
        }
        if let cron {
            guard anchor == nil else { throw Complaint(.usage, "--anchor belongs to --every") }
            return .cron(try CronRule(cron))
        }
        let anchored = try anchor.map { try Moment.read($0, now: now) }
        var step: Int64?
        var from = now
        if case .every(let milliseconds, let anchor)? = old {
            (step, from) = (milliseconds, anchor)
        }
        if let every {
            guard let milliseconds = Span.milliseconds(every) else {
                throw Complaint(.usage, "--every is a span such as 15m or 1h30m, not “\(every)”")
            }
            step = milliseconds
        }
        guard every != nil || anchor != nil else { return nil }
        guard let step else { throw Complaint(.usage, "--anchor belongs to --every") }
        return .every(milliseconds: step, anchor: anchored ?? from)
    }

    /// Puts everything that was said into a schedule.
    func apply(to schedule: inout Schedule, now: Timestamp) throws {
        if let rule = try rule(now: now, old: schedule.rule) {
            let isUsual = schedule.dst == DSTRule.usual(for: schedule.rule)
            schedule.rule = rule
            if isUsual { schedule.dst = DSTRule.usual(for: rule) }
        }
        if let zone { schedule.zone = zone }
        if let dst { schedule.dst = try ScheduleWords.read(dst, "--dst") }
        if let overlap { schedule.overlap = try ScheduleWords.read(overlap, "--overlap") }
        if let missed {
            guard let policy = MissedPolicy(missed) else {
                let most = MissedPolicy.largestCap
                throw Complaint(
                    .usage,
                    "--missed is skip, latest or all:N with N from 1 to \(most), not “\(missed)”"
                )
            }
            schedule.missed = policy
        }
        for parameter in parameters { try set(parameter, in: &schedule) }
        if let priority { schedule.priority = priority }
        if let account { schedule.account = account }
        if let start { schedule.startsAt = try bound(start, now) }
        if let end { schedule.endsAt = try bound(end, now) }
        if let note { schedule.note = note }
        try schedule.check()
    }

    private func bound(_ text: String, _ now: Timestamp) throws -> Timestamp? {
        text == "none" ? nil : try Moment.read(text, now: now)
    }

    private func set(_ parameter: String, in schedule: inout Schedule) throws {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Complaint(.usage, "--param must be NAME=VALUE, not “\(parameter)”")
        }
        schedule.parameters[String(parts[0])] = parts[1].isEmpty ? nil : String(parts[1])
    }
}

/// The words of schedules, for help and complaints.
enum ScheduleWords {
    static var dst: String {
        DSTRule.allCases.map { "\($0.rawValue): \($0.meaning)." }.joined(separator: " ")
    }

    static var overlap: String {
        OverlapPolicy.allCases.map { "\($0.rawValue): \($0.meaning)." }.joined(separator: " ")
    }

    static func names<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type) -> String {
        Word.allCases.map(\.rawValue).joined(separator: ", ")
    }

    static func read<Word: CaseIterable & RawRepresentable<String>>(
        _ text: String,
        _ option: String
    ) throws(Complaint) -> Word {
        guard let word = Word(rawValue: text) else {
            throw Complaint(.usage, "\(option) is one of \(names(Word.self)), not “\(text)”")
        }
        return word
    }
}
