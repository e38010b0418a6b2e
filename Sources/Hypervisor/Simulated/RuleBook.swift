/// What a call is about, for the rules.
struct Site {
    var vm: String?
    var host: String?
    var cluster: String?
    var zone: String?
}

/// The fault rules, in the order they were added.
struct RuleBook: Codable, Sendable {
    static let most = 1_000
    private(set) var rules: [FaultRule] = []

    mutating func add(_ rule: FaultRule) -> Bool {
        if let index = rules.firstIndex(where: { $0.id == rule.id }) {
            rules[index] = rule
            return true
        }
        guard rules.count < Self.most else { return false }
        rules.append(rule)
        return true
    }

    mutating func remove(_ id: String) -> Bool {
        guard let index = rules.firstIndex(where: { $0.id == id }) else { return false }
        rules.remove(at: index)
        return true
    }

    /// Notes that a rule struck, and retires it when that was the last time.
    mutating func spend(_ rule: FaultRule) {
        guard let count = rule.count else { return }
        guard let index = rules.firstIndex(where: { $0.id == rule.id }) else { return }
        if count > 1 { rules[index].count = count - 1 } else { rules.remove(at: index) }
    }

    /// The rule that strikes a call: the narrowest, and of those the oldest.
    func striking(_ call: TaskCall, _ site: Site, at now: Int64) -> FaultRule? {
        narrowest { rule in
            rule.action != .hostUnreachable && rule.isActive(at: now) && rule.covers(call.verb)
                && Self.applies(rule.scope, to: site)
                && Chance.unit(rule.seed, "rule", rule.id, call.id) < rule.probability
        }
    }

    /// The rule that makes a host unreachable for a verb; nil when it can be reached.
    ///
    /// Chance strikes a host, not a call: it stays struck while the rule applies.
    func unreachable(_ site: Site, verb: String, at now: Int64) -> FaultRule? {
        guard let host = site.host else { return nil }
        return narrowest { rule in
            rule.action == .hostUnreachable && rule.isActive(at: now) && rule.covers(verb)
                && Self.applies(rule.scope, to: site)
                && Chance.unit(rule.seed, "host", rule.id, host) < rule.probability
        }
    }

    private func narrowest(_ matches: (FaultRule) -> Bool) -> FaultRule? {
        var best: FaultRule?
        for rule in rules where matches(rule) {
            if rule.scope.narrowness > best?.scope.narrowness ?? -1 { best = rule }
        }
        return best
    }

    private static func applies(_ scope: FaultScope, to site: Site) -> Bool {
        switch scope {
        case .any: true
        case .zone(let name): site.zone == name
        case .cluster(let name): site.cluster == name
        case .host(let name): site.host == name
        case .vm(let name): site.vm == name
        }
    }

    /// Whether any host may be unreachable now.
    func cutsHosts(at now: Int64) -> Bool {
        rules.contains { $0.action == .hostUnreachable && $0.isActive(at: now) }
    }

    /// The next time after `now` at which a host may go out of reach or come back.
    func nextEdge(after now: Int64) -> Int64? {
        var next: Int64?
        for rule in rules where rule.action == .hostUnreachable {
            for edge in [rule.from, rule.until] {
                if let edge, edge > now, edge < next ?? .max { next = edge }
            }
        }
        return next
    }
}

/// The newest fence seen for each subject.
struct Fences: Codable, Sendable {
    private(set) var newest: [String: Int64] = [:]
    private var sweepsAt = 65_536

    func isStale(_ fence: Int64, for subject: String) -> Bool {
        fence < newest[subject] ?? .min
    }

    mutating func raise(_ subject: String, to fence: Int64) {
        newest[subject] = max(fence, newest[subject] ?? .min)
    }

    /// Forgets subjects that are gone, when so many have gathered that it is worth looking.
    mutating func sweep(_ isGone: (String) -> Bool) {
        guard newest.count >= sweepsAt else { return }
        newest = newest.filter { !isGone($0.key) }
        sweepsAt = max(65_536, newest.count * 2)
    }
}
