import Model

/// The instants of a cron rule, found in ways that have nothing in common with the program's.
struct NaiveClock {
    let zone: TableZone
    let calendar: NaiveCalendar

    /// Watches the clock on the wall minute by minute, as a person would.
    ///
    /// - Returns: for each rule the minutes since 1970 at which it is due.
    func watch(_ cron: NaiveCron, from start: Int64, to end: Int64) -> [DSTRule: Set<Int64>] {
        var due: [DSTRule: Set<Int64>] = [.once: [], .both: [], .shift: []]
        var seen: Set<Int64> = []
        var previous = wall(start - 1)
        for minute in start..<end {
            let now = wall(minute)
            if now > previous + 1 {
                let lost = (previous + 1..<now).filter { fits($0, cron) }
                if !lost.isEmpty { due[.once]?.insert(minute) }
                for time in lost { due[.shift]?.insert(minute + time - previous - 1) }
            }
            if fits(now, cron) {
                due[.both]?.insert(minute)
                if !seen.contains(now) {
                    due[.once]?.insert(minute)
                    due[.shift]?.insert(minute)
                }
            }
            seen.insert(now)
            previous = now
        }
        return due.mapValues { $0.filter { $0 >= start && $0 < end } }
    }

    /// Goes through all dates, and asks for each wall-clock time that fits when the clock shows it.
    func list(_ cron: NaiveCron, _ dst: DSTRule) -> Set<Int64> {
        let minutes = cron.minutesOfDay
        var due: Set<Int64> = []
        for number in 0..<calendar.count {
            guard let date = calendar[number], cron.fitsDate(date) else { continue }
            for minute in minutes {
                let wall = NaiveCalendar.start + Int64(number * 1440 + minute)
                due.formUnion(moments(at: wall, dst))
            }
        }
        return due
    }

    private func moments(at wall: Int64, _ dst: DSTRule) -> [Int64] {
        let candidates = Set(zone.stretches.map { wall - $0.offset / 60 }).sorted()
        let shown = candidates.filter { self.wall($0) == wall }
        if let first = shown.first { return dst == .both ? shown : [first] }
        guard dst != .both,
            let gap = zone.stretches.indices.dropFirst().first(where: { index in
                let change = zone.stretches[index].start / 60
                return self.wall(change - 1) < wall && self.wall(change) > wall
            })
        else { return [] }
        let change = zone.stretches[gap].start / 60
        return [dst == .once ? change : wall - zone.stretches[gap - 1].offset / 60]
    }

    private func wall(_ minute: Int64) -> Int64 { minute + zone.offset(at: minute * 60) / 60 }

    private func fits(_ wall: Int64, _ cron: NaiveCron) -> Bool {
        let since = Int(wall - NaiveCalendar.start)
        guard since >= 0, let date = calendar[since / 1440] else { return false }
        let minute = since % 1440
        return cron.fitsTime(minute / 60, minute % 60) && cron.fitsDate(date)
    }
}
