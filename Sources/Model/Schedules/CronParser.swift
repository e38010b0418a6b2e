extension CronRule {
    /// Reads a cron rule: five fields, or a shorthand such as `@daily`.
    ///
    /// - Throws: a ``ScheduleError`` that names the field and what would be right there.
    package init(_ text: String) throws(ScheduleError) {
        let written = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let fields = try Self.expanded(written, text)
        guard fields.count == 5 else {
            throw ScheduleError(
                "cron",
                "a cron rule has 5 fields (minute, hour, day of month, month, day of week); "
                    + "“\(text)” has \(fields.count)"
                    + (fields.count == 6 ? "; there is no field for seconds" : "")
            )
        }
        let minute = try CronField.minute.read(fields[0])
        let hour = try CronField.hour.read(fields[1])
        let day = try CronField.day.read(fields[2])
        let month = try CronField.month.read(fields[3])
        let weekday = try CronField.weekday.read(fields[4])
        self.text = fields.joined(separator: " ")
        minutes = minute.mask
        hours = hour.mask
        days = day.mask
        hasLastDay = day.hasLast
        months = month.mask
        // Both 0 and 7 are Sunday.
        weekdays = (weekday.mask | weekday.mask >> 7) & 0x7F
        nthWeekdays = weekday.nth
        isAnyDay = fields[2].hasPrefix("*")
        isAnyWeekday = fields[4].hasPrefix("*")
        guard isPossible else {
            throw ScheduleError(
                "day of month",
                "no date fits “\(self.text)”: the months it names have no such day"
            )
        }
    }

    /// The fields of a shorthand; other texts as they are.
    private static func expanded(
        _ fields: [String],
        _ text: String
    ) throws(ScheduleError) -> [String] {
        guard let word = fields.first, word.hasPrefix("@") else { return fields }
        let known = shorthands.map(\.word).joined(separator: ", ")
        guard fields.count == 1 else {
            throw ScheduleError("cron", "“\(text)”: nothing can stand behind \(word)")
        }
        guard let shorthand = shorthands.first(where: { $0.word == word.lowercased() }) else {
            let hint =
                switch word.lowercased() {
                case "@reboot": "; a schedule follows the clock, not the machine"
                case "@every": "; for an interval use --every 15m"
                default: ""
                }
            throw ScheduleError("cron", "there is no “\(word)”\(hint); known: \(known)")
        }
        return shorthand.fields.split(separator: " ").map(String.init)
    }

    /// Words that stand for five fields.
    package static let shorthands: [(word: String, fields: String)] = [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ]
}

/// One of the five fields: its name, its bounds and its words.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var words: [String] = []
    var example: String

    static let minute = CronField(name: "minute", range: 0...59, example: "0, */15 or 5,35")
    static let hour = CronField(name: "hour", range: 0...23, example: "2, 8-18 or */4")
    static let day = CronField(name: "day of month", range: 1...31, example: "1, 1,15 or L")
    static let month = CronField(
        name: "month",
        range: 1...12,
        words: ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV"]
            + ["DEC"],
        example: "1-6, JAN or */3"
    )
    static let weekday = CronField(
        name: "day of week",
        range: 0...7,
        words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
        example: "MON-FRI, 0, TUE#2 or FRIL"
    )

    /// What a field's text means.
    struct Values {
        var mask: UInt64 = 0
        var hasLast = false
        var nth = [UInt64](repeating: 0, count: 7)
    }

    func read(_ text: String) throws(ScheduleError) -> Values {
        var values = Values()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !part.isEmpty else {
                throw wrong(text, "has an empty part; values of a list are separated by one comma")
            }
            try read(part.uppercased(), of: text, into: &values)
        }
        return values
    }

    private func read(
        _ part: String,
        of text: String,
        into values: inout Values
    ) throws(ScheduleError) {
        if name == Self.day.name, part == "L" {
            values.hasLast = true
            return
        }
        if name == Self.weekday.name, try readNth(part, of: text, into: &values) { return }
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count <= 2 else {
            throw wrong(text, "has two steps in “\(part)”; write one, as in */15")
        }
        let step = try pieces.count == 2 ? self.step(String(pieces[1]), of: text) : 1
        var bounds = try self.bounds(String(pieces[0]), of: text)
        // “5/15” begins at 5 and goes on to the end of the field.
        if pieces.count == 2, bounds.count == 1 { bounds = bounds.lowerBound...last }
        for value in stride(from: bounds.lowerBound, through: bounds.upperBound, by: step) {
            values.mask |= 1 << UInt64(value)
        }
    }

    /// The largest value of `*`: of the two numbers of Sunday only the first.
    private var last: Int { name == Self.weekday.name ? 6 : range.upperBound }

    private func bounds(_ text: String, of field: String) throws(ScheduleError) -> ClosedRange<Int>
    {
        if text == "*" { return range.lowerBound...last }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let first = try value(ends[0], of: field)
        guard ends.count > 1 else { return first...first }
        guard ends.count == 2 else {
            throw wrong(field, "has two dashes in “\(text)”; a range is FIRST-LAST")
        }
        let second = try value(ends[1], of: field)
        guard first <= second else {
            // A week may be written to its end on Sunday.
            if name == Self.weekday.name, second == 0 { return first...7 }
            let split = "\(ends[0])-\(self.word(last)),\(self.word(range.lowerBound))-\(ends[1])"
            throw wrong(field, "runs backwards in “\(text)”; write \(split)")
        }
        return first...second
    }

    private func word(_ value: Int) -> String {
        words.indices.contains(value) && !words[value].isEmpty ? words[value] : String(value)
    }

    private func value(_ text: String, of field: String) throws(ScheduleError) -> Int {
        if let index = words.firstIndex(of: text), !text.isEmpty { return index }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber, let number = Int(text) else {
            let names = words.filter { !$0.isEmpty }
            let hint = names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])"
            throw wrong(
                field,
                "cannot be “\(text)”; it is \(range.lowerBound) to \(range.upperBound)\(hint)"
            )
        }
        guard range.contains(number) else {
            throw wrong(
                field,
                "cannot be \(text); it goes from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    private func step(_ text: String, of field: String) throws(ScheduleError) -> Int {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber, let step = Int(text), (1...range.upperBound).contains(step) else {
            throw wrong(field, "cannot have the step “\(text)”; it is 1 to \(range.upperBound)")
        }
        return step
    }

    /// Reads `TUE#2` (the second Tuesday of the month) and `FRIL` (the last Friday).
    private func readNth(
        _ part: String,
        of field: String,
        into values: inout Values
    ) throws(ScheduleError) -> Bool {
        if part.hasSuffix("L"), part.count > 1 {
            values.nth[try value(String(part.dropLast()), of: field) % 7] |= 1
            return true
        }
        let pieces = part.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 2 else { return false }
        guard let nth = Int(pieces[1]), (1...5).contains(nth) else {
            throw wrong(field, "cannot have “#\(pieces[1])”; TUE#1 to TUE#5 is the first to fifth")
        }
        values.nth[try value(pieces[0], of: field) % 7] |= 1 << UInt64(nth)
        return true
    }

    private func wrong(_ field: String, _ why: String) -> ScheduleError {
        let text = field.count > 40 ? field.prefix(40) + "…" : field
        return ScheduleError(name, "the \(name) field “\(text)” \(why) (for example \(example))")
    }
}
