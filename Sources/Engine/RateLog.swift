package import Model

/// When the newest jobs began that count against one rate.
///
/// A window that slides: whatever span one looks at, no more than the rate allows begin in it. Up
/// to ``precise`` beginnings are kept one by one; for larger rates those that lie closer together
/// than a 64th of the span are kept as one, at the moment of the last of them. That errs on the
/// side of caution, and bounds what is kept.
package struct RateLog: Sendable {
    private struct Group {
        var first: Timestamp
        var last: Timestamp
        var count: Int
    }

    /// Oldest first.
    private var groups: [Group] = []
    /// How many beginnings are kept.
    package private(set) var used = 0

    /// Nothing has begun.
    package init() {}

    private static let precise = 64

    /// Forgets what a span no longer reaches that ends now.
    package mutating func forget(at now: Timestamp, _ rule: Rates.Rule) {
        let gone = groups.prefix { $0.last + rule.span <= now }
        used -= gone.reduce(0) { $0 + $1.count }
        groups.removeFirst(gone.count)
    }

    /// How many more may begin now.
    package func room(_ rule: Rates.Rule) -> Int { rule.most - used }

    /// When there is more room than now; nil if there is as much as there can be.
    func nextRoom(_ rule: Rates.Rule) -> Timestamp? { groups.first.map { $0.last + rule.span } }

    /// Notes that a job begins.
    package mutating func note(at now: Timestamp, _ rule: Rates.Rule) {
        used += 1
        let grain = rule.most > Self.precise ? rule.span / Int64(Self.precise) : 0
        if let last = groups.last, now - last.first <= grain {
            groups[groups.count - 1].last = max(last.last, now)
            groups[groups.count - 1].count += 1
        } else {
            groups.append(Group(first: now, last: now, count: 1))
        }
    }

    /// Before when a job cannot begin, if so many stand before it; nil if that is now.
    package func earliest(place: Int, _ rule: Rates.Rule) -> Timestamp? {
        // Who stands more than a full span's worth behind begins a span after the one who stands
        // that far before him.
        let (rounds, rest) = place.quotientAndRemainder(dividingBy: rule.most)
        let later = rule.span.multipliedReportingOverflow(by: Int64(rounds))
        var index = used - rule.most + rest
        guard index >= 0 || rounds > 0, !later.overflow else { return nil }
        for group in groups {
            if index < group.count { return group.last + rule.span + later.partialValue }
            index -= group.count
        }
        return nil
    }

    // MARK: As text

    /// What is kept, as text: `2@1780000000000 1@1780000000450`.
    package var text: String {
        groups.map { "\($0.count)@\($0.last.milliseconds)" }.joined(separator: " ")
    }

    /// Reads it; what makes no sense is left out.
    package init(_ text: String) {
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "@").compactMap { Int64($0) }
            guard parts.count == 2, (1...1_000_000).contains(parts[0]), parts[1] > 0,
                parts[1] >= groups.last?.last.milliseconds ?? 0, groups.count < Self.bound
            else { continue }
            let moment = Timestamp(milliseconds: parts[1])
            groups.append(Group(first: moment, last: moment, count: Int(parts[0])))
            used += Int(parts[0])
        }
    }

    /// More than are ever written.
    private static let bound = 200
}
