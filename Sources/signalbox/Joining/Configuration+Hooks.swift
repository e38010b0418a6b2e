import Model
import Operations
import Yams

extension Configuration {
    private static let hookKeys = ["name", "on", "run", "bell", "timeout", "attempts"]
    private static let eventKeys = ["states", "kinds", "filter"]
    /// How many hooks there may be: each follows the journal by itself.
    private static let mostHooks = 32

    /// What is done when something happens: a list of rules.
    func hooks(_ node: Node, _ place: String) throws(Complaint) -> [HookRule] {
        guard let sequence = node.sequence, sequence.count <= Self.mostHooks else {
            throw Complaint(
                .usage,
                "\(place): hooks must be a list of at most \(Self.mostHooks) rules such as "
                    + "{on: {states: [failed]}, run: page-me}"
            )
        }
        var rules: [HookRule] = []
        for (index, node) in sequence.enumerated() {
            let rule = try hook(node, index + 1, place)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw Complaint(.usage, "\(place): two hooks have the name \(rule.name)")
            }
            rules.append(rule)
        }
        return rules
    }

    /// Refuses hooks whose script is not listed; once all of the file is read.
    func checkHooks(_ path: String) throws(Complaint) {
        let names = scripts.map(\.name)
        for rule in hooks {
            guard let program = rule.program, !names.contains(program) else { continue }
            throw Complaint(
                .usage,
                "\(path): the hook \(rule.name) runs “\(program)”, which is not listed under "
                    + "“scripts”"
            )
        }
    }

    private func hook(
        _ node: Node,
        _ number: Int,
        _ place: String
    ) throws(Complaint) -> HookRule {
        guard let mapping = node.mapping else {
            throw Complaint(.usage, "\(place): a hook must be a mapping with “on” and “run”")
        }
        var rule = HookRule("")
        for (key, value) in mapping {
            let line = Self.line(key, place)
            switch key.string ?? "" {
            case "name": rule.name = try text(value, "name", line)
            case "on": try event(value, &rule, line)
            case "run": rule.program = try text(value, "run", line)
            case "bell": rule.rings = try flag(value, "bell", line)
            case "timeout": rule.timeout = try span(value, "timeout", upTo: 600_000, line)
            case "attempts": rule.attempts = try self.number(value, "attempts", 1...20, line)
            case let other: throw Self.unknown(other, Self.hookKeys, line)
            }
        }
        guard rule.program != nil || rule.rings else {
            throw Complaint(.usage, "\(place): hook \(number) does nothing: add run or bell: true")
        }
        if rule.name.isEmpty { rule.name = rule.program ?? "bell-\(number)" }
        let isPlain = rule.name.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
        }
        guard isPlain, rule.name.count <= 63 else {
            throw Complaint(
                .usage,
                "\(place): “\(rule.name)” cannot be a hook's name: up to 63 letters, digits, “-”, "
                    + "“.”, “_” can"
            )
        }
        return rule
    }

    private func event(
        _ node: Node,
        _ rule: inout HookRule,
        _ place: String
    ) throws(Complaint) {
        guard let mapping = node.mapping else {
            throw Complaint(.usage, "\(place): on must be a mapping such as {states: [failed]}")
        }
        for (key, value) in mapping {
            let line = Self.line(key, place)
            switch key.string ?? "" {
            case "states":
                for word in try texts(value, "states", line) {
                    guard let state = JobState(rawValue: word) else {
                        let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                        throw Complaint(
                            .usage,
                            "\(line): there is no state “\(word)”; there are \(known)"
                        )
                    }
                    rule.states.insert(state)
                }
            case "kinds": rule.kinds = try texts(value, "kinds", line)
            case "filter":
                do throws(FilterError) {
                    rule.filter = try FilterParser.parse(value.string ?? "")
                } catch {
                    throw Complaint(.usage, "\(line): filter: \(error.text)")
                }
            case let other: throw Self.unknown(other, Self.eventKeys, line)
            }
        }
    }
}
