package import Foundation

/// A moment of wall-clock time: milliseconds since 1970 in UTC.
///
/// The engine, the store and the hypervisor share this one representation, so that a moment can be
/// compared, stored and replayed exactly. Nothing in this module reads a clock:
/// moments are handed in.
package struct Timestamp: Hashable, Comparable, Codable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var milliseconds: Int64

    /// A moment that many milliseconds after 1970.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A moment from Foundation's date, cut to whole milliseconds.
    package init(_ date: Date) {
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
    }

    /// Decodes a plain number of milliseconds.
    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Encodes a plain number of milliseconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// Whether the left moment is the earlier one.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment that many milliseconds later.
    package static func + (left: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds + milliseconds)
    }

    /// Milliseconds from the right moment to the left one.
    package static func - (left: Timestamp, right: Timestamp) -> Int64 {
        left.milliseconds - right.milliseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-11-22T15:41:20.000Z`.
    package var description: String {
        let days = floorDivide(milliseconds, 86_400_000)
        // Not “milliseconds minus days”: that product can lie below the smallest number.
        let rest = (milliseconds % 86_400_000 + 86_400_000) % 86_400_000
        let date = CivilDate(daysSince1970: days)
        return date.description + "T" + pad(rest / 3_600_000) + ":" + pad(rest / 60_000 % 60)
            + ":" + pad(rest / 1000 % 60) + "." + pad(rest % 1000, 3) + "Z"
    }

    /// The time of day in UTC without its date: `15:41:20`.
    package var timeOfDay: String {
        let seconds = (floorDivide(milliseconds, 1000) % 86_400 + 86_400) % 86_400
        return pad(seconds / 3600) + ":" + pad(seconds / 60 % 60) + ":" + pad(seconds % 60)
    }

    /// Reads RFC 3339 (`2026-11-22T15:41:20.5+01:00`); nil if the text is something else.
    package init?(rfc3339 text: String) {
        let plain = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? precise.parse(text)) ?? (try? plain.parse(text)) else { return nil }
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }
}

/// A day of the Gregorian calendar.
struct CivilDate: CustomStringConvertible {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Counts years from March, so that the leap day is the last of its year.
    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var description: String { pad(year, 4) + "-" + pad(month) + "-" + pad(day) }
}

func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

private func pad(_ value: Int64, _ width: Int = 2) -> String {
    let digits = String(value)
    if digits.utf8.count >= width { return digits }
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
