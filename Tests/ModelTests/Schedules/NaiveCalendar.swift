import Model

/// A date that was counted day by day, with nothing of the program in it.
struct NaiveDate: Hashable {
    var year: Int
    var month: Int
    var day: Int
    /// Sunday is 0.
    var weekday: Int
    /// The number of the date's last day of the month.
    var length: Int
}

/// Dates counted one by one from the beginning of 2025.
struct NaiveCalendar {
    /// The first moment of 2025 in UTC, in minutes since 1970: 55 years with 14 leap days.
    static let start: Int64 = (55 * 365 + 14) * 1440
    private let dates: [NaiveDate]

    init(years: Int) {
        var dates: [NaiveDate] = []
        // 1 January 2025 was a Wednesday.
        var weekday = 3
        for year in 2025..<2025 + years {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (index, length) in lengths.enumerated() {
                for day in 1...length {
                    dates.append(
                        NaiveDate(
                            year: year,
                            month: index + 1,
                            day: day,
                            weekday: weekday,
                            length: length
                        )
                    )
                    weekday = (weekday + 1) % 7
                }
            }
        }
        self.dates = dates
    }

    /// How many dates there are.
    var count: Int { dates.count }

    /// The date with that number, 0 being the first of 2025; nil outside.
    subscript(number: Int) -> NaiveDate? { dates.indices.contains(number) ? dates[number] : nil }
}

/// A cron rule with its meaning said a second time, by hand.
struct NaiveCron: Sendable {
    let text: String
    let fitsDate: @Sendable (NaiveDate) -> Bool
    let fitsTime: @Sendable (_ hour: Int, _ minute: Int) -> Bool

    init(
        _ text: String,
        date: @escaping @Sendable (NaiveDate) -> Bool = { _ in true },
        _ time: @escaping @Sendable (_ hour: Int, _ minute: Int) -> Bool
    ) {
        self.text = text
        fitsDate = date
        fitsTime = time
    }

    /// The minutes of a day that fit, each looked at.
    var minutesOfDay: [Int] { (0..<1440).filter { fitsTime($0 / 60, $0 % 60) } }
}

/// A zone as a list of stretches with one offset each.
struct TableZone: ZoneRules {
    struct Stretch {
        var start: Int64
        var offset: Int64
    }

    let name: String
    let stretches: [Stretch]

    init(name: String, stretches: [Stretch]) {
        self.name = name
        self.stretches = stretches
    }

    /// What a zone of the system is between two moments (in minutes), found by asking it each day
    /// and, where the answer differs from the day's before, each minute.
    init(_ zone: any ZoneRules, from start: Int64, to end: Int64) {
        name = zone.name
        var found = [Stretch(start: .min, offset: zone.offset(at: start * 60))]
        for day in stride(from: start, to: end, by: 1440)
        where zone.offset(at: (day + 1440) * 60) != found[found.count - 1].offset {
            let change = (day...day + 1440).first {
                zone.offset(at: $0 * 60) != found[found.count - 1].offset
            }
            guard let change else { continue }
            found.append(Stretch(start: change * 60, offset: zone.offset(at: change * 60)))
        }
        stretches = found
    }

    func offset(at second: Int64) -> Int64 {
        var index = stretches.count - 1
        while index > 0, stretches[index].start > second { index -= 1 }
        return stretches[index].offset
    }

    /// Moments, in minutes, at which the clock changes.
    var changes: [Int64] { stretches.dropFirst().map { $0.start / 60 } }
}
