package import Model

/// How many jobs may begin within a span of time.
///
/// A pattern is a kind, or the beginning of kinds with a `*` behind it, and may say for which lanes
/// or accounts, each by itself: `vm.start`, `vm.*@host/*`, `*@account/ops`.
package struct Rates: Sendable {
    /// One number, its span, and where both come from.
    package struct Rule: Hashable, Sendable {
        /// What is counted, and where: `vm.*@host/*`.
        package let pattern: String
        /// How many jobs may begin within any span of that length.
        package let most: Int
        /// The span in milliseconds.
        package let span: Int64
        /// Who says so: `configuration`.
        package let origin: String
        private let kind: Substring
        /// Which lanes or accounts count each by itself; nil if all count together.
        private let place: Substring?

        /// A rule with all its parts; one job may always begin.
        package init(
            _ pattern: String,
            _ most: Int,
            per span: Int64,
            origin: String = "configuration"
        ) {
            self.pattern = pattern
            self.most = max(1, most)
            self.span = max(1, span)
            self.origin = origin
            let parts = pattern.split(separator: "@", maxSplits: 1)
            kind = parts.first ?? ""
            place = parts.count > 1 ? parts[1] : nil
        }

        /// Where the number comes from, in words: `configuration vm.*@host/*`.
        package var source: String { "\(origin) \(pattern)" }

        /// The rate as it stands, so many of a place having begun.
        package func line(of place: String?, used: Int) -> LimitLine {
            let name = place.map { "\(kind)@\($0)" } ?? pattern
            var line = LimitLine(name: name, most: most, used: used, source: source)
            line.span = span
            return line
        }

        /// What a job counts against; nil if it does not.
        func name(kind: String, lane: String, account: String) -> RateName? {
            guard Self.fits(kind, self.kind) else { return nil }
            guard let place else { return RateName(pattern: pattern) }
            let found = place.hasPrefix("account/") ? "account/" + account : lane
            return Self.fits(found, place) ? RateName(pattern: pattern, place: found) : nil
        }

        private static func fits(_ text: String, _ pattern: Substring) -> Bool {
            pattern.hasSuffix("*") ? text.hasPrefix(pattern.dropLast()) : text == pattern
        }
    }

    /// All rules, by their patterns.
    package let all: [Rule]
    private let byPattern: [String: Rule]

    /// Rates by these rules; of two with the same pattern the later one counts.
    package init(_ rules: [Rule] = []) {
        byPattern = Dictionary(rules.map { ($0.pattern, $0) }) { _, later in later }
        all = byPattern.values.sorted { $0.pattern < $1.pattern }
    }

    /// Whether nothing has a rate.
    package var isEmpty: Bool { all.isEmpty }

    /// The rule of what is counted by that name; nil if there is none any more.
    package subscript(name: RateName) -> Rule? { byPattern[name.pattern] }

    /// Everything that the beginning of a job counts against: every rule that fits it.
    func names(kind: String, lane: String, account: String) -> [String] {
        all.compactMap { $0.name(kind: kind, lane: lane, account: account)?.text }
    }
}

/// The name under which the beginnings of some jobs are counted: a rule, and the place that counts
/// by itself.
package struct RateName: Hashable, Sendable {
    /// The pattern of the rule.
    package let pattern: String
    /// The lane, or the account behind `account/`; nil if all count together.
    package let place: String?

    /// A name of its parts.
    init(pattern: String, place: String? = nil) {
        self.pattern = pattern
        self.place = place
    }

    /// Reads a name as it is stored: `rate:vm.*@host/*=host/kvm-a01`; nil if it is none.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.mark) else { return nil }
        let parts = text.dropFirst(Self.mark.count).split(separator: "=", maxSplits: 1)
        guard let pattern = parts.first else { return nil }
        self.pattern = String(pattern)
        place = parts.count > 1 ? String(parts[1]) : nil
    }

    /// The name as it is stored; it can stand in the name of a queue.
    var text: String {
        let place = place?.split(separator: "|", omittingEmptySubsequences: false)
        return Self.mark + pattern + (place.map { "=" + $0.joined(separator: "%7C") } ?? "")
    }

    private static let mark = "rate:"
}

extension Rates {
    /// All rates for a list, with how many jobs have begun by what an engine wrote down.
    ///
    /// What counts each place by itself is listed for each in which some job has begun, and once
    /// as it is written in the rule if there is none.
    package func lines(_ begins: [String: String], at now: Timestamp) -> [LimitLine] {
        all.flatMap { rule -> [LimitLine] in
            var lines: [LimitLine] = []
            for (text, log) in begins.sorted(by: { $0.key < $1.key }) {
                guard let name = RateName(text), name.pattern == rule.pattern else { continue }
                var log = RateLog(log)
                log.forget(at: now, rule)
                if log.used > 0 { lines.append(rule.line(of: name.place, used: log.used)) }
            }
            return lines.isEmpty ? [rule.line(of: nil, used: 0)] : lines
        }
    }
}
