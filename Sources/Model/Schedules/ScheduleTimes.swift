extension Schedule {
    /// The first instant after `moment` at which it is due; nil if there is none.
    ///
    /// Says nothing of whether it is enabled.
    package func next(after moment: Timestamp, in zone: any ZoneRules) -> Timestamp? {
        var moment = moment
        if let startsAt { moment = max(moment, startsAt + -1) }
        guard let next = rule.next(after: moment, in: zone, dst), next <= endsAt ?? next else {
            return nil
        }
        return next
    }

    /// What became due from `first`, which is due itself, up to `now`, both included.
    ///
    /// - Returns: the newest `limit` instants, oldest first, and how many others there were before
    ///   them; that number is exact up to ``MissedPolicy/countingLimit``.
    package func due(
        from first: Timestamp,
        upTo now: Timestamp,
        limit: Int,
        in zone: any ZoneRules
    ) -> (newest: [Timestamp], others: Int, isExact: Bool) {
        var newest: [Timestamp] = []
        var others = 0
        var place: Timestamp? = first <= now ? first : nil
        while let instant = place {
            if others + newest.count == MissedPolicy.countingLimit {
                let jumped = newestDue(upTo: now, limit: limit, in: zone)
                return (jumped, MissedPolicy.countingLimit, false)
            }
            newest.append(instant)
            if newest.count > max(1, limit) {
                newest.removeFirst()
                others += 1
            }
            place = next(after: instant, in: zone).flatMap { $0 <= now ? $0 : nil }
        }
        return (newest, others, true)
    }

    /// The newest instants, found from their end: windows that grow until one holds enough.
    private func newestDue(upTo now: Timestamp, limit: Int, in zone: any ZoneRules) -> [Timestamp] {
        var found: [Timestamp] = []
        var window: Int64 = 60_000
        while window < 40_000_000_000 {
            found = []
            var place = next(after: now + -window, in: zone)
            while let instant = place, instant <= now {
                found.append(instant)
                place = next(after: instant, in: zone)
            }
            if found.count >= limit { break }
            window *= 8
        }
        return found.suffix(max(1, limit))
    }
}

extension ScheduleRule {
    /// The first instant after `moment`; nil if there is none before the year 10,000.
    package func next(after moment: Timestamp, in zone: any ZoneRules, _ dst: DSTRule) -> Timestamp?
    {
        guard moment.milliseconds < Self.latest else { return nil }
        let moment = max(moment, Timestamp(milliseconds: -Self.latest))
        switch self {
        case .cron(let rule): return rule.next(after: moment, in: zone, dst)
        case .every(let milliseconds, let anchor):
            let step = min(max(Self.shortest, milliseconds), Self.longest)
            let start = anchor.milliseconds % step
            // How far the moment is behind the newest instant that is not after it.
            let behind = ((moment.milliseconds - start) % step + step) % step
            return moment + (step - behind)
        }
    }

    /// The last moment of the year 9999.
    private static let latest: Int64 = 253_402_300_799_999
}

extension CronRule {
    /// The first instant after `moment`.
    func next(after moment: Timestamp, in zone: any ZoneRules, _ dst: DSTRule) -> Timestamp? {
        let first = floorDivide(moment.milliseconds, 1000) + 1
        let today = floorDivide(first + zone.offset(at: first), ZonedDay.length)
        var best: Int64?
        // Where the clock changes, times of neighbouring dates can lie in each other's way.
        var day = today - 1
        var last = today + Self.longestPause
        while day <= last {
            if matches(day: day),
                let found = ZonedDay(day, in: zone).first(from: first, of: self, dst)
            {
                best = min(best ?? found, found)
                last = min(last, day + 1)
            }
            day += 1
        }
        return best.map { Timestamp(milliseconds: $0 * 1000) }
    }
}

/// One date in a zone: which moments its wall-clock times are.
///
/// All in seconds. Wall-clock times are counted like moments, as if the place were in UTC.
struct ZonedDay {
    static let length: Int64 = 86_400

    /// The wall-clock time with which the date begins.
    let start: Int64
    /// The offset with which it begins.
    let before: Int64
    /// The offset with which it ends.
    let after: Int64
    /// The moment at which the clock changes; only meaningful if the two offsets differ.
    let change: Int64

    init(_ day: Int64, in zone: any ZoneRules) {
        start = day * Self.length
        var low = start - Self.length
        var high = start + 2 * Self.length
        before = zone.offset(at: low)
        after = zone.offset(at: high)
        guard before != after else {
            change = high
            return
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if zone.offset(at: middle) == before { low = middle } else { high = middle }
        }
        change = high
    }

    /// The wall-clock time with which the next date begins.
    var end: Int64 { start + Self.length }

    /// The first moment of the date, not before `moment`, at which a rule is due.
    func first(from moment: Int64, of rule: CronRule, _ dst: DSTRule) -> Int64? {
        guard before != after else {
            return Walls(start, end, offset: before).first(of: rule, in: self, from: moment)
        }
        let (isLeft, isReached) = (change + before, change + after)
        let early = Walls(start, isLeft, offset: before)
        // In a fold the clock shows times again that it has shown before.
        let late = Walls(dst == .both ? isReached : max(isLeft, isReached), end, offset: after)
        var found = [
            early.first(of: rule, in: self, from: moment),
            late.first(of: rule, in: self, from: moment),
        ]
        // Empty unless the clock is put forward.
        let gap = Walls(isLeft, isReached, offset: before)
        switch dst {
        case .both: break
        case .shift: found.append(gap.first(of: rule, in: self, from: moment))
        case .once:
            if change >= moment, gap.first(of: rule, in: self, from: change) != nil {
                found.append(change)
            }
        }
        return found.compactMap { $0 }.min()
    }

    /// Wall-clock times from `lower` up to but without `upper`, and how they become moments.
    private struct Walls {
        let lower: Int64
        let upper: Int64
        let offset: Int64

        init(_ lower: Int64, _ upper: Int64, offset: Int64) {
            self.lower = lower
            self.upper = upper
            self.offset = offset
        }

        /// The first moment of theirs on a date, not before `moment`, at which a rule is due.
        func first(of rule: CronRule, in day: ZonedDay, from moment: Int64) -> Int64? {
            let floor = max(day.start, lower, moment + offset)
            guard let minute = rule.firstMinute(from: (floor - day.start + 59) / 60) else {
                return nil
            }
            let wall = day.start + minute * 60
            return wall < min(day.end, upper) ? wall - offset : nil
        }
    }
}
