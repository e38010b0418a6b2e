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
        _ command: Command, _ keys: String, in contexts: Set<Context>, _ help: String,
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
    package static let bindings: [Binding] = moving + looking + finding + acting + dialogs + typing

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

    /// The bindings of a place that the footer names.
    static func hints(in context: Context) -> [(key: String, label: String)] {
        bindings.compactMap { binding in
            guard let label = binding.hint, binding.contexts.contains(context),
                let key = binding.keys.first
            else { return nil }
            return (key.description, label)
        }
    }

    /// The usual key of a command, as it is named on the screen; empty if it has none.
    static func name(of command: Command) -> String {
        bindings.first { $0.command == command }?.keys.first?.description ?? ""
    }
}
