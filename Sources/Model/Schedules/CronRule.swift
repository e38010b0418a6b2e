/// The wall-clock times that five fields name: minute, hour, day of month, month, day of week.
///
/// As in cron, a date fits if its month does, and its day of month or its day of week; but if one
/// of these two fields is `*` (or begins with it), the other alone decides.
package struct CronRule: Hashable, Sendable {
    /// The fields as they were written, with one space between them; shorthands are written out.
    package let text: String
    /// One bit a minute.
    let minutes: UInt64
    /// One bit an hour.
    let hours: UInt64
    /// One bit a day of the month, 1 to 31.
    let days: UInt64
    /// Whether the last day of the month is meant as well.
    let hasLastDay: Bool
    /// One bit a month, 1 to 12.
    let months: UInt64
    /// One bit a day of the week, Sunday is 0.
    let weekdays: UInt64
    /// For each day of the week a mask of 1st to 5th in the month, and bit 0 for the last one.
    let nthWeekdays: [UInt64]
    /// Whether the day of month is left open.
    let isAnyDay: Bool
    /// Whether the day of week is left open.
    let isAnyWeekday: Bool

    /// Whether it runs in every hour of the days it runs on.
    package var runsEveryHour: Bool { hours == (1 << 24) - 1 }

    /// Whether a date fits, counted in days since 1970.
    func matches(day: Int64) -> Bool {
        let date = CivilDate(daysSince1970: day)
        guard months & (1 << UInt64(date.month)) != 0 else { return false }
        let fitsDay = isInDays(date, day)
        let fitsWeekday = isInWeekdays(date, day)
        if isAnyDay { return fitsWeekday }
        if isAnyWeekday { return fitsDay }
        return fitsDay || fitsWeekday
    }

    private func isInDays(_ date: CivilDate, _ day: Int64) -> Bool {
        if days & (1 << UInt64(date.day)) != 0 { return true }
        return hasLastDay && CivilDate(daysSince1970: day + 1).month != date.month
    }

    private func isInWeekdays(_ date: CivilDate, _ day: Int64) -> Bool {
        // The first day of 1970 was a Thursday.
        let weekday = Int(((day + 4) % 7 + 7) % 7)
        if weekdays & (1 << UInt64(weekday)) != 0 { return true }
        let wanted = nthWeekdays[weekday]
        guard wanted != 0 else { return false }
        if wanted & (1 << UInt64((date.day - 1) / 7 + 1)) != 0 { return true }
        return wanted & 1 != 0 && CivilDate(daysSince1970: day + 7).month != date.month
    }

    /// The first minute of a day that is named and not before `minute`, counted from its beginning.
    func firstMinute(from minute: Int64) -> Int64? {
        var hour = max(0, minute) / 60
        var floor = UInt64(max(0, minute) % 60)
        while hour < 24 {
            if hours & (1 << UInt64(hour)) != 0 {
                let left = minutes >> floor
                if left != 0 { return hour * 60 + Int64(floor) + Int64(left.trailingZeroBitCount) }
            }
            hour += 1
            floor = 0
        }
        return nil
    }

    /// Whether some date fits at all; 31 February does not.
    var isPossible: Bool { (0..<Self.longestPause).contains { matches(day: $0) } }

    /// Days within which every possible rule is due: 29 February can be eight years away.
    static let longestPause: Int64 = 9 * 366
}
