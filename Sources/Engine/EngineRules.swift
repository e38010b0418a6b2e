package import Model

/// What an engine is told about how much of anything may happen at once.
package struct EngineRules: Sendable {
    /// How many operations of a sort may run at once, across lanes.
    package var limits: Limits
    /// How many jobs may begin within a span of time.
    package var rates: Rates
    /// How many jobs an account may have.
    package var accounts: AccountBounds
    /// Kinds to whose jobs somebody else must agree; a name, or its beginning with a `*` behind it.
    package var approval: [String]
    /// Milliseconds of waiting that are worth as much as one priority.
    package var ageStep: Int64
    /// How many jobs without a parent may be unfinished at once; more are refused.
    package var openJobs: Int

    /// Rules with what is usual for all that is left out.
    package init(
        limits: Limits = Limits(),
        rates: Rates = Rates(),
        accounts: AccountBounds = AccountBounds(),
        approval: [String] = [],
        ageStep: Int64 = EngineRules.usualAgeStep,
        openJobs: Int = EngineRules.usualOpenJobs
    ) {
        self.limits = limits
        self.rates = rates
        self.accounts = accounts
        self.approval = approval
        self.ageStep = max(1, ageStep)
        self.openJobs = openJobs
    }

    /// One minute of waiting is worth one priority.
    package static let usualAgeStep: Int64 = 60_000
    /// A million unfinished jobs.
    package static let usualOpenJobs = 1_000_000
    /// The place in a queue of a job that joins it at a moment; smaller is sooner.
    ///
    /// It never changes while the job waits, so an index keeps the queue in order; and yet it ages:
    /// a job of a priority that is higher by one, but which comes later by more than
    /// ``ageStep``, stands behind.
    package func rank(priority: Int, since moment: Timestamp) -> Int64 {
        moment.milliseconds - ageStep * weight(of: priority)
    }

    /// How the rank of a waiting job changes with its priority.
    package func rank(_ rank: Int64, from old: Int, to new: Int) -> Int64 {
        rank + ageStep * (weight(of: old) - weight(of: new))
    }

    private func weight(of priority: Int) -> Int64 {
        // Bounded, so that every wait is.
        Int64(min(max(priority, Priority.range.lowerBound), Priority.range.upperBound))
    }

    /// How every refusal ends that passes by itself.
    package static let roomHint = "submit again when some have ended"

    /// The pattern by which jobs of a kind need approval; nil if they need none.
    package func approvalPattern(of kind: String) -> String? {
        approval.first { $0.hasSuffix("*") ? kind.hasPrefix($0.dropLast()) : kind == $0 }
    }

    /// Why there is no room for another job; nil if there is.
    package func fullness(open: Int) -> String? {
        guard open >= openJobs else { return nil }
        return "\(open) jobs are unfinished and \(openJobs) is the most there may be (openJobs in "
            + "the configuration); \(Self.roomHint)"
    }
}

/// How many operations may run at once, by what they count against.
///
/// A name is what is counted and where, `snapshot@host/kvm-a01`; a pattern is a name, or the
/// beginning of names with a `*` behind it.
package struct Limits: Sendable {
    /// One number and where it comes from.
    package struct Rule: Hashable, Sendable {
        /// The name, or the beginning of names with a `*`: `snapshot@host/*`.
        package var pattern: String
        /// How many operations at once.
        package var most: Int
        /// Who says so: `default` or `configuration`.
        package var origin: String

        /// A rule with all its parts; at least one operation may always run.
        package init(_ pattern: String, _ most: Int, origin: String = "default") {
            self.pattern = pattern
            self.most = max(1, most)
            self.origin = origin
        }

        /// Where the number comes from, in words: `default snapshot@host/*`.
        package var source: String { "\(origin) \(pattern)" }
    }

    private var exact: [String: Rule] = [:]
    /// Longest first, so that the first that fits is the closest.
    private var prefixes: [(prefix: String, rule: Rule)] = []

    /// Limits by these rules; of two with the same pattern the later one counts.
    package init(_ rules: [Rule] = []) {
        var begins: [String: Rule] = [:]
        for rule in rules {
            if rule.pattern.hasSuffix("*") {
                begins[String(rule.pattern.dropLast())] = rule
            } else {
                exact[rule.pattern] = rule
            }
        }
        prefixes = begins.map { ($0.key, $0.value) }.sorted {
            ($1.prefix.utf8.count, $0.prefix) < ($0.prefix.utf8.count, $1.prefix)
        }
    }

    /// All rules, by their patterns.
    package var all: [Rule] {
        (exact.values + prefixes.map(\.rule)).sorted { $0.pattern < $1.pattern }
    }

    /// The rule that counts for a name; nil if nothing limits it.
    package subscript(name: String) -> Rule? {
        exact[name] ?? prefixes.first { name.hasPrefix($0.prefix) }?.rule
    }
}
