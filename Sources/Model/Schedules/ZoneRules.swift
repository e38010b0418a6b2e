import Foundation

/// How far the wall clock of a place is from UTC at each moment.
///
/// Everything that schedules know of zones comes through this, so that a test can use any zone. The
/// offset may change; it must not change twice within three days.
package protocol ZoneRules: Sendable {
    /// Its name: `Europe/Berlin`.
    var name: String { get }
    /// Seconds by which the wall clock is ahead of UTC at a moment given in seconds since 1970.
    func offset(at second: Int64) -> Int64
}

/// A zone of the IANA database, as the system knows it.
package struct NamedZone: ZoneRules {
    /// Its name.
    package let name: String
    private let zone: TimeZone

    /// The zone with that name.
    ///
    /// - Throws: a ``ScheduleError`` that names similar zones.
    package init(_ name: String) throws(ScheduleError) {
        guard Self.isName(name), let zone = TimeZone(identifier: name) else {
            let near = Self.similar(to: name).joined(separator: ", ")
            let hint = near.isEmpty ? "use an IANA name such as Europe/Berlin" : "perhaps \(near)"
            throw ScheduleError("zone", "there is no time zone “\(name)”; \(hint)")
        }
        self.name = name
        self.zone = zone
    }

    /// Seconds ahead of UTC.
    package func offset(at second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    /// Foundation also takes `GMT+3` and abbreviations, whose meaning differs between systems.
    private static func isName(_ name: String) -> Bool {
        name == "UTC" || (name.contains("/") && !name.contains("+"))
    }

    /// At most three names of zones that look like a mistyped one.
    private static func similar(to name: String) -> [String] {
        let wanted = key(name)
        guard !wanted.isEmpty else { return [] }
        let known = TimeZone.knownTimeZoneIdentifiers.sorted()
        let exact = known.filter { key($0) == wanted || key($0).hasSuffix(wanted) }
        if !exact.isEmpty { return Array(exact.prefix(3)) }
        return Array(known.filter { isOneOff(key($0), wanted) }.prefix(3))
    }

    private static func key(_ name: String) -> [UInt8] {
        name.lowercased().utf8.prefix(64).filter { $0 != UInt8(ascii: "_") && $0 != 32 }
    }

    /// Whether two names differ by one letter that is wrong, missing or too many.
    private static func isOneOff(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard abs(left.count - right.count) <= 1 else { return false }
        let head = zip(left, right).prefix { $0 == $1 }.count
        let (one, other) = (left.dropFirst(head), right.dropFirst(head))
        return one.dropFirst() == other.dropFirst() || one.elementsEqual(other.dropFirst())
            || one.dropFirst().elementsEqual(other)
    }
}

extension Array where Element == UInt8 {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
        count >= other.count && suffix(other.count).elementsEqual(other)
    }
}

/// Finds zones by their names.
package struct ZoneSource: Sendable {
    private let find: @Sendable (String) throws(ScheduleError) -> any ZoneRules

    /// A source that looks names up with `find`.
    package init(_ find: @escaping @Sendable (String) throws(ScheduleError) -> any ZoneRules) {
        self.find = find
    }

    /// The zones that the system knows.
    package static let system = ZoneSource { name throws(ScheduleError) in try NamedZone(name) }

    /// The zone with that name.
    ///
    /// - Throws: a ``ScheduleError`` if there is none.
    package func callAsFunction(_ name: String) throws(ScheduleError) -> any ZoneRules {
        try find(name)
    }
}
