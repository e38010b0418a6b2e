package import Model

/// How many jobs an account may have, unfinished and running.
///
/// Only jobs without a parent count, so that what has begun can always go on to its end. Those who
/// name no account share the one without a name.
package struct AccountBounds: Sendable {
    /// The numbers for one account, or for each whose name begins so, by itself.
    package struct Rule: Hashable, Sendable {
        /// The account, or the beginning of names with a `*` behind it.
        package var pattern: String
        /// How many of its jobs may be unfinished, beyond which they are refused; nil says nothing.
        package var unfinished: Int?
        /// How many may have begun and not ended, beyond which they wait; nil says nothing.
        package var running: Int?

        /// A rule with all its parts.
        package init(_ pattern: String, unfinished: Int? = nil, running: Int? = nil) {
            self.pattern = pattern
            self.unfinished = unfinished.map { max(1, $0) }
            self.running = running.map { max(1, $0) }
        }
    }

    /// A number that counts for an account, and where it comes from.
    package struct Bound: Hashable, Sendable {
        /// How many jobs.
        package let most: Int
        /// The rule that says so, in words: `accounts op* in the configuration`.
        package let source: String
    }

    /// All rules; the closest first.
    package let all: [Rule]

    /// Bounds by these rules; of two with the same pattern the later one counts.
    package init(_ rules: [Rule] = []) {
        let byPattern = Dictionary(rules.map { ($0.pattern, $0) }) { _, later in later }
        all = byPattern.values.sorted { one, other in
            let (first, second) = (one.pattern, other.pattern)
            if first.hasSuffix("*") != second.hasSuffix("*") { return !first.hasSuffix("*") }
            return (second.utf8.count, first) < (first.utf8.count, second)
        }
    }

    /// Whether no account is bounded.
    package var isEmpty: Bool { all.isEmpty }

    /// How many jobs of an account may be unfinished; nil if nothing says so.
    package func unfinished(of account: String) -> Bound? { bound(account, \.unfinished) }

    /// How many jobs of an account may run at once; nil if nothing says so.
    package func running(of account: String) -> Bound? { bound(account, \.running) }

    private func bound(_ account: String, _ number: (Rule) -> Int?) -> Bound? {
        for rule in all where Self.fits(account, rule.pattern) {
            guard let most = number(rule) else { continue }
            return Bound(most: most, source: "accounts \(rule.pattern) in the configuration")
        }
        return nil
    }

    private static func fits(_ account: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? account.hasPrefix(pattern.dropLast()) : account == pattern
    }

    /// Why an account may have no other job; nil if it may.
    package func fullness(of account: String, open: Int) -> String? {
        guard let bound = unfinished(of: account), open >= bound.most else { return nil }
        return "\(Self.name(account)) has \(open) unfinished jobs and \(bound.most) is the most it "
            + "may have (\(bound.source)); \(EngineRules.roomHint)"
    }

    /// An account in words.
    static func name(_ account: String) -> String {
        account.isEmpty ? "the account without a name" : "account \(account)"
    }

    /// The bounds of all accounts that have jobs, for a list, and those of no account as they are
    /// written.
    package func lines(_ loads: [String: AccountLoad]) -> [LimitLine] {
        var lines: [LimitLine] = []
        var used: Set<String> = []
        for (account, load) in loads.sorted(by: { $0.key < $1.key }) {
            for (bound, count, what) in [
                (unfinished(of: account), load.open, "unfinished"),
                (running(of: account), load.running, "running"),
            ] {
                guard let bound else { continue }
                used.insert(bound.source)
                let name = "\(Self.name(account)), \(what)"
                lines.append(
                    LimitLine(name: name, most: bound.most, used: count, source: bound.source)
                )
            }
        }
        for rule in all {
            let source = "accounts \(rule.pattern) in the configuration"
            guard !used.contains(source) else { continue }
            for (most, what) in [(rule.unfinished, "unfinished"), (rule.running, "running")] {
                guard let most else { continue }
                let name = "account \(rule.pattern), \(what)"
                lines.append(LimitLine(name: name, most: most, used: 0, source: source))
            }
        }
        return lines
    }
}
