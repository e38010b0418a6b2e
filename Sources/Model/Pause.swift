/// Why a lane begins nothing, or an engine takes no new jobs.
package struct Pause: Hashable, Codable, Sendable {
    /// Who asked for it.
    package var by: String
    /// Since when.
    package var at: Timestamp
    /// Why, in the words of who asked; may be empty.
    package var reason: String
    /// Until when; nil until somebody ends it.
    package var until: Timestamp?
    /// Whether jobs that have begun go on, and only new ones are held.
    package var drains: Bool

    /// A pause with all its parts.
    package init(
        by: String,
        at: Timestamp,
        reason: String,
        until: Timestamp? = nil,
        drains: Bool = false
    ) {
        self.by = by
        self.at = at
        self.reason = reason
        self.until = until
        self.drains = drains
    }

    /// Whether it still counts.
    package func counts(at now: Timestamp) -> Bool { until.map { $0 > now } ?? true }

    /// Who, why and until when, in one line: `by ann until 2026-…: new memory`.
    package var text: String {
        "by \(by)" + (drains ? ", what has begun goes on" : "")
            + (until.map { ", until \($0)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)")
    }
}

/// One limit that counts across lanes, and how full it is.
package struct LimitLine: Hashable, Codable, Sendable {
    /// What is counted and where: `snapshot@host/kvm-a01`.
    package var name: String
    /// How many operations may run at once, or jobs begin within ``span``.
    package var most: Int
    /// The span of time in milliseconds, if this is a rate; nil if it is about what runs at once.
    package var span: Int64?
    /// How many do, or have begun.
    package var used: Int
    /// Where the number comes from: `default snapshot@host/*`.
    package var source: String

    /// A limit with all its parts.
    package init(name: String, most: Int, used: Int, source: String) {
        self.name = name
        self.most = most
        self.used = used
        self.source = source
    }

    /// The limit in one line: `snapshot@host/kvm-a01: 2 at once (default snapshot@host/*)`.
    ///
    /// A rate: `vm.start: 20 per 1m (configuration vm.start)`.
    package var text: String { "\(name): \(bound) (\(source))" }

    /// The number with what it is of: `2 at once`, `20 per 1m`.
    package var bound: String { span.map { "\(most) per \(Span.exact($0))" } ?? "\(most) at once" }
}
