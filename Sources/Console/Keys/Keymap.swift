package import Terminal

/// One row of the table of keys: from it come the keys themselves, the footer and the help.
package struct Binding: Sendable {
    /// What the keys mean.
    package let command: Command
    /// The keys, the usual one first.
    package let keys: [Key]
    /// Where they mean it.
    package let contexts: Set<Context>
    /// The meaning in words, for the help.
    package let help: String
    /// The meaning in a word, for the footer; nil keeps it out of there.
    package let hint: String?

    init(
        _ command: Command,
        _ keys: String,
        in contexts: Set<Context>,
        _ help: String,
        hint: String? = nil
    ) {
        self.command = command
        self.keys = keys.split(separator: " ").compactMap { Key(String($0)) }
        self.contexts = contexts
        self.help = help
        self.hint = hint
    }
}

/// Which key means what, and where.
package enum Keymap {
    /// Every binding, in the order in which the help shows them.
    package static let bindings: [Binding] = groups.flatMap(\.bindings)

    /// The bindings with the headings under which the help shows them.
    static let groups: [(title: String, bindings: [Binding])] = [
        ("Acting", acting), ("Moving", moving), ("Looking", looking), ("Finding", finding),
        ("Dialogs, menus and help", dialogs), ("Typing", typing),
    ]

    private static let table: [Context: [Key: Command]] = {
        var table: [Context: [Key: Command]] = [:]
        for binding in bindings {
            for context in binding.contexts {
                for key in binding.keys { table[context, default: [:]][key] = binding.command }
            }
        }
        return table
    }()

    /// What a key means in a place; nil if nothing.
    package static func command(for key: Key, in context: Context) -> Command? {
        table[context]?[key]
    }

    /// The bindings of a place that the footer names, what matters most first.
    static func hints(in context: Context) -> [Hint] { hintTable[context] ?? [] }

    /// A key and what it does, in a word each.
    struct Hint: Sendable {
        let key: String
        let label: String
    }

    private static let hintTable: [Context: [Hint]] = {
        let last = firstHints.count
        let ranked = bindings.enumerated().sorted { left, right in
            let places = [left, right].map { firstHints.firstIndex(of: $0.element.command) ?? last }
            return (places[0], left.offset) < (places[1], right.offset)
        }
        var table: [Context: [Hint]] = [:]
        for (_, binding) in ranked {
            guard let label = binding.hint, let key = binding.keys.first else { continue }
            for context in binding.contexts {
                table[context, default: []].append(Hint(key: key.description, label: label))
            }
        }
        return table
    }()

    /// What the footer names first; the rest has to fit in behind.
    private static let firstHints: [Command] = [
        .open, .filter, .search, .cancel, .abort, .retry, .actions, .nextTab, .help, .leave, .tree,
    ]

    /// The usual key of a command, as it is named on the screen; empty if it has none.
    static func name(of command: Command) -> String {
        bindings.first { $0.command == command }?.keys.first?.description ?? ""
    }
}
