import Engine
import Hypervisor
import Model
import Operations

extension Scenario {
    /// Reads a scenario from the text of a YAML file.
    ///
    /// - Parameters:
    ///   - text: The file's text.
    ///   - file: Its name, for errors.
    /// - Returns: The scenario.
    /// - Throws: What is wrong, with file, line and place, and what would be right.
    package static func read(_ text: String, file: String) throws(ScenarioError) -> Scenario {
        let root = try YAMLReader.root(text, file: file)
        try root.check(keys: [
            "title", "story", "seed", "speed", "past", "inventory", "faults", "load", "schedules",
            "events",
        ])
        let seed = UInt64(try root.at("seed")?.integer(0...Int.max) ?? 0)
        let inventory = try InventoryReading.read(try root.required("inventory"), seed: seed)
        var scenario = Scenario(
            title: try root.required("title").text(),
            inventory: inventory,
            seed: seed
        )
        scenario.story = try root.at("story")?.text() ?? ""
        scenario.speed = try root.at("speed")?.number(0.1...10_000) ?? 1
        if let past = root.at("past") { scenario.past = try pastSpan(past) }
        scenario.load = try root.at("load").map { reader throws(ScenarioError) in
            try LoadProfile.read(reader)
        }
        scenario.schedules = try ScheduleReading.schedules(root, EventReading.kinds)
        scenario.events = try EventReading(past: scenario.past).events(root)
        return scenario
    }

    private static func pastSpan(_ reader: YAMLReader) throws(ScenarioError) -> Int64 {
        let span = try reader.span()
        guard (0...longestPast).contains(span) else {
            throw reader.error("the past is at most 7d long and is not written with a minus")
        }
        return span
    }

    private static let longestPast: Int64 = 7 * 86_400_000
}

extension LoadProfile {
    static func read(_ reader: YAMLReader) throws(ScenarioError) -> LoadProfile {
        try reader.check(keys: ["rate", "outstanding", "weights", "users", "accounts"])
        var weights: [String: Double] = [:]
        let list = try reader.required("weights")
        for (kind, weight) in try list.members() {
            guard SyntheticLoad.kinds.contains(kind) else {
                throw weight.error(
                    "the load cannot make “\(kind)”; it can make: "
                        + SyntheticLoad.kinds.joined(separator: ", ")
                )
            }
            weights[kind] = try weight.number(0...1000)
        }
        guard weights.values.contains(where: { $0 > 0 }) else {
            throw list.error("some weight must be above 0")
        }
        var profile = LoadProfile(weights: weights)
        if let rate = reader.at("rate") { profile.rate = try rate.number(0.001...10_000) }
        if let most = reader.at("outstanding") {
            profile.outstanding = try most.integer(1...1_000_000)
        }
        if let users = reader.at("users") { profile.users = try names(users) }
        if let accounts = reader.at("accounts") { profile.accounts = try names(accounts) }
        return profile
    }

    private static func names(_ reader: YAMLReader) throws(ScenarioError) -> [String] {
        var names: [String] = []
        for element in try reader.elements() { names.append(try element.text()) }
        guard !names.isEmpty else { throw reader.error("there must be at least one name") }
        return names
    }
}
