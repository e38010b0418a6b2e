/// Who somebody is, as the operating system says, and from where.
package struct Identity: Hashable, Codable, Sendable {
    /// The login name; behind sudo that of the person, not root.
    package var user: String
    /// The number under which the process runs, which decides what it may do.
    package var uid: UInt32
    /// The names of its groups.
    package var groups: [String]
    /// The account on which jobs count if nothing else is said; may be empty.
    package var account: String
    /// From where: terminal, machine, and whatever stands between; may be empty.
    package var origin: String

    /// An identity with all its parts.
    package init(
        user: String,
        uid: UInt32,
        groups: [String] = [],
        account: String = "",
        origin: String = ""
    ) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.account = account
        self.origin = origin
    }
}

/// The role of a user, a group, or everybody else.
package struct RoleLine: Hashable, Codable, Sendable {
    /// A login name, `@group`, or `*` for whoever has no line.
    package var who: String
    /// What they may do.
    package var role: UserRole
    /// The accounts whose jobs they may act on; nil for all.
    package var accounts: [String]?

    /// A line with all its parts.
    package init(_ who: String, _ role: UserRole, accounts: [String]? = nil) {
        self.who = who
        self.role = role
        self.accounts = accounts
    }
}

/// Who may do what on a store.
///
/// The lines are kept in the store, so that they are the same for whoever works with it; the
/// store's owner and root are admins, whatever the lines say. While there are no lines, whoever can
/// write the file is an operator.
package struct Roles: Hashable, Codable, Sendable {
    /// The lines, in the order of their names.
    package let lines: [RoleLine]
    /// The number of the user who owns the store's file; nil for a store without a file.
    package var owner: UInt32?

    /// The roles that these lines give.
    package init(_ lines: [RoleLine] = [], owner: UInt32? = nil) {
        self.lines = lines.sorted { $0.who < $1.who }
        self.owner = owner
    }

    /// What somebody may do.
    ///
    /// The user's own line counts before those of groups, and these before `*`. Of several groups
    /// the highest role counts, and the accounts of all that give it.
    package func standing(of identity: Identity) -> Standing {
        if identity.uid == 0 { return standing(identity, .admin, nil, "root") }
        if identity.uid == owner { return standing(identity, .admin, nil, "the store's owner") }
        if lines.isEmpty {
            return standing(identity, .operator, nil, "no roles are set, and the file is writable")
        }
        if let line = lines.first(where: { $0.who == identity.user }) {
            return standing(identity, line.role, line.accounts, "the line for \(line.who)")
        }
        let names = Set(identity.groups.map { "@" + $0 })
        let groups = lines.filter { names.contains($0.who) }
        if let role = groups.map(\.role).max() {
            let giving = groups.filter { $0.role == role }
            let isLimited = giving.allSatisfy { $0.accounts != nil }
            let accounts = giving.flatMap { $0.accounts ?? [] }
            let list = giving.map(\.who).joined(separator: " and ")
            return standing(identity, role, isLimited ? accounts : nil, "the line for \(list)")
        }
        if let line = lines.first(where: { $0.who == "*" }) {
            return standing(identity, line.role, line.accounts, "the line for everybody else")
        }
        return standing(identity, .viewer, nil, "no line names them")
    }

    private func standing(
        _ identity: Identity,
        _ role: UserRole,
        _ accounts: [String]?,
        _ because: String
    ) -> Standing {
        let limit = accounts.map { Set($0) }
        return Standing(
            user: identity.user,
            role: role,
            accounts: limit,
            because: because,
            roles: self
        )
    }

    /// Who has a right, in a few words.
    package func holders(of right: Right) -> String {
        let named = lines.filter { $0.role >= right.role }
        var names = named.prefix(5).map { $0.who == "*" ? "everybody else" : $0.who }
        if named.count > 5 { names.append("\(named.count - 5) more") }
        return (names + ["the store's owner", "root"]).joined(separator: ", ")
    }
}

/// What somebody may do on a store, and why.
package struct Standing: Hashable, Sendable {
    /// Who.
    package var user: String
    /// The role.
    package var role: UserRole
    /// The accounts whose jobs they may act on; nil for all.
    package var accounts: Set<String>?
    /// What gives them the role.
    package var because: String
    /// The roles that it comes from.
    package var roles: Roles

    /// The same without the right to change anything.
    package var lookingOnly: Standing {
        var copy = self
        copy.role = .viewer
        copy.because = "read-only was asked for"
        return copy
    }

    /// Why somebody may not do this; nil if they may.
    ///
    /// `account` is that of the job it is about; nil if it is about everybody's.
    package func refusal(_ right: Right, account: String? = nil) -> String? {
        let holders = roles.holders(of: right)
        guard role >= right.role else {
            return "\(user) may not \(right.meaning): that takes the role \(right.role.rawValue), "
                + "and \(user) is \(role.rawValue) (\(because)); it is given to \(holders)"
        }
        guard let accounts else { return nil }
        let list = accounts.isEmpty ? "none" : accounts.sorted().joined(separator: ", ")
        guard right.isPerAccount, let account else {
            return "\(user) may not \(right.meaning): that concerns all accounts, and \(user) "
                + "acts for \(list) only (\(because)); it is given to \(holders)"
        }
        guard !accounts.contains(account) else { return nil }
        let whose = account.isEmpty ? "a job without an account" : "the account “\(account)”"
        return "\(user) may not \(right.meaning) of \(whose): the accounts are \(list) "
            + "(\(because)); it is given to \(holders)"
    }
}
