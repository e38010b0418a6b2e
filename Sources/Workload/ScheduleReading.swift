import Engine
import Model

/// Reads `schedules:`, which are in the store from the beginning.
enum ScheduleReading {
    private static let keys = [
        "name", "kind", "target", "params", "cron", "every", "zone", "dst", "overlap", "missed",
        "priority", "user", "account", "enabled", "note",
    ]

    /// All schedules of a file; intervals are anchored at 0, which whoever plays it changes.
    static func schedules(
        _ root: YAMLReader,
        _ kinds: KindRegistry
    ) throws(ScenarioError) -> [Schedule] {
        var found: [Schedule] = []
        for element in try root.at("schedules")?.elements() ?? [] {
            let schedule = try schedule(element, kinds)
            guard !found.contains(where: { $0.name == schedule.name }) else {
                throw element.error("there is a schedule \(schedule.name) already")
            }
            found.append(schedule)
        }
        return found
    }

    private static func schedule(
        _ reader: YAMLReader,
        _ kinds: KindRegistry
    ) throws(ScenarioError) -> Schedule {
        try reader.check(keys: keys)
        let word = try reader.required("kind")
        guard let kind = kinds[try word.text()] else {
            throw word.error("there is no kind “\(try word.text())”")
        }
        var schedule = Schedule(
            name: try reader.required("name").text(),
            kind: kind.name,
            user: try reader.at("user")?.text() ?? "scheduler",
            rule: try rule(reader)
        )
        if let target = reader.at("target") {
            schedule.target = Target(try target.text(), defaultType: kind.targetType)
        }
        for (key, value) in try reader.at("params")?.members() ?? [] {
            guard kind.parameters.contains(where: { $0.name == key }) else {
                throw value.error("\(kind.name) has no parameter “\(key)”")
            }
            schedule.parameters[key] = try value.text()
        }
        schedule.account = try reader.at("account")?.text() ?? "admin"
        schedule.priority = try reader.at("priority")?.integer(-1000...1000) ?? 0
        schedule.isEnabled = try reader.at("enabled")?.flag() ?? true
        schedule.note = try reader.at("note")?.text() ?? ""
        try readPolicies(reader, into: &schedule)
        do { try schedule.check() } catch { throw reader.error(error.text) }
        return schedule
    }

    private static func readPolicies(
        _ reader: YAMLReader,
        into schedule: inout Schedule
    ) throws(ScenarioError) {
        if let zone = reader.at("zone") { schedule.zone = try zone.text() }
        if let dst = reader.at("dst") { schedule.dst = try word(dst) }
        if let overlap = reader.at("overlap") { schedule.overlap = try word(overlap) }
        if let missed = reader.at("missed") {
            guard let policy = MissedPolicy(try missed.text()) else {
                throw missed.error("the policy is skip, latest or all:N")
            }
            schedule.missed = policy
        }
    }

    private static func rule(_ reader: YAMLReader) throws(ScenarioError) -> ScheduleRule {
        switch (reader.at("cron"), reader.at("every")) {
        case (let cron?, nil):
            do { return .cron(try CronRule(try cron.text())) } catch let wrong as ScheduleError {
                throw cron.error(wrong.text)
            } catch let wrong as ScenarioError {
                throw wrong
            } catch {
                throw cron.error("\(error)")
            }
        case (nil, let every?):
            return .every(milliseconds: try every.span(), anchor: Timestamp(milliseconds: 0))
        default: throw reader.error("a schedule has either cron: or every:")
        }
    }

    private static func word<Word: CaseIterable & RawRepresentable<String>>(
        _ reader: YAMLReader
    ) throws(ScenarioError) -> Word {
        let text = try reader.text()
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw reader.error("“\(text)” is none of: \(known)")
        }
        return word
    }
}
