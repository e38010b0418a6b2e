import Model
import Yams

/// The `roles:` of a configuration file.
enum RoleReading {
    private static let example = "roles: {alice: admin, \"@ops\": operator, \"*\": viewer}"

    /// Reads the mapping from names to roles.
    ///
    /// - Throws: a complaint that names the line and what would be right.
    static func read(_ node: Node, _ path: String) throws(Complaint) -> [RoleLine] {
        guard let mapping = node.mapping else {
            throw complaint(node, path, "roles must be a mapping such as \(example)")
        }
        var lines: [RoleLine] = []
        for (key, value) in mapping {
            guard let who = key.string, !who.isEmpty, who != "@" else {
                throw complaint(key, path, "a role is given to a user, to @group or to \"*\"")
            }
            lines.append(try line(who, value, path))
        }
        guard lines.count <= 10_000 else {
            throw complaint(node, path, "more than 10000 roles; give them to groups")
        }
        return lines
    }

    private static func line(
        _ who: String,
        _ node: Node,
        _ path: String
    ) throws(Complaint) -> RoleLine {
        if let word = node.scalar?.string {
            return RoleLine(who, try role(word, node, path))
        }
        guard let mapping = node.mapping, let word = mapping["role"]?.string else {
            throw complaint(
                node,
                path,
                "the role of \(who) is one of \(words), or {role: operator, accounts: [dev]}"
            )
        }
        if let other = mapping.first(where: { !["role", "accounts"].contains($0.key.string) }) {
            throw complaint(other.key, path, "a role has the keys role and accounts only")
        }
        guard let list = mapping["accounts"] else {
            return RoleLine(who, try role(word, node, path))
        }
        guard let accounts = list.sequence.map({ $0.compactMap(\.string) }), !accounts.isEmpty,
            accounts.count == list.sequence?.count
        else {
            throw complaint(list, path, "accounts must be a list of names such as [dev, test]")
        }
        return RoleLine(who, try role(word, node, path), accounts: accounts.sorted())
    }

    private static var words: String { UserRole.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func role(
        _ word: String,
        _ node: Node,
        _ path: String
    ) throws(Complaint) -> UserRole {
        guard let role = UserRole(rawValue: word) else {
            throw complaint(node, path, "there is no role “\(word)”; there are \(words)")
        }
        return role
    }

    private static func complaint(_ node: Node, _ path: String, _ text: String) -> Complaint {
        Complaint(.usage, "\(path):\(node.mark?.line ?? 0): \(text)")
    }
}
