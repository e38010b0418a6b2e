import ArgumentParser
import Engine
import Model
import Store

/// Who may do what.
struct RightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rights",
        abstract: "Show who you are here, what you may do, and who may do the rest.",
        discussion: """
            Roles are viewer, operator and admin. They are given by “roles” in the configuration \
            of an admin, and kept in the store from then on: roles: {alice: admin, "@ops": \
            operator, bob: {role: operator, accounts: [dev]}, "*": viewer}. Root and the owner of \
            the store's file are admins, whatever is said. Until roles are given, whoever may \
            write the file is an operator.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let site = try global.site()
        let writable = try? SQLiteStore(path: site.storePath, readOnly: site.isReadOnly)
        if let writable, !writable.isReadOnly { try site.publishRoles(to: writable) }
        let store = try writable ?? site.openStoreForReading()
        let standing = try site.gate(store).standing()
        guard !global.isJSON else { return StandardOutput.line(json(standing, site).pretty) }
        let paper = try global.paper()
        let accounts = standing.accounts.map { " for " + $0.sorted().joined(separator: ", ") } ?? ""
        let line = "\(standing.user) is \(standing.role.rawValue)\(accounts): \(standing.because)"
        StandardOutput.line(paper.safe(line))
        var table = Table(
            [.init("RIGHT"), .init("MAY")]
                + UserRole.allCases.map { .init($0.rawValue.uppercased()) }
        )
        for rule in Right.rules {
            let account = standing.accounts?.first ?? ""
            let isMine = standing.refusal(rule.right, account: account) == nil
            table.add(
                [.init(rule.right.rawValue), .init(rule.meaning, isMine ? .none : .faint)]
                    + UserRole.allCases.map { .init($0 >= rule.role ? "yes" : "-") }
            )
        }
        table.print(on: paper)
        StandardOutput.line("")
        for line in standing.roles.lines { StandardOutput.line(paper.safe(RolesText.line([line]))) }
        if standing.roles.lines.isEmpty { StandardOutput.line("no roles are given") }
    }

    private func json(_ standing: Standing, _ site: Site) -> JSONValue {
        .object(of: [
            "user": JSONValue(standing.user),
            "role": JSONValue(standing.role.rawValue),
            "accounts": standing.accounts.map { .array($0.sorted().map { .string($0) }) } ?? .null,
            "because": JSONValue(standing.because),
            "origin": JSONValue(site.identity.origin),
            "rights": .array(
                Right.rules.map { rule in
                    let account = standing.accounts?.first ?? ""
                    return .object(of: [
                        "right": JSONValue(rule.right.rawValue),
                        "role": JSONValue(rule.role.rawValue),
                        "perAccount": .bool(rule.isPerAccount),
                        "allowed": .bool(standing.refusal(rule.right, account: account) == nil),
                    ])
                }
            ),
            "roles": .array(
                standing.roles.lines.map { line in
                    .object(of: [
                        "who": JSONValue(line.who),
                        "role": JSONValue(line.role.rawValue),
                        "accounts": line.accounts.map { .array($0.map { .string($0) }) } ?? .null,
                    ])
                }
            ),
        ])
    }
}
