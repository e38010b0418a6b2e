/// A coming instant of a schedule, as a preview shows it.
package struct Occurrence: Hashable, Sendable {
    /// What a change of the clock does to it.
    package enum Mark: String, CaseIterable, Sendable {
        /// Nothing.
        case none
        /// The clock shows this time twice that day; this is the first time.
        case firstOfTwo
        /// The clock shows this time twice that day; this is the second time.
        case secondOfTwo
        /// It runs in the place of a time that the clock leaves out.
        case moved
        /// Does not run: the clock leaves this time out, and the schedule's rule says so.
        case leftOutGap
        /// Does not run: the clock has shown this time before, and one run is enough.
        case leftOutFold

        /// Whether a job will be made.
        package var runs: Bool { self != .leftOutGap && self != .leftOutFold }
    }

    /// The moment; for a time that the clock leaves out, the one it would have been.
    package var at: Timestamp
    /// The wall clock in the schedule's zone, with its offset: `2026-03-29 03:00 +02:00`.
    package var wall: String
    /// What a change of the clock does to it.
    package var mark: Mark
    /// The same in words; empty if it does nothing.
    package var remark: String
}

extension Schedule {
    /// The next instants after `moment`, `count` at most, with those that a change of the clock
    /// leaves out in between.
    package func preview(
        _ count: Int,
        after moment: Timestamp,
        in zone: any ZoneRules
    ) -> [Occurrence] {
        var found: [Occurrence] = []
        var place = moment
        var runs = 0
        while runs < count, let next = nextNoted(after: place, in: zone) {
            // Nothing runs any more: what would have been left out does not matter either.
            guard self.next(after: place, in: zone) != nil else { break }
            if let occurrence = occurrence(at: next, in: zone) {
                found.append(occurrence)
                if occurrence.mark.runs { runs += 1 }
            }
            place = next
        }
        return found
    }

    /// The first instant at which this schedule, or the same one with another rule for changes of
    /// the clock, is due.
    private func nextNoted(after moment: Timestamp, in zone: any ZoneRules) -> Timestamp? {
        DSTRule.allCases.compactMap { with($0).next(after: moment, in: zone) }.min()
    }

    private func with(_ dst: DSTRule) -> Schedule {
        var other = self
        other.dst = dst
        return other
    }

    private func occurrence(at instant: Timestamp, in zone: any ZoneRules) -> Occurrence? {
        let isDue = isDue(at: instant, in: zone)
        let isShown = with(.both).isDue(at: instant, in: zone)
        let second = floorDivide(instant.milliseconds, 1000)
        let clock = WallTime(second, in: zone)
        var mark = Occurrence.Mark.none
        switch (isDue, isShown) {
        case (true, true):
            mark = clock.isRepeat ? .secondOfTwo : clock.repeats ? .firstOfTwo : .none
        case (true, false): mark = .moved
        case (false, true): mark = .leftOutFold
        case (false, false):
            guard dst == .both, with(.shift).isDue(at: instant, in: zone) else { return nil }
            mark = .leftOutGap
        }
        if case .every = rule { mark = .none }
        return Occurrence(
            at: instant,
            wall: clock.text,
            mark: mark,
            remark: remark(mark, clock, in: zone)
        )
    }

    private func remark(_ mark: Occurrence.Mark, _ clock: WallTime, in zone: any ZoneRules)
        -> String
    {
        switch mark {
        case .none: ""
        case .firstOfTwo: "\(clock.time) comes twice that day: the first time"
        case .secondOfTwo: "\(clock.time) comes twice that day: the second time"
        case .moved where dst == .shift:
            "\(clock.timeBefore) does not exist that day: later by the gap's length"
        case .moved: "a time in the gap before \(clock.time) does not exist that day: at its end"
        case .leftOutGap: "\(clock.timeBefore) does not exist that day: left out"
        case .leftOutFold: "\(clock.time) comes twice that day: the second time is left out"
        }
    }

    private func isDue(at instant: Timestamp, in zone: any ZoneRules) -> Bool {
        next(after: instant + -1, in: zone) == instant
    }
}

/// What the clock on the wall shows at a moment.
struct WallTime: Hashable, Sendable {
    private let second: Int64
    private let offset: Int64
    /// The offset before the newest change within two days; the present one if there was none.
    private let offsetBefore: Int64
    /// Whether it showed the same time before.
    let isRepeat: Bool
    /// Whether it will show the same time again.
    let repeats: Bool

    /// The clock of a zone at a moment in seconds since 1970.
    init(_ second: Int64, in zone: any ZoneRules) {
        self.second = second
        offset = zone.offset(at: second)
        offsetBefore = zone.offset(at: second - ZonedDay.length)
        let later = zone.offset(at: second + ZonedDay.length)
        // The moments at which the clock shows the same with the offset before or after.
        let earlier = second + offset - offsetBefore
        let again = second + offset - later
        isRepeat = earlier < second && zone.offset(at: earlier) == offsetBefore
        repeats = again > second && zone.offset(at: again) == later
    }

    /// Date, time and offset: `2026-03-29 03:00 +02:00`; seconds only if there are any.
    var text: String {
        let minutes = abs(offset) / 60
        let sign = offset < 0 ? "-" : "+"
        return "\(date) \(time) \(sign)\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
    }

    /// The date: `2026-03-29`.
    var date: String { String(shown(offset).description.prefix(10)) }
    /// The time of day: `03:00`, or `03:00:20`.
    var time: String { Self.time(shown(offset)) }
    /// The time of day that the clock would show had it not been changed.
    var timeBefore: String { Self.time(shown(offsetBefore)) }

    private func shown(_ offset: Int64) -> Timestamp {
        Timestamp(milliseconds: (second + offset) * 1000)
    }

    private static func time(_ moment: Timestamp) -> String {
        let text = moment.timeOfDay
        return text.hasSuffix(":00") ? String(text.dropLast(3)) : text
    }

    private static func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
}
