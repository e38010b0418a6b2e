import Terminal
import Yams

/// Why a theme is not understood.
package struct ThemeError: Error, Hashable, CustomStringConvertible {
    /// Which theme.
    package var theme: String
    /// On which line of its text, from 1; nil if that is not known.
    package var line: Int?
    /// What is wrong, and what would be right.
    package var text: String

    /// The complaint in one line: `theme night, line 3: …`.
    package var description: String {
        "theme \(theme)" + (line.map { ", line \($0)" } ?? "") + ": " + text
    }
}

extension Theme {
    /// Reads a theme from YAML: a mapping from role to `{ fg, bg, attributes }`.
    ///
    /// Colours are what ``Terminal/Color`` reads; attributes are a list. A part that is left out is
    /// that of the role `text`; a role that is left out looks as in the built-in theme.
    ///
    /// - Throws: ``ThemeError`` that names the line, and what is allowed there.
    package static func parse(text: String, name: String) throws(ThemeError) -> Theme {
        let reader = ThemeReader(name: name)
        return Theme(name: name, entries: try reader.entries(reader.root(text)))
    }
}

/// Walks over the YAML of one theme.
private struct ThemeReader {
    let name: String

    func root(_ text: String) throws(ThemeError) -> Node.Mapping {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw ThemeError(theme: name, line: Self.line(of: error), text: "is no YAML: \(error)")
        }
        guard let node else { return Node.Mapping([]) }
        guard let mapping = node.mapping else {
            throw complaint(node, "expected a mapping from role to { fg, bg, attributes }")
        }
        return mapping
    }

    func entries(_ mapping: Node.Mapping) throws(ThemeError) -> [Role: ThemeEntry] {
        var entries: [Role: ThemeEntry] = [:]
        for (key, value) in mapping {
            let word = key.string ?? ""
            guard let role = Role(rawValue: word) else {
                throw complaint(key, "no role is called “\(word)”" + nearest(to: word))
            }
            entries[role] = try entry(value, role: role)
        }
        return entries
    }

    private func entry(_ node: Node, role: Role) throws(ThemeError) -> ThemeEntry {
        guard let parts = node.mapping else {
            throw complaint(node, "\(role.rawValue) must be { fg: …, bg: …, attributes: [ … ] }")
        }
        var entry = ThemeEntry()
        for (key, value) in parts {
            switch key.string ?? "" {
            case "fg": entry.foreground = try color(value, role: role)
            case "bg": entry.background = try color(value, role: role)
            case "attributes": entry.attributes = try attributes(value, role: role)
            case let other:
                throw complaint(
                    key,
                    "\(role.rawValue) has no part “\(other)”; there are fg, bg, attributes"
                )
            }
        }
        return entry
    }

    private func color(_ node: Node, role: Role) throws(ThemeError) -> Color {
        let word = node.scalar?.string ?? ""
        guard let color = Color(word) else {
            throw complaint(
                node,
                "\(role.rawValue): “\(word)” is no colour; write \"#rrggbb\", a number 0 to 255, "
                    + "default, or black, red, … white, bright-black, … bright-white"
            )
        }
        return color
    }

    private func attributes(_ node: Node, role: Role) throws(ThemeError) -> Attributes {
        guard let list = node.sequence else {
            throw complaint(node, "\(role.rawValue): attributes must be a list such as [bold]")
        }
        var result: Attributes = []
        for item in list {
            let word = item.string ?? ""
            guard let attribute = Self.words.first(where: { $0.name == word })?.attribute else {
                let known = Self.words.map(\.name).joined(separator: ", ")
                throw complaint(
                    item,
                    "\(role.rawValue): no attribute is called “\(word)”; there are \(known)"
                )
            }
            result.insert(attribute)
        }
        return result
    }

    private static let words: [(name: String, attribute: Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("reverse", .reverse), ("underline", .underline),
        ("italic", .italic),
    ]

    private func nearest(to word: String) -> String {
        guard let match = Spelling.nearest(to: word, among: Role.allCases.map(\.rawValue)) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            return "; there are \(known)"
        }
        return "; did you mean \(match)?"
    }

    private func complaint(_ node: Node, _ text: String) -> ThemeError {
        ThemeError(theme: name, line: node.mark?.line, text: text)
    }

    private static func line(of error: any Error) -> Int? {
        guard let error = error as? YamlError else { return nil }
        return switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            mark.line
        default: nil
        }
    }
}
