/// A job that is made again and again by itself.
///
/// It is a value without a state: what became of it stands in ``ScheduleState`` and in its
/// ``ScheduleRun``s. Its instants follow from the value alone (``next(after:in:)``).
package struct Schedule: Hashable, Sendable {
    /// Its name; one schedule a name.
    package var name: String
    /// What its jobs do: `snapshot.policy`.
    package var kind: String
    /// What they act on.
    package var target: Target = .none
    /// Their details, by name.
    package var parameters: [String: String] = [:]
    /// Their priority; larger is sooner.
    package var priority: Int = 0
    /// On whose account they count.
    package var account: String = ""
    /// In whose name they are submitted.
    package var user: String
    /// When they are due.
    package var rule: ScheduleRule
    /// The IANA name of the zone in which a cron rule reads the clock.
    package var zone: String = "UTC"
    /// What to do with wall-clock times that a change of the clock leaves out or repeats.
    package var dst: DSTRule = .once
    /// What to do when an earlier run has not ended.
    package var overlap: OverlapPolicy = .skip
    /// What to do with instants that passed while nobody could run them.
    package var missed: MissedPolicy = .latest
    /// Whether it makes jobs at all.
    package var isEnabled: Bool = true
    /// No instant before this moment; nil for no such bound.
    package var startsAt: Timestamp?
    /// No instant after this moment; nil for no such bound.
    package var endsAt: Timestamp?
    /// Words for whoever reads the list.
    package var note: String = ""

    /// A schedule with what is usual; the rest is set on the value.
    package init(name: String, kind: String, user: String, rule: ScheduleRule) {
        self.name = name
        self.kind = kind
        self.user = user
        self.rule = rule
        dst = DSTRule.usual(for: rule)
    }

    /// The request for one of its jobs.
    package var submission: Submission {
        var submission = Submission(
            kind: kind,
            target: target,
            parameters: parameters,
            user: user,
            account: account,
            priority: priority
        )
        submission.schedule = name
        // Each instant is a job of its own, whatever else is asked for meanwhile.
        submission.coalesces = false
        return submission
    }

    /// Whether its next instants are the same as the other's: an edit then leaves them alone.
    package func hasSameTimes(as other: Schedule) -> Bool {
        rule == other.rule && zone == other.zone && dst == other.dst
            && isEnabled == other.isEnabled && startsAt == other.startsAt
            && endsAt == other.endsAt
    }

    /// Throws what is wrong with it, apart from its kind, which only an engine knows.
    ///
    /// - Throws: a ``ScheduleError`` that says what would be right.
    package func check() throws(ScheduleError) {
        let letters = name.unicodeScalars
        let isName = letters.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
                || "-_.:".unicodeScalars.contains($0)
        }
        guard isName, (1...100).contains(letters.count) else {
            throw ScheduleError(
                "name",
                "“\(name)” cannot name a schedule; use 1 to 100 letters, digits, and - _ . :"
            )
        }
        _ = try NamedZone(zone)
        if case .every(let milliseconds, _) = rule,
            !(ScheduleRule.shortest...ScheduleRule.longest).contains(milliseconds)
        {
            throw ScheduleError("interval", "an interval is one second to ten years: every 15m")
        }
        if case .all(let cap) = missed, !(1...MissedPolicy.largestCap).contains(cap) {
            throw ScheduleError(
                "missed",
                "the cap of missed runs is \(cap); it can be 1 to \(MissedPolicy.largestCap)"
            )
        }
        let secrets = parameters.filter { name, value in
            SecretMask.isSecret(name: name)
                || !SecretMask.taken(outOf: value, of: name).secrets.isEmpty
        }
        if let secret = secrets.keys.min() {
            throw .secret(secret)
        }
        if let startsAt, let endsAt, endsAt < startsAt {
            throw ScheduleError("end", "it would end (\(endsAt)) before it starts (\(startsAt))")
        }
    }
}

/// When a schedule is due.
package enum ScheduleRule: Hashable, Sendable {
    /// At the wall-clock times that a cron rule names.
    case cron(CronRule)
    /// Every so many milliseconds of elapsed time, counted from `anchor` in both directions.
    ///
    /// Changes of the clock do not matter to it.
    case every(milliseconds: Int64, anchor: Timestamp)

    /// The shortest interval: a second.
    package static let shortest: Int64 = 1000
    /// The longest interval: ten years.
    package static let longest: Int64 = 3660 * 86_400_000

    /// The rule as people write it: `0 2 * * MON-FRI` or `every 15m`.
    package var text: String {
        switch self {
        case .cron(let rule): rule.text
        case .every(let milliseconds, _): "every \(Span.exact(milliseconds))"
        }
    }
}

