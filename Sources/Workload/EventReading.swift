import Engine
import Hypervisor
import Model
import Operations

/// Reads what happens when: `faults:`, there from the beginning, and `events:`.
struct EventReading {
    /// How far before the opening an event may lie, in milliseconds.
    let past: Int64

    private static let deeds = ["submit", "fault", "heal", "action"]
    static let kinds = KindRegistry(
        StandardKinds.all(hypervisor: SimulatedHypervisor(inventory: Inventory(), seed: 0))
    )

    /// All events of a file, earliest first.
    func events(_ root: YAMLReader) throws(ScenarioError) -> [ScriptedEvent] {
        var events: [ScriptedEvent] = []
        for element in try root.at("faults")?.elements() ?? [] {
            events.append(ScriptedEvent(at: -past, .fault(try rule(element))))
        }
        var labels: Set<String> = []
        for element in try root.at("events")?.elements() ?? [] {
            events.append(try event(element, &labels))
        }
        // The sort must not change the order within a moment.
        return events.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    private func event(
        _ reader: YAMLReader,
        _ labels: inout Set<String>
    ) throws(ScenarioError) -> ScriptedEvent {
        try reader.check(keys: ["at"] + Self.deeds)
        let when = try reader.required("at")
        let at = try when.span()
        guard at >= -past else {
            throw when.error(
                "this is before the beginning; lengthen past: (now \(Span.short(past)))"
            )
        }
        let present = Self.deeds.filter { reader.at($0) != nil }
        guard present.count == 1, let word = present.first, let deed = reader.at(word) else {
            throw reader.error("an event has one of: " + Self.deeds.joined(separator: ", "))
        }
        switch word {
        case "submit": return ScriptedEvent(at: at, try submission(deed, &labels))
        case "fault": return ScriptedEvent(at: at, .fault(try rule(deed)))
        case "heal": return ScriptedEvent(at: at, .heal(try deed.text()))
        default: return ScriptedEvent(at: at, try action(deed, labels))
        }
    }

    private func submission(
        _ reader: YAMLReader,
        _ labels: inout Set<String>
    ) throws(ScenarioError) -> ScriptedEvent.Deed {
        try reader.check(keys: [
            "kind", "target", "params", "user", "account", "priority", "label", "due",
        ])
        let name = try reader.required("kind")
        guard let kind = Self.kinds[try name.text()] else {
            throw name.error(
                "there is no kind “\(try name.text())”; there are: "
                    + Self.kinds.all.map(\.name).joined(separator: ", ")
            )
        }
        var submission = Submission(
            kind: kind.name,
            user: try reader.at("user")?.text() ?? "operator",
            account: try reader.at("account")?.text() ?? "admin",
            priority: try reader.at("priority")?.integer(-1000...1000) ?? 0
        )
        if let target = reader.at("target") {
            submission.target = Target(try target.text(), defaultType: kind.targetType)
        } else if !kind.targetType.isEmpty {
            throw reader.error("\(kind.name) needs a target: a \(kind.targetType)")
        }
        for (key, value) in try reader.at("params")?.members() ?? [] {
            guard kind.parameters.contains(where: { $0.name == key }) else {
                let known = kind.parameters.map(\.name).joined(separator: ", ")
                throw value.error(
                    "\(kind.name) has no parameter “\(key)”; it has: "
                        + (known.isEmpty ? "none" : known)
                )
            }
            submission.parameters[key] = try value.text()
        }
        submission.dueAt = try reader.at("due").map { due throws(ScenarioError) in
            Timestamp(milliseconds: try due.span())
        }
        let label = try reader.at("label")?.text()
        if let label, !labels.insert(label).inserted {
            throw reader.error("the label “\(label)” is given twice")
        }
        return .submit(submission, label: label)
    }

    private func rule(_ reader: YAMLReader) throws(ScenarioError) -> FaultRule {
        try reader.check(keys: [
            "id", "action", "scope", "verb", "probability", "count", "seed", "from", "until",
        ])
        var rule = FaultRule(
            id: try reader.required("id").text(),
            action: try reader.required("action").decoded(FaultAction.self)
        )
        if let scope = reader.at("scope") { rule.scope = try scope.decoded(FaultScope.self) }
        if let verb = reader.at("verb") {
            rule.verb = try verb.text()
            guard Verb.allCases.contains(where: { rule.covers($0.rawValue) }) else {
                throw verb.error("“\(rule.verb)” covers no verb; write vm.boot, vm.* or *")
            }
        }
        if let chance = reader.at("probability") { rule.probability = try chance.number(0...1) }
        if let count = reader.at("count") { rule.count = try count.integer(1...1_000_000) }
        if let seed = reader.at("seed") { rule.seed = UInt64(try seed.integer(0...Int.max)) }
        rule.from = try reader.at("from")?.span()
        rule.until = try reader.at("until")?.span()
        return rule
    }

    private func action(
        _ reader: YAMLReader,
        _ labels: Set<String>
    ) throws(ScenarioError) -> ScriptedEvent.Deed {
        try reader.check(keys: ["do", "job", "by", "reason"])
        let word = try reader.required("do")
        guard let action = Self.actions[try word.text()] else {
            throw word.error(
                "there is no action “\(try word.text())”; there are: "
                    + Self.actions.keys.sorted().joined(separator: ", ")
            )
        }
        let job = try reader.required("job")
        let label = try job.text()
        guard labels.contains(label) else {
            throw job.error("no submit above has the label “\(label)”")
        }
        return .act(
            action,
            label: label,
            by: try reader.at("by")?.text() ?? "operator",
            reason: try reader.at("reason")?.text() ?? ""
        )
    }

    /// Everything an operator can do to a job, by its word.
    private static let actions: [String: OperatorAction] = {
        let all =
            StopLevel.allCases.map(OperatorAction.stop) + [.retry]
            + Resolution.allCases.map(OperatorAction.resolve)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.word, $0) })
    }()
}
