/// How much somebody may do here, least first.
package enum UserRole: String, CaseIterable, Codable, Sendable, Comparable {
    /// Looks at everything and changes nothing.
    case viewer
    /// Works with jobs.
    case `operator`
    /// Decides about the store, its locks and who may do what.
    case admin

    /// Whether the left one may do less.
    package static func < (left: UserRole, right: UserRole) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// One thing that people do here and that not everybody may do.
package enum Right: String, CaseIterable, Codable, Sendable {
    case submit, approve, cancel, abort, abandon, retry, resolve, acknowledge, priority, pin, report
    case serve, releaseLock, pauseLane, sizeLane, drain, schedule, unstick
    case archive, maintain, roles

    /// The least role that has it.
    package var role: UserRole { rule.role }

    /// Whether it concerns one account's jobs; otherwise it concerns everybody's.
    package var isPerAccount: Bool { rule.isPerAccount }

    /// What it allows, in a few words that follow “may”.
    package var meaning: String { rule.meaning }

    /// A row of the table.
    package struct Rule: Sendable {
        /// The right.
        package let right: Right
        /// The least role that has it.
        package let role: UserRole
        /// Whether it concerns one account's jobs.
        package let isPerAccount: Bool
        /// What it allows.
        package let meaning: String

        init(_ right: Right, _ role: UserRole, perAccount: Bool = false, _ meaning: String) {
            self.right = right
            self.role = role
            isPerAccount = perAccount
            self.meaning = meaning
        }
    }

    /// The table of rights; each has one row.
    package static let rules: [Rule] = [
        Rule(.submit, .operator, perAccount: true, "submit jobs"),
        Rule(.approve, .operator, perAccount: true, "approve and reject jobs of others"),
        Rule(.cancel, .operator, perAccount: true, "cancel jobs"),
        Rule(.abort, .operator, perAccount: true, "abort jobs"),
        Rule(.abandon, .operator, perAccount: true, "abandon jobs"),
        Rule(.retry, .operator, perAccount: true, "retry jobs"),
        Rule(.resolve, .operator, perAccount: true, "decide about jobs that need an operator"),
        Rule(.acknowledge, .operator, perAccount: true, "acknowledge what calls for attention"),
        Rule(.priority, .operator, perAccount: true, "change the priority of jobs"),
        Rule(.pin, .operator, perAccount: true, "pin jobs"),
        Rule(.report, .operator, perAccount: true, "report on work that they do outside"),
        Rule(.serve, .operator, "run an engine"),
        Rule(.pauseLane, .operator, "pause and resume lanes"),
        Rule(.schedule, .operator, "make, edit and run schedules"),
        Rule(.sizeLane, .admin, "change the slots and limits of lanes"),
        Rule(.releaseLock, .admin, "release locks"),
        Rule(.unstick, .admin, "put resources right that are stuck"),
        Rule(.drain, .admin, "drain the engine"),
        Rule(.archive, .admin, "archive and remove old jobs"),
        Rule(.maintain, .admin, "check, back up and compact the store"),
        Rule(.roles, .admin, "say who may do what"),
    ]

    private static let byRight = Dictionary(rules.map { ($0.right, $0) }) { first, _ in first }

    /// A right without a row is an admin's: whoever forgets one gives nothing away.
    private var rule: Rule { Self.byRight[self] ?? Rule(self, .admin, rawValue) }
}
