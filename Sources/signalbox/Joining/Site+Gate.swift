import Engine
import Foundation
import Model
import Store

extension Site {
    /// The way by which whoever runs this program changes that store.
    func gate(_ store: SQLiteStore) -> Gate {
        Gate(
            store,
            for: identity,
            owner: Login.owner(of: store.path),
            isReadOnly: isReadOnly || store.isReadOnly
        )
    }

    /// Writes the roles that the configuration names into the store, if an admin brings them.
    ///
    /// Only the store's word counts: whoever names roles in a configuration of his own changes
    /// nothing by it.
    func publishRoles(to store: SQLiteStore) throws {
        guard let wanted = configuration.roles, !store.isReadOnly, !isReadOnly else { return }
        let (standing, kept) = try store.read { reader in
            (try gate(store).standing(reader), try reader.roleLines())
        }
        let lines = Roles(wanted).lines
        guard lines != kept, standing.role == .admin else { return }
        let change = Gate.Change(.roles, "set roles", on: "roles", reason: "by configuration")
        try gate(store).change(change, at: WallClock(on: store).now()) { tx, entry in
            entry.before = RolesText.line(kept)
            entry.after = RolesText.line(lines)
            try tx.replaceRoles(lines)
        }
    }

    /// Refuses what whoever runs this program has no right to.
    func demand(_ right: Right, on store: SQLiteStore) throws {
        if let refusal = try gate(store).standing().refusal(right) {
            throw Complaint(.refused, refusal)
        }
    }
}

/// Roles as text.
enum RolesText {
    /// All of them in one line: `@ops=operator alice=admin bob=operator(dev,test)`.
    static func line(_ lines: [RoleLine]) -> String {
        lines.isEmpty ? "none" : lines.map(text).joined(separator: " ")
    }

    private static func text(_ line: RoleLine) -> String {
        let accounts = line.accounts.map { "(\($0.joined(separator: ",")))" } ?? ""
        return "\(line.who)=\(line.role.rawValue)\(accounts)"
    }
}