/// What a cron rule does when its zone's clock is changed.
///
/// In a gap the clock is put forward (usually by an hour in spring) and the times in between never
/// appear on it; in a fold it is put back and the times in between appear twice.
package enum DSTRule: String, CaseIterable, Codable, Sendable {
    /// Once a date: times in a gap run together, one time, at the moment the gap ends; times in a
    /// fold run the first time only.
    case once
    /// As often as the clock shows it: times in a gap do not run, times in a fold run twice.
    case both
    /// As if the clock had not been changed yet: times in a gap run later by as much as the gap is
    /// long; times in a fold run the first time only.
    case shift

    /// The usual rule: a cron rule that runs in every hour follows elapsed time, so that no hour is
    /// left out; one that names hours runs once a date.
    package static func usual(for rule: ScheduleRule) -> DSTRule {
        if case .cron(let cron) = rule, cron.runsEveryHour { .both } else { .once }
    }

    /// What it means, in one line.
    package var meaning: String {
        switch self {
        case .once: "a time in a gap runs at the gap's end, a repeated time only the first time"
        case .both: "a time in a gap does not run, a repeated time runs twice"
        case .shift:
            "a time in a gap runs later by the gap's length, a repeated time only the first time"
        }
    }
}

/// What a schedule does when it is due and a job it made has not ended.
package enum OverlapPolicy: String, CaseIterable, Codable, Sendable {
    /// The due run is left out.
    case skip
    /// It waits for all before it; at most ``waitingLimit`` wait.
    case queue
    /// It waits unless one waits already; then it is left out.
    case bufferOne
    /// Open jobs are aborted; it begins when they have ended. One that waited gives way to it.
    case replace
    /// Open jobs are cancelled; it begins when they have ended. One that waited gives way to it.
    case cancelOther
    /// It begins at once, beside the others.
    case parallel

    /// How many runs of one schedule wait at most; further ones are left out.
    package static let waitingLimit = 100

    /// What it means, in one line.
    package var meaning: String {
        switch self {
        case .skip: "leave the new run out"
        case .queue: "the new run waits, with any others"
        case .bufferOne: "the new run waits, unless one waits already"
        case .replace: "abort what runs, then run the new one"
        case .cancelOther: "cancel what runs, then run the new one"
        case .parallel: "run it beside the others"
        }
    }
}

/// What a schedule does about instants that passed while no engine was alive.
///
/// Of several due instants only the newest counts as on time, and only for
/// ``MissedPolicy/grace``; all others were missed.
package enum MissedPolicy: Hashable, Sendable {
    /// They are left out.
    case skip
    /// The newest one is made up for.
    case latest
    /// The newest ones are made up for, so many at most, oldest first.
    case all(cap: Int)

    /// Milliseconds for which a due instant is on time.
    package static let grace: Int64 = 60_000
    /// The largest cap of ``all(cap:)``.
    package static let largestCap = 100
    /// How many missed instants are counted one by one.
    package static let countingLimit = 10_000

    /// The policy as people write it: `skip`, `latest`, `all:10`.
    package var text: String {
        switch self {
        case .skip: "skip"
        case .latest: "latest"
        case .all(let cap): "all:\(cap)"
        }
    }

    /// Reads what ``text`` writes; `all` alone has a cap of ten.
    package init?(_ text: String) {
        switch text {
        case "skip": self = .skip
        case "latest": self = .latest
        case "all": self = .all(cap: 10)
        default:
            guard text.hasPrefix("all:"), let cap = Int(text.dropFirst(4)),
                (1...Self.largestCap).contains(cap)
            else { return nil }
            self = .all(cap: cap)
        }
    }
}

/// Why there can be no such schedule.
package struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which part is wrong: `hour`, `zone`, `name`.
    package let part: String
    /// What is wrong and what would be right.
    package let text: String

    /// An error with all its parts.
    package init(_ part: String, _ text: String) {
        self.part = part
        self.text = text
    }

    /// The sentence for whoever wrote it.
    package var description: String { text }

    /// A parameter is a secret, which would stay in the store for as long as its schedule.
    package static func secret(_ name: String) -> ScheduleError {
        ScheduleError(
            "param",
            "\(name) is a secret; a schedule would keep it in the store, so it cannot have one: "
                + "let its job find the secret where it runs"
        )
    }
}
